"""Any PCM becomes 16 kHz mono, whatever the size of the chunks."""

import numpy as np
import pytest
from wyoming.audio import AudioChunk

from wyoming_servers.runtime.audio import AudioConverter
from wyoming_servers.runtime.errors import AudioFormatError


def tone(rate: int, seconds: float = 0.5, hertz: float = 440.0) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)


@pytest.mark.parametrize("chunk_bytes", [3, 160, 961, 100_000])
@pytest.mark.parametrize(("rate", "width", "channels"), [(16000, 2, 1), (48000, 2, 2), (44100, 4, 1), (8000, 4, 8)])
def test_a_tone_stays_the_same_tone(rate: int, width: int, channels: int, chunk_bytes: int) -> None:
    scale = 0.5 * 2 ** (8 * width - 1)
    pcm = np.repeat((tone(rate) * scale).astype(f"<i{width}"), channels).tobytes()
    converter = AudioConverter(rate, width, channels)
    parts = [converter.feed(pcm[begin : begin + chunk_bytes]) for begin in range(0, len(pcm), chunk_bytes)]
    result = np.concatenate([*parts, converter.finish()])
    expected = tone(16000) * 16384
    assert len(result) == pytest.approx(len(expected), abs=2)
    middle = slice(800, 7000)
    assert np.abs(result[middle] - expected[middle]).max() < 200


def test_full_scale_does_not_wrap_around() -> None:
    loud = np.full(48_000, 32767, dtype="<i2")
    result = AudioConverter(48_000, 2, 1).feed(loud.tobytes())
    assert result[1000:].min() > 32000


@pytest.mark.parametrize(
    ("rate", "width", "channels"),
    [(16000, 1, 1), (16000, 3, 1), (4000, 2, 1), (1_000_000, 2, 1), (16000, 2, 0), (16000, 2, 9), (16000.0, 2, 1)],
)
def test_other_formats_are_refused_with_what_would_work(rate: int, width: int, channels: int) -> None:
    with pytest.raises(AudioFormatError, match="16 kHz, 16 bit, mono is best"):
        AudioConverter(rate, width, channels)


def test_a_chunk_of_another_format_than_announced_is_refused() -> None:
    with pytest.raises(AudioFormatError, match="mid-stream"):
        AudioConverter(16_000, 2, 1).convert(AudioChunk(rate=48_000, width=2, channels=1, audio=b"\0\0"))
