"""Voice RAG: answers from the household's own documents, and commands for the house."""

from homeassistant.const import CONF_TOKEN, CONF_URL, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.typing import ConfigType

from .answerers import create_answerer
from .api import KnowledgeClient
from .const import CONF_APP, CONF_OLLAMA_URL, CONF_SEARXNG_URL, CONF_SPEECH_URL, DOMAIN
from .coordinator import KnowledgeCoordinator
from .data import VoiceRagConfigEntry, VoiceRagData, agent_options
from .facts import FactStore
from .figures import Figures
from .issues import async_watch_issues
from .lecture_news import LectureReporter, create_store
from .migration import migrate_to_subentries
from .ollama import OllamaClient
from .searxng import SearxngClient
from .services import async_setup_services
from .speech import SpeechClient
from .vocabulary import VocabularyPusher
from .warm_up import async_setup_warm_up

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = (Platform.CONVERSATION, Platform.EVENT, Platform.SENSOR, Platform.TODO)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:  # noqa: ARG001
    """Register the actions."""
    async_setup_services(hass)
    async_setup_warm_up(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: VoiceRagConfigEntry) -> bool:
    """Set up one knowledge service and its agents."""
    coordinator = KnowledgeCoordinator(hass, entry, _create_knowledge(hass, entry))
    # Not the first refresh that raises: without the knowledge service the agent still carries out commands.
    await coordinator.async_refresh()
    facts = FactStore(hass, entry.entry_id)
    await facts.async_load()
    lectures = LectureReporter(hass, entry.entry_id, coordinator)
    await lectures.async_load()
    ollama = _create_ollama(hass, entry)
    entry.runtime_data = VoiceRagData(
        coordinator=coordinator,
        facts=facts,
        lectures=lectures,
        figures=Figures(),
        ollama=ollama,
        search=_create_search(hass, entry),
        vocabulary=_create_vocabulary(hass, entry, coordinator),
        answerer=create_answerer(async_get_clientsession(hass), coordinator.knowledge, agent_options(entry)),
    )
    await hass.config_entries.async_forward_entry_setups(entry, _platforms(entry.runtime_data))
    lectures.async_start()
    if (vocabulary := entry.runtime_data.vocabulary) is not None:
        vocabulary.async_start()
        entry.async_on_unload(vocabulary.async_stop)
    async_watch_issues(hass, entry)
    entry.async_on_unload(entry.add_update_listener(_async_reload))
    return True


async def async_unload_entry(hass: HomeAssistant, entry: VoiceRagConfigEntry) -> bool:
    """Unload an entry."""
    return await hass.config_entries.async_unload_platforms(entry, _platforms(entry.runtime_data))


async def async_migrate_entry(hass: HomeAssistant, entry: VoiceRagConfigEntry) -> bool:
    """Bring an entry up to date; one from a newer version is left alone."""
    if entry.version == 1:
        migrate_to_subentries(hass, entry)
    return entry.version == 2


async def async_remove_entry(hass: HomeAssistant, entry: VoiceRagConfigEntry) -> None:
    """Delete what the household asked to be remembered, and which lectures were told of."""
    await FactStore(hass, entry.entry_id).async_delete()
    await create_store(hass, entry.entry_id).async_remove()


def _platforms(data: VoiceRagData) -> tuple[Platform, ...]:
    return PLATFORMS if data.ollama is None else (Platform.AI_TASK, *PLATFORMS)


async def _async_reload(hass: HomeAssistant, entry: VoiceRagConfigEntry) -> None:
    """Take over a changed address, and agents that were added, changed or removed."""
    await hass.config_entries.async_reload(entry.entry_id)


def _create_knowledge(hass: HomeAssistant, entry: VoiceRagConfigEntry) -> KnowledgeClient:
    app = entry.data.get(CONF_APP)
    return KnowledgeClient(
        async_get_clientsession(hass),
        entry.data[CONF_URL],
        entry.data.get(CONF_TOKEN),
        page=f"/app/{app}" if app else "",
    )


def _create_ollama(hass: HomeAssistant, entry: VoiceRagConfigEntry) -> OllamaClient | None:
    url = entry.data.get(CONF_OLLAMA_URL)
    return OllamaClient(async_get_clientsession(hass), url) if url else None


def _create_search(hass: HomeAssistant, entry: VoiceRagConfigEntry) -> SearxngClient | None:
    url = entry.data.get(CONF_SEARXNG_URL)
    return SearxngClient(async_get_clientsession(hass), url) if url else None


def _create_vocabulary(
    hass: HomeAssistant, entry: VoiceRagConfigEntry, coordinator: KnowledgeCoordinator
) -> VocabularyPusher | None:
    if not (url := entry.data.get(CONF_SPEECH_URL)):
        return None
    return VocabularyPusher(
        hass, coordinator, SpeechClient(async_get_clientsession(hass), url, entry.data.get(CONF_TOKEN))
    )
