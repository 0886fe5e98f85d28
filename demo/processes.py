"""The servers of the house as child processes: started, waited for by asking them, and always stopped."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from demo.errors import MissingProgramError, ProcessFailedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
    from pathlib import Path

    Probe = Callable[[], Awaitable[bool]]

_LOGGER = logging.getLogger(__name__)

POLL_SECONDS = 0.2
STOP_SECONDS = 20.0
LINES_SHOWN = 15


@dataclass(frozen=True, slots=True)
class Command:
    """A program to run and where its output goes."""

    name: str
    argv: Sequence[str]
    log: Path
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    """What is added to this process's own environment."""


@asynccontextmanager
async def running(command: Command) -> AsyncIterator[ChildProcess]:
    """Run a program as long as the caller needs it, and stop it however that ends.

    Raises: MissingProgramError.
    """
    if shutil.which(command.argv[0]) is None:
        raise MissingProgramError(command.argv[0], f"{command.name} needs it.")
    with command.log.open("wb") as log:
        # A session of its own keeps Ctrl-C for us, who then stop the servers in order.
        process = await asyncio.create_subprocess_exec(
            *_bound_to_parent(command.argv),
            cwd=command.folder,
            env={**os.environ, **command.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    child = ChildProcess(command, process)
    try:
        yield child
    finally:
        await child.stop()


class ChildProcess:
    """One server of the house; `running` starts and stops it."""

    def __init__(self, command: Command, process: asyncio.subprocess.Process) -> None:
        self.command = command
        self._process = process

    async def wait_until(self, probe: Probe, seconds: float, goal: str = "become ready") -> None:
        """Wait until the probe says yes; the goal completes "it did not ...".

        Raises: ProcessFailedError when the process ends or the time is over.
        """
        deadline = time.monotonic() + seconds
        while not await probe():
            self.require_running()
            if time.monotonic() > deadline:
                raise self.failure(f"did not {goal} within {seconds:.0f} s")
            await asyncio.sleep(POLL_SECONDS)

    def require_running(self) -> None:
        """Raise ProcessFailedError if the process has ended."""
        if self._process.returncode is not None:
            raise self.failure(f"ended by itself (exit status {self._process.returncode})")

    def failure(self, what: str) -> ProcessFailedError:
        """Return an error that shows the end of this process's log."""
        return ProcessFailedError(self.command.name, what, self.command.log, last_lines(self.command.log))

    async def stop(self) -> None:
        """End the process: SIGTERM, and SIGKILL for it and its children where that is not enough."""
        try:
            if self._process.returncode is None:
                self._process.terminate()
            async with asyncio.timeout(STOP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            _LOGGER.warning("%s did not stop within %.0f s and is killed", self.command.name, STOP_SECONDS)
        finally:
            _kill_group(self._process.pid)
            await self._process.wait()


def last_lines(log: Path, count: int = LINES_SHOWN) -> str:
    """Return the end of a log file, or a word about its absence."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "(no log)"
    return "\n".join(f"  {line}" for line in lines[-count:]) or "  (the log is empty)"


def _bound_to_parent(argv: Sequence[str]) -> Sequence[str]:
    """Let the kernel end the child with us even when we are killed and cannot do it (Linux with util-linux)."""
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", "TERM", "--", *argv) if setpriv else argv


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
