"""Log-mel features as Whisper defines them (Radford et al., 2022, "Robust Speech Recognition"). Pure.

25 ms Hann windows every 10 ms, reflected at the ends; 80 triangular bands of equal area between 0 and 8 kHz on Slaney's
mel scale; the logarithm kept within 8 powers of ten below the loudest, and moved to about -1 to 1.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from wyoming_servers.runtime.audio import SAMPLE_RATE

BANDS = 80
_WINDOW = 400
_HOP = 160
_LINEAR_HERTZ = 1000.0
"""Slaney's mel scale is linear below, with a mel for each 200/3 Hz, and logarithmic above."""

_HERTZ_A_MEL = 200 / 3
_LOG_STEP = np.log(6.4) / 27

Features = NDArray[np.float32]
"""Shape [bands, frames]."""


def log_mel(waveform: NDArray[np.float32]) -> Features:
    """Return the features of mono audio at 16 kHz, a frame for each 160 samples."""
    padded = np.pad(waveform, _WINDOW // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[: len(waveform) // _HOP * _HOP : _HOP]
    power = np.abs(np.fft.rfft(frames * _hann())) ** 2
    logarithm = np.log10(np.maximum(power @ _bands(), 1e-10))
    logarithm = np.maximum(logarithm, logarithm.max() - 8.0)
    return np.ascontiguousarray(((logarithm + 4.0) / 4.0).T, dtype=np.float32)


@cache
def _hann() -> NDArray[np.float64]:
    """Return a periodic window."""
    window: NDArray[np.float64] = np.hanning(_WINDOW + 1)[:-1].astype(np.float64)
    return window


@cache
def _bands() -> NDArray[np.float64]:
    """Return the weight of each frequency in each band, shape [frequencies, bands]."""
    frequencies = np.fft.rfftfreq(_WINDOW, 1 / SAMPLE_RATE)[:, None]
    corners = _hertz(np.linspace(0.0, _mel(SAMPLE_RATE / 2), BANDS + 2))
    low, middle, high = corners[:-2], corners[1:-1], corners[2:]
    rising = (frequencies - low) / (middle - low)
    falling = (high - frequencies) / (high - middle)
    triangles: NDArray[np.float64] = np.maximum(0.0, np.minimum(rising, falling))
    return triangles * (2.0 / (high - low))


def _mel(hertz: float) -> float:
    """Return the mel of a frequency above the linear part."""
    return float(_LINEAR_HERTZ / _HERTZ_A_MEL + np.log(hertz / _LINEAR_HERTZ) / _LOG_STEP)


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    first = _LINEAR_HERTZ / _HERTZ_A_MEL
    logarithmic = _LINEAR_HERTZ * np.exp(_LOG_STEP * np.maximum(0.0, mels - first))
    hertz: NDArray[np.float64] = np.where(mels < first, mels * _HERTZ_A_MEL, logarithmic)
    return hertz
