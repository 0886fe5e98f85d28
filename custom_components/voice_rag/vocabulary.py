"""The words of this house, for the speech recogniser."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import async_listen_entity_updates, async_should_expose
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import CALLBACK_TYPE, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
)
from homeassistant.helpers import (
    device_registry as dr,
)
from homeassistant.helpers import (
    entity_registry as er,
)
from homeassistant.helpers import (
    floor_registry as fr,
)
from homeassistant.helpers import (
    intent,
)
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util
from homeassistant.util.event_type import EventType

from .const import VOCABULARY_COOLDOWN_SECONDS, VOCABULARY_REFRESH, VOCABULARY_RETRY
from .coordinator import KnowledgeCoordinator
from .errors import SpeechError
from .models import KnowledgeVocabulary
from .speech import SpeechClient

_LOGGER = logging.getLogger(__name__)

_REGISTRY_EVENTS: tuple[EventType[Any], ...] = (
    ar.EVENT_AREA_REGISTRY_UPDATED,
    dr.EVENT_DEVICE_REGISTRY_UPDATED,
    er.EVENT_ENTITY_REGISTRY_UPDATED,
    fr.EVENT_FLOOR_REGISTRY_UPDATED,
)


@dataclass(frozen=True, slots=True)
class SpokenName:
    """A name an entity answers to."""

    name: str
    domain: str


@dataclass(frozen=True, slots=True)
class House:
    """What people can name in this house, as the registries have it."""

    names: tuple[SpokenName, ...]
    areas: tuple[str, ...]
    floors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the speech server is told: tidy, in a fixed order, without repetition."""

    names: tuple[SpokenName, ...]
    areas: tuple[str, ...]
    floors: tuple[str, ...]
    topics: tuple[str, ...]
    titles: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the body of PUT /vocabulary."""
        return {
            "names": [{"name": name.name, "domain": name.domain} for name in self.names],
            "areas": list(self.areas),
            "floors": list(self.floors),
            "topics": list(self.topics),
            "titles": list(self.titles),
        }


def build_vocabulary(house: House, knowledge: KnowledgeVocabulary | None) -> Vocabulary:
    """Merge the house's names with what the documents are about (None: not known yet)."""
    named = {
        (_key(name.name), name.domain): SpokenName(_tidy(name.name), name.domain) for name in reversed(house.names)
    }
    return Vocabulary(
        names=tuple(named[key] for key in sorted(named) if key[0]),
        areas=_unique(house.areas),
        floors=_unique(house.floors),
        topics=_unique(knowledge.topics if knowledge else ()),
        titles=_unique(knowledge.titles if knowledge else ()),
    )


@callback
def async_read_house(hass: HomeAssistant) -> House:
    """Return the names of what is exposed to conversations, and of all areas and floors."""
    entity_registry = er.async_get(hass)
    names = [
        SpokenName(name, state.domain)
        for state in hass.states.async_all()
        if async_should_expose(hass, conversation.DOMAIN, state.entity_id)
        for name in intent.async_get_entity_aliases(hass, entity_registry.async_get(state.entity_id), state=state)
    ]
    areas = [name for area in ar.async_get(hass).async_list_areas() for name in (area.name, *area.aliases)]
    floors = [name for floor in fr.async_get(hass).async_list_floors() for name in (floor.name, *floor.aliases)]
    return House(tuple(names), tuple(areas), tuple(floors))


class VocabularyPusher:
    """Keeps the speech server's vocabulary that of the house."""

    def __init__(self, hass: HomeAssistant, coordinator: KnowledgeCoordinator, speech: SpeechClient) -> None:
        self.last_success: str | None = None
        """ISO time of the last push that was taken."""
        self.last_failure: str | None = None
        """Why the last push failed; None when it did not."""
        self._hass = hass
        self._coordinator = coordinator
        self._speech = speech
        self._pushed_version: str | None = None
        self._unsubscribe: list[CALLBACK_TYPE] = []
        self._cancel_next: CALLBACK_TYPE | None = None
        self._debouncer = Debouncer(
            hass,
            _LOGGER,
            cooldown=VOCABULARY_COOLDOWN_SECONDS,
            immediate=False,
            function=self.async_push,
            background=True,
        )

    @callback
    def async_start(self) -> None:
        """Push once Home Assistant has started, and from then on whenever a word changes."""
        self._unsubscribe.append(async_at_started(self._hass, self._async_started))

    @callback
    def async_stop(self) -> None:
        """Stop pushing."""
        while self._unsubscribe:
            self._unsubscribe.pop()()
        self._async_cancel_next()
        self._debouncer.async_shutdown()

    async def async_push(self) -> None:
        """Push the vocabulary now, and arm the next push."""
        self._async_cancel_next()
        knowledge = self._coordinator.vocabulary
        vocabulary = build_vocabulary(async_read_house(self._hass), knowledge)
        try:
            await self._speech.async_put_vocabulary(vocabulary.as_dict())
        except SpeechError as err:
            self._note_failure(str(err))
        else:
            self._note_success()
            self._pushed_version = knowledge.version if knowledge else None
        if not self._unsubscribe:
            return  # The entry was unloaded while the server answered.
        delay = VOCABULARY_RETRY if self.last_failure else VOCABULARY_REFRESH
        self._cancel_next = async_call_later(self._hass, delay, self._async_schedule)

    def _note_success(self) -> None:
        if self.last_failure is not None:
            _LOGGER.info("The speech server at %s has the vocabulary again", self._speech.url)
        self.last_failure = None
        self.last_success = dt_util.utcnow().isoformat()

    def _note_failure(self, reason: str) -> None:
        if self.last_failure is None:
            _LOGGER.warning("%s; speech recognition does not know the newest names", reason)
        self.last_failure = reason

    @callback
    def _async_started(self, hass: HomeAssistant) -> None:
        bus = hass.bus
        for event_type in _REGISTRY_EVENTS:
            self._unsubscribe.append(bus.async_listen(event_type, self._async_schedule))
        self._unsubscribe += [
            bus.async_listen(EVENT_STATE_CHANGED, self._async_schedule, event_filter=_is_added_or_removed),
            async_listen_entity_updates(hass, conversation.DOMAIN, self._async_schedule),
            self._coordinator.async_add_listener(self._async_polled),
        ]
        self._async_schedule()

    @callback
    def _async_schedule(self, _reason: object = None) -> None:
        self._debouncer.async_schedule_call()

    @callback
    def _async_polled(self) -> None:
        knowledge = self._coordinator.vocabulary
        if knowledge is not None and knowledge.version != self._pushed_version:
            self._async_schedule()

    @callback
    def _async_cancel_next(self) -> None:
        if self._cancel_next is not None:
            self._cancel_next()
            self._cancel_next = None


@callback
def _is_added_or_removed(data: EventStateChangedData) -> bool:
    return data["old_state"] is None or data["new_state"] is None


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    by_key = {_key(text): _tidy(text) for text in reversed(tuple(texts))}
    return tuple(by_key[key] for key in sorted(by_key) if key)


def _key(text: str) -> str:
    return _tidy(text).casefold()


def _tidy(text: str) -> str:
    return " ".join(text.split())
