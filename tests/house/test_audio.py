"""Any PCM recording can be a microphone; what cannot is refused in words."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING

import numpy as np
import pytest

from demo.audio import finish_wav, is_silent, read_microphone, seconds_of, trim, write_wav
from demo.errors import SpeechError
from demo.speech import PAUSE_SECONDS, record, speak

if TYPE_CHECKING:
    from pathlib import Path

SECOND = np.sin(np.arange(48_000) * 2 * np.pi * 440 / 48_000)


def write(path: Path, frames: bytes, width: int, channels: int, rate: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(frames)
    return path


def encoded(samples: np.ndarray, width: int) -> bytes:
    if width == 1:
        return (samples * 127 + 128).astype(np.uint8).tobytes()
    wide = (samples * (2**31 - 1)).astype("<i4").view(np.uint8).reshape(-1, 4)
    return wide[:, 4 - width :].tobytes()


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_48_khz_recording_of_any_width_becomes_16_khz_mono(tmp_path: Path, width: int, channels: int) -> None:
    both = np.repeat(SECOND / 2, channels)
    samples = read_microphone(write(tmp_path / "in.wav", encoded(both, width), width, channels, 48_000))
    expected = np.sin(np.arange(16_000) * 2 * np.pi * 440 / 16_000) / 2 * 32768
    assert samples.dtype == np.int16
    assert samples.size == 16_000
    assert np.abs(samples[1000:-1000] - expected[1000:-1000]).max() < 400


def test_an_empty_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="holds no samples"):
        read_microphone(write(tmp_path / "empty.wav", b"", 2, 1, 16_000))


@pytest.mark.parametrize("content", [b"", b"ID3 this is something else", b"RIFF\x00\x00\x00\x00WAVE"])
def test_something_that_is_not_a_wav_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "song.wav"
    path.write_bytes(content)
    with pytest.raises(SpeechError, match="not a PCM WAV file"):
        read_microphone(path)


@pytest.mark.parametrize(("level", "silent"), [(0.0, True), (0.0005, True), (0.1, False)])
def test_silence_is_told_from_sound(tmp_path: Path, level: float, silent: bool) -> None:
    assert is_silent(write(tmp_path / "in.wav", encoded(SECOND * level, 2), 2, 1, 48_000)) is silent


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
def test_a_streamed_wav_file_gets_its_true_length(tmp_path: Path, size: int) -> None:
    path = write(tmp_path / "in.wav", encoded(SECOND, 2), 2, 1, 48_000)
    whole = path.read_bytes()
    path.write_bytes(finish_wav(whole[:40] + size.to_bytes(4, "little") + whole[44:]))
    assert path.read_bytes() == whole
    assert seconds_of(path) == 1


def test_an_answer_that_is_no_wav_file_is_refused() -> None:
    with pytest.raises(SpeechError, match="not a WAV file"):
        finish_wav(b"ID3 an mp3 file with data in it, and some more")


def test_an_empty_answer_counts_as_silence(tmp_path: Path) -> None:
    assert is_silent(write(tmp_path / "in.wav", b"", 2, 1, 16_000))


def test_trimming_keeps_what_lies_between_the_first_and_the_last_sound() -> None:
    samples = np.array([0, 50, 900, 0, -900, 30, 0], np.int16)
    assert trim(samples).tolist() == [900, 0, -900]
    assert trim(np.zeros(5, np.int16)).size == 0


@pytest.mark.parametrize(("text", "voice"), [("turn on the light", "en-us"), ("Включи свет на кухне", "ru")])
def test_the_demo_can_say_a_sentence(tmp_path: Path, text: str, voice: str) -> None:
    speak(text, voice, tmp_path / "said.wav")
    assert 0.5 < seconds_of(tmp_path / "said.wav") < 5
    assert not is_silent(tmp_path / "said.wav")


def test_a_voice_that_does_not_exist_is_named_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="xx-none"):
        speak("hello", "xx-none", tmp_path / "said.wav")


def test_the_marks_of_a_recording_stand_at_the_ends_of_its_words(tmp_path: Path) -> None:
    recording = record("turn on the light", tmp_path / "microphone.wav")
    samples = read_microphone(recording.path)
    assert recording.wake_end is not None
    pause = samples[int(recording.wake_end * 16_000) : int((recording.wake_end + PAUSE_SECONDS) * 16_000)]
    assert not pause.any()
    assert recording.speech_end == recording.seconds == samples.size / 16_000
    write_wav(tmp_path / "copy.wav", samples, 16_000)
    assert seconds_of(tmp_path / "copy.wav") == recording.seconds
