"""A tool of somebody else's that hangs, breaks or refuses."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import probatio
import pytest
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import llm

from custom_components.voice_rag.agent.bounded_tool import BoundedTool

CONTEXT = llm.LLMContext("test", Context(), "en", "conversation", None)


class TheirTool(llm.Tool):
    """Does what the test wants."""

    name = "their__tool"

    def __init__(self, act: Callable[[], Awaitable[Any]]) -> None:
        self._act = act

    async def async_call(self, hass: object, tool_input: llm.ToolInput, llm_context: llm.LLMContext) -> Any:
        return await self._act()


async def call(act: Callable[[], Awaitable[Any]], seconds: float = 30.0) -> llm.ToolResult:
    tool: Any = BoundedTool(TheirTool(act), seconds)
    return await tool.async_call(None, llm.ToolInput("their__tool", {}), CONTEXT)


async def test_one_that_hangs_is_left_and_the_model_reads_so() -> None:
    result = await call(asyncio.Event().wait, seconds=0.05)
    assert result.error
    assert result.data == {"error": "their__tool did not answer within 0.05 s"}


async def test_a_bug_in_it_does_not_end_the_turn_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def break_down() -> None:
        raise KeyError("nothing")

    result = await call(break_down)
    assert (result.error, result.data) == (True, {"error": "their__tool failed"})
    assert "KeyError" in caplog.text


@pytest.mark.parametrize("refusal", [HomeAssistantError("not now"), probatio.Invalid("not so")])
async def test_what_home_assistant_explains_to_the_model_is_left_to_it(refusal: Exception) -> None:
    async def refuse() -> None:
        raise refusal

    with pytest.raises(type(refusal)):
        await call(refuse)


async def test_an_answer_of_the_older_form_becomes_a_result() -> None:
    async def answer() -> dict[str, str]:
        return {"song": "Imagine"}

    result = await call(answer)
    assert (result.error, result.data) == (False, {"song": "Imagine"})
