"""`voice-rag wake` as people call it."""

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tests.fakes.spoken import spoken
from tests.wyoming_servers.wake.enrolment.conftest import write_wav
from voice_rag.__main__ import main
from voice_rag.commands.wake.engine_voices import engine_speakers
from wyoming_servers.wake.enrolment import store
from wyoming_servers.wake.own_word import Networks, OwnWord
from wyoming_servers.wake.speakers import SpeakerModel
from wyoming_servers.wake.voice_features import FEATURES

WEATHER = spoken("the weather is nice", "en-us", silence=0.5)
NABU = spoken("okay nabu", "en-us+f3", silence=0.5)
FACTS = {
    "made": "2026-11-21",
    "voices": 63,
    "recordings": 5,
    "heard": 0.9,
    "false_accepts": 1,
    "minutes_without_word": 9,
}


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """Return a folder with one word and one file that is none."""
    networks = Networks(np.ones((1, 16, 96, 2), np.float32), np.zeros((1, 2), np.float32), np.zeros((1, 3), np.float32))
    word = OwnWord(networks, 1.0, "домовой", "ru", FACTS)
    folder = tmp_path / "words"
    store.save(store.path_of(folder, "domovoy"), word.write, is_replacing=False)
    (folder / "broken.npz").write_bytes(b"nothing")
    return folder


def test_recordings_are_tried_and_the_misses_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said, other = write_wav(tmp_path / "said.wav", NABU), write_wav(tmp_path / "other.wav", WEATHER)
    assert main(["wake", "test", "okay_nabu", str(said), "--words", str(tmp_path)]) == 0
    assert "1 of 1 heard" in capsys.readouterr().out
    assert main(["wake", "test", "okay_nabu", str(said), str(other), "--words", str(tmp_path)]) == 1
    assert "1 of 2 heard" in capsys.readouterr().out


def test_the_scores_can_be_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    said, plot = write_wav(tmp_path / "said.wav", NABU), tmp_path / "scores.png"
    assert main(["wake", "test", "okay_nabu", str(said), "--plot", str(plot), "--words", str(tmp_path)]) == 0
    assert plot.read_bytes().startswith(b"\x89PNG")


def test_a_stream_is_listened_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = np.concatenate([np.zeros(16_000, np.int16), NABU, NABU[:8000] * 0])
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stream.tobytes() + b"\0")))
    assert main(["wake", "test", "okay_nabu", "-", "--words", str(tmp_path)]) == 0
    assert "1 detections" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["test", "nobody", "x.wav"], "There is no wake word 'nobody'"),
        (["test", "okay_nabu"], "Give recordings"),
        (["test", "okay_nabu", "none.wav"], "none.wav: can't be read"),
        (["enroll", "a/b", "--say", "дом"], "Can't use the name"),
        (["enroll", "domovoy", "--say", "домовой"], "there already"),
        (["enroll", "new"], "at least 3 recordings"),
        (["enroll", "new", "--say", "дом", "none.wav"], "none.wav: can't be read"),
        (["enroll", "new", "--say", "дом", "--language", "xx"], "No synthetic voice speaks 'xx'"),
        (["enroll", "new", "--say", "дом", "--tts-engine", "none"], "There is no engine 'none'"),
        (["remove", "nobody"], "There is no 'nobody'"),
        (["speakers", "add", "anna", "none.wav", "--say", "дом"], "at least 5 recordings"),
        (["speakers", "remove", "anna"], "There is no 'anna'"),
    ],
)
def test_what_can_not_be_done_is_said(
    words: Path, arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["wake", *arguments, "--words", str(words)]) == 1
    assert reason in capsys.readouterr().err


def test_words_are_listed_and_removed(words: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["wake", "list", "--words", str(words)]) == 0
    listed = capsys.readouterr().out
    assert "домовой" in listed
    assert "broken" in listed
    assert main(["wake", "remove", "domovoy", "--words", str(words)]) == 0
    assert [path.name for path in words.iterdir()] == ["broken.npz"]
    assert main(["wake", "speakers", "list", "--words", str(words)]) == 0
    assert "Nobody" in capsys.readouterr().out


def test_a_broken_speaker_is_named_and_the_others_are_listed(words: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = {"made": "2026-11-21", "recordings": 6, "strangers_accepted": 0.05}
    anna = SpeakerModel("anna", np.zeros(FEATURES), 0.0, facts)
    path = store.speaker_path(words, "anna")
    store.save(path, lambda file: file.write(anna.text().encode()), is_replacing=False)
    path.with_name("boris.json").write_text("{", encoding="utf-8")
    assert main(["wake", "speakers", "list", "--words", str(words)]) == 0
    listed = capsys.readouterr().out
    assert "anna" in listed
    assert "boris" in listed
    assert "can't be" in listed
    assert main(["wake", "speakers", "remove", "boris", "--words", str(words)]) == 0
    assert [file.name for file in path.parent.iterdir()] == ["anna.json"]


def test_the_voices_of_a_synthesis_engine_can_speak_too() -> None:
    speakers = engine_speakers("espeak")("ru")
    assert [speaker.name for speaker in speakers] == ["espeak-ru-male", "espeak-ru-female"]
    said = speakers[0].say("домовой", np.random.default_rng(0))
    assert 0.3 < len(said) / 16_000 < 1.5
