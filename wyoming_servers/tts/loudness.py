"""Voices that are equally loud: a gain for each, learned from how loud it is. Pure.

The level is the gated loudness of ITU-R BS.1770-5: K-weighted power in windows of 400 ms that overlap by three
quarters, first those above -70 LUFS, then those no more than 10 LU below their mean. A voice is measured over the first
half minute of it.
"""

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wyoming_servers.runtime.audio import Samples

_WINDOW_SECONDS = 0.4
_HOP_SECONDS = 0.1
_OFFSET = -0.691
_SILENCE = -70.0
_RELATIVE_GATE = 10.0
_ENOUGH_WINDOWS = 300
_LARGEST_GAIN = 15.0
"""Decibels, up or down: what is further off is not a voice that wants correction."""

_COEFFICIENT_RATE = 48_000
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))

_KNEE = 0.7 * 32768
_CEILING = 0.97 * 32768

Floats = NDArray[np.float32]
"""Mono samples in the range of 16-bit ones, shape [samples]."""


class VoiceLevel:
    """How loud one voice is, as far as it has been heard."""

    def __init__(self, rate: int, target: float) -> None:
        """`rate` in hertz, `target` in LUFS."""
        self._rate = rate
        self._target = target
        self._rest = np.empty(0, np.float32)
        self._powers: list[float] = []

    @property
    def has_heard(self) -> bool:
        """Whether there was a window to measure."""
        return bool(self._powers)

    @property
    def loudness(self) -> float:
        """LUFS; of silence, that of the quietest window that counts."""
        if not self._powers:
            return _SILENCE
        powers = np.asarray(self._powers)
        for gate in (_SILENCE, None):
            floor = _loudness(float(powers.mean())) - _RELATIVE_GATE if gate is None else gate
            powers = powers[powers > 10 ** ((floor - _OFFSET) / 10)]
            if not powers.size:
                return _SILENCE
        return _loudness(float(powers.mean()))

    @property
    def gain(self) -> float:
        """What makes the voice as loud as wanted, as a factor; 1 for one that was silent so far."""
        if self.loudness <= _SILENCE:
            return 1.0
        decibels = np.clip(self._target - self.loudness, -_LARGEST_GAIN, _LARGEST_GAIN)
        return float(10 ** (decibels / 20))

    def hear(self, samples: Floats) -> None:
        """Take more of the voice."""
        if len(self._powers) >= _ENOUGH_WINDOWS:
            return
        size, hop = int(_WINDOW_SECONDS * self._rate), int(_HOP_SECONDS * self._rate)
        sound = np.concatenate([self._rest, samples])
        if len(sound) < size:
            self._rest = sound
            return
        windows = np.lib.stride_tricks.sliding_window_view(sound, size)[::hop][: _ENOUGH_WINDOWS - len(self._powers)]
        self._rest = sound[len(windows) * hop :].copy()
        self._powers += (_k_weighted_power(windows, self._rate)).tolist()

    def hear_end(self) -> None:
        """Take what is left as a window of its own: a phrase may be shorter than one."""
        missing = int(_WINDOW_SECONDS * self._rate) - len(self._rest)
        if not self.has_heard and len(self._rest) > missing > 0:
            self.hear(np.zeros(missing, np.float32))
        self._rest = np.empty(0, np.float32)


def levelled(blocks: Iterable[Floats], level: VoiceLevel) -> Iterator[Floats]:
    """Yield a text's audio with one gain; of a voice not heard before, only after its first window."""
    gain = level.gain if level.has_heard else None
    held: list[Floats] = []
    for block in blocks:
        level.hear(block)
        held.append(block)
        if gain is None and level.has_heard:
            gain = level.gain
        if gain is not None:
            yield from (limited(part * np.float32(gain)) for part in held)
            held.clear()
    level.hear_end()
    yield from (limited(part * np.float32(level.gain)) for part in held)


def limited(samples: Floats) -> Floats:
    """Return the samples with peaks bent below full scale: from -3 dBFS on, a hyperbolic tangent."""
    magnitudes = np.abs(samples)
    if not magnitudes.size or magnitudes.max() <= _KNEE:
        return samples
    room = _CEILING - _KNEE
    bent = _KNEE + room * np.tanh((magnitudes - _KNEE) / room)
    result: Floats = np.where(magnitudes > _KNEE, np.copysign(bent, samples), samples).astype(np.float32)
    return result


def to_floats(pcm: bytes) -> Floats:
    """Return 16-bit little-endian PCM as samples."""
    return np.frombuffer(pcm, "<i2").astype(np.float32)


def to_int16(samples: Floats) -> Samples:
    """Return the samples rounded."""
    return np.clip(np.rint(samples), -32768, 32767).astype("<i2")


def _loudness(power: float) -> float:
    return _OFFSET + 10 * math.log10(max(power, 1e-12))


def _k_weighted_power(windows: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """Return each window's mean square after the weighting, by Parseval's theorem; full scale is 1."""
    size = windows.shape[1]
    spectrum = np.abs(np.fft.rfft(windows / 32768, axis=1)) ** 2
    power: NDArray[np.float64] = 2 * (spectrum * _k_weights(rate, size)).sum(axis=1) / size**2
    return power


@lru_cache(maxsize=8)
def _k_weights(rate: int, size: int) -> NDArray[np.float64]:
    """Return the squared response of the two filters at the frequencies of a real Fourier transform."""
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(size, 1 / rate) / _COEFFICIENT_RATE)
    response = np.ones_like(z)
    for numerator, denominator in (_SHELF, _HIGH_PASS):
        response *= np.polyval(numerator[::-1], z) / np.polyval(denominator[::-1], z)
    weights: NDArray[np.float64] = np.abs(response) ** 2
    return weights
