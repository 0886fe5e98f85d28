"""Repairs that mend something: fetch a missing model, create the assistant."""

import asyncio
from contextlib import aclosing
from typing import Any

import probatio
from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .assistant import async_create_assistant
from .data import VoiceRagConfigEntry
from .errors import OllamaError
from .ollama import OllamaClient


async def async_create_fix_flow(
    hass: HomeAssistant,  # noqa: ARG001
    issue_id: str,
    data: dict[str, Any] | None,
) -> RepairsFlow:
    """Return the dialogue of a repair."""
    entry_id = str((data or {}).get("entry_id", ""))
    if issue_id.startswith("model_missing"):
        return PullModelFlow(entry_id, str((data or {}).get("model", "")))
    return CreateAssistantFlow(entry_id)


class PullModelFlow(RepairsFlow):
    """Has Ollama fetch the model, and shows how far it is."""

    def __init__(self, entry_id: str, model: str) -> None:
        self._entry_id = entry_id
        self._model = model
        self._task: asyncio.Task[None] | None = None
        self._failure: OllamaError | None = None

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:  # noqa: ARG002
        """Start; the input is Home Assistant's own."""
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Ask first: a model has gigabytes."""
        if user_input is not None:
            return await self.async_step_pull()
        return self.async_show_form(
            step_id="confirm", data_schema=probatio.Schema({}), description_placeholders={"model": self._model}
        )

    async def async_step_pull(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:  # noqa: ARG002
        """Fetch it."""
        entry: VoiceRagConfigEntry | None = self.hass.config_entries.async_get_entry(self._entry_id)
        ollama = entry.runtime_data.ollama if entry is not None and hasattr(entry, "runtime_data") else None
        if ollama is None:
            return self.async_abort(reason="not_loaded")
        if self._task is None:
            self._task = self.hass.async_create_background_task(self._async_pull(ollama), f"Pull {self._model}")
        if not self._task.done():
            return self.async_show_progress(
                step_id="pull",
                progress_action="pull",
                progress_task=self._task,
                description_placeholders={"model": self._model},
            )
        self._task = None
        return self.async_show_progress_done(next_step_id="failed" if self._failure else "done")

    async def async_step_failed(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say why, and offer another try: what was fetched stays with Ollama."""
        if user_input is not None:
            self._failure = None
            return await self.async_step_pull()
        return self.async_show_form(
            step_id="failed",
            data_schema=probatio.Schema({}),
            description_placeholders={"model": self._model, "error": str(self._failure)},
        )

    async def async_step_done(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:  # noqa: ARG002
        """Close the repair."""
        return self.async_create_entry(data={})

    async def _async_pull(self, ollama: OllamaClient) -> None:
        try:
            async with aclosing(ollama.async_pull(self._model)) as steps:
                async for step in steps:
                    if step.total:
                        self.async_update_progress(step.completed / step.total)
        except OllamaError as err:
            self._failure = err


class CreateAssistantFlow(RepairsFlow):
    """Creates the Assist pipeline."""

    def __init__(self, entry_id: str) -> None:
        self._entry_id = entry_id

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:  # noqa: ARG002
        """Start; the input is Home Assistant's own."""
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Ask first: it becomes the preferred assistant."""
        if user_input is None:
            return self.async_show_form(step_id="confirm", data_schema=probatio.Schema({}))
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        if entry is None:
            return self.async_abort(reason="not_loaded")
        try:
            await async_create_assistant(self.hass, entry)
        except HomeAssistantError:
            return self.async_abort(reason="no_speech")
        return self.async_create_entry(data={})
