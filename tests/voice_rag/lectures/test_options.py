"""Who transcribes, as the command line has it."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import pytest

from knowledge.errors import SettingsError
from voice_rag.lectures import options as module
from voice_rag.lectures.options import (
    Kind,
    TranscriberSettings,
    add_options,
    make_recordings,
    make_transcriber,
    settings_from,
)

SIDE_PORT = "http://127.0.0.1:10301"


def settings(*arguments: str, **environment: str) -> TranscriberSettings | None:
    parser = argparse.ArgumentParser()
    add_options(parser)
    return settings_from(parser.parse_args(arguments), environment)


def test_without_a_choice_nobody_transcribes() -> None:
    assert settings() is None
    assert settings("--transcriber", "none", "--transcriber-url", SIDE_PORT) is None


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (("--transcriber-url", SIDE_PORT), Kind.OPENAI),
        (("--transcriber-url", "tcp://10.0.0.2:10300"), Kind.WYOMING),
        (("--transcriber-url", "unix:///run/stt.sock"), Kind.WYOMING),
        (("--transcriber", "openai", "--transcriber-url", SIDE_PORT), Kind.OPENAI),
        (("--transcriber", "local"), Kind.LOCAL),
    ],
)
def test_the_address_alone_tells_the_kind(arguments: Sequence[str], kind: Kind) -> None:
    chosen = settings(*arguments)
    assert chosen is not None
    assert (chosen.kind, chosen.model, chosen.engine) == (kind, None, "auto")


def test_all_of_a_local_engine_can_be_chosen(tmp_path: Path) -> None:
    engine = ("--transcriber=local", "--transcriber-engine=gigaam")
    chosen = settings(*engine, "--transcriber-model=big", f"--transcriber-models={tmp_path}")
    assert chosen == TranscriberSettings(Kind.LOCAL, engine="gigaam", model="big", models=tmp_path)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--transcriber=openai",), "for example http://127.0.0.1:10301"),
        (("--transcriber=wyoming",), "for example tcp://127.0.0.1:10300"),
        (("--transcriber=wyoming", f"--transcriber-url={SIDE_PORT}"), "wyoming needs --transcriber-url"),
        (("--transcriber=local", f"--transcriber-url={SIDE_PORT}"), "has no --transcriber-url"),
        (("--transcriber-url=speech.local:10301",), "no address"),
        ((f"--transcriber-url={SIDE_PORT}", "--transcriber-engine=gigaam"), "needs --transcriber local"),
        (("--transcriber-url=http://127.0.0.1:port",), "no address"),
    ],
)
def test_what_does_not_fit_together_is_told(arguments: Sequence[str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        settings(*arguments)


@pytest.mark.parametrize(
    ("url", "environment", "token"),
    [
        (SIDE_PORT, {"VOICE_RAG_TOKEN": "house"}, "house"),
        ("http://localhost:1", {"VOICE_RAG_TOKEN": "house"}, "house"),
        ("http://[::1]:1", {"VOICE_RAG_TOKEN": "house"}, "house"),
        ("https://api.openai.com", {"VOICE_RAG_TOKEN": "house"}, None),
        ("https://api.openai.com", {"VOICE_RAG_TOKEN": "house", "VOICE_RAG_TRANSCRIBER_TOKEN": "key"}, "key"),
        (SIDE_PORT, {}, None),
        ("tcp://127.0.0.1:1", {"VOICE_RAG_TOKEN": "house"}, None),
    ],
)
def test_the_houses_token_does_not_leave_this_machine(url: str, environment: dict[str, str], token: str | None) -> None:
    chosen = settings("--transcriber-url", url, **environment)
    assert chosen is not None
    assert chosen.token == token


@pytest.mark.parametrize("url", [SIDE_PORT, "tcp://127.0.0.1:10300"])
def test_a_server_that_is_not_there_yet_can_be_chosen(url: str) -> None:
    chosen = settings("--transcriber-url", url)
    assert chosen is not None
    assert make_transcriber(chosen).name == url.partition("//")[2] or url
    assert make_recordings()


def test_missing_packages_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"Install voice-rag\[transcribe\]"):
        make_recordings()
