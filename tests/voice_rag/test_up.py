"""One command runs all servers of a configuration, and keeps them running."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from demo.ports import free_ports
from tests.waiting import PATIENCE_SECONDS, until
from voice_rag.__main__ import main
from voice_rag.up.config import EXAMPLE, parse_config, read_config
from voice_rag.up.errors import ConfigError
from voice_rag.up.folders import make_knowledge_folder
from voice_rag.up.supervisor import State, Supervisor, Watched, _lines
from voice_rag.up.table import describe, render

ROOT = Path(__file__).resolve().parents[2]


def small_house(folder: Path) -> dict[str, Any]:
    """Return a configuration whose servers start quickly."""
    port, side_port, knowledge = free_ports(3)
    (folder / "knowledge").mkdir()
    quiet = {"stt-engine": "none", "wake-engine": "none"}
    return {
        "speech": {"port": port, "side-port": side_port, **quiet},
        "knowledge": {"folder": "knowledge", "port": knowledge, "no_announce": True},
    }


@asynccontextmanager
async def running(supervisor: Supervisor) -> AsyncIterator[None]:
    task = asyncio.create_task(supervisor.run())
    try:
        yield
    finally:
        supervisor.stop()
        await task


def test_the_example_is_a_configuration(tmp_path: Path) -> None:
    path = tmp_path / "voice-rag.toml"
    path.write_bytes(EXAMPLE.read_bytes())
    speech, knowledge = read_config(path).servers
    assert speech.ports == {"port": 10300, "side_port": 10301}
    assert knowledge.folders == {"data": tmp_path / "data/knowledge", "folder": tmp_path / "household"}
    assert "port 10310" in describe(knowledge)


def test_keys_become_options_of_the_command(tmp_path: Path) -> None:
    section = {"stt_model": ["a", "b"], "wake-threshold": 0.7, "host": "0.0.0.0"}
    (server,) = parse_config({"speech": section}, tmp_path).servers
    assert server.argv[2:] == ("--stt-model=a", "--stt-model=b", "--wake-threshold=0.7", "--host=0.0.0.0")
    assert server.health_url.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    ("speech", "knowledge", "expected"),
    [
        ({}, {}, ["--transcriber-url=http://127.0.0.1:10301"]),
        ({"side-port": 10401, "side-host": "0.0.0.0"}, {}, ["--transcriber-url=http://127.0.0.1:10401"]),
        ({}, {"transcriber-url": "tcp://10.0.0.2:10300"}, ["--transcriber-url=tcp://10.0.0.2:10300"]),
        ({}, {"transcriber": "none"}, ["--transcriber=none"]),
        ({"stt-engine": "none"}, {}, []),
    ],
)
def test_lectures_are_transcribed_by_the_speech_server_of_the_same_file(
    speech: dict[str, Any], knowledge: dict[str, Any], expected: list[str], tmp_path: Path
) -> None:
    config = parse_config({"speech": speech, "knowledge": {"folder": "k", **knowledge}}, tmp_path)
    assert [argument for argument in config.servers[1].argv if argument.startswith("--transcriber")] == expected
    (alone,) = parse_config({"knowledge": {"folder": "k"}}, tmp_path).servers
    assert not any(argument.startswith("--transcriber") for argument in alone.argv)


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({}, "has no server"),
        ({"spech": {}}, "Unknown in the configuration: spech"),
        ({"speech": 5}, r"Write \[speech\]"),
        ({"speech": {"sst-engine": "auto"}}, r"\[speech\].*--sst-engine=auto.*voice-rag speech --help"),
        ({"speech": {"port": "many"}}, r"\[speech\].*many is no port"),
        ({"knowledge": {"folder": "k", "port": 70000}}, r"\[knowledge\].*70000 is no port"),
        ({"speech": {"port": {"a": 1}}}, "port in"),
        ({"speech": {"token": "x"}}, "token stands above"),
        ({"knowledge": {}}, r"--folder.*voice-rag knowledge serve --help"),
        ({"speech": {"port": 10310}, "knowledge": {"folder": "k"}}, "Port 10310 is both"),
        ({"token": 5, "speech": {}}, "texts in quotes"),
    ],
)
def test_a_wrong_configuration_says_what_to_do(values: dict[str, Any], complaint: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=complaint):
        parse_config(values, tmp_path)


@pytest.mark.parametrize(("content", "complaint"), [(None, "voice-rag up --example"), (b"[speech", "is not TOML")])
def test_a_file_that_cannot_be_used_says_why(content: bytes | None, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "voice-rag.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=complaint):
        read_config(path)


def test_checking_starts_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "voice-rag.toml"
    path.write_bytes(EXAMPLE.read_bytes())
    assert main(["up", "--check", "--config", str(path)]) == 0
    assert "side-port 10301" in capsys.readouterr().out
    assert main(["up", "--check", "--config", str(tmp_path / "none.toml")]) == 1


def test_the_example_makes_its_knowledge_folder_once(tmp_path: Path) -> None:
    (tmp_path / "voice-rag.toml").write_bytes(EXAMPLE.read_bytes())
    config = read_config(tmp_path / "voice-rag.toml")
    assert make_knowledge_folder(config) == tmp_path / "household"
    assert sorted(path.name for path in (tmp_path / "household").iterdir()) == ["documents", "films", "lectures"]
    assert make_knowledge_folder(config) is None


def test_the_example_keeps_apart_from_the_repository_that_it_is_written_into() -> None:
    config = parse_config(tomllib.loads(EXAMPLE.read_text(encoding="utf-8")), ROOT)
    folders = [folder for server in config.servers for folder in server.folders.values() if folder.is_relative_to(ROOT)]
    names = {folder.relative_to(ROOT).parts[0] for folder in folders}
    assert names == {"data", "household"}
    assert {f"/{name}/" for name in names} <= set((ROOT / ".gitignore").read_text(encoding="utf-8").splitlines())


def test_a_knowledge_folder_elsewhere_is_not_made(tmp_path: Path) -> None:
    config = parse_config({"knowledge": {"folder": str(tmp_path / "disk")}}, tmp_path / "house")
    assert make_knowledge_folder(config) is None
    assert not (tmp_path / "disk").exists()


def test_the_service_of_systemd_may_write_where_its_configuration_stands() -> None:
    unit = (ROOT / "deploy/voice-rag.service").read_text(encoding="utf-8")
    settings = dict(line.split("=", 1) for line in unit.splitlines() if "=" in line and not line.startswith("#"))
    config = Path(settings["ExecStart"].partition("--config ")[2])
    assert config.is_relative_to(settings["ReadWritePaths"])
    assert f"tee {config}" in unit


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    unit = (ROOT / "deploy/voice-rag.service").read_text(encoding="utf-8")
    copy = tmp_path / "voice-rag.service"
    copy.write_text(unit.replace("/opt/voice-rag/bin/voice-rag", sys.executable), encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", copy]
    verified = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    said = [line for line in verified.stderr.splitlines() if copy.name in line]
    assert said == []


async def test_a_server_that_is_killed_is_started_again(tmp_path: Path) -> None:
    told: list[str] = []
    config = parse_config({"token": "secret", **small_house(tmp_path)}, tmp_path)
    supervisor = Supervisor(config, told.append, first_pause=0.1)
    async with running(supervisor):
        await until(lambda: all(one.state is State.OK for one in supervisor.watched))
        speech, knowledge = supervisor.watched
        assert speech.process is not None
        os.kill(speech.process.pid, signal.SIGKILL)
        await until(lambda: speech.restarts == 1 and speech.state is State.OK)
        assert knowledge.restarts == 0
        await until(lambda: knowledge.reason == "the knowledge folder is empty")
        pids = [one.process.pid for one in supervisor.watched if one.process is not None]
    assert [one.state for one in supervisor.watched] == [State.STOPPED, State.STOPPED]
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert "speech has ended; it is started again in 0 s" in told
    assert any(line.startswith("knowledge | ") and "Ready" in line for line in told)
    assert not any("secret" in line for line in told)


async def test_a_server_that_cannot_start_shows_its_reason(tmp_path: Path) -> None:
    values = small_house(tmp_path)
    with socket.create_server(("127.0.0.1", values["speech"]["port"])):
        supervisor = Supervisor(parse_config({"speech": values["speech"]}, tmp_path), print, first_pause=30)
        async with running(supervisor):
            (speech,) = supervisor.watched
            await until(lambda: speech.state is State.RESTARTING)
            assert str(values["speech"]["port"]) in speech.reason


def test_the_table_names_state_ports_and_folders(tmp_path: Path) -> None:
    (server,) = parse_config({"knowledge": {"folder": "films"}}, tmp_path).servers
    table = render([Watched(server, state=State.RESTARTING, restarts=2, reason="The port is taken.")])
    cells = [str(next(iter(column.cells))) for column in table.columns]
    assert cells == [
        "knowledge",
        "restarting The port is taken.",
        "port 10310",
        f"data: {tmp_path}/data/knowledge\nfolder: {tmp_path}/films",
        "2",
    ]


async def test_a_line_without_measure_is_left_out_and_the_next_ones_are_read() -> None:
    stream = asyncio.StreamReader(limit=16)
    stream.feed_data(b"first\n" + b"x" * 100 + b"\nlast \xff\nrest")
    stream.feed_eof()
    assert [line async for line in _lines(stream)] == ["first", "last \ufffd", "rest"]
