"""What the demo asks the knowledge service itself: whether an answer really stands in the index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from demo.errors import DemoError, reason

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT = ClientTimeout(total=120)


class KnowledgeError(DemoError):
    """The knowledge service did not answer as agreed."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that the index holds."""

    document: str
    title: str
    text: str


class Knowledge:
    """The search of the knowledge service."""

    def __init__(self, session: ClientSession, url: str, token: str) -> None:
        self._session = session
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}

    async def search(self, query: str) -> list[Hit]:
        """Return the passages for a question.

        Raises: KnowledgeError.
        """
        answer = await self._request("POST", "/search", {"query": query, "limit": 5})
        return [Hit(hit["document"], hit["title"], hit["text"]) for hit in answer["hits"]]

    async def has_read_lectures(self) -> bool:
        """Say whether there are lectures and each has its terms and its summary.

        Raises: KnowledgeError.
        """
        lectures = (await self._request("GET", "/lectures"))["lectures"]
        return bool(lectures) and all(lecture["state"] == "ready" for lecture in lectures)

    async def _request(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        try:
            async with self._session.request(
                method, f"{self._url}{path}", json=body, headers=self._headers, timeout=TIMEOUT
            ) as response:
                answer: dict[str, Any] = await response.json()
        except (ClientError, TimeoutError, ValueError) as err:
            raise KnowledgeError(f"The knowledge service did not answer {method} {path}: {reason(err)}") from err
        if response.status != 200:
            raise KnowledgeError(f"The knowledge service refused {method} {path}: {answer}")
        return answer
