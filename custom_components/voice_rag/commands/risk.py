"""Which commands nobody should be able to give by accident, or through a window."""

from ..fastpath.model import Action, Command, Property
from ..gates.risk import DeviceClassReader, lets_in
from ..gates.words import Direction

_OPENING = frozenset({Action.OPEN, Action.UNLOCK, Action.TOGGLE})


def is_risky(command: Command, device_class_of: DeviceClassReader) -> bool:
    """Tell whether a command lets somebody in."""
    way = _direction_of(command)
    return any(lets_in(way, target.partition(".")[0], device_class_of(target)) for target in command.targets)


def _direction_of(command: Command) -> Direction:
    moves = command.action in {Action.SET, Action.CHANGE} and command.prop is Property.POSITION
    if moves or command.action in _OPENING:
        return Direction.OPEN
    return Direction.OFF if command.action is Action.TURN_OFF else Direction.OTHER
