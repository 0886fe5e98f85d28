"""What a room does to a voice: distance, echo, noise, other people. Pure; randomness comes from the caller."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples

Sound = NDArray[np.float64]
"""Mono at 16 kHz, in units of a sample, not yet bounded."""

FULL_SCALE = 32767


def reverberated(speech: Sound, random: np.random.Generator) -> Sound:
    """Return the speech as in a room: after the direct sound an exponential decay of noise (Moorer, 1979)."""
    decay_seconds = random.uniform(0.1, 0.6)
    times = np.arange(int(decay_seconds * SAMPLE_RATE)) / SAMPLE_RATE
    tail = random.normal(size=len(times)) * 10 ** (-3 * times / decay_seconds)
    tail[: SAMPLE_RATE // 400] = 0
    tail *= 10 ** (random.uniform(-15, 0) / 20) / np.linalg.norm(tail)
    tail[0] = 1
    size = 1 << (len(speech) + len(tail)).bit_length()
    echo = np.fft.irfft(np.fft.rfft(speech, size) * np.fft.rfft(tail, size), size)
    return echo[: len(speech) + SAMPLE_RATE // 4]


def noise(count: int, random: np.random.Generator) -> Sound:
    """Return noise of a random colour between white and brown, or chords, of unit power."""
    if random.random() < 0.2:
        return _unit(_chords(count, random))
    spectrum = np.fft.rfft(random.normal(size=count))
    spectrum /= np.maximum(np.arange(len(spectrum)), 50.0 * count / SAMPLE_RATE) ** random.uniform(0, 1)
    return _unit(np.fft.irfft(spectrum, count))


def scene(speech: Sound, snr_db: float, peak: float, random: np.random.Generator) -> Samples:
    """Return the speech with noise, the loudest sample at `peak` of full scale."""
    spoken = speech[speech != 0]
    power = float(np.mean(spoken**2)) if len(spoken) else 1.0
    mixed = speech + noise(len(speech), random) * np.sqrt(power) * 10 ** (-snr_db / 20)
    scaled = mixed * (peak * FULL_SCALE / max(1e-9, np.abs(mixed).max()))
    samples: Samples = np.clip(np.rint(scaled), -FULL_SCALE, FULL_SCALE).astype(np.int16)
    return samples


def joined(pieces: Sequence[Sound], gap_seconds: Sequence[float]) -> tuple[Sound, Sequence[int]]:
    """Return the pieces one after the other, each after its gap, and where each ends, in samples."""
    parts: list[Sound] = []
    ends: list[int] = []
    length = 0
    for piece, gap in zip(pieces, gap_seconds, strict=True):
        silence = np.zeros(int(gap * SAMPLE_RATE))
        parts += [silence, piece]
        length += len(silence) + len(piece)
        ends.append(length)
    return np.concatenate(parts), ends


def _chords(count: int, random: np.random.Generator) -> Sound:
    seconds = random.uniform(0.2, 0.6)
    times = np.arange(count) / SAMPLE_RATE
    beats = (times / seconds).astype(int)
    roots = 110 * 2 ** (random.integers(0, 36, beats[-1] + 1) / 12)
    phases = 2 * np.pi * np.cumsum(roots[beats]) / SAMPLE_RATE
    sound: Sound = sum(np.sin(phases * ratio) / ratio for ratio in (1, 1.26, 1.5, 2, 3)) * np.exp(
        -3 * (times % seconds)
    )
    return sound


def _unit(sound: Sound) -> Sound:
    return sound / max(1e-9, float(np.sqrt(np.mean(sound**2))))
