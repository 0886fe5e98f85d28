"""What the engine makes of a whole recording, without a server."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tests.fakes.sounds import Sound
from wyoming_servers.wake.engine import Due, WakeEngine
from wyoming_servers.wake.gate import Gate

RATE = 16_000


def windows_of(engine: WakeEngine, samples: NDArray[np.int16]) -> list[NDArray[np.int16]]:
    """Return a stream's windows as a client's would be cut."""
    whole = np.concatenate((np.zeros(engine.lead_samples, np.int16), samples))
    size = engine.window_samples
    return [whole[begin : begin + size] for begin in range(0, len(whole) - size + 1, size)]


def scores_of(engine: WakeEngine, samples: NDArray[np.int16], name: str, gate: Gate | None = None) -> list[float]:
    """Return the word's score in each window; 0 where the gate was closed."""
    stream = engine.open([name])
    scores = []
    for window in windows_of(engine, samples):
        passed = gate.process(window) if gate else (window,)
        heard = [engine.process([Due(stream, one)])[0].scores[0].probability for one in passed]
        scores.append(heard[-1] if heard else 0.0)
    return scores


def mixed(speech: NDArray[np.int16], sound: Sound, decibels: float) -> NDArray[np.int16]:
    """Return the speech with a sound so many decibels below it; both levels are of the whole spans where they sound."""
    noise = sound(len(speech) / RATE + 0.1)[: len(speech)].astype(np.float64)
    spoken = speech[np.abs(speech) > 200].astype(np.float64)
    noise *= np.sqrt(np.mean(spoken**2) / np.mean(noise**2)) / 10 ** (decibels / 20)
    return np.clip(speech + noise, -32768, 32767).astype(np.int16)


def in_a_room(speech: NDArray[np.int16], level: int = 15) -> NDArray[np.int16]:
    """Return the speech with the faint noise that each microphone has."""
    return np.clip(speech + np.random.default_rng(5).normal(0, level, len(speech)), -32768, 32767).astype(np.int16)


def detected(scores: Sequence[float], threshold: float = 0.5) -> bool:
    """Return whether the word would be detected."""
    return max(scores) > threshold
