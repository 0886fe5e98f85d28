"""Web search through a SearXNG server of the household's own."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

from .errors import WebSearchError

TIMEOUT_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class WebHit:
    """A page that was found."""

    title: str
    url: str
    text: str
    """The lines of the page that the search engine shows."""


class SearxngClient:
    """Asks one SearXNG server."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.url = url
        self._session = session

    async def async_check(self) -> None:
        """Find out whether it gives JSON; an empty query goes no further than the server.

        Raises: WebSearchError.
        """
        await self._async_get({"format": "json"}, expected_status=400)

    async def async_search(self, query: str, language: str, limit: int) -> tuple[WebHit, ...]:
        """Return the best pages for a query; `language` is a base code.

        Raises: WebSearchError.
        """
        data = await self._async_get({"q": query, "format": "json", "language": language, "safesearch": "1"})
        return tuple(_hits(data))[:limit]

    async def _async_get(self, params: Mapping[str, str], expected_status: int = 200) -> Any:
        try:
            async with (
                asyncio.timeout(TIMEOUT_SECONDS),
                self._session.get(URL(self.url) / "search", params=params) as response,
            ):
                return _checked(response.status, expected_status, await response.read())
        except TimeoutError as err:
            raise WebSearchError(f"The search server at {self.url} did not answer in time") from err
        except aiohttp.ClientError as err:
            raise WebSearchError(f"The search server at {self.url} cannot be reached: {err}") from err


def _checked(status: int, expected: int, body: bytes) -> Any:
    if status == 403:
        raise WebSearchError("The search server does not give JSON; add json to search.formats in its settings.yml")
    if status == 429:
        raise WebSearchError("The search server limits our requests; switch its limiter off for this address")
    if status not in (200, expected):
        raise WebSearchError(f"The search server answered {status}")
    try:
        return json.loads(body)
    except ValueError as err:
        raise WebSearchError("The search server answered with something that is not JSON") from err


def _hits(data: Any) -> Iterator[WebHit]:
    match data:
        case {"results": [*results]}:
            for result in results:
                match result:
                    case {"title": str(title), "url": str(url)}:
                        yield WebHit(title, url, str(result.get("content") or ""))
        case _:
            raise WebSearchError("Something answers, but not as SearXNG does")
