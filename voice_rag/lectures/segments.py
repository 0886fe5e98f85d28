"""Segments of `knowledge` from what engines and servers say of a piece. Pure but for Silero's ear."""

from collections.abc import Sequence
from math import ceil

from knowledge.lectures.models import Segment, Word
from knowledge.lectures.protocols import SAMPLE_RATE, Piece
from wyoming_servers.stt.engine import Transcription
from wyoming_servers.stt.transcripts import segments_of
from wyoming_servers.stt.word_times import timed
from wyoming_servers.turn.vad import WINDOW_SAMPLES, VoiceActivity

_SPOKEN_ABOVE = 0.5


def from_words(said: Transcription, piece: Piece) -> tuple[Segment, ...]:
    """Return the segments of a transcription whose words have their times."""
    return tuple(
        Segment(
            segment.text,
            segment.start,
            segment.end,
            tuple(Word(word.text, word.start, word.end) for word in segment.words),
        )
        for segment in segments_of(said, piece.start)
    )


def from_text(text: str, piece: Piece) -> tuple[Segment, ...]:
    """Return the segments of a text without times.

    They are estimates: each letter takes as long as any other, where Silero hears speech. Single words have none.
    """
    spoken = _spoken_windows(piece)
    said = timed(Transcription(text.strip(), ""), len(spoken) * WINDOW_SAMPLES / SAMPLE_RATE)
    return tuple(
        Segment(segment.text, _moved(segment.start, spoken, piece), _moved(segment.end, spoken, piece, is_end=True))
        for segment in segments_of(said, 0.0)
    )


def _spoken_windows(piece: Piece) -> Sequence[int]:
    """Return the numbers of the windows in which somebody speaks; all of them where nobody seems to."""
    whole = len(piece.samples) // WINDOW_SAMPLES * WINDOW_SAMPLES
    probabilities = VoiceActivity().process(piece.samples[:whole])
    spoken = [number for number, probability in enumerate(probabilities) if probability > _SPOKEN_ABOVE]
    return spoken or range(max(1, len(probabilities)))


def _moved(seconds: float, spoken: Sequence[int], piece: Piece, *, is_end: bool = False) -> float:
    """Return where in the recording a moment of the speech is, from which the pauses have been left out."""
    window = seconds * SAMPLE_RATE / WINDOW_SAMPLES
    index = min(max(0, ceil(window) - 1 if is_end else int(window)), len(spoken) - 1)
    samples = (spoken[index] + window - index) * WINDOW_SAMPLES
    return round(piece.start + min(samples / SAMPLE_RATE, piece.end - piece.start), 3)
