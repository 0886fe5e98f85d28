"""The services of the app `voice_rag`: options in, command lines and announcements out."""

import os
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.app import ADDONS, App, read_yaml
from tests.waiting import PATIENCE_SECONDS
from voice_rag.__main__ import build_parser


@pytest.fixture
def app(tmp_path: Path) -> App:
    app = App("voice_rag", tmp_path)
    app.options["knowledge_folder"] = str(tmp_path / "share" / "knowledge")
    return app


@pytest.fixture
def started(app: App) -> App:
    """An app whose first service has run."""
    assert app.run("token/run").code == 0
    return app


@pytest.fixture
def listening() -> Iterator[None]:
    """Somebody listens on the ports of the servers, where nobody does already."""
    servers = []
    for port in (10300, 10310):
        try:
            servers.append(socket.create_server(("127.0.0.1", port)))
        except OSError:
            continue
    yield
    for server in servers:
        server.close()


def test_the_first_start_makes_a_token_for_the_owner_only(app: App) -> None:
    assert app.run("token/run").code == 0
    token = app.data / "token"
    assert len(token.read_text()) == 32
    assert token.stat().st_mode & 0o077 == 0
    first = token.read_text()
    app.run("token/run")
    assert token.read_text() == first


def test_an_owner_s_token_takes_its_place(started: App) -> None:
    started.options["token"] = "a long secret of mine"
    started.run("token/run")
    assert (started.data / "token").read_text().strip() == "a long secret of mine"


def test_the_knowledge_folder_is_made_with_its_kinds(started: App) -> None:
    folder = Path(started.options["knowledge_folder"])
    assert {path.name for path in folder.iterdir()} == {"documents", "films", "lectures"}


def test_a_knowledge_folder_that_cannot_be_made_says_so(app: App, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    app.options["knowledge_folder"] = str(tmp_path / "file" / "knowledge")
    outcome = app.run("token/run")
    assert outcome.code == 1
    assert "Choose one below /share or /config" in outcome.log


def test_the_speech_server_understands_its_default_options(started: App) -> None:
    outcome = started.run("speech/run")
    options = build_parser().parse_args(outcome.argv)
    assert (options.port, options.side_port, options.host) == (10300, 10301, "0.0.0.0")
    assert options.data == started.data / "speech"
    assert options.stt_model is None
    assert options.wake_words == Path("/config/wake-words"), "backed up, and within reach of its owner"
    assert outcome.token == (started.data / "token").read_text()
    assert outcome.token not in outcome.argv, "every process of the machine can read arguments"


@pytest.mark.parametrize(
    ("option", "value", "attribute", "expected"),
    [
        ("stt_engine", "gigaam", "stt_engine", "gigaam"),
        ("stt_models", ["one", "two words"], "stt_model", ["one", "two words"]),
        ("unload_after", 600, "unload_after", 600.0),
        ("tts_engine", "none", "tts_engine", "none"),
        ("wake_engine", "none", "wake_engine", "none"),
        ("wake_threshold", 0.7, "wake_threshold", 0.7),
        ("end_of_turn", "either", "end_of_turn", "either"),
        ("patience", "relaxed", "patience", "relaxed"),
        ("log_level", "debug", "debug", True),
    ],
)
def test_an_option_reaches_the_speech_server(
    started: App, option: str, value: Any, attribute: str, expected: Any
) -> None:
    started.options[option] = value
    options = build_parser().parse_args(started.run("speech/run").argv)
    assert getattr(options, attribute) == expected


def test_the_knowledge_service_gets_its_folder(started: App) -> None:
    options = build_parser().parse_args(started.run("knowledge/run").argv)
    assert str(options.folder) == started.options["knowledge_folder"]
    assert options.data == started.data / "knowledge"
    assert options.port == 10310
    assert options.trust_ingress
    assert options.ollama is None


def test_the_knowledge_service_is_told_of_ollama(started: App) -> None:
    started.options |= {"ollama_url": "http://ollama:11434", "ollama_model": "tiny"}
    options = build_parser().parse_args(started.run("knowledge/run").argv)
    assert (options.ollama, options.model) == ("http://ollama:11434", "tiny")


def test_lectures_are_transcribed_by_the_app_s_own_speech_server(started: App) -> None:
    options = build_parser().parse_args(started.run("knowledge/run").argv)
    assert (options.transcriber, options.transcriber_url) == (None, "http://127.0.0.1:10301")
    assert (options.transcriber_model, options.lecture_language) == ("", "")
    assert options.lecture_templates == Path("/config/lecture-templates"), "within reach of its owner, and backed up"
    started.options |= {"lecture_model": "large-v3", "lecture_language": "ru"}
    options = build_parser().parse_args(started.run("knowledge/run").argv)
    assert (options.transcriber_model, options.lecture_language) == ("large-v3", "ru")


@pytest.mark.parametrize("choice", [{"transcribe_lectures": False}, {"stt_engine": "none"}])
def test_lectures_wait_for_transcripts_where_nothing_recognises_speech(started: App, choice: dict[str, Any]) -> None:
    started.options |= {"lecture_model": "large-v3", **choice}
    options = build_parser().parse_args(started.run("knowledge/run").argv)
    assert (options.transcriber_url, options.transcriber_model) == ("", "")


@pytest.mark.usefixtures("listening")
def test_home_assistant_is_told_once_of_each_service(started: App) -> None:
    started.options["ollama_url"] = "http://ollama:11434"
    outcome = started.run("discovery/run")
    assert outcome.code == 0
    host = socket.gethostname()
    token = (started.data / "token").read_text()
    assert started.discoveries() == {
        "wyoming": {"uri": f"tcp://{host}:10300"},
        "voice_rag": {
            "host": host,
            "port": 10310,
            "token": token,
            "speech_url": f"http://{host}:10301",
            "ollama_url": "http://ollama:11434",
        },
        "mcp": {"url": f"http://{host}:10310/mcp/{token}"},
    }


@pytest.mark.parametrize(
    ("arguments", "written", "halts"),
    [(("1", "0"), "1", True), (("256", "9"), "137", True), (("256", "15"), "0", False), (("0", "0"), "0", False)],
)
@pytest.mark.parametrize("service", ["speech", "knowledge"])
def test_a_server_that_ends_by_itself_takes_the_app_down(
    started: App, tmp_path: Path, service: str, arguments: tuple[str, str], written: str, halts: bool
) -> None:
    results = tmp_path / "exitcode"
    results.write_text("0")
    outcome = started.run(f"{service}/finish", *arguments, S6_RESULTS=str(results))
    assert results.read_text().strip() == written
    assert ("halt" in outcome.log) is halts


@pytest.mark.parametrize("name", ["catalogue.sqlite", "lectures/lectures.sqlite"])
def test_a_backup_holds_a_whole_database_and_a_restore_brings_it_back(started: App, name: str) -> None:
    path = started.data / "knowledge" / name
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE files (path TEXT)")
        database.execute("INSERT INTO files VALUES ('a.md')")
        database.commit()
        snapshot(started, "take")  # while somebody has it open
    shutil.rmtree(started.data / "knowledge")
    assert started.run("token/run").code == 0
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT path FROM files").fetchall() == [("a.md",)]
    assert [left.name for left in started.data.iterdir() if left.name.endswith(".backup.sqlite")] == []


def test_a_backup_leaves_nothing_behind(started: App) -> None:
    snapshot(started, "take")  # nothing indexed yet
    snapshot(started, "drop")
    assert [path.name for path in started.data.iterdir()] == ["token"]


def snapshot(app: App, action: str) -> None:
    program = app.rootfs / "usr/local/bin/voice-rag-snapshot"
    subprocess.run(
        [program, action], env={**os.environ, "VOICE_RAG_DATA": str(app.data)}, check=True, timeout=PATIENCE_SECONDS
    )


def test_every_option_is_used(app: App) -> None:
    scripts = "".join(path.read_text() for path in (app.rootfs / "etc/s6-overlay/s6-rc.d").glob("*/run"))
    schema = read_yaml(ADDONS / "voice_rag" / "config.yaml")["schema"]
    assert [option for option in schema if f"'{option}'" not in scripts] == []
