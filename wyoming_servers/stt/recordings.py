"""Transcribing recordings of any length with one engine, piece by piece."""

from collections.abc import Callable, Iterable, Sequence

from wyoming_servers.runtime.audio import Samples

from .engine import Request, SttEngine, Transcription, perform
from .pauses import Piece
from .speech_pieces import is_spoken, pieces_of
from .transcripts import Segment, Transcript, segments_of
from .word_times import timed


class TranscriptBuilder:
    """Collects what was said in the pieces of one recording."""

    def __init__(self, language: str | None) -> None:
        self.language = language
        """Of the pieces to come: once it is known, it is not guessed again."""

        self._texts: list[str] = []
        self._segments: list[Segment] = []
        self._duration = 0.0

    def add(self, piece: Piece, said: Transcription | None) -> None:
        """Take the next piece; None where nobody speaks in it."""
        self._duration = piece.end
        if said is not None and said.text:
            self.language = self.language or said.language
            self._texts.append(said.text)
            self._segments += segments_of(timed(said, piece.end - piece.start), piece.start)

    def transcript(self) -> Transcript:
        """Return what was said so far."""
        text = " ".join(self._texts)
        return Transcript(self.language or "", round(self._duration, 3), text, tuple(self._segments))


def transcribe(
    engine: SttEngine,
    blocks: Iterable[Samples],
    language: str | None,
    terms: Sequence[str],
    report: Callable[[float], None],
) -> Transcript:
    """Return what is said; `report` is told the seconds that are done. Blocking. Raises: EngineError."""
    builder = TranscriptBuilder(language)
    for piece in pieces_of(blocks):
        request = Request(piece.samples, builder.language, tuple(terms), needs_words=True)
        builder.add(piece, perform(engine, request) if is_spoken(piece) else None)
        report(piece.end)
    return builder.transcript()
