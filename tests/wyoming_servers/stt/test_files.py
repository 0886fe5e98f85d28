"""`voice-rag transcribe` from the command line to the files that it writes."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.recordings import write, write_picture
from tests.fakes.spoken import spoken
from tests.fakes.tiny_gigaam import TEXT, build, said, silence
from voice_rag.__main__ import main
from wyoming_servers.stt import file_progress

Run = Callable[..., int]
SPEECH = np.concatenate([said(), spoken("раз два три", "ru") // 40])
"""The model hears the tones; the quiet words make it worth listening."""


@pytest.fixture
def run(models_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the command, run in an empty folder with tiny models."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: main(
        ["transcribe", "--engine", "gigaam", "--models", str(models_folder), *map(str, arguments)]
    )


def test_one_file_is_printed(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(write(tmp_path / "a.ogg", SPEECH)) == 0
    assert capsys.readouterr().out == f"{TEXT}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.ogg"]


def test_several_go_to_a_folder_one_file_each(run: Run, tmp_path: Path) -> None:
    files = [write(tmp_path / name, SPEECH) for name in ("one.wav", "two.mp3", "two.flac")]
    assert run(*files, "--output", "texts", "--format", "srt") == 0
    assert sorted(path.name for path in (tmp_path / "texts").iterdir()) == ["one.srt", "two.flac.srt", "two.mp3.srt"]
    assert (tmp_path / "texts/one.srt").read_text().startswith(f"1\n00:00:00,200 --> 00:00:01,200\n{TEXT}\n")


def test_the_form_follows_the_ending_of_the_output(run: Run, tmp_path: Path) -> None:
    assert run(write(tmp_path / "a.wav", SPEECH), "--output", "a.json") == 0
    body = json.loads((tmp_path / "a.json").read_text())
    assert body["language"] == "ru"
    assert [word["word"] for word in body["segments"][0]["words"]] == TEXT.split()


def test_a_transcript_is_not_overwritten_unless_that_is_asked_for(
    run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = write(tmp_path / "a.wav", SPEECH)
    (tmp_path / "a.txt").write_text("precious")
    assert run(source, "--output", "a.txt") == 1
    assert "--overwrite" in caplog.text
    assert (tmp_path / "a.txt").read_text() == "precious"
    assert run(source, "--output", "a.txt", "--overwrite") == 0
    assert (tmp_path / "a.txt").read_text() == f"{TEXT}\n"


def test_a_file_that_fails_leaves_the_others_alone(run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "text.mp3").write_text("no sound")
    write_picture(tmp_path / "silent.mkv")
    good = write(tmp_path / "good.wav", SPEECH)
    assert run("missing.wav", "text.mp3", "silent.mkv", good) == 1
    assert (tmp_path / "good.txt").read_text() == f"{TEXT}\n"
    assert [record.getMessage().split()[0] for record in caplog.records if record.levelname == "ERROR"] == [
        "There", "text.mp3", "silent.mkv",
    ]  # fmt: skip


def test_words_deep_in_a_long_recording_have_their_time(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(write(tmp_path / "a.flac", np.concatenate([silence(40), SPEECH])), "--format", "vtt") == 0
    assert re.search(rf"\n\n00:00:40\.2\d\d --> 00:00:41\.2\d\d\n{TEXT}\n", capsys.readouterr().out)


def test_where_nobody_speaks_nothing_is_written_down(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert run(write(tmp_path / "a.wav", silence(3)), "--language", "ru-RU") == 0
    assert capsys.readouterr().out == ""
    assert "Nobody speaks in a.wav" in caplog.text


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--language", "tlh"], "does not recognise 'tlh'"),
        (["--engine", "telepathy"], "There is no engine 'telepathy'"),
        (["--model", "telepathy"], "has no model 'telepathy'"),
        (["--vocabulary", "names.json"], "There is no file names.json"),
    ],
)
def test_what_can_not_be_had_is_told(
    arguments: list[str], reason: str, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(write(tmp_path / "a.wav", SPEECH), *arguments) == 1
    assert reason in capsys.readouterr().err


def test_a_folder_that_can_not_be_written_is_told_after_all(
    run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert run(write(tmp_path / "a.wav", SPEECH), "--output", "no/such/folder/a.txt") == 1
    assert "can't be written" in caplog.text


def test_without_a_terminal_the_log_tells_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(file_progress, "_LOG_SECONDS", 0.0)
    caplog.set_level("INFO")
    with file_progress.showing("lecture.mp3", 3600.0) as report:
        report(900.0)
    with file_progress.showing("stream.aac", None) as report:
        report(25.0)
    first, second = caplog.messages
    assert re.fullmatch(r"lecture\.mp3: 0:15:00 of 1:00:00 done, about \d:\d\d:\d\d left", first)
    assert second == "stream.aac: 0:00:25 done"


def test_in_a_terminal_there_is_a_bar(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with file_progress.showing("lecture [1].mp3", 100.0) as report:
        report(25.0)
    shown = capsys.readouterr().err
    assert "lecture [1].mp3" in shown
    assert "25%" in shown


def test_a_model_of_ones_own_is_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = build(tmp_path / "mine", "v3_e2e_ctc")
    source = write(tmp_path / "a.wav", SPEECH)
    assert main(["transcribe", str(source), "--engine", "gigaam", "--model", str(folder)]) == 0
    assert capsys.readouterr().out == f"{TEXT}\n"


def test_the_names_of_the_house_are_heard(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = tmp_path / "vocabulary.json"
    names.write_text(json.dumps({"names": [{"name": "kitchen light", "domain": "light"}]}))
    path = write(tmp_path / "a.wav", spoken("turn on the kitchen light", "en-us"))
    command = ["transcribe", "--engine", "pocketsphinx", "--language", "en", str(path)]
    assert main([*command, "--vocabulary", str(names)]) == 0
    assert capsys.readouterr().out == "turn on the kitchen light\n"
