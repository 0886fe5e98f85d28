"""A home with rooms and devices that do what they are told, for tests inside Home Assistant."""

from dataclasses import dataclass
from typing import Any

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.components.light import ColorMode, LightEntity
from homeassistant.components.lock import LockEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, setup_test_component_platform


class HomeLight(LightEntity):
    """Counts how often it was switched; a broken one stays as it is."""

    _attr_should_poll = False

    def __init__(self, name: str, *, is_broken: bool = False) -> None:
        self._attr_name = name
        self._attr_unique_id = name
        self._attr_is_on = False
        self._attr_color_mode = ColorMode.BRIGHTNESS
        self._attr_supported_color_modes = {ColorMode.BRIGHTNESS}
        self.switched = 0
        self._is_broken = is_broken

    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch on."""
        self._switch(is_on=True)

    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch off."""
        self._switch(is_on=False)

    def _switch(self, *, is_on: bool) -> None:
        self.switched += 1
        if not self._is_broken:
            self._attr_is_on = is_on
            self.async_write_ha_state()


class HomeLock(LockEntity):
    """Locked at first."""

    _attr_should_poll = False

    def __init__(self, name: str = "Входная дверь") -> None:
        self._attr_name = name
        self._attr_unique_id = name
        self._attr_is_locked = True

    async def async_unlock(self, **kwargs: Any) -> None:
        """Unlock."""
        self._attr_is_locked = False
        self.async_write_ha_state()

    async def async_lock(self, **kwargs: Any) -> None:
        """Lock."""
        self._attr_is_locked = True
        self.async_write_ha_state()


@dataclass(frozen=True)
class FurnishedHome:
    """What stands in it."""

    lamp: HomeLight
    """«Соляная лампа», also called «Лампа из соли», in the living room."""
    kitchen: HomeLight
    """«Люстра», in the kitchen."""
    broken: HomeLight
    """«Бра», in the bedroom; it does not react."""
    lock: HomeLock
    satellites: dict[str, str]
    """Room -> id of the device there that listens."""


async def async_furnish(hass: HomeAssistant) -> FurnishedHome:
    """Set up three rooms with a light each, and a lock."""
    for component in ("homeassistant", "conversation", "intent"):
        assert await async_setup_component(hass, component, {})
    lamp, kitchen = HomeLight("Соляная лампа"), HomeLight("Люстра")
    broken, lock = HomeLight("Бра", is_broken=True), HomeLock()
    setup_test_component_platform(hass, "light", [lamp, kitchen, broken])
    setup_test_component_platform(hass, "lock", [lock])
    for domain in ("light", "lock"):
        assert await async_setup_component(hass, domain, {domain: {"platform": "test"}})
    await hass.async_block_till_done()
    rooms = {name: ar.async_get(hass).async_create(name).id for name in ("Гостиная", "Кухня", "Спальня")}
    for entity, room in ((lamp, "Гостиная"), (kitchen, "Кухня"), (broken, "Спальня")):
        er.async_get(hass).async_update_entity(entity.entity_id, area_id=rooms[room])
    er.async_get(hass).async_update_entity(lamp.entity_id, aliases=[er.COMPUTED_NAME, "Лампа из соли"])
    for one in (lamp, kitchen, broken, lock):
        async_expose_entity(hass, "conversation", one.entity_id, True)
    await hass.async_block_till_done()
    return FurnishedHome(lamp, kitchen, broken, lock, _place_satellites(hass, rooms))


def _place_satellites(hass: HomeAssistant, rooms: dict[str, str]) -> dict[str, str]:
    entry = MockConfigEntry(domain="test_satellites")
    entry.add_to_hass(hass)
    devices = dr.async_get(hass)
    placed: dict[str, str] = {}
    for room, area_id in rooms.items():
        device = devices.async_get_or_create(config_entry_id=entry.entry_id, identifiers={("satellite", room)})
        devices.async_update_device(device.id, area_id=area_id)
        placed[room] = device.id
    return placed
