"""Long audio in the pieces that an engine takes, by Silero's ear. Blocking."""

from collections.abc import Iterable, Iterator, Sequence

from wyoming_servers.runtime.audio import Samples
from wyoming_servers.turn.vad import WINDOW_SAMPLES, VoiceActivity

from .pauses import Piece, cut_at_pauses, has_speech


def pieces_of(blocks: Iterable[Samples]) -> Iterator[Piece]:
    """Yield the audio in pieces, cut where nobody speaks."""
    return cut_at_pauses(blocks, WINDOW_SAMPLES, _probabilities)


def is_spoken(piece: Piece) -> bool:
    """Return whether anybody speaks in a piece: an engine that is given noise finds words in it."""
    return piece.has_heard_speech or has_speech(piece.samples, WINDOW_SAMPLES, VoiceActivity().process)


def _probabilities(samples: Samples) -> Sequence[float]:
    return VoiceActivity().process(samples)
