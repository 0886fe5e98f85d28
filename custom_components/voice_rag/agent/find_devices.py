"""A tool that finds devices by name, room and kind, for a house with too many to list."""

from collections.abc import Callable
from typing import override

import probatio
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import llm

from ..const import DOMAIN
from ..gates.inventory import Device, Inventory, describe, find_area, find_devices, nearest_names
from ..gates.words import stems

MAX_FOUND = 30


class FindDevicesTool(llm.Tool):
    """Returns names as other tools take them."""

    name = f"{DOMAIN}__find_devices"
    title = "Find devices"
    description = (
        "Finds the names of devices in this house by words of their name, by room or by kind (domain). "
        "Use it before a tool that takes a device's name."
    )
    parameters = probatio.Schema(
        {
            probatio.Optional("query", description="Words of the name"): cv.string,
            probatio.Optional("area", description="Room"): cv.string,
            probatio.Optional("domain", description="Kind, such as light or cover"): cv.string,
        }
    )
    annotations = llm.ToolAnnotations(read_only=True, destructive=False, idempotent=True, open_world=False)
    integration = DOMAIN

    def __init__(self, read_inventory: Callable[[], Inventory]) -> None:
        self._read_inventory = read_inventory

    @override
    async def async_call(
        self, hass: HomeAssistant, tool_input: llm.ToolInput, llm_context: llm.LLMContext
    ) -> llm.ToolResult:
        """Return the devices that fit, by room and kind."""
        args = self.parameters(tool_input.tool_args)
        inventory = self._read_inventory()
        found = search_devices(inventory, args.get("query", ""), args.get("area", ""), args.get("domain", ""))
        if not found:
            near = nearest_names(inventory, args.get("query", ""))
            return llm.ToolResult({"error": "No device fits.", "nearest": list(near)}, error=True)
        return llm.ToolResult(
            {"devices": describe(inventory, found[:MAX_FOUND]), "left_out": max(0, len(found) - MAX_FOUND)}
        )


def search_devices(inventory: Inventory, query: str, area: str, domain: str) -> list[Device]:
    """Return the devices that fit all that is given; of a query, those that share the most words with it."""
    room = find_area(inventory, area) if area else None
    found = [
        device
        for device in inventory.devices
        if (not area or (room is not None and device.area_id == room.area_id))
        and (not domain or device.domain == domain.strip().casefold())
    ]
    wanted = set(stems(query))
    if not wanted:
        return found
    named = [device for device in find_devices(inventory, query) if device in found]
    shared = {device: max(len(wanted & set(stems(name))) for name in device.names) for device in found}
    return named or [device for device in sorted(found, key=lambda one: -shared[one]) if shared[device]]
