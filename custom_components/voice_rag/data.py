"""What lives as long as a config entry is loaded."""

from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntry

from .answerers import Answerer
from .coordinator import KnowledgeCoordinator
from .vocabulary import VocabularyPusher


@dataclass(frozen=True, slots=True)
class VoiceRagData:
    """The parts of one entry."""

    coordinator: KnowledgeCoordinator
    answerer: Answerer
    vocabulary: VocabularyPusher | None
    """None without a speech server."""


type VoiceRagConfigEntry = ConfigEntry[VoiceRagData]
