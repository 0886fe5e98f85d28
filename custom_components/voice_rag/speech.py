"""The speech server's side port over HTTP."""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
from yarl import URL

from .errors import SpeechError

TIMEOUT_SECONDS = 10.0


class SpeechClient:
    """Tells the speech server which words this house uses."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str | None = None) -> None:
        self.url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._session = session

    async def async_put_vocabulary(self, vocabulary: Mapping[str, Any]) -> None:
        """Replace the server's vocabulary.

        Raises:
            SpeechError: the server is away or refused it.
        """
        try:
            async with (
                asyncio.timeout(TIMEOUT_SECONDS),
                self._session.put(URL(self.url) / "vocabulary", json=vocabulary, headers=self._headers) as response,
            ):
                if response.status == 401:
                    raise SpeechError(f"The speech server at {self.url} does not accept the token")
                if response.status >= 400:
                    raise SpeechError(f"The speech server at {self.url} answered {response.status}")
        except TimeoutError as err:
            raise SpeechError(f"The speech server at {self.url} did not answer within {TIMEOUT_SECONDS:g} s") from err
        except aiohttp.ClientError as err:
            raise SpeechError(f"The speech server at {self.url} cannot be reached: {err}") from err
