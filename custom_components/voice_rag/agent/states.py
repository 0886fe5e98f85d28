"""The state of a device in a few words for the model. Pure but for the type of a state."""

from homeassistant.core import State

_LONGEST = 24
"""Characters of a state. A longer one is somebody's text, a mail's subject perhaps, and not read out."""
_ATTRIBUTES = {
    "current_temperature": "now {} degrees",
    "temperature": "set to {} degrees",
    "humidity": "humidity {} %",
    "current_position": "position {} %",
    "percentage": "speed {} %",
}


def describe_state(name: str, state: State) -> str:
    """Return one line: the name, the state and what belongs to it."""
    unit = state.attributes.get("unit_of_measurement", "")
    parts = [f"{state.state} {unit}".strip() if len(state.state) <= _LONGEST else "(a long text)"]
    parts += [
        text.format(value)
        for key, text in _ATTRIBUTES.items()
        if isinstance(value := state.attributes.get(key), int | float)
    ]
    if isinstance(brightness := state.attributes.get("brightness"), int):
        parts.append(f"brightness {round(brightness / 2.55)} %")
    if isinstance(volume := state.attributes.get("volume_level"), float):
        parts.append(f"volume {round(volume * 100)} %")
    return f"{name}: {', '.join(parts)}"
