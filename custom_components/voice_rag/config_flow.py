"""Config flow: where the services are, checked before they are saved."""

from collections.abc import Mapping
from typing import Any, override

import probatio
from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig, TextSelectorType
from homeassistant.helpers.service_info.hassio import HassioServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from yarl import URL

from .api import KnowledgeClient
from .const import (
    CONF_OLLAMA_MODEL,
    CONF_OLLAMA_URL,
    CONF_SPEECH_URL,
    DEFAULT_KNOWLEDGE_URL,
    DEFAULT_OLLAMA_MODEL,
    DOMAIN,
)
from .errors import KnowledgeAuthError, KnowledgeConnectionError, KnowledgeError, OllamaConnectionError, OllamaError
from .ollama import OllamaClient, has_model

TITLE = "Voice RAG"
EXAMPLES = {
    "knowledge_url": DEFAULT_KNOWLEDGE_URL,
    "speech_url": "http://127.0.0.1:10301",
    "ollama_url": "http://127.0.0.1:11434",
}
URL_FIELDS = (CONF_URL, CONF_SPEECH_URL, CONF_OLLAMA_URL)

_URL_SELECTOR = TextSelector(TextSelectorConfig(type=TextSelectorType.URL))
_TOKEN_SELECTOR = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off"))

USER_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_URL, default=DEFAULT_KNOWLEDGE_URL): _URL_SELECTOR,
        probatio.Optional(CONF_TOKEN): _TOKEN_SELECTOR,
        probatio.Optional(CONF_SPEECH_URL): _URL_SELECTOR,
        probatio.Optional(CONF_OLLAMA_URL): _URL_SELECTOR,
        probatio.Optional(CONF_OLLAMA_MODEL, default=DEFAULT_OLLAMA_MODEL): TextSelector(),
    }
)
TOKEN_SCHEMA = probatio.Schema({probatio.Required(CONF_TOKEN): _TOKEN_SELECTOR})
OPTIONAL_TOKEN_SCHEMA = probatio.Schema({probatio.Optional(CONF_TOKEN): _TOKEN_SELECTOR})


class VoiceRagConfigFlow(ConfigFlow, domain=DOMAIN):
    """Sets up, changes and re-authenticates an entry."""

    VERSION = 1

    def __init__(self) -> None:
        self._discovered: dict[str, Any] = {}

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the addresses."""
        errors: dict[str, str] = {}
        if user_input is not None:
            data = _settings(user_input)
            self._async_abort_entries_match({CONF_URL: data[CONF_URL]})
            if not (errors := await async_find_errors(self.hass, data)):
                return self.async_create_entry(title=TITLE, data=data)
        return self._show_settings("user", user_input, errors)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Change the addresses of an entry."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            data = _settings(user_input)
            if data[CONF_URL] != entry.data[CONF_URL]:
                self._async_abort_entries_match({CONF_URL: data[CONF_URL]})
            if not (errors := await async_find_errors(self.hass, data)):
                return self.async_update_reload_and_abort(entry, data=data)
        return self._show_settings("reconfigure", user_input or dict(entry.data), errors)

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:  # noqa: ARG002
        """The knowledge service did not accept the token."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the new token."""
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            token = user_input[CONF_TOKEN].strip()
            if not (errors := await _async_find_knowledge_errors(self.hass, entry.data[CONF_URL], token)):
                return self.async_update_reload_and_abort(entry, data_updates={CONF_TOKEN: token})
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
        extra = {key: config[key] for key in (CONF_TOKEN, CONF_SPEECH_URL) if config.get(key)}
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
            data = {CONF_OLLAMA_MODEL: DEFAULT_OLLAMA_MODEL, **self._discovered, **_clean(user_input)}
            if not (errors := await async_find_errors(self.hass, data)):
                return self.async_create_entry(title=TITLE, data=data)
        return self.async_show_form(
            step_id="discovery_confirm",
            data_schema=probatio.Schema({}) if CONF_TOKEN in self._discovered else OPTIONAL_TOKEN_SCHEMA,
            errors=_as_form_errors(errors),
            description_placeholders={
                **EXAMPLES,
                **self.context["title_placeholders"],
                "url": self._discovered[CONF_URL],
            },
        )

    async def _async_discovered(self, host: Any, port: Any, name: str, extra: dict[str, Any]) -> ConfigFlowResult:
        try:
            url = str(URL.build(scheme="http", host=host, port=int(port)))
        except TypeError, ValueError:
            return self.async_abort(reason="invalid_discovery_info")
        self._discovered = {CONF_URL: url, **extra}
        self._abort_if_unique_id_configured(updates=self._discovered)
        self._async_abort_entries_match({CONF_URL: url})
        self.context["title_placeholders"] = {"name": name}
        return await self.async_step_discovery_confirm()

    def _show_settings(
        self, step_id: str, suggested: Mapping[str, Any] | None, errors: dict[str, str]
    ) -> ConfigFlowResult:
        model = (suggested or {}).get(CONF_OLLAMA_MODEL) or DEFAULT_OLLAMA_MODEL
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(USER_SCHEMA, suggested),
            errors=errors,
            description_placeholders={**EXAMPLES, "model": model},
        )


async def async_find_errors(hass: HomeAssistant, data: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with an entry's data: field -> key of a translated error."""
    if errors := {field: "invalid_url" for field in URL_FIELDS if field in data and not _is_http_url(data[field])}:
        return errors
    return {
        **await _async_find_knowledge_errors(hass, data[CONF_URL], data.get(CONF_TOKEN)),
        **await _async_find_ollama_errors(hass, data),
    }


async def _async_find_knowledge_errors(hass: HomeAssistant, url: str, token: str | None) -> dict[str, str]:
    client = KnowledgeClient(async_get_clientsession(hass), url, token)
    try:
        await client.async_get_health()
        await client.async_get_vocabulary()
    except KnowledgeConnectionError:
        return {CONF_URL: "cannot_connect"}
    except KnowledgeAuthError:
        return {CONF_TOKEN: "invalid_auth"}
    except KnowledgeError:
        return {CONF_URL: "not_voice_rag"}
    return {}


async def _async_find_ollama_errors(hass: HomeAssistant, data: Mapping[str, Any]) -> dict[str, str]:
    if CONF_OLLAMA_URL not in data:
        return {}
    client = OllamaClient(async_get_clientsession(hass), data[CONF_OLLAMA_URL])
    try:
        models = await client.async_list_models()
    except OllamaConnectionError:
        return {CONF_OLLAMA_URL: "ollama_cannot_connect"}
    except OllamaError:
        return {CONF_OLLAMA_URL: "not_ollama"}
    return {} if has_model(models, data[CONF_OLLAMA_MODEL]) else {CONF_OLLAMA_MODEL: "model_not_found"}


def _as_form_errors(errors: Mapping[str, str]) -> dict[str, str]:
    """Return the errors for a form that has no field for the address."""
    return {field if field == CONF_TOKEN else "base": reason for field, reason in errors.items()}


def _settings(user_input: Mapping[str, Any]) -> dict[str, Any]:
    return {CONF_URL: "", CONF_OLLAMA_MODEL: DEFAULT_OLLAMA_MODEL, **_clean(user_input)}


def _clean(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return the input without blanks, empty fields and the slash behind an address."""
    data = {key: value.strip() for key, value in user_input.items() if value.strip()}
    return {key: value.rstrip("/") if key in URL_FIELDS else value for key, value in data.items()}


def _is_http_url(text: str) -> bool:
    try:
        url = URL(text)
    except ValueError:
        return False
    return url.scheme in ("http", "https") and bool(url.host)
