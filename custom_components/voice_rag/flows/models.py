"""Choosing a model from what Ollama offers."""

from collections.abc import Mapping
from typing import Any

import probatio
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import SelectSelector, SelectSelectorConfig, SelectSelectorMode

from ..const import CONF_OLLAMA_MODEL, CONF_OLLAMA_URL, DEFAULT_OLLAMA_MODEL
from ..errors import OllamaError
from ..ollama import OllamaClient, has_model


async def async_offered_models(hass: HomeAssistant, entry_data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the models on the entry's Ollama; nothing where it does not answer."""
    if not (url := entry_data.get(CONF_OLLAMA_URL)):
        return ()
    try:
        return await OllamaClient(async_get_clientsession(hass), url).async_list_models()
    except OllamaError:
        return ()


def model_field(offered: tuple[str, ...], chosen: str | None = None) -> dict[Any, Any]:
    """Return the field for a form: those that are there, the default one, and any other by name."""
    default = chosen or DEFAULT_OLLAMA_MODEL
    options = sorted({*offered, *([] if has_model(offered, default) else [default])})
    selector = SelectSelector(
        SelectSelectorConfig(options=options, custom_value=True, mode=SelectSelectorMode.DROPDOWN)
    )
    return {probatio.Required(CONF_OLLAMA_MODEL, default=default): selector}


def uses_model(entry: ConfigEntry) -> bool:
    """Tell whether the entry has an Ollama at all."""
    return bool(entry.data.get(CONF_OLLAMA_URL))
