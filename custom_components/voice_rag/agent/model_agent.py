"""The model behind one agent: what it is asked with, kept warm, watched while it is away."""

import logging

from homeassistant.components import conversation
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, Context, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import llm
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started

from ..const import DOMAIN
from ..data import VoiceRagConfigEntry
from ..models import AgentOptions
from . import prompts
from .budget import Budget, TokenMeter
from .chat import ChatSettings, build_warm_up
from .house_api import HouseApi, HouseView
from .language_model import LanguageModel, create_models
from .model_issues import ModelIssues
from .model_turn import ModelSetup, ModelTurn, TurnInput, TurnRecord

_LOGGER = logging.getLogger(__name__)

WARM_SECONDS = 30.0
"""A prefix that was read so recently is still in the model's cache."""


class ModelAgent:
    """Answers turns with the models of one agent."""

    def __init__(self, hass: HomeAssistant, entry: VoiceRagConfigEntry, agent: str, options: AgentOptions) -> None:
        self.models = create_models(async_get_clientsession(hass), options, entry.runtime_data.figures.add_prompt)
        self.budget = Budget(options.num_ctx, options.thinking, TokenMeter())
        self.api = HouseApi(hass, options, self.budget)
        self._hass = hass
        self._entry = entry
        self._options = options
        self._settings = ChatSettings(options.num_ctx, options.thinking)
        self._issues = ModelIssues(hass, agent)
        self._warm_until = 0.0
        self._is_warming = False
        self._stops: list[CALLBACK_TYPE] = []
        self._probes: dict[str, CALLBACK_TYPE] = {}

    @callback
    def async_start(self) -> None:
        """Watch the house and the models, and warm up once Home Assistant has started."""
        self._stops += [
            self.api.async_start(),
            self.models.add_listener(self._async_health_changed),
            self._entry.async_on_state_change(self._async_entry_changed),
            async_at_started(self._hass, self._async_started),
        ]

    @callback
    def async_stop(self) -> None:
        """Stop watching."""
        for stop in (*self._stops, *self._probes.values()):
            stop()
        self._stops.clear()
        self._probes.clear()
        self._issues.async_clear(self.models.models)

    @callback
    def async_warm_up(self) -> None:
        """Have the model loaded and the prefix read, unless that was done a moment ago."""
        model = next((model for model in self.models.models if not model.breaker.is_open), None)
        is_warm = self.api.is_current and self._hass.loop.time() < self._warm_until
        if model is not None and not self._is_warming and not is_warm:
            self._is_warming = True
            self._entry.async_create_background_task(self._hass, self._async_warm(model), f"{DOMAIN} warm-up")

    async def async_view(self, llm_context: llm.LLMContext) -> HouseView:
        """Return the house as the model sees it."""
        return await self.api.async_view(llm_context)

    async def async_run(
        self,
        user_input: conversation.ConversationInput,
        chat_log: conversation.ChatLog,
        turn: TurnInput,
        record: TurnRecord,
    ) -> None:
        """Write the model's answer into the chat log, and what happened into the record.

        Raises:
            OllamaError: no model gave one.
            HomeAssistantError: the tools are not to be had.
        """
        llm_context = user_input.as_llm_context(DOMAIN)
        await chat_log.async_provide_llm_data(llm_context, self.api, prompts.SYSTEM, None)
        setup = ModelSetup(self.models, await self.async_view(llm_context), self.budget, self._settings)
        try:
            await ModelTurn(self._hass, chat_log, setup, turn, record).async_run(user_input.agent_id)
        finally:
            if record.needed_tokens:
                devices = len(setup.view.inventory.devices)
                self._issues.async_note_length(record.needed_tokens, self.budget.num_ctx, devices)
        self._warm_until = self._hass.loop.time() + WARM_SECONDS

    @callback
    def _async_started(self, _hass: HomeAssistant) -> None:
        if self._entry.state is ConfigEntryState.LOADED:
            self.async_warm_up()

    @callback
    def _async_entry_changed(self) -> None:
        """Warm up once the entry is loaded: before that, our own tools are not offered."""
        if self._entry.state is ConfigEntryState.LOADED:
            self.api.async_forget()
            if self._hass.is_running:
                self.async_warm_up()

    async def _async_warm(self, model: LanguageModel) -> None:
        try:
            await self._async_try(model)
        finally:
            self._is_warming = False

    async def _async_try(self, model: LanguageModel) -> None:
        """Warm a model, which also tells whether it is there."""
        try:
            view = await self.async_view(_context_of_house())
            await self.models.async_try(model, build_warm_up(view.prefix, self._settings))
            if model is self.models.first:
                self.api.async_use_tools(has_tools=model.can_use_tools)
            if model.last_failure is None:
                self._warm_until = self._hass.loop.time() + WARM_SECONDS
        except HomeAssistantError as err:
            _LOGGER.debug("Not warmed up: %s", err)

    @callback
    def _async_health_changed(self, model: LanguageModel) -> None:
        """Look after a model that went away until it is back, so that no person's question has to."""
        self._issues.async_note_health(model)
        if cancel := self._probes.pop(model.key, None):
            cancel()
        if not model.breaker.is_open:
            return

        @callback
        def probe(_now: object) -> None:
            self._probes.pop(model.key, None)
            self._entry.async_create_background_task(self._hass, self._async_try(model), f"{DOMAIN} probe")

        self._probes[model.key] = async_call_later(self._hass, model.breaker.pause_seconds, probe)


def _context_of_house() -> llm.LLMContext:
    """Return a context without a person and a satellite."""
    return llm.LLMContext(
        platform=DOMAIN, context=Context(), language=None, assistant=conversation.DOMAIN, device_id=None
    )
