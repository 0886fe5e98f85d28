"""What opens the house waits for a yes; what does not, does not."""

from typing import Any

import pytest

from custom_components.voice_rag.gates.grounding import Grounded
from custom_components.voice_rag.gates.inventory import Area, Device, Inventory
from custom_components.voice_rag.gates.risk import risky_devices

ON, OFF, POSITION = "intent__HassTurnOn", "intent__HassTurnOff", "intent__HassSetPosition"
DOOR = Device("lock.front", ("Front door",), "hall")
GARAGE = Device("cover.garage", ("Garage door",), "yard")
BLIND = Device("cover.blind", ("Blind",), "yard")
ALARM = Device("alarm_control_panel.home", ("Alarm",))
LAMP = Device("light.lamp", ("Lamp",), "hall")
HOUSE = Inventory((DOOR, GARAGE, BLIND, ALARM, LAMP), (Area("hall", ("Hall",)), Area("yard", ("Yard",))))
CLASSES = {GARAGE.entity_id: "garage", BLIND.entity_id: "blind"}


def risky(tool: str, *devices: Device, **arguments: Any) -> tuple[Device, ...]:
    return risky_devices(Grounded(tool, arguments, devices), HOUSE, CLASSES.get)


@pytest.mark.parametrize(
    ("tool", "device", "arguments"),
    [
        (OFF, DOOR, {}),
        (ON, GARAGE, {}),
        (POSITION, GARAGE, {"position": 1}),
        (POSITION, GARAGE, {"position": 99.5}),
        (OFF, ALARM, {}),
    ],
)
def test_unlocking_opening_and_disarming_are_asked_about(tool: str, device: Device, arguments: dict[str, Any]) -> None:
    assert risky(tool, device, **arguments) == (device,)


@pytest.mark.parametrize(
    ("tool", "device", "arguments"),
    [
        (ON, DOOR, {}),
        (OFF, GARAGE, {}),
        (POSITION, GARAGE, {"position": 0}),
        (ON, BLIND, {}),
        (ON, ALARM, {}),
        (OFF, LAMP, {}),
    ],
)
def test_locking_closing_arming_and_the_rest_are_just_done(
    tool: str, device: Device, arguments: dict[str, Any]
) -> None:
    assert risky(tool, device, **arguments) == ()


def test_a_call_for_a_whole_room_is_asked_about_for_the_door_in_it() -> None:
    assert risky(OFF, area="Hall") == (DOOR,)
    assert risky(ON, area="Yard") == (GARAGE,)
    assert risky(OFF, area="Hall", domain=["light"]) == ()
    assert risky(OFF) == (DOOR, ALARM)
