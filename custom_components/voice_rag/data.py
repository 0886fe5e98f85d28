"""What lives as long as a config entry is loaded."""

from collections.abc import Iterator
from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntry, ConfigSubentry

from .answerers import Answerer
from .const import SUBENTRY_CONVERSATION
from .coordinator import KnowledgeCoordinator
from .facts import FactStore
from .figures import Figures
from .lecture_news import LectureReporter
from .models import AgentOptions
from .ollama import OllamaClient
from .searxng import SearxngClient
from .vocabulary import VocabularyPusher


@dataclass(frozen=True, slots=True)
class VoiceRagData:
    """The parts of one entry."""

    coordinator: KnowledgeCoordinator
    facts: FactStore
    lectures: LectureReporter
    figures: Figures
    ollama: OllamaClient | None
    """None where answers are the documents' own words."""
    search: SearxngClient | None
    """None without a search server for the web."""
    vocabulary: VocabularyPusher | None
    """None without a speech server."""
    answerer: Answerer
    """Of the entry's first agent."""


type VoiceRagConfigEntry = ConfigEntry[VoiceRagData]


def subentries_of(entry: ConfigEntry, subentry_type: str) -> Iterator[ConfigSubentry]:
    """Yield the entry's agents, or its AI tasks, the oldest first."""
    for subentry in entry.subentries.values():
        if subentry.subentry_type == subentry_type:
            yield subentry


def agent_options(entry: ConfigEntry, subentry: ConfigSubentry | None = None) -> AgentOptions:
    """Return what an agent is set to; without one, what the entry's first agent is."""
    if subentry is None:
        subentry = next(subentries_of(entry, SUBENTRY_CONVERSATION), None)
    return AgentOptions.from_mapping({**entry.data, **(subentry.data if subentry else {})})
