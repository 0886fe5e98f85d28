"""Keeps the servers running: what dies is started again, sooner the first time than the tenth."""

import asyncio
import os
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from time import monotonic

from aiohttp import ClientError, ClientSession, ClientTimeout

from .config import Config, Server

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
"""Seconds before a dead server is started again; doubled each time up to this."""
STEADY_SECONDS = 120.0
"""A server that ran so long is sound: its next death is the first again."""
STOP_SECONDS = 15.0
HEALTH_PERIOD = 2.0
_HEALTH_TIMEOUT = ClientTimeout(total=5)
_PACKAGES = Path(__file__).resolve().parents[2]
_LAST_LINES = 5
_LONGEST_LINE = 2**20


class State(StrEnum):
    """How a server is."""

    STARTING = "starting"
    LOADING = "loading"
    OK = "ok"
    FAILED = "failed"
    """It runs, and says of itself that a part has failed."""
    RESTARTING = "restarting"
    STOPPED = "stopped"


@dataclass(slots=True)
class Watched:
    """A server and what is known of its process."""

    server: Server
    state: State = State.STARTING
    restarts: int = 0
    reason: str = ""
    """Why it is not well: the last thing that it said."""
    process: asyncio.subprocess.Process | None = None
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=_LAST_LINES))


class Supervisor:
    """Runs all servers of a configuration until it is told to stop."""

    def __init__(self, config: Config, tell: Callable[[str], None], *, first_pause: float = FIRST_PAUSE) -> None:
        """Tell is called with every line that a server prints."""
        self.watched = tuple(Watched(server) for server in config.servers)
        self._environment = _environment(config.token)
        self._tell = tell
        self._first_pause = first_pause
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Ask all servers to end; `run` returns when they have."""
        self._stopping.set()

    async def run(self) -> None:
        """Keep the servers running until `stop`."""
        async with ClientSession(timeout=_HEALTH_TIMEOUT) as session, asyncio.TaskGroup() as tasks:
            probe = tasks.create_task(self._probe(session))
            keepers = [tasks.create_task(self._keep(watched)) for watched in self.watched]
            await asyncio.wait(keepers)
            probe.cancel()

    async def _keep(self, watched: Watched) -> None:
        pause = self._first_pause
        while not self._stopping.is_set():
            started = monotonic()
            await self._run_once(watched)
            if self._stopping.is_set():
                break
            pause = self._first_pause if monotonic() - started > STEADY_SECONDS else pause
            watched.state, watched.restarts = State.RESTARTING, watched.restarts + 1
            watched.reason = watched.last_lines[-1] if watched.last_lines else "It said nothing."
            self._tell(f"{watched.server.name} has ended; it is started again in {pause:.0f} s")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        watched.state, watched.reason = State.STOPPED, ""

    async def _run_once(self, watched: Watched) -> None:
        """Run a server until it ends by itself or everything stops."""
        watched.state = State.STARTING
        watched.last_lines.clear()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "voice_rag", *watched.server.argv),
            cwd=watched.server.folder,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=_LONGEST_LINE,
        )
        watched.process = process
        output = asyncio.create_task(self._follow(process, watched))
        ended, stopping = asyncio.create_task(process.wait()), asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait((ended, stopping), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            await _end(process)
            await asyncio.gather(ended, output)
            watched.process = None

    async def _follow(self, process: asyncio.subprocess.Process, watched: Watched) -> None:
        if process.stdout is None:
            return
        async for line in _lines(process.stdout):
            watched.last_lines.append(line)
            self._tell(f"{watched.server.name} | {line}")

    async def _probe(self, session: ClientSession) -> None:
        while True:
            for watched in self.watched:
                if watched.process is not None:
                    await _ask(session, watched)
            await asyncio.sleep(HEALTH_PERIOD)


async def _lines(stream: asyncio.StreamReader) -> AsyncIterator[str]:
    """Yield the lines of a server until it ends, whatever it prints: a full pipe would bring it to a halt."""
    while True:
        try:
            line = await stream.readline()
        except ValueError:  # longer than the stream's limit; what was read of it is dropped
            continue
        if not line:
            return
        yield line.decode(errors="replace").rstrip()


async def _ask(session: ClientSession, watched: Watched) -> None:
    try:
        async with session.get(watched.server.health_url) as response:
            health = await response.json()
            status, problem = str(health.get("status")), str(health.get("folder_problem") or "")
    except (ClientError, TimeoutError, ValueError, AttributeError):
        return  # still starting, or too busy to answer: its process says whether it lives
    if watched.process is not None:
        watched.state = State(status) if status in (State.OK, State.LOADING) else State.FAILED
        watched.reason = f"the knowledge folder is {problem.replace('_', ' ')}" if problem else ""
        if watched.state is not State.OK:
            watched.reason = status


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a process: kindly first."""
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()


def _environment(token: str | None) -> dict[str, str]:
    """Return the servers' environment: the token is in it, since arguments can be read by everybody on the machine."""
    path = os.pathsep.join(filter(None, (str(_PACKAGES), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}
    return {**environment, "VOICE_RAG_TOKEN": token} if token else environment
