"""Which commands nobody should be able to give by accident, or through a window."""

from collections.abc import Callable

from .model import Action, Command, Property

RISKY_COVERS = frozenset({"garage", "gate", "door"})

type DeviceClassReader = Callable[[str], str | None]
"""Returns the device class of an entity."""


def is_risky(command: Command, device_class_of: DeviceClassReader) -> bool:
    """Tell whether a command lets somebody in: unlocking, opening a garage, a gate or a door."""
    if command.action is Action.UNLOCK:
        return True
    opens = command.action in {Action.OPEN, Action.TOGGLE} or (
        command.action in {Action.SET, Action.CHANGE} and command.prop is Property.POSITION
    )
    return opens and any(device_class_of(target) in RISKY_COVERS for target in command.targets)
