"""`voice-rag say`: a text in, speech out."""

import io
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from voice_rag.__main__ import main
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.tts.engines import espeak

COMMAND = (sys.executable, "-m", "voice_rag", "say")


def said(path: Path) -> tuple[int, int]:
    """Return the rate and the loudest sample of a file."""
    with wave.open(str(path)) as file:
        assert (file.getsampwidth(), file.getnchannels()) == (2, 1)
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    assert len(samples) > file.getframerate() / 2
    return file.getframerate(), int(np.abs(samples.astype(np.int32)).max())


@pytest.mark.parametrize(
    "arguments",
    [["Свет включён."], ["The light is on.", "--voice", "espeak-en-female"], ["灯开了。", "--language", "zh"]],
)
def test_a_text_becomes_a_file(arguments: list[str], tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    assert main(["say", *arguments, "-o", str(path)]) == 0
    rate, loudest = said(path)
    assert rate == 22_050
    assert loudest > 5000
    assert list(tmp_path.iterdir()) == [path]


def test_standard_input_is_spoken_while_it_arrives() -> None:
    with subprocess.Popen([*COMMAND, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"The light in the kitchen is on. And")
        process.stdin.flush()
        assert process.stdout.read(10_000)
        process.stdin.write(b" so on.")
        process.stdin.close()
        assert len(process.stdout.read()) % 2 == 0
    assert process.returncode == 0


def test_a_player_that_is_closed_ends_it_without_a_word_of_python() -> None:
    with subprocess.Popen([*COMMAND, "One sentence. " * 50], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(100)
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
    assert process.returncode == 0


def test_the_voices_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["say", "--list-voices", "--engine", "espeak"]) == 0
    listed = capsys.readouterr().out
    assert "espeak-ru-male" in listed
    assert "22050" in listed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Hi.", "--voice", "nobody"], "There is no voice 'nobody' here. Available: espeak-ru-male"),
        (["Hi.", "--language", "tlh"], "There is no voice for the language 'tlh'"),
        (["Hi.", "--engine", "gramophone"], "There is no engine 'gramophone'"),
        (["Hi.", "-o", "/no/such/folder/a.wav"], "/no/such/folder/a.wav can't be written"),
        ([], "Give a text to speak"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["say", *arguments]) == 1
    assert message in capsys.readouterr().err


def test_audio_is_not_poured_into_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["say", "Hi."]) == 1
    assert "--output FILE.wav" in capsys.readouterr().err


def test_an_engine_that_fails_leaves_the_file_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "out.wav"
    path.write_bytes(b"before")

    def fail(*_: object) -> None:
        raise EngineError("out of breath")

    monkeypatch.setattr(espeak.EspeakEngine, "synthesize", fail)
    assert main(["say", "Hi.", "-o", str(path)]) == 1
    assert "out of breath" in capsys.readouterr().err
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_raw_audio_has_an_even_number_of_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe(io.StringIO):
        buffer = io.BytesIO()

    monkeypatch.setattr(sys, "stdout", Pipe())
    assert main(["say", "Hello there."]) == 0
    assert len(Pipe.buffer.getvalue()) > 20_000
