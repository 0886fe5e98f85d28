"""A recording without sound, somebody who knows what is said in it, and somebody who writes about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import numpy as np

from knowledge.errors import SourceError, TranscriberError, TranscriberUnavailableError
from knowledge.lectures.models import Chapter, Content, Maker, Paragraph, Segment, Summary, Term, Transcript
from knowledge.lectures.protocols import SAMPLE_RATE, Piece
from knowledge.reasons import Reason

SENTENCE_SECONDS = 5.0


def recording(sentences: list[str]) -> bytes:
    """Return the content of a file whose sound is these sentences, five seconds each; an empty one is silence."""
    return "\n".join(("RECORDING", *sentences)).encode()


class ScriptedRecording:
    """Yields one piece for each few sentences of its file."""

    def __init__(self, sentences: list[str], piece_sentences: int) -> None:
        self.duration: float | None = len(sentences) * SENTENCE_SECONDS
        self.is_closed = False
        self._sentences = sentences
        self._size = piece_sentences

    def pieces(self, start: float = 0.0) -> Iterator[Piece]:
        for first in range(round(start / SENTENCE_SECONDS), len(self._sentences), self._size):
            if self.is_closed:
                return
            said = self._sentences[first : first + self._size]
            samples = np.zeros(round(len(said) * SENTENCE_SECONDS * SAMPLE_RATE), np.int16)
            yield Piece(samples, first * SENTENCE_SECONDS, is_spoken=any(said))

    def close(self) -> None:
        self.is_closed = True


@dataclass
class ScriptedRecordings:
    """Opens such files, and remembers what is said at which second."""

    piece_sentences: int = 2
    sentences: list[str] = field(default_factory=list)
    opened: int = 0

    def open(self, path: Path) -> ScriptedRecording:
        marker, *self.sentences = path.read_text().split("\n")
        if marker != "RECORDING":
            raise SourceError(Reason.BROKEN)
        self.opened += 1
        return ScriptedRecording(self.sentences, self.piece_sentences)


class Oracle:
    """Knows what is said; does it when it is let, and fails as it is told."""

    name = "oracle"

    def __init__(self, recordings: ScriptedRecordings) -> None:
        self.asked: list[float] = []
        """Where the pieces began."""
        self.failures: list[Exception] = []
        """Raised one after the other before anything is transcribed."""
        self.go = Event()
        """Nothing is transcribed before it is set."""
        self.go.set()
        self._recordings = recordings
        self._is_closed = False

    def transcribe(self, piece: Piece, language: str | None) -> tuple[Segment, ...]:
        self.go.wait()
        if self._is_closed:
            raise TranscriberError("closed")
        if self.failures:
            raise self.failures.pop(0)
        self.asked.append(piece.start)
        first, end = round(piece.start / SENTENCE_SECONDS), round(piece.end / SENTENCE_SECONDS)
        return tuple(
            Segment(said, number * SENTENCE_SECONDS, (number + 1) * SENTENCE_SECONDS)
            for number, said in enumerate(self._recordings.sentences[first:end], start=first)
            if said
        )

    def close(self) -> None:
        self._is_closed = True
        self.go.set()


AWAY = TranscriberUnavailableError("The speech server is away.")


@dataclass
class Author:
    """Writes one chapter, the first sentence as the summary, and what "X is Y" says as terms."""

    maker: Maker = Maker.MODEL
    has_model: bool = False
    calls: int = 0
    go: Event = field(default_factory=Event)
    failures: list[Exception] = field(default_factory=list)
    """Raised one after the other before anything is written."""

    def __post_init__(self) -> None:
        self.go.set()

    def names(self) -> list[str]:
        return ["short", "long"]

    def is_model_there(self) -> bool:
        return self.has_model

    def write(
        self,
        transcript: Transcript,
        title: str,
        template: str,
        report: Callable[[float, float], None],
        should_stop: Callable[[], bool],
    ) -> Content:
        self.calls += 1
        while not self.go.wait(0.01):
            if should_stop():
                return Content()
        if self.failures:
            raise self.failures.pop(0)
        segments = transcript.segments
        report(segments[-1].end, segments[-1].end)
        terms = [one for one in segments if " — это " in one.text]
        return Content(
            chapters=(Chapter("Начало", 0.0, segments[-1].end, (Paragraph(0, len(segments)),)),),
            summary=Summary(template, f"## Коротко\n\n**Речь** о том, что {segments[0].text}", self.maker),
            glossary=tuple(self._term(one) for one in terms),
        )

    def _term(self, segment: Segment) -> Term:
        term, definition = segment.text.rstrip(".").split(" — это ")
        is_supported = "выдумка" not in definition
        return Term(term.lower(), definition, segment.start, segment.text, 0.9, is_supported, self.maker)
