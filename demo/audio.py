"""WAV files in and out: any PCM recording can be a microphone."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING

import numpy as np
import soxr

from demo.errors import SpeechError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MICROPHONE_RATE = 16_000
"""Hertz; what Assist satellites send, 16 bit mono."""
SILENT_RMS = 50.0
"""Below this root mean square a 16-bit recording is heard as silence."""


def read_microphone(path: Path) -> NDArray[np.int16]:
    """Return a WAV file of any PCM width, rate and channel count as 16 kHz mono samples.

    Raises: SpeechError when it is not a PCM WAV file or holds no sound.
    """
    samples, rate = _read_mono(path)
    if samples.size == 0:
        raise SpeechError(f"{path} holds no samples. Record it again, as PCM WAV.")
    if rate != MICROPHONE_RATE:
        samples = soxr.resample(samples, rate, MICROPHONE_RATE)
    return np.clip(np.round(samples * 32768), -32768, 32767).astype(np.int16)


def write_wav(path: Path, samples: NDArray[np.int16], rate: int) -> None:
    """Write 16-bit mono samples."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())


def finish_wav(streamed: bytes) -> bytes:
    """Return a WAV file that was streamed with the true sizes in its header, where the stream could not know them.

    Raises: SpeechError when it is no WAV file.
    """
    start = streamed.find(b"data", 12) + 8
    if streamed[:4] != b"RIFF" or streamed[8:12] != b"WAVE" or start < 20:
        raise SpeechError(f"The answer is not a WAV file but {streamed[:16]!r}.")
    riff = b"RIFF" + (len(streamed) - 8).to_bytes(4, "little")
    return riff + streamed[8 : start - 4] + (len(streamed) - start).to_bytes(4, "little") + streamed[start:]


def seconds_of(path: Path) -> float:
    """Return the duration of a WAV file."""
    samples, rate = _read_mono(path)
    return samples.size / rate


def is_silent(path: Path) -> bool:
    """Say whether a person would hear nothing in a WAV file."""
    samples, _ = _read_mono(path)
    if samples.size == 0:
        return True
    return float(np.sqrt(np.mean(np.square(samples)))) * 32768 < SILENT_RMS


def trim(samples: NDArray[np.int16], threshold: int = 200) -> NDArray[np.int16]:
    """Cut the near-silence (below the threshold) from both ends."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > threshold)
    return samples[loud[0] : loud[-1] + 1] if loud.size else samples[:0]


def _read_mono(path: Path) -> tuple[NDArray[np.float64], int]:
    try:
        with wave.open(str(path), "rb") as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as err:
        raise SpeechError(f"{path} is not a PCM WAV file ({err}).") from err
    samples = _to_float(frames, width)
    return samples[: samples.size - samples.size % channels].reshape(-1, channels).mean(axis=1), rate


def _to_float(frames: bytes, width: int) -> NDArray[np.float64]:
    """Return samples in [-1, 1) from little-endian PCM of 1 to 4 bytes."""
    whole = frames[: len(frames) - len(frames) % width]
    if width == 1:
        return (np.frombuffer(whole, np.uint8).astype(np.float64) - 128) / 128
    # The bytes go to the top of 32-bit samples, so that one scale fits 16, 24 and 32 bits.
    wide = np.zeros((len(whole) // width, 4), np.uint8)
    wide[:, 4 - width :] = np.frombuffer(whole, np.uint8).reshape(-1, width)
    return wide.view("<i4").reshape(-1).astype(np.float64) / 2**31
