"""Recordings are checked before anything is made of them."""

from pathlib import Path

import numpy as np
import pytest

from tests.fakes.spoken import spoken
from tests.wyoming_servers.wake.enrolment.conftest import write_wav
from wyoming_servers.wake.enrolment.errors import RecordingError
from wyoming_servers.wake.enrolment.recordings import read_word

RATE = 16_000
WORD = spoken("домовой", "ru", silence=0.5)


@pytest.mark.parametrize(("rate", "channels"), [(16_000, 1), (44_100, 2), (8_000, 1), (48_000, 2)])
def test_the_word_is_cut_out_whatever_the_format(tmp_path: Path, rate: int, channels: int) -> None:
    said = spoken("домовой", "ru", rate=rate, silence=0.5)
    word = read_word(write_wav(tmp_path / "said.wav", said, rate, channels))
    assert len(WORD) - RATE - RATE // 10 < len(word) < len(WORD) - RATE + RATE // 5


@pytest.mark.parametrize(
    ("samples", "reason"),
    [
        (np.zeros(RATE, np.int16), "silent"),
        (np.zeros(0, np.int16), "silent"),
        (WORD[RATE // 2 : RATE // 2 + RATE // 10], "Say the whole word"),
        (np.tile(WORD, 4), "Record the word once"),
        (np.clip(WORD.astype(np.int32) * 40, -32768, 32767).astype(np.int16), "clipped"),
    ],
)
def test_a_recording_that_is_of_no_use_is_named_with_the_reason(
    tmp_path: Path, samples: np.ndarray, reason: str
) -> None:
    path = write_wav(tmp_path / "mine.wav", samples)
    with pytest.raises(RecordingError, match=reason) as raised:
        read_word(path)
    assert str(path) in str(raised.value)


def test_a_file_that_is_no_wav_is_named(tmp_path: Path) -> None:
    path = tmp_path / "song.wav"
    path.write_bytes(b"ID3 this is music")
    with pytest.raises(RecordingError, match=r"song\.wav: is no WAV file"):
        read_word(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"none\.wav: can't be read"):
        read_word(tmp_path / "none.wav")
