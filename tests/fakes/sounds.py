"""Sounds that are no speech, the same in every run."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

RATE = 16_000

Sound = Callable[[float], NDArray[np.int16]]
"""Takes seconds, returns mono samples at RATE."""


def silence(seconds: float) -> NDArray[np.int16]:
    """Return digital silence."""
    return np.zeros(int(seconds * RATE), np.int16)


def white_noise(level: float) -> Sound:
    """Return noise of equal power at all frequencies; `level` is its root mean square."""
    return lambda seconds: _pcm(np.random.default_rng(1).normal(0.0, level, int(seconds * RATE)))


def pink_noise(level: float) -> Sound:
    """Return noise whose power falls with the frequency, as that of rooms and streets does."""

    def make(seconds: float) -> NDArray[np.int16]:
        spectrum = np.fft.rfft(np.random.default_rng(2).normal(0.0, 1.0, int(seconds * RATE)))
        spectrum /= np.sqrt(np.maximum(1.0, np.arange(len(spectrum))))
        noise = np.fft.irfft(spectrum)
        return _pcm(noise * level / np.std(noise))

    return make


def hum(frequency: float, level: float) -> Sound:
    """Return the mains with its overtones."""
    return lambda seconds: _pcm(sum(level / number * _tone(frequency * number, seconds) for number in range(1, 6)))


def music(level: float, chord_seconds: float = 0.5) -> Sound:
    """Return chords of plain tones, each struck and dying away."""
    chords = ((261.6, 329.6, 392.0), (220.0, 261.6, 329.6), (174.6, 220.0, 261.6), (196.0, 246.9, 293.7))

    def make(seconds: float) -> NDArray[np.int16]:
        strikes = [
            sum(_tone(pitch, chord_seconds) for pitch in chord)
            * np.exp(-4 * np.arange(int(chord_seconds * RATE)) / RATE)
            for chord in chords
        ]
        return _pcm(level * np.resize(np.concatenate(strikes), int(seconds * RATE)))

    return make


def clicks(level: float) -> Sound:
    """Return a clock that ticks twice a second."""

    def make(seconds: float) -> NDArray[np.int16]:
        samples = np.zeros(int(seconds * RATE))
        for start in range(RATE // 4, len(samples) - 80, RATE // 2):
            samples[start : start + 80] = level * np.random.default_rng(start).normal(0.0, 1.0, 80)
        return _pcm(samples)

    return make


NOISES: Mapping[str, Sound] = {
    "silence": silence,
    "white-30": white_noise(30),
    "white-300": white_noise(300),
    "white-3000": white_noise(3000),
    "pink-30": pink_noise(30),
    "pink-300": pink_noise(300),
    "pink-3000": pink_noise(3000),
    "hum-50": hum(50, 2000),
    "hum-60": hum(60, 500),
    "whistle": hum(1000, 3000),
    "music-quiet": music(500),
    "music-loud": music(4000),
    "music-fast": music(2000, 0.2),
    "clicks": clicks(8000),
}


def _tone(frequency: float, seconds: float) -> NDArray[np.float64]:
    return np.sin(2 * np.pi * frequency * np.arange(int(seconds * RATE)) / RATE)


def _pcm(samples: NDArray[np.float64]) -> NDArray[np.int16]:
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)
