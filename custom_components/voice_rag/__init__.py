"""Voice RAG: answers from the household's own documents, and commands for the house."""

from homeassistant.const import CONF_TOKEN, CONF_URL, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.typing import ConfigType

from .answerers import Answerer, ExtractiveAnswerer, OllamaAnswerer
from .api import KnowledgeClient
from .const import CONF_OLLAMA_MODEL, CONF_OLLAMA_URL, CONF_SPEECH_URL, DOMAIN
from .coordinator import KnowledgeCoordinator
from .data import VoiceRagConfigEntry, VoiceRagData
from .ollama import OllamaClient
from .services import async_setup_services
from .speech import SpeechClient
from .vocabulary import VocabularyPusher
from .warm_up import async_setup_warm_up

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = [Platform.CONVERSATION]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:  # noqa: ARG001
    """Register the actions."""
    async_setup_services(hass)
    async_setup_warm_up(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: VoiceRagConfigEntry) -> bool:
    """Set up one knowledge service and its agent."""
    coordinator = KnowledgeCoordinator(hass, entry, _create_knowledge(hass, entry))
    # Not the first refresh that raises: without the knowledge service the agent still carries out commands.
    await coordinator.async_refresh()
    vocabulary = _create_vocabulary(hass, entry, coordinator)
    entry.runtime_data = VoiceRagData(coordinator, _create_answerer(hass, entry, coordinator.knowledge), vocabulary)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    if vocabulary is not None:
        vocabulary.async_start()
        entry.async_on_unload(vocabulary.async_stop)
    entry.async_on_unload(coordinator.async_delete_issue)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: VoiceRagConfigEntry) -> bool:
    """Unload an entry."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


def _create_knowledge(hass: HomeAssistant, entry: VoiceRagConfigEntry) -> KnowledgeClient:
    return KnowledgeClient(async_get_clientsession(hass), entry.data[CONF_URL], entry.data.get(CONF_TOKEN))


def _create_answerer(hass: HomeAssistant, entry: VoiceRagConfigEntry, knowledge: KnowledgeClient) -> Answerer:
    extractive = ExtractiveAnswerer(knowledge)
    if not (url := entry.data.get(CONF_OLLAMA_URL)):
        return extractive
    ollama = OllamaClient(async_get_clientsession(hass), url)
    return OllamaAnswerer(knowledge, ollama, entry.data[CONF_OLLAMA_MODEL], fallback=extractive)


def _create_vocabulary(
    hass: HomeAssistant, entry: VoiceRagConfigEntry, coordinator: KnowledgeCoordinator
) -> VocabularyPusher | None:
    if not (url := entry.data.get(CONF_SPEECH_URL)):
        return None
    return VocabularyPusher(
        hass, coordinator, SpeechClient(async_get_clientsession(hass), url, entry.data.get(CONF_TOKEN))
    )
