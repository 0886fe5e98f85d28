"""What the speech recognition service can be told."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from wyoming_servers.runtime.loading import LoadSettings
from wyoming_servers.runtime.model_store import default_folder
from wyoming_servers.turn.engine import DEFAULT_ENGINE, TurnOptions
from wyoming_servers.turn.settings import TurnSettings


class EndOfTurn(StrEnum):
    """Who decides that the speaker has finished."""

    SERVER = "server"
    """This server, by pauses and words; Home Assistant sends no voice activity events then."""

    CLIENT = "client"
    """The client alone, by audio-stop."""

    EITHER = "either"
    """Who is first: for satellites that need Home Assistant's voice activity events."""


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """How much a program may ask for."""

    most_bytes: int = 1 << 30
    longest_seconds: float = 4 * 3600.0
    """Of a recording."""

    upload_seconds: float = 600.0
    """A form that takes longer to arrive is refused."""

    most_at_once: int = 4
    """Recordings that are received or transcribed; beyond them a program is told to come back later."""


@dataclass(frozen=True, slots=True)
class SttSettings:
    """How long an utterance may be, and where the house's words are kept."""

    longest_seconds: float = 60.0
    """Audio of one utterance that is kept; what comes after it is dropped and the beginning is transcribed."""

    end_of_turn: EndOfTurn = EndOfTurn.SERVER
    turn: TurnSettings = field(default_factory=TurnSettings)
    turn_engine: str = DEFAULT_ENGINE
    """Judges the words before a pause."""

    turn_options: TurnOptions = field(default_factory=TurnOptions)
    """What that engine is loaded with; models and vocabulary are those of this service."""

    model: str | None = None
    """None leaves the choice to the engine."""

    models_folder: Path = field(default_factory=default_folder)
    """Where downloaded models are."""

    load: LoadSettings = field(default_factory=LoadSettings)
    longest_queue: int = 16
    """Utterances that wait for or are in one engine; beyond them a client is told that it is busy."""

    longest_decode_seconds: float = 300.0
    """An engine that takes longer for one utterance hangs: its process is ended and started anew."""

    uploads: UploadLimits = field(default_factory=UploadLimits)
    data: Path | None = None
    """Folder for the vocabulary and the speakers' pauses. None forgets them at the end."""

    @property
    def vocabulary_path(self) -> Path | None:
        """Return the file of the vocabulary."""
        return self.data / "vocabulary.json" if self.data else None

    @property
    def pauses_path(self) -> Path | None:
        """Return the file of what was learned of the speakers' pauses."""
        return self.data / "pauses.json" if self.data else None
