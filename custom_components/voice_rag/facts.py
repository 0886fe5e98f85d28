"""What the household asked to be remembered: told on purpose, shown in a list, deleted at a word."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_now

from .const import DOMAIN
from .errors import FactsFullError

STORAGE_VERSION = 1
MAX_FACTS = 200
MAX_FACT_LENGTH = 300
"""Characters."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One sentence about the household."""

    id: str
    text: str
    told_at: str
    """ISO 8601 in UTC."""


class FactStore:
    """The facts of one entry, kept in Home Assistant's storage."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self._store: Store[list[dict[str, Any]]] = Store(hass, STORAGE_VERSION, f"{DOMAIN}.facts.{entry_id}")
        self._facts: dict[str, Fact] = {}
        self._listeners: list[CALLBACK_TYPE] = []

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All facts, the oldest first."""
        return tuple(self._facts.values())

    async def async_load(self) -> None:
        """Read what was kept."""
        self._facts = {row["id"]: Fact(**row) for row in await self._store.async_load() or []}

    async def async_add(self, text: str) -> Fact:
        """Keep a fact; one that is known already is not kept twice.

        Raises: FactsFullError.
        """
        text = " ".join(text.split())[:MAX_FACT_LENGTH]
        for fact in self.facts:
            if fact.text.casefold() == text.casefold():
                return fact
        if len(self._facts) >= MAX_FACTS:
            raise FactsFullError(MAX_FACTS)
        fact = Fact(ulid_now(), text, dt_util.utcnow().isoformat(timespec="seconds"))
        self._facts[fact.id] = fact
        await self._async_changed()
        return fact

    async def async_change(self, fact_id: str, text: str) -> None:
        """Change the words of a fact; an unknown one is left alone."""
        if fact := self._facts.get(fact_id):
            self._facts[fact_id] = Fact(fact.id, " ".join(text.split())[:MAX_FACT_LENGTH], fact.told_at)
            await self._async_changed()

    async def async_remove(self, *fact_ids: str) -> None:
        """Forget facts for good."""
        for fact_id in fact_ids:
            self._facts.pop(fact_id, None)
        await self._async_changed()

    async def async_delete(self) -> None:
        """Delete the storage itself."""
        await self._store.async_remove()

    @callback
    def async_listen(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call `listener` after every change until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def _async_changed(self) -> None:
        # Written at once: what was forgotten must not come back after a power cut.
        await self._store.async_save([asdict(fact) for fact in self.facts])
        for listener in tuple(self._listeners):
            listener()
