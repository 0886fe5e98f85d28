"""Config flow: where the services are, checked before they are saved."""

from collections.abc import Mapping
from typing import Any, override

import probatio
from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryData,
    ConfigSubentryFlow,
)
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_TOKEN, CONF_URL
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.selector import BooleanSelector, TextSelector, TextSelectorConfig, TextSelectorType
from homeassistant.helpers.service_info.hassio import HassioServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from yarl import URL

from .assistant import async_create_assistant, async_find_speech
from .const import (
    CONF_APP,
    CONF_OLLAMA_URL,
    CONF_SEARXNG_URL,
    CONF_SPEECH_URL,
    DEFAULT_AGENT_NAME,
    DEFAULT_AI_TASK_NAME,
    DEFAULT_KNOWLEDGE_URL,
    DOMAIN,
    SUBENTRY_AI_TASK,
    SUBENTRY_CONVERSATION,
)
from .flows.agent import AgentFlow, AITaskFlow
from .flows.checks import async_find_errors, async_find_knowledge_errors, clean
from .flows.models import async_offered_models, model_field

TITLE = "Voice RAG"
CONF_CREATE_ASSISTANT = "create_assistant"
EXAMPLES = {
    "knowledge_url": DEFAULT_KNOWLEDGE_URL,
    "speech_url": "http://127.0.0.1:10301",
    "ollama_url": "http://127.0.0.1:11434",
    "searxng_url": "http://127.0.0.1:8080",
}

_URL_SELECTOR = TextSelector(TextSelectorConfig(type=TextSelectorType.URL))
_TOKEN_SELECTOR = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off"))

SERVICES_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_URL, default=DEFAULT_KNOWLEDGE_URL): _URL_SELECTOR,
        probatio.Optional(CONF_TOKEN): _TOKEN_SELECTOR,
        probatio.Optional(CONF_SPEECH_URL): _URL_SELECTOR,
        probatio.Optional(CONF_OLLAMA_URL): _URL_SELECTOR,
        probatio.Optional(CONF_SEARXNG_URL): _URL_SELECTOR,
    }
)
TOKEN_SCHEMA = probatio.Schema({probatio.Required(CONF_TOKEN): _TOKEN_SELECTOR})
OPTIONAL_TOKEN_SCHEMA = probatio.Schema({probatio.Optional(CONF_TOKEN): _TOKEN_SELECTOR})
ASSISTANT_SCHEMA = probatio.Schema({probatio.Required(CONF_CREATE_ASSISTANT, default=True): BooleanSelector()})


class VoiceRagConfigFlow(ConfigFlow, domain=DOMAIN):
    """Sets up, changes and re-authenticates an entry."""

    VERSION = 2

    def __init__(self) -> None:
        self._data: dict[str, Any] = {}
        self._model: dict[str, Any] = {}
        self._wants_assistant = False

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(cls, config_entry: ConfigEntry) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what can be added to an entry."""
        return {SUBENTRY_CONVERSATION: AgentFlow, SUBENTRY_AI_TASK: AITaskFlow}

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the addresses."""
        errors: dict[str, str] = {}
        if user_input is not None:
            self._data = {CONF_URL: "", **clean(user_input)}
            self._async_abort_entries_match({CONF_URL: self._data[CONF_URL]})
            if not (errors := await async_find_errors(self.hass, self._data)):
                return await self._async_choose()
        return self._show_services("user", user_input, errors)

    async def _async_choose(self) -> ConfigFlowResult:
        """Go on with what the addresses make possible: a model to choose, an assistant to make."""
        return await (self.async_step_model() if CONF_OLLAMA_URL in self._data else self.async_step_assistant())

    async def async_step_model(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which of Ollama's models answers."""
        if user_input is not None:
            self._model = clean(user_input)
            return await self.async_step_assistant()
        offered = await async_offered_models(self.hass, self._data)
        return self.async_show_form(step_id="model", data_schema=probatio.Schema(model_field(offered)))

    async def async_step_assistant(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Offer an Assist pipeline where something here hears and speaks."""
        if user_input is None and async_find_speech(self.hass, self._data):
            return self.async_show_form(step_id="assistant", data_schema=ASSISTANT_SCHEMA)
        self._wants_assistant = bool(user_input and user_input[CONF_CREATE_ASSISTANT])
        return self._create()

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Create the pipeline, now that its agent is there; where that fails a repair offers it again."""
        if self._wants_assistant:
            try:
                await async_create_assistant(self.hass, result["result"])
            except HomeAssistantError as err:
                result["description"] = str(err)
        return result

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Change the addresses of an entry."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            data = {CONF_URL: "", **clean(user_input)}
            if data[CONF_URL] != entry.data[CONF_URL]:
                self._async_abort_entries_match({CONF_URL: data[CONF_URL]})
            if not (errors := await async_find_errors(self.hass, data)):
                return self.async_update_and_abort(entry, data=data)
        return self._show_services("reconfigure", user_input or dict(entry.data), errors)

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:  # noqa: ARG002
        """The knowledge service did not accept the token."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the new token."""
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            token = user_input[CONF_TOKEN].strip()
            if not (errors := await async_find_knowledge_errors(self.hass, entry.data[CONF_URL], token)):
                return self.async_update_and_abort(entry, data_updates={CONF_TOKEN: token})
        return self.async_show_form(
            step_id="reauth_confirm",
            data_schema=TOKEN_SCHEMA,
            errors=_as_form_errors(errors),
            description_placeholders={**EXAMPLES, "url": entry.data[CONF_URL]},
        )

    @override
    async def async_step_hassio(self, discovery_info: HassioServiceInfo) -> ConfigFlowResult:
        """The knowledge app announced itself through the Supervisor."""
        config = discovery_info.config
        await self.async_set_unique_id(discovery_info.uuid)
        extra = {key: config[key] for key in (CONF_TOKEN, CONF_SPEECH_URL, CONF_OLLAMA_URL) if config.get(key)}
        extra[CONF_APP] = discovery_info.slug
        return await self._async_discovered(config.get(CONF_HOST), config.get(CONF_PORT), discovery_info.name, extra)

    @override
    async def async_step_zeroconf(self, discovery_info: ZeroconfServiceInfo) -> ConfigFlowResult:
        """A knowledge service announced itself on the local network."""
        # The announcement has no identity of its own, so a house that has an entry is not asked again.
        await self._async_handle_discovery_without_unique_id()
        name = discovery_info.name.partition(".")[0]
        return await self._async_discovered(discovery_info.host, discovery_info.port, name, {})

    async def async_step_discovery_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask before a discovered service is added."""
        errors: dict[str, str] = {}
        if user_input is not None:
            data = {**self._data, **clean(user_input)}
            # A missing Ollama is no reason to stop here: a repair says so afterwards, and what to do.
            if not (errors := await async_find_knowledge_errors(self.hass, data[CONF_URL], data.get(CONF_TOKEN))):
                self._data = data
                return await self._async_choose()
        return self.async_show_form(
            step_id="discovery_confirm",
            # An announced token may be out of date: then it is asked for.
            data_schema=OPTIONAL_TOKEN_SCHEMA if CONF_TOKEN not in self._data or errors else probatio.Schema({}),
            errors=_as_form_errors(errors),
            description_placeholders={**EXAMPLES, **self.context["title_placeholders"], "url": self._data[CONF_URL]},
        )

    async def _async_discovered(self, host: Any, port: Any, name: str, extra: dict[str, Any]) -> ConfigFlowResult:
        try:
            url = str(URL.build(scheme="http", host=host, port=int(port)))
        except TypeError, ValueError:
            return self.async_abort(reason="invalid_discovery_info")
        self._data = {CONF_URL: url, **extra}
        # An Ollama that a person has chosen since then is not taken back.
        moved = {key: value for key, value in self._data.items() if key != CONF_OLLAMA_URL}
        self._abort_if_unique_id_configured(updates=moved, reload_on_update=False)
        self._async_abort_entries_match({CONF_URL: url})
        self.context["title_placeholders"] = {"name": name}
        return await self.async_step_discovery_confirm()

    def _create(self) -> ConfigFlowResult:
        agents = [_subentry(SUBENTRY_CONVERSATION, DEFAULT_AGENT_NAME, self._model)]
        if CONF_OLLAMA_URL in self._data:
            agents.append(_subentry(SUBENTRY_AI_TASK, DEFAULT_AI_TASK_NAME, self._model))
        return self.async_create_entry(title=TITLE, data=self._data, subentries=agents)

    def _show_services(
        self, step_id: str, suggested: Mapping[str, Any] | None, errors: dict[str, str]
    ) -> ConfigFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(SERVICES_SCHEMA, suggested),
            errors=errors,
            description_placeholders=EXAMPLES,
        )


def _subentry(subentry_type: str, title: str, data: Mapping[str, Any]) -> ConfigSubentryData:
    return ConfigSubentryData(data=data, subentry_type=subentry_type, title=title, unique_id=None)


def _as_form_errors(errors: Mapping[str, str]) -> dict[str, str]:
    """Return the errors for a form that has no field for the address."""
    return {field if field == CONF_TOKEN else "base": reason for field, reason in errors.items()}
