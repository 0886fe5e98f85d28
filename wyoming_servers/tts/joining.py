"""What makes separately spoken units one answer: no silence of the engine's own at their ends, fades, pauses. Pure."""

from collections.abc import Iterable, Iterator

import numpy as np
import soxr

from .loudness import Floats

_SILENT = 0.002 * 32768
"""-54 dBFS: below it is an engine's noise."""

_LEAD_SECONDS = 0.02
_TAIL_SECONDS = 0.06
_FADE_IN_SECONDS = 0.003
_FADE_OUT_SECONDS = 0.01
_SENTENCE_ENDS = frozenset(".!?…。！？\n")
_CLOSING = " \"'»”’)]}*_"


def pause_seconds(unit: str, sentence_pause: float) -> float:
    """Return the silence after a unit: half as long where it ends in mid-sentence."""
    last = unit.rstrip(_CLOSING)[-1:]
    return sentence_pause if last in _SENTENCE_ENDS or last.isalnum() else sentence_pause / 2


def trimmed(blocks: Iterable[Floats], rate: int) -> Iterator[Floats]:
    """Yield the sound without the silence around it, of which engines have from nothing to half a second."""
    lead, tail = int(_LEAD_SECONDS * rate), int(_TAIL_SECONDS * rate)
    silence = np.empty(0, np.float32)
    has_begun = False
    for block in blocks:
        sound = np.concatenate([silence, block])
        loud = np.flatnonzero(np.abs(sound) > _SILENT)
        if not loud.size:
            silence = sound if has_begun else sound[-lead:]
            continue
        begin = 0 if has_begun else max(0, int(loud[0]) - lead)
        end = int(loud[-1]) + 1
        has_begun = True
        yield sound[begin:end]
        silence = sound[end:]
    if has_begun:
        yield silence[:tail]


def faded(blocks: Iterable[Floats], rate: int) -> Iterator[Floats]:
    """Yield the sound beginning and ending at zero, so that nothing clicks where it is joined."""
    length = int(_FADE_OUT_SECONDS * rate)
    held = np.empty(0, np.float32)
    is_first = True
    for block in blocks:
        sound = np.concatenate([held, block])
        if is_first and len(sound) > length:
            rise = min(int(_FADE_IN_SECONDS * rate), len(sound))
            sound[:rise] *= np.linspace(0, 1, rise, endpoint=False, dtype=np.float32)
            is_first = False
        cut = max(0, len(sound) - length)
        held = sound[cut:]
        if cut:
            yield sound[:cut]
    if held.size:
        yield held * np.linspace(1, 0, len(held), dtype=np.float32)


def resampled(blocks: Iterable[Floats], rate: int, target: int) -> Iterator[Floats]:
    """Yield the sound at another rate, in hertz both."""
    if rate == target:
        yield from blocks
        return
    resampler = soxr.ResampleStream(rate, target, 1, dtype="float32")
    for block in blocks:
        yield resampler.resample_chunk(block)
    yield resampler.resample_chunk(np.empty(0, np.float32), last=True)
