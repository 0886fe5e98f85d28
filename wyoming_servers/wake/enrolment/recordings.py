"""Recordings of the word, checked before anything is made of them."""

import wave
from pathlib import Path

import numpy as np

from wyoming_servers.runtime.audio import SAMPLE_RATE, AudioConverter, Samples
from wyoming_servers.runtime.errors import AudioFormatError

from .errors import RecordingError

_FRAME = SAMPLE_RATE // 50
_SILENCE = 100.0
"""Root mean square of the loudest 20 ms, -50 dB of full scale."""

_SHORTEST_SECONDS, _LONGEST_SECONDS = 0.25, 2.5
_CLIPPED = 32_700
_MOST_CLIPPED = 0.01
_ABOVE_NOISE = 3.0
_BELOW_LOUDEST = 0.05
_MARGIN = 2
"""Frames around the speech: consonants begin and end quietly."""


def read_wav(path: Path) -> Samples:
    """Return a WAV file's sound at 16 kHz, mono. Raises: RecordingError."""
    try:
        with wave.open(str(path)) as audio:
            converter = AudioConverter(audio.getframerate(), audio.getsampwidth(), audio.getnchannels())
            return np.concatenate([converter.feed(audio.readframes(audio.getnframes())), converter.finish()])
    except OSError as err:
        raise RecordingError(path, f"can't be read: {err.strerror or err}.") from err
    except (EOFError, wave.Error, AudioFormatError) as err:
        raise RecordingError(path, f"is no WAV file that can be used ({err}).") from err


def read_word(path: Path) -> Samples:
    """Return the word that was recorded, without the silence around it. Raises: RecordingError."""
    samples = read_wav(path)
    word = spoken_part(samples)
    seconds = len(word) / SAMPLE_RATE
    if not len(word):
        raise RecordingError(path, "is silent. Speak closer to the microphone, or turn it up.")
    if seconds < _SHORTEST_SECONDS:
        raise RecordingError(path, f"has {seconds:.2f} s of speech. Say the whole word.")
    if seconds > _LONGEST_SECONDS:
        raise RecordingError(path, f"has {seconds:.1f} s of speech. Record the word once, and nothing else.")
    if np.mean(np.abs(word.astype(np.int32)) >= _CLIPPED) > _MOST_CLIPPED:
        raise RecordingError(path, "is clipped: the microphone was too loud. Turn it down or step back.")
    return word


def spoken_part(samples: Samples) -> Samples:
    """Return the audio from the first to the last loud moment; empty for silence."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME).astype(np.float64)
    if not len(frames):
        return samples[:0]
    levels = np.sqrt(np.mean(frames**2, axis=1))
    loudest = float(levels.max())
    if loudest < _SILENCE:
        return samples[:0]
    noise = min(float(np.quantile(levels, 0.1)), loudest / (2 * _ABOVE_NOISE))
    loud = np.flatnonzero(levels > max(noise * _ABOVE_NOISE, loudest * _BELOW_LOUDEST))
    return samples[max(0, loud[0] - _MARGIN) * _FRAME : (loud[-1] + 1 + _MARGIN) * _FRAME]
