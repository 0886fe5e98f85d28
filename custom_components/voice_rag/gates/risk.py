"""What opens the house, and waits for a yes or a code. Pure."""

from collections.abc import Callable

from .grounding import Grounded
from .inventory import Device, Inventory, find_area
from .permission import direction_of
from .words import Direction

type DeviceClassReader = Callable[[str], str | None]
"""Entity id -> its device class."""

_DOORS = frozenset({"door", "garage", "gate"})


def lets_in(way: Direction, domain: str, device_class: str | None) -> bool:
    """Tell whether changing a device this way lets somebody in: unlocks, opens a door or a gate, disarms."""
    match domain:
        case "lock":
            return way is Direction.OPEN
        case "cover":
            return way is Direction.OPEN and device_class in _DOORS
        case "alarm_control_panel":
            return way is Direction.OFF
    return False


def risky_devices(call: Grounded, inventory: Inventory, device_class_of: DeviceClassReader) -> tuple[Device, ...]:
    """Return the locks, doors and alarms that a call would open or disarm."""
    return tuple(
        device
        for device in call_targets(call, inventory)
        if lets_in(_direction(call, device), device.domain, device_class_of(device.entity_id))
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


def _direction(call: Grounded, device: Device) -> Direction:
    position = call.arguments.get("position")
    if isinstance(position, int | float) and position > 0:
        return Direction.OPEN
    return direction_of(call.tool, (device.domain,))
