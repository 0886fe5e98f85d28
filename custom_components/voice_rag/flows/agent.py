"""The settings of one conversation agent, or of one AI task."""

from typing import Any

import probatio
from homeassistant.config_entries import SOURCE_USER, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers import llm
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    TemplateSelector,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ..const import (
    CONF_CONTEXT_TOKENS,
    CONF_CONTROL_APIS,
    CONF_FALLBACK_MODEL,
    CONF_FALLBACK_URL,
    CONF_INSTRUCTIONS,
    CONF_THINKING,
    DEFAULT_AGENT_NAME,
    DEFAULT_AI_TASK_NAME,
    DEFAULT_CONTROL_APIS,
    NUM_CTX,
)
from ..gates.confirmation import CONF_CONFIRMATION, CONF_PIN, ConfirmationMode, is_pin
from .checks import clean, is_http_url
from .models import async_offered_models, model_field, uses_model

MIN_CONTEXT_TOKENS = 2048
MAX_CONTEXT_TOKENS = 131_072


class SubentryFlow(ConfigSubentryFlow):
    """One form that adds a subentry or changes it."""

    default_name: str

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Add a subentry."""
        return await self._async_step("user", user_input)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Change a subentry."""
        return await self._async_step("reconfigure", user_input)

    async def _async_step(self, step_id: str, user_input: dict[str, Any] | None) -> SubentryFlowResult:
        errors: dict[str, str] = {}
        if user_input is not None:
            data = clean(user_input)
            if not (errors := self._find_errors(data)):
                return self._save(data)
        known = dict(self._get_reconfigure_subentry().data) if self.source != SOURCE_USER else {}
        schema = probatio.Schema({**self._name_field(), **await self._async_fields()})
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, user_input or known),
            errors=errors,
        )

    def _save(self, data: dict[str, Any]) -> SubentryFlowResult:
        if self.source == SOURCE_USER:
            return self.async_create_entry(title=data.pop(CONF_NAME), data=data)
        # The entry's update listener reloads it.
        return self.async_update_and_abort(self._get_entry(), self._get_reconfigure_subentry(), data=data)

    def _name_field(self) -> dict[Any, Any]:
        if self.source != SOURCE_USER:
            return {}
        return {probatio.Required(CONF_NAME, default=self.default_name): TextSelector()}

    async def _async_fields(self) -> dict[Any, Any]:
        raise NotImplementedError

    def _find_errors(self, data: dict[str, Any]) -> dict[str, str]:  # noqa: ARG002
        return {}


class AgentFlow(SubentryFlow):
    """A conversation agent; what only a model needs is asked where there is an Ollama."""

    default_name = DEFAULT_AGENT_NAME

    async def _async_fields(self) -> dict[Any, Any]:
        fields = _confirmation_fields()
        if not uses_model(self._get_entry()):
            return fields
        offered = await async_offered_models(self.hass, self._get_entry().data)
        return {**model_field(offered), **_model_fields(self.hass, offered), **fields}

    def _find_errors(self, data: dict[str, Any]) -> dict[str, str]:
        if data[CONF_CONFIRMATION] == ConfirmationMode.PIN and not is_pin(data.get(CONF_PIN, "")):
            return {CONF_PIN: "invalid_pin"}
        if CONF_FALLBACK_URL in data and not is_http_url(data[CONF_FALLBACK_URL]):
            return {CONF_FALLBACK_URL: "invalid_url"}
        return {}


class AITaskFlow(SubentryFlow):
    """An AI task entity: data from a model."""

    default_name = DEFAULT_AI_TASK_NAME

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Add an AI task, where a model can do it."""
        if not uses_model(self._get_entry()):
            return self.async_abort(reason="no_ollama")
        return await super().async_step_user(user_input)

    async def _async_fields(self) -> dict[Any, Any]:
        return {**model_field(await async_offered_models(self.hass, self._get_entry().data)), **_context_field()}


def _confirmation_fields() -> dict[Any, Any]:
    modes = SelectSelectorConfig(options=list(ConfirmationMode), translation_key=CONF_CONFIRMATION)
    pin = TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
    return {
        probatio.Required(CONF_CONFIRMATION, default=ConfirmationMode.CONFIRM): SelectSelector(modes),
        probatio.Optional(CONF_PIN): TextSelector(pin),
    }


def _model_fields(hass: HomeAssistant, offered: tuple[str, ...]) -> dict[Any, Any]:
    apis = [SelectOptionDict(label=api.name, value=api.id) for api in llm.async_get_apis(hass)]
    return {
        probatio.Optional(CONF_CONTROL_APIS, default=list(DEFAULT_CONTROL_APIS)): SelectSelector(
            SelectSelectorConfig(options=apis, multiple=True)
        ),
        probatio.Optional(CONF_INSTRUCTIONS): TemplateSelector(),
        **_context_field(),
        probatio.Required(CONF_THINKING, default=False): BooleanSelector(),
        probatio.Optional(CONF_FALLBACK_MODEL): SelectSelector(
            SelectSelectorConfig(options=sorted(offered), custom_value=True)
        ),
        probatio.Optional(CONF_FALLBACK_URL): TextSelector(TextSelectorConfig(type=TextSelectorType.URL)),
    }


def _context_field() -> dict[Any, Any]:
    selector = NumberSelector(
        NumberSelectorConfig(min=MIN_CONTEXT_TOKENS, max=MAX_CONTEXT_TOKENS, step=1024, mode=NumberSelectorMode.BOX)
    )
    return {probatio.Required(CONF_CONTEXT_TOKENS, default=NUM_CTX): selector}
