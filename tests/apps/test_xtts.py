"""The services of the app `voice_rag_xtts`."""

from pathlib import Path

import pytest

from tests.fakes.app import App
from voice_rag.__main__ import build_parser


@pytest.fixture
def app(tmp_path: Path) -> App:
    app = App("voice_rag_xtts", tmp_path)
    app.options["voices_folder"] = str(tmp_path / "voices")
    return app


def test_nothing_starts_before_the_licence_is_accepted(app: App) -> None:
    outcome = app.run("xtts/run")
    assert outcome.code == 1
    assert "Accept that in the options" in outcome.log
    assert outcome.argv == ()


def test_the_server_gets_the_folder_of_voices(app: App, tmp_path: Path) -> None:
    app.options |= {"accept_licence": True, "log_level": "debug"}
    options = build_parser().parse_args(app.run("xtts/run").argv)
    assert options.voices == tmp_path / "voices"
    assert options.voices.is_dir()
    assert (options.tts_engine, options.stt_engine, options.wake_engine) == ("xtts", "none", "none")
    assert options.xtts_licence_accepted
    assert options.debug


def test_home_assistant_is_told_of_the_voices(app: App) -> None:
    assert app.run("discovery/run", VOICE_RAG_TRIES="1").code == 0
    assert app.discoveries()["wyoming"]["uri"].endswith(":10303")
