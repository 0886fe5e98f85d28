"""What all tools share: their arguments are checked, and every failure is a result that the model can read."""

from abc import abstractmethod
from typing import Any, override

import probatio
from homeassistant.core import HomeAssistant
from homeassistant.helpers import intent
from homeassistant.helpers.llm import LLMContext, Tool, ToolAnnotations, ToolInput, ToolResult
from homeassistant.util.json import JsonObjectType

from ..const import DOMAIN
from ..errors import VoiceRagError

READS = ToolAnnotations(read_only=True, destructive=False, idempotent=True, open_world=False)
READS_OUTSIDE = ToolAnnotations(read_only=True, destructive=False, idempotent=True, open_world=True)
ADDS = ToolAnnotations(destructive=False, open_world=False)
ADDS_ONCE = ToolAnnotations(destructive=False, idempotent=True, open_world=False)
REMOVES = ToolAnnotations(destructive=True, idempotent=True, open_world=False)


class ToolFailedError(VoiceRagError):
    """A tool did not do what it was called for; the message tells the model why, and what would work."""


class HouseTool(Tool):
    """A tool of this integration.

    A subclass states name, title, description, parameters and annotations, and does its work in `_async_run`.
    """

    integration = DOMAIN

    @override
    async def async_call(self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext) -> ToolResult:
        """Check the arguments and run; a failure becomes a result with its reason."""
        try:
            args = self.parameters(_without_blanks(tool_input.tool_args))
        except probatio.Invalid as err:
            return ToolResult({"error": f"The arguments do not fit: {err}"}, error=True)
        try:
            return ToolResult(await self._async_run(hass, args, llm_context))
        except VoiceRagError as err:
            return ToolResult({"error": str(err)}, error=True)

    @abstractmethod
    async def _async_run(self, hass: HomeAssistant, args: dict[str, Any], llm_context: LLMContext) -> JsonObjectType:
        """Do the work.

        Raises: VoiceRagError, whose text the model reads; HomeAssistantError from an action.
        """


def _without_blanks(args: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments that say something; models fill in the others with "" or null."""
    return {
        name: _without_blanks(value) if isinstance(value, dict) else value
        for name, value in args.items()
        if not intent.is_blank_slot_value(value)
    }
