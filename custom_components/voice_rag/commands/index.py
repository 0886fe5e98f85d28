"""The house as the command grammar sees it, kept up to date."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import async_listen_entity_updates, async_should_expose
from homeassistant.const import ATTR_DEVICE_CLASS, EVENT_STATE_CHANGED
from homeassistant.core import EventStateChangedData, HomeAssistant, State, callback
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import floor_registry as fr
from homeassistant.helpers import intent
from homeassistant.util.event_type import EventType
from homeassistant.util.hass_dict import HassKey

from ..fastpath.index import HouseIndex
from ..fastpath.languages import load_lexicon
from ..fastpath.lexicon import Lexicon
from ..fastpath.model import Device, House, Place

_LOGGER = logging.getLogger(__name__)


_REGISTRY_EVENTS: tuple[EventType[Any], ...] = (
    ar.EVENT_AREA_REGISTRY_UPDATED,
    dr.EVENT_DEVICE_REGISTRY_UPDATED,
    er.EVENT_ENTITY_REGISTRY_UPDATED,
    fr.EVENT_FLOOR_REGISTRY_UPDATED,
)


class CommandIndex:
    """Gives the index of the house in a language; built off the event loop when something was renamed or moved."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._lexicons: dict[str, Lexicon | None] = {}
        self._indexes: dict[str, HouseIndex] = {}
        self._lock = asyncio.Lock()
        self._listen()

    async def async_get(self, language: str) -> HouseIndex | None:
        """Return the index; None for a language without a grammar, or one whose dictionary cannot be loaded."""
        if (index := self._indexes.get(language)) is not None:
            return index
        async with self._lock:
            if (lexicon := await self._async_get_lexicon(language)) is None:
                return None
            if (index := self._indexes.get(language)) is None:
                house = async_read_house(self._hass)
                index = await self._hass.async_add_executor_job(HouseIndex, house, lexicon)
                self._indexes[language] = index
            return index

    async def _async_get_lexicon(self, language: str) -> Lexicon | None:
        if language not in self._lexicons:
            try:
                self._lexicons[language] = await self._hass.async_add_executor_job(load_lexicon, language)
            except (ImportError, OSError) as err:
                _LOGGER.warning("No dictionary for %s, commands are left to Home Assistant: %s", language, err)
                self._lexicons[language] = None
        return self._lexicons[language]

    def _listen(self) -> None:
        bus = self._hass.bus
        for event_type in _REGISTRY_EVENTS:
            bus.async_listen(event_type, self._async_forget)
        bus.async_listen(EVENT_STATE_CHANGED, self._async_forget, event_filter=_changes_house)
        async_listen_entity_updates(self._hass, conversation.DOMAIN, self._async_forget)

    @callback
    def _async_forget(self, _reason: object = None) -> None:
        self._indexes.clear()


_DATA_INDEX: HassKey[CommandIndex] = HassKey("voice_rag_command_index")


@callback
def async_get_command_index(hass: HomeAssistant) -> CommandIndex:
    """Return the one index of this Home Assistant."""
    if _DATA_INDEX not in hass.data:
        hass.data[_DATA_INDEX] = CommandIndex(hass)
    return hass.data[_DATA_INDEX]


@callback
def async_read_house(hass: HomeAssistant) -> House:
    """Return what is exposed to conversations, and all areas and floors."""
    read_device = _device_reader(hass)
    devices = tuple(
        read_device(state)
        for state in hass.states.async_all()
        if async_should_expose(hass, conversation.DOMAIN, state.entity_id)
    )
    areas = tuple(
        Place(area.id, (area.name, *sorted(area.aliases)), area.floor_id)
        for area in ar.async_get(hass).async_list_areas()
    )
    floors = tuple(
        Place(floor.floor_id, (floor.name, *sorted(floor.aliases)), level=floor.level)
        for floor in fr.async_get(hass).async_list_floors()
    )
    return House(devices, areas, floors)


def _device_reader(hass: HomeAssistant) -> Callable[[State], Device]:
    entities = er.async_get(hass)

    def read(state: State) -> Device:
        entry = entities.async_get(state.entity_id)
        names = intent.async_get_entity_aliases(hass, entry, state=state)
        area_id = async_area_of(hass, state.entity_id)
        return Device(state.entity_id, tuple(names), area_id, state.attributes.get(ATTR_DEVICE_CLASS))

    return read


@callback
def async_area_of(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the id of the area that an entity is in, by itself or with its device."""
    entry = er.async_get(hass).async_get(entity_id)
    if entry is None or entry.area_id:
        return entry.area_id if entry else None
    device = dr.async_get(hass).async_get(entry.device_id) if entry.device_id else None
    return dr.async_get_effective_area_id(hass, device) if device else None


@callback
def _changes_house(data: EventStateChangedData) -> bool:
    """Tell whether an entity came, went, or changed its name or class: what the index holds of its state."""
    old, new = data["old_state"], data["new_state"]
    if old is None or new is None:
        return True
    return old.name != new.name or old.attributes.get(ATTR_DEVICE_CLASS) != new.attributes.get(ATTR_DEVICE_CLASS)
