"""The options of the command line."""

import argparse
from pathlib import Path

import pytest

from voice_rag.commands.wake_options import add_wake_options, wake_settings
from wyoming_servers.runtime.errors import StartError
from wyoming_servers.wake.settings import TriggerSettings, WakeSettings, WordSettings


def settings(*arguments: str) -> WakeSettings:
    parser = argparse.ArgumentParser()
    add_wake_options(parser)
    return wake_settings(parser.parse_args(arguments))


def test_without_options_the_defaults_stand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert settings() == WakeSettings(folder=tmp_path / "voice-rag" / "wake")


def test_each_word_can_be_set_apart() -> None:
    given = settings(
        *("--wake-words", "words", "--wake-threshold", "0.6", "--wake-trigger-windows", "2", "--wake-refractory", "1"),
        *("--wake-set", "alexa.threshold=0.9", "--wake-set", "alexa.trigger_windows=3"),
        *("--wake-set", "дом.v2.phrase=Домовой", "--wake-set", 'дом.v2.languages=["ru"]'),
    )
    assert given.trigger == TriggerSettings(0.6, 2, 1.0)
    assert given.folder == Path("words")
    assert given.words == {
        "alexa": WordSettings(threshold=0.9, trigger_windows=3),
        "дом.v2": WordSettings(phrase="Домовой", languages=["ru"]),
    }


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("--wake-threshold", "1.5", "The command line has a threshold of 1.5"),
        ("--wake-set", "alexa.threshold=1.5", "--wake-set alexa has a threshold of 1.5"),
        ("--wake-set", "alexa.volume=3", "unknown setting 'volume'"),
        ("--wake-set", "alexa=3", "write NAME.SETTING=VALUE"),
        ("--wake-set", "alexa.threshold", "write NAME.SETTING=VALUE"),
    ],
)
def test_a_wrong_option_is_named(option: str, value: str, reason: str) -> None:
    with pytest.raises(StartError, match=reason):
        settings(option, value)
