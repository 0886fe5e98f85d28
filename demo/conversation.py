"""What happened between a wake word and the end of the answer, and how long each part took. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The Wyoming events that a satellite gets for one conversation."""

    DETECTION = "detection"
    TRANSCRIPT = "transcript"
    SYNTHESIZE = "synthesize"
    FIRST_SOUND = "audio-chunk"
    LAST_SOUND = "audio-stop"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Moment:
    """An event from Home Assistant; of a row of audio chunks only the first is kept."""

    kind: str
    seconds: float
    """On the satellite's clock."""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stages:
    """Latencies in seconds; None where a stage did not take part. Negative means before the sound had ended."""

    wake: float | None = None
    """From the end of the wake word to its detection."""
    recognition: float | None = None
    """From the end of the sentence to its transcript, the decision that it is over included."""
    agent: float | None = None
    """From the transcript (or the written question) to the text of the answer."""
    first_sound: float | None = None
    """From the end of the sentence (or the written question) to the first sound of the answer."""
    whole: float | None = None
    """From the end of the sentence (or the written question) to the last sound having arrived."""


@dataclass(slots=True)
class Conversation:
    """One exchange, as the satellite saw it, on its one clock."""

    wake_end: float | None = None
    """When the end of the wake word was spoken into the microphone."""
    speech_end: float | None = None
    """When the end of the sentence was spoken into the microphone."""
    moments: list[Moment] = field(default_factory=list)

    def add(self, moment: Moment) -> None:
        """Note an event."""
        if moment.kind != Kind.FIRST_SOUND or self.first(Kind.FIRST_SOUND) is None:
            self.moments.append(moment)

    def first(self, kind: Kind) -> Moment | None:
        """Return the first event of a kind, if there was one."""
        return next((moment for moment in self.moments if moment.kind == kind), None)

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to come: the answer was heard, or there was an error."""
        heard = self.first(Kind.SYNTHESIZE) is not None and self.first(Kind.LAST_SOUND) is not None
        return heard or self.first(Kind.ERROR) is not None

    @property
    def is_understood(self) -> bool:
        """Whether the microphone is no longer needed."""
        return self.first(Kind.TRANSCRIPT) is not None or self.first(Kind.ERROR) is not None

    @property
    def wake_word(self) -> str | None:
        """The name of the wake word that was detected."""
        return self._text(Kind.DETECTION, "name")

    @property
    def transcript(self) -> str | None:
        """What was understood."""
        return self._text(Kind.TRANSCRIPT, "text")

    @property
    def reply(self) -> str | None:
        """What the agent answered, as text."""
        return self._text(Kind.SYNTHESIZE, "text")

    @property
    def error(self) -> str | None:
        """What Home Assistant complained of."""
        moment = self.first(Kind.ERROR)
        return None if moment is None else f"{moment.data.get('code')}: {moment.data.get('text')}"

    @property
    def stages(self) -> Stages:
        """How long each part took."""
        understood = self._at(Kind.TRANSCRIPT)
        return Stages(
            wake=_between(self.wake_end, self._at(Kind.DETECTION)),
            recognition=_between(self.speech_end, understood),
            agent=_between(understood, self._at(Kind.SYNTHESIZE)),
            first_sound=_between(self.speech_end, self._at(Kind.FIRST_SOUND)),
            whole=_between(self.speech_end, self._at(Kind.LAST_SOUND)),
        )

    def summary(self) -> str:
        """Return what came, in one line, for a person who looks for what is missing."""
        events = ", ".join(moment.kind for moment in self.moments) or "nothing"
        return f"{events} ({self.error})" if self.error else events

    def _text(self, kind: Kind, key: str) -> str | None:
        moment = self.first(kind)
        return None if moment is None else moment.data.get(key)

    def _at(self, kind: Kind) -> float | None:
        moment = self.first(kind)
        return None if moment is None else moment.seconds


def _between(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else end - start
