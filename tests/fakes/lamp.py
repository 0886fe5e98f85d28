"""A house with one lamp, for tests inside Home Assistant."""

from collections.abc import Mapping
from typing import Any

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.components.light import ColorMode, LightEntity
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import floor_registry as fr
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, setup_test_component_platform


class Lamp(LightEntity):
    """Remembers on whose behalf it was switched."""

    _attr_should_poll = False
    _attr_color_mode = ColorMode.ONOFF
    _attr_supported_color_modes = {ColorMode.ONOFF}  # noqa: RUF012
    _attr_name = "Kitchen light"
    _attr_unique_id = "lamp"
    _attr_is_on = False

    def __init__(self) -> None:
        self.switched_by: Context | None = None

    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch on."""
        self.switched_by = self._context
        self._attr_is_on = True
        self.async_write_ha_state()


async def async_set_up_house(hass: HomeAssistant) -> Lamp:
    """Set up a lamp in a kitchen on the ground floor."""
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "conversation", {})
    lamp = Lamp()
    setup_test_component_platform(hass, "light", [lamp])
    assert await async_setup_component(hass, "light", {"light": {"platform": "test"}})
    await hass.async_block_till_done()
    floor = fr.async_get(hass).async_create("Ground floor")
    area = ar.async_get(hass).async_create("Kitchen", aliases=["Кухня"], floor_id=floor.floor_id)
    er.async_get(hass).async_update_entity(lamp.entity_id, area_id=area.id, aliases=[er.COMPUTED_NAME, "Свет на кухне"])
    async_expose_entity(hass, "conversation", lamp.entity_id, True)
    await hass.async_block_till_done()
    return lamp


async def async_add_entry(hass: HomeAssistant, domain: str, data: Mapping[str, str]) -> MockConfigEntry:
    """Add and set up an entry."""
    entry = MockConfigEntry(domain=domain, title="Voice RAG", data=dict(data))
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry
