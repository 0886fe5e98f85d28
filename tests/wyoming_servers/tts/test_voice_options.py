"""The command line's options of voices."""

import argparse
from pathlib import Path

import pytest

from voice_rag.__main__ import main
from voice_rag.commands.voices import add_voice_options, voice_options
from wyoming_servers.tts.engine import EngineOptions
from wyoming_servers.tts.piper.config import Scales
from wyoming_servers.tts.piper.options import PiperOptions
from wyoming_servers.tts.xtts.options import XttsOptions


def parsed(*arguments: str) -> EngineOptions:
    parser = argparse.ArgumentParser()
    parser.add_argument("--models", type=Path, default=Path("models"))
    add_voice_options(parser)
    return voice_options(parser.parse_args(arguments))


def test_without_options_the_defaults_are_those_of_the_engines() -> None:
    assert parsed() == EngineOptions(models_folder=Path("models"))


def test_each_option_reaches_its_engine(tmp_path: Path) -> None:
    piper = ("--tts-voice", "ru_RU-denis-medium", "--tts-voice", "grandma", "--voices-in-memory", "1")
    scales = ("--piper-length", "1.2", "--piper-noise", "0", "--piper-width-noise", "0.5")
    xtts = ("--xtts-python", "/opt/python", "--xtts-model", "./model", "--xtts-languages", "ru,de")
    assert parsed("--voices", str(tmp_path), *piper, *scales, *xtts, "--xtts-licence-accepted") == EngineOptions(
        models_folder=Path("models"),
        voices_folder=tmp_path,
        piper=PiperOptions(("ru_RU-denis-medium", "grandma"), voices_in_memory=1, scales=Scales(1.2, 0.0, 0.5)),
        xtts=XttsOptions("./model", True, "/opt/python", ("ru", "de")),
    )


@pytest.mark.parametrize("command", [["say", "Привет", "--output", "out.wav"], ["say", "--list-voices"], ["speech"]])
def test_a_folder_of_voices_that_is_not_there_is_refused(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "voises"
    assert main([*command, "--voices", str(missing)]) == 1
    assert f"There is no folder {missing}" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["0", "-1", "many"])
def test_at_least_one_voice_stays_in_memory(number: str) -> None:
    with pytest.raises(SystemExit):
        parsed("--voices-in-memory", number)
