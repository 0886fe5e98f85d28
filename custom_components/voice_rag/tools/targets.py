"""Which entity a model means: by name and area among those that are exposed to it."""

from homeassistant.components.homeassistant import async_should_expose
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import intent
from homeassistant.helpers.llm import LLMContext, async_get_match_preferences

from ..const import DOMAIN
from .base import ToolFailedError


@callback
def async_exposed(hass: HomeAssistant, llm_context: LLMContext, domain: str) -> list[State]:
    """Return the exposed entities of a domain by name, without our own."""
    registry = er.async_get(hass)
    return sorted(
        (
            state
            for state in hass.states.async_all(domain)
            if async_should_expose(hass, llm_context.assistant, state.entity_id)
            and ((entity := registry.async_get(state.entity_id)) is None or entity.platform != DOMAIN)
        ),
        key=lambda state: (state.name, state.entity_id),
    )


@callback
def async_find_one(
    hass: HomeAssistant, llm_context: LLMContext, constraints: intent.MatchTargetsConstraints, among: list[State]
) -> State:
    """Return the entity that fits, the one near the speaker before others.

    Raises: ToolFailedError with the names there are.
    """
    preferences = async_get_match_preferences(hass, llm_context)
    result = intent.async_match_targets(hass, constraints, preferences, states=among) if among else None
    if result is not None and result.is_match:
        return result.states[0]
    names = ", ".join(state.name for state in among) or "none"
    raise ToolFailedError(f"That does not say which one. There are: {names}")
