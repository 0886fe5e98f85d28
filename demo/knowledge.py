"""What the demo asks the knowledge service itself: whether an answer really stands in the index."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import ClientError, ClientSession, ClientTimeout

from demo.errors import DemoError, reason

TIMEOUT = ClientTimeout(total=30)


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
        asked = {"query": query, "limit": 5}
        try:
            async with self._session.post(
                f"{self._url}/search", json=asked, headers=self._headers, timeout=TIMEOUT
            ) as response:
                answer = await response.json()
        except (ClientError, TimeoutError, ValueError) as err:
            raise KnowledgeError(f"The knowledge service did not answer a search: {reason(err)}") from err
        if response.status != 200:
            raise KnowledgeError(f"The knowledge service refused a search: {answer}")
        return [Hit(hit["document"], hit["title"], hit["text"]) for hit in answer["hits"]]
