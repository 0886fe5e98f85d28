"""The search for passages, which runs while everything else of a turn goes on."""

import asyncio
from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..api import KnowledgeClient
from ..const import MAX_PASSAGES
from ..errors import KnowledgeError
from ..models import Hit

PATIENCE_SECONDS = 2.0
"""How long the model waits for passages; a search takes a few milliseconds."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What a search has brought."""

    hits: tuple[Hit, ...] = ()
    """Passages good enough to answer from."""
    failure: KnowledgeError | None = None
    is_late: bool = False

    @property
    def is_away(self) -> bool:
        """Whether the documents could not be asked."""
        return self.failure is not None or self.is_late


class Retrieval:
    """One search, begun when it is made."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, knowledge: KnowledgeClient, text: str) -> None:
        self._task = entry.async_create_background_task(hass, _async_search(knowledge, text), "voice_rag retrieval")

    async def async_get(self) -> Retrieved:
        """Return what was found, or that it takes too long, as a search does that ended with its config entry."""
        await asyncio.wait({self._task}, timeout=PATIENCE_SECONDS)
        has_result = self._task.done() and not self._task.cancelled()
        return self._task.result() if has_result else Retrieved(is_late=True)

    def cancel(self) -> None:
        """Stop it: nobody needs it any more."""
        self._task.cancel()


async def _async_search(knowledge: KnowledgeClient, text: str) -> Retrieved:
    try:
        search = await knowledge.async_search(text, MAX_PASSAGES)
    except KnowledgeError as err:
        return Retrieved(failure=err)
    return Retrieved(search.hits if search.relevant else ())
