"""A tool that cannot take the turn down with it."""

import asyncio
import logging
from typing import override

import probatio
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import llm

_LOGGER = logging.getLogger(__name__)

TOOL_SECONDS = 30.0


class BoundedTool(llm.Tool):
    """Wraps a tool of anybody: it ends in time, and whatever goes wrong in it is a result that the model can read."""

    def __init__(self, tool: llm.Tool, seconds: float = TOOL_SECONDS) -> None:
        self.name = tool.name
        self.title = tool.title
        self.description = tool.description
        self.parameters = tool.parameters
        self.annotations = tool.annotations
        self.integration = tool.integration
        self._tool = tool
        self._seconds = seconds

    @override
    async def async_call(
        self, hass: HomeAssistant, tool_input: llm.ToolInput, llm_context: llm.LLMContext
    ) -> llm.ToolResult:
        """Call the tool."""
        try:
            async with asyncio.timeout(self._seconds):
                result = await self._tool.async_call(hass, tool_input, llm_context)
        except TimeoutError:
            return llm.ToolResult({"error": f"{self.name} did not answer within {self._seconds:g} s"}, error=True)
        except HomeAssistantError, probatio.Invalid:
            raise
        except Exception:  # Tools come from any integration, and Home Assistant ends the turn for what escapes one.
            _LOGGER.exception("The tool %s failed", self.name)
            return llm.ToolResult({"error": f"{self.name} failed"}, error=True)
        return result if isinstance(result, llm.ToolResult) else llm.ToolResult(result)
