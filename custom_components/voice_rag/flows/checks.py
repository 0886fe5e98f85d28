"""What can be wrong with the addresses of an entry: field -> key of a translated error."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from yarl import URL

from ..api import KnowledgeClient
from ..const import CONF_OLLAMA_URL, CONF_SEARXNG_URL, CONF_SPEECH_URL
from ..errors import (
    KnowledgeAuthError,
    KnowledgeConnectionError,
    KnowledgeError,
    OllamaConnectionError,
    OllamaError,
    WebSearchError,
)
from ..ollama import OllamaClient
from ..searxng import SearxngClient

URL_FIELDS = (CONF_URL, CONF_SPEECH_URL, CONF_OLLAMA_URL, CONF_SEARXNG_URL)


async def async_find_errors(hass: HomeAssistant, data: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with an entry's data."""
    if errors := {field: "invalid_url" for field in URL_FIELDS if field in data and not is_http_url(data[field])}:
        return errors
    return {
        **await async_find_knowledge_errors(hass, data[CONF_URL], data.get(CONF_TOKEN)),
        **await _async_find_ollama_errors(hass, data.get(CONF_OLLAMA_URL)),
        **await _async_find_search_errors(hass, data.get(CONF_SEARXNG_URL)),
    }


async def async_find_knowledge_errors(hass: HomeAssistant, url: str, token: str | None) -> dict[str, str]:
    """Return what is wrong with the knowledge service."""
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


async def _async_find_ollama_errors(hass: HomeAssistant, url: str | None) -> dict[str, str]:
    if url is None:
        return {}
    try:
        await OllamaClient(async_get_clientsession(hass), url).async_list_models()
    except OllamaConnectionError:
        return {CONF_OLLAMA_URL: "ollama_cannot_connect"}
    except OllamaError:
        return {CONF_OLLAMA_URL: "not_ollama"}
    return {}


async def _async_find_search_errors(hass: HomeAssistant, url: str | None) -> dict[str, str]:
    if url is None:
        return {}
    try:
        await SearxngClient(async_get_clientsession(hass), url).async_check()
    except WebSearchError:
        return {CONF_SEARXNG_URL: "searxng_unusable"}
    return {}


def clean(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return texts without blanks and without the slash behind an address, and no empty ones."""
    data = {key: value.strip() if isinstance(value, str) else value for key, value in user_input.items()}
    return {key: value.rstrip("/") if key in URL_FIELDS else value for key, value in data.items() if value != ""}


def is_http_url(text: str) -> bool:
    """Tell whether this is an address that a service can be reached at."""
    try:
        url = URL(text)
    except ValueError:
        return False
    return url.scheme in ("http", "https") and bool(url.host)
