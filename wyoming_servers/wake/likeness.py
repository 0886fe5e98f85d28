"""Is what was heard a copy of a sound that we know? Pure.

Spectrograms are compared, band by band and at every delay (normalized cross-correlation): a room, a loudspeaker and a
distance change how loud the bands are, but hardly when they rise and fall.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.turn.log_mel import log_mel

FRAME_SAMPLES = SAMPLE_RATE // 50
_BANDS = slice(4, 68)
"""150 to 5000 Hz: below there is hum, above there is little of a small loudspeaker."""

_FRAMES_JOINED, _BANDS_JOINED = 2, 2
_RANGE = 0.75
"""30 dB below the loudest: what is softer drowns in noise, and says nothing."""

_FULL_SCALE = 32768
Spectrogram = NDArray[np.float32]
"""Shape [bands, frames of FRAME_SAMPLES]."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The best match."""

    correlation: float
    """1 for a copy, about 0 for something else."""

    end: int
    """Where the copied part ends, in samples of the known sound."""


def spectrogram(samples: Samples) -> Spectrogram:
    """Return what is compared; empty for less than a frame."""
    if len(samples) < 2 * FRAME_SAMPLES:
        return np.empty((0, 0), np.float32)
    mel = log_mel(samples.astype(np.float32) / np.float32(_FULL_SCALE))[_BANDS]
    mel = mel[:, : mel.shape[1] // _FRAMES_JOINED * _FRAMES_JOINED]
    joined = mel.reshape(mel.shape[0] // _BANDS_JOINED, _BANDS_JOINED, -1, _FRAMES_JOINED).mean(axis=(1, 3))
    floored: Spectrogram = np.maximum(joined, joined.max() - _RANGE)
    return floored


def likeness(heard: Spectrogram, known: Spectrogram) -> Likeness:
    """Return where in `known` the whole of `heard` fits best."""
    length = heard.shape[1] if heard.size else 0
    if not length or known.size == 0 or known.shape[1] < length:
        return Likeness(0.0, 0)
    template = heard - heard.mean(axis=1, keepdims=True)
    windows = sliding_window_view(known, length, axis=1)
    products = np.einsum("blt,bt->l", windows, template)
    variance = _sliding_variance(known, length)
    correlations = products / np.sqrt(np.maximum(variance, 1e-9) * max(float((template**2).sum()), 1e-9))
    best = int(correlations.argmax())
    return Likeness(float(correlations[best]), (best + length) * FRAME_SAMPLES)


def _sliding_variance(known: Spectrogram, length: int) -> NDArray[np.float64]:
    """Return the sum of squares around the bands' means, for each window."""
    sums, squares = (
        np.pad(np.cumsum(values, axis=1, dtype=np.float64), ((0, 0), (1, 0))) for values in (known, known**2)
    )
    sums, squares = (values[:, length:] - values[:, :-length] for values in (sums, squares))
    variance: NDArray[np.float64] = (squares - sums**2 / length).sum(axis=0)
    return variance
