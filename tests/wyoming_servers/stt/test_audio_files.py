"""Sound from files of many formats, and from files that are none."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.recordings import CODECS, write, write_paused, write_picture
from tests.fakes.spoken import spoken
from wyoming_servers.runtime.errors import AudioFileError
from wyoming_servers.stt.audio_files import UPLOADS, opened

SPEECH = spoken("turn on the kitchen light")


def sound_of(path: Path, formats: str | None = None) -> np.ndarray:
    with opened(path, formats) as audio:
        return np.concatenate(list(audio.blocks()))


def loudness(samples: np.ndarray) -> np.ndarray:
    """Return the level of each twentieth of a second."""
    whole = samples[: len(samples) // 800 * 800].astype(float).reshape(-1, 800)
    return np.sqrt((whole**2).mean(axis=1))


@pytest.mark.parametrize("formats", [None, UPLOADS], ids=["any", "uploads"])
@pytest.mark.parametrize("ending", CODECS)
def test_every_format_gives_the_same_sound(ending: str, formats: str | None, tmp_path: Path) -> None:
    sound = sound_of(write(tmp_path / f"speech{ending}", SPEECH), formats)
    assert sound.dtype == np.int16
    assert len(sound) == pytest.approx(len(SPEECH), abs=0.1 * 16_000)
    count = len(SPEECH) // 800 - 2
    assert np.corrcoef(loudness(sound)[:count], loudness(SPEECH)[:count])[0, 1] > 0.9


@pytest.fixture(scope="module")
def long_noise() -> np.ndarray:
    """Return sound of which no two places are alike."""
    noise = np.random.default_rng(3).normal(0, 3000, 16_000 * 40)
    return np.clip(noise, -32768, 32767).astype(np.int16)


def delay(part: np.ndarray, whole: np.ndarray, begin: int) -> int:
    """Return by how many samples the part lies beside `begin` in the whole."""
    around = whole[begin - 8000 : begin + 24_000].astype(float)
    spectrum = np.fft.rfft(around, 65_536) * np.conj(np.fft.rfft(part[:8000].astype(float), 65_536))
    return int(np.argmax(np.fft.irfft(spectrum))) - 8000


@pytest.mark.parametrize("ending", CODECS)
def test_sound_from_a_second_on_is_what_comes_there(ending: str, long_noise: np.ndarray, tmp_path: Path) -> None:
    rate = 48_000 if ending == ".ogg" else 16_000
    path = write(tmp_path / f"noise{ending}", np.repeat(long_noise, rate // 16_000), rate=rate)
    whole = sound_of(path)
    for start in (1.0, 12.345, 37.03):
        with opened(path) as audio:
            part = np.concatenate(list(audio.blocks(start)))
        assert abs(delay(part, whole, round(start * 16_000))) < 0.02 * 16_000
        assert len(whole) - len(part) == pytest.approx(start * 16_000, abs=320)


def test_of_an_mp3_of_changing_rate_without_an_index_as_well(long_noise: np.ndarray, tmp_path: Path) -> None:
    loud_and_quiet = (long_noise * np.repeat([1.0, 0.01, 0.3, 0.0], len(long_noise) // 4)).astype(np.int16)
    path = write(tmp_path / "a.mp3", np.tile(loud_and_quiet, 2), options={"write_xing": "0", "q": "4"})
    whole = sound_of(path)
    with opened(path) as audio:
        part = np.concatenate(list(audio.blocks(63.21)))
    assert abs(delay(part, whole, round(63.21 * 16_000))) < 0.02 * 16_000


def test_there_is_no_sound_after_the_end(tmp_path: Path) -> None:
    with opened(write(tmp_path / "a.flac", np.tile(SPEECH, 3))) as audio:
        assert sum(map(len, audio.blocks(100.0))) == 0


def test_where_a_recorder_paused_the_sound_keeps_its_place(long_noise: np.ndarray, tmp_path: Path) -> None:
    whole = sound_of(write_paused(tmp_path / "a.mkv", write(tmp_path / "b.mkv", long_noise), at=10.0, seconds=5.0))
    assert len(whole) == pytest.approx(45 * 16_000, abs=0.1 * 16_000)
    assert np.abs(whole[int(10.5 * 16_000) : int(14.5 * 16_000)]).max() == 0
    with opened(tmp_path / "a.mkv") as audio:
        part = np.concatenate(list(audio.blocks(20.0)))
    assert abs(delay(part, whole, 20 * 16_000)) < 0.02 * 16_000


def test_other_rates_become_ours(tmp_path: Path) -> None:
    sound = sound_of(write(tmp_path / "a.wav", spoken("turn on the kitchen light", rate=44_100), rate=44_100))
    assert len(sound) == pytest.approx(len(SPEECH), abs=160)


def test_the_duration_is_known_before_the_sound_is_read(tmp_path: Path) -> None:
    with opened(write(tmp_path / "a.mp3", SPEECH)) as audio:
        assert audio.duration == pytest.approx(len(SPEECH) / 16_000, abs=0.1)


def test_sound_that_begins_late_in_a_film_keeps_its_place(tmp_path: Path) -> None:
    at_once, late = (sound_of(write(tmp_path / f"{wait}.mkv", SPEECH, begins_after=wait)) for wait in (0.0, 0.8))
    assert len(late) - len(at_once) == pytest.approx(0.8 * 16_000, abs=160)
    assert not late[: 16_000 // 2].any()


def test_of_a_broken_file_the_beginning_is_heard_and_the_break_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(tmp_path / "a.flac", np.tile(SPEECH, 4))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert len(SPEECH) < len(sound_of(path)) < 3 * len(SPEECH)
    path.write_bytes(whole[: len(whole) // 4] + bytes(2000) + whole[len(whole) // 4 :])
    assert len(sound_of(path)) > len(SPEECH)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "neither sound nor film"), (b"no sound" * 1000, "neither sound nor film"), (None, "There is no file")],
)
def test_what_is_no_recording_is_told_with_its_name(content: bytes | None, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "thing.mp3"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AudioFileError, match=reason) as failure:
        sound_of(path)
    assert "thing.mp3" in str(failure.value)


def test_a_film_without_sound_is_told(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match=r"silent\.mkv has no audio track"):
        sound_of(write_picture(tmp_path / "silent.mkv"))


@pytest.mark.parametrize("ending", [".ffconcat", ".wav"])
def test_an_upload_can_not_make_us_open_other_files(ending: str, tmp_path: Path) -> None:
    write(tmp_path / "secret.wav", SPEECH)
    path = tmp_path / f"upload{ending}"
    path.write_text("ffconcat version 1.0\nfile secret.wav\n")
    with pytest.raises(AudioFileError):
        sound_of(path, UPLOADS)


def test_a_long_recording_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    path = write(tmp_path / "long.flac", np.zeros(16_000 * 600, np.int16))
    tracemalloc.start()
    with opened(path) as audio:
        seconds = sum(len(block) for block in audio.blocks()) / 16_000
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds == 600
    assert most < 1_000_000
