"""Which calls of the model open the house: those wait for a yes or a code. Pure."""

from collections.abc import Callable, Mapping

from .grounding import Grounded
from .inventory import Device, Inventory, find_area
from .permission import direction_of
from .words import Direction

type DeviceClassReader = Callable[[str], str]
"""Entity id -> its device class; empty for none."""

_DOORS = frozenset({"door", "garage", "gate"})


def risky_devices(call: Grounded, inventory: Inventory, device_class_of: DeviceClassReader) -> tuple[Device, ...]:
    """Return the locks, doors and alarms that a call would open or disarm."""
    return tuple(
        device
        for device in call_targets(call, inventory)
        if _is_risky(call.tool, call.arguments, device, device_class_of)
    )


def call_targets(call: Grounded, inventory: Inventory) -> tuple[Device, ...]:
    """Return the devices that a call is about: the named ones, or all of a kind in a place."""
    if call.devices:
        return call.devices
    if "name" in call.arguments:
        return ()
    area = find_area(inventory, str(call.arguments.get("area", "")))
    domains = call.arguments.get("domain", ())
    return tuple(
        device
        for device in inventory.devices
        if (area is None or device.area_id == area.area_id) and (not domains or device.domain in domains)
    )


def _is_risky(tool: str, arguments: Mapping[str, object], device: Device, device_class_of: DeviceClassReader) -> bool:
    way = direction_of(tool, (device.domain,))
    position = arguments.get("position")
    opens = way is Direction.OPEN or (isinstance(position, int) and position > 0)
    match device.domain:
        case "lock":
            return opens
        case "cover":
            return opens and device_class_of(device.entity_id) in _DOORS
        case "alarm_control_panel":
            return way is Direction.OFF
    return False
