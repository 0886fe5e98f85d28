"""Carries out commands, and knows which of them really happened."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from homeassistant.components import conversation
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import Context, HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.helpers import intent

from ..fastpath.model import Action, Command, Property
from .services import Call, make_calls

_LOGGER = logging.getLogger(__name__)

ANSWER_SECONDS = 2.0
"""How long a device may take to answer before people are told that it was done; the call itself goes on."""


@dataclass(slots=True)
class Outcome:
    """What became of commands: entities by what happened to them."""

    done: list[State] = field(default_factory=list)
    silent: list[State] = field(default_factory=list)
    """Unavailable, or gone."""
    failed: list[State] = field(default_factory=list)
    unable: list[State] = field(default_factory=list)
    """The entity has no such function."""
    is_forbidden: bool = False

    @property
    def is_success(self) -> bool:
        """Tell whether anything at all was done."""
        return bool(self.done)


async def async_run_command(hass: HomeAssistant, command: Command, context: Context) -> Outcome:
    """Carry out a command for its entities, as the user of the context."""
    outcome = Outcome()
    pending: list[tuple[State, list[Call]]] = []
    for state in _choose_states(hass, command):
        calls = make_calls(command, state)
        if state.state == STATE_UNAVAILABLE:
            outcome.silent.append(state)
        elif not calls:
            outcome.unable.append(state)
        else:
            pending.append((state, calls))
    results = await asyncio.gather(*(_async_call(hass, calls, context) for _, calls in pending))
    for (state, _), result in zip(pending, results, strict=True):
        _note(outcome, state, result)
    if outcome.done:
        # A group of lights of which some cannot be dimmed is dimmed all the same.
        outcome.unable.clear()
    return outcome


def _choose_states(hass: HomeAssistant, command: Command) -> Sequence[State]:
    """Return the states of the targets; of lights that are made brighter or darker, those that are on."""
    states = [state for target in command.targets if (state := hass.states.get(target)) is not None]
    if command.action is Action.CHANGE and command.prop is Property.BRIGHTNESS:
        return [state for state in states if state.state == "on"] or states
    return states


async def _async_call(hass: HomeAssistant, calls: Sequence[Call], context: Context) -> HomeAssistantError | None:
    """Call the services of one entity; None when they did what they should, or are still at it."""
    for call in calls:
        task = hass.async_create_task(
            hass.services.async_call(call.domain, call.service, call.service_data, blocking=True, context=context),
            f"voice_rag {call.domain}.{call.service}",
        )
        done, _ = await asyncio.wait({task}, timeout=ANSWER_SECONDS)
        if not done:
            continue
        try:
            task.result()
        except (HomeAssistantError, ValueError) as err:
            _LOGGER.warning("%s.%s failed for %s: %s", call.domain, call.service, call.entity_id, err)
            return err if isinstance(err, HomeAssistantError) else HomeAssistantError(str(err))
    return None


def _note(outcome: Outcome, state: State, error: HomeAssistantError | None) -> None:
    if error is None:
        outcome.done.append(state)
        return
    outcome.failed.append(state)
    outcome.is_forbidden = outcome.is_forbidden or isinstance(error, Unauthorized)


async def async_run_intent(
    hass: HomeAssistant, intent_type: str, slots: dict[str, object], user_input: conversation.ConversationInput
) -> intent.IntentResponse:
    """Run one of Home Assistant's intents as the user who spoke.

    Raises: IntentError.
    """
    return await intent.async_handle(
        hass,
        conversation.DOMAIN,
        intent_type,
        {name: {"value": value, "text": str(value)} for name, value in slots.items()},
        user_input.text,
        user_input.context,
        user_input.language,
        assistant=conversation.DOMAIN,
        device_id=user_input.device_id,
        satellite_id=user_input.satellite_id,
        conversation_agent_id=user_input.agent_id,
    )
