"""What a tool call has done, as the devices show it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import llm

from ..gates.permission import direction_of
from ..gates.truth import Deed, expected_states

STATE_SECONDS = 1.0
"""How long a device may take to show what it was told."""
_POLL_SECONDS = 0.05


async def async_observe(hass: HomeAssistant, tool: str, result: llm.ToolResult) -> Deed | None:
    """Return what a call has done; None where nothing shows that it did anything.

    The states of devices that do not show it are added to the result, for the model to read.
    """
    targets = changed_entities(result.data)
    reached = await _async_wait(hass, tool, targets)
    if missing := [entity_id for entity_id in targets if entity_id not in reached]:
        result.data["state_now"] = {entity_id: _state(hass, entity_id) for entity_id in missing}
    if result.error or result.data.get("response_type") == "error" or (targets and not reached):
        return None
    domains = {entity_id.partition(".")[0] for entity_id in reached}
    return Deed(tool, reached, direction_of(tool, domains))


def changed_entities(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the entities that an intent reports as changed."""
    match data.get("data"):
        case {"success": [*targets]}:
            return tuple(str(target["id"]) for target in targets if target.get("type") == "entity" and "id" in target)
    return ()


async def _async_wait(hass: HomeAssistant, tool: str, targets: tuple[str, ...]) -> tuple[str, ...]:
    """Return the targets that show what they were told, as soon as all do or the time is over."""
    expected = {entity_id: expected_states(entity_id, tool) for entity_id in targets}
    deadline = hass.loop.time() + STATE_SECONDS
    while True:
        reached = tuple(
            entity_id for entity_id, states in expected.items() if not states or _state(hass, entity_id) in states
        )
        if len(reached) == len(targets) or hass.loop.time() > deadline:
            return reached
        await asyncio.sleep(_POLL_SECONDS)


def _state(hass: HomeAssistant, entity_id: str) -> str:
    state = hass.states.get(entity_id)
    return state.state if state else "unknown"
