"""Child processes: nothing is left behind, and a failure shows the right log."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from demo import processes
from demo.errors import MissingProgramError, ProcessFailedError
from demo.processes import Command, last_lines, running
from tests.waiting import PATIENCE_SECONDS

SAYS_ITS_CHILD_AND_IGNORES_SIGTERM = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


def python(folder: Path, code: str) -> Command:
    return Command("The test server", (sys.executable, "-c", code), folder / "server.log", folder)


async def never() -> bool:
    return False


def is_alive(pid: int) -> bool:
    """Say whether a process runs; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_a_server_that_ends_by_itself_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    command = python(tmp_path, "print('no model found'); raise SystemExit(3)")
    async with running(command) as child:
        with pytest.raises(ProcessFailedError) as failure:
            await child.wait_until(never, PATIENCE_SECONDS)
    message = str(failure.value)
    assert "The test server ended by itself (exit status 3)" in message
    assert "no model found" in message
    assert str(command.log) in message


async def test_a_server_that_is_never_ready_is_reported_after_its_time(tmp_path: Path) -> None:
    async with running(python(tmp_path, "import time; time.sleep(60)")) as child:
        with pytest.raises(ProcessFailedError, match="did not become ready within 0 s"):
            await child.wait_until(never, 0)


async def test_a_server_that_ignores_the_request_to_stop_is_killed_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.5)
    command = python(tmp_path, SAYS_ITS_CHILD_AND_IGNORES_SIGTERM)

    async def has_started() -> bool:
        return command.log.read_text().endswith("\n")

    async with running(command) as child:
        await child.wait_until(has_started, PATIENCE_SECONDS)
        grandchild = int(command.log.read_text())
        assert is_alive(grandchild)
    async with asyncio.timeout(PATIENCE_SECONDS):  # the system takes a moment to carry a kill out
        while is_alive(grandchild):
            await asyncio.sleep(0.01)


async def test_an_error_in_the_house_stops_its_servers(tmp_path: Path) -> None:
    command = python(tmp_path, "import os, time; print(os.getpid(), flush=True); time.sleep(60)")

    async def has_started() -> bool:
        return command.log.read_text().endswith("\n")

    async def fail() -> None:
        async with running(command) as child:
            await child.wait_until(has_started, PATIENCE_SECONDS)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    with pytest.raises(ProcessLookupError):
        os.kill(int(command.log.read_text()), 0)


async def test_a_program_that_is_not_installed_is_named(tmp_path: Path) -> None:
    command = Command("Home Assistant", ("/nowhere/hass",), tmp_path / "log", tmp_path)
    with pytest.raises(MissingProgramError, match="/nowhere/hass was not found"):
        async with running(command):
            pass


def test_a_log_that_is_not_there_yet_is_no_second_error(tmp_path: Path) -> None:
    assert last_lines(tmp_path / "missing.log") == "(no log)"
