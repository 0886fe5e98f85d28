"""Latency of the turn detection server, beside the same engine called directly: python -m bench.turn_server [ENGINE].

The server is a process of its own; the messages are home commands and their beginnings in three languages. Each client
asks again as soon as it is answered. Prints a Markdown table; half a minute on two cores. Linux.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Any

import aiohttp
import numpy as np
from wyoming.asr import Transcript
from wyoming.client import AsyncTcpClient

from wyoming_servers.runtime.engines import import_engine
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.messages import parse_request
from wyoming_servers.turn.server import ENGINES, TurnServerSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence

    Client = Callable[[Sequence[Any]], Coroutine[Any, Any, Sequence[float]]]
    """Asks one question after another and returns the seconds that each took."""

COMMANDS = Path(__file__).parent / "data"
QUESTIONS = 1000
"""For each row, all clients together."""

LIST = 32
Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    port: int
    url: str
    pid: int

    def processor_seconds(self) -> float:
        """Return what it has used so far of all processors."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def main(engine: str) -> None:
    """Print the table."""
    messages = list(islice(cycle(_messages()), QUESTIONS))
    print("| what | n | p50 ms | p99 ms | processor time, ms a message |\n|---|---|---|---|---|")
    seconds, used = _directly(engine, messages)
    _print("the engine itself", seconds, used)
    async with _server(engine) as server:
        for clients in (1, 8):
            each = QUESTIONS // clients
            parts = [messages[number * each : (number + 1) * each] for number in range(clients)]
            await _measure(f"POST /infer, clients: {clients}", server, _by_http(server.url), parts)
            await _measure(f"transcript -> end-of-turn, clients: {clients}", server, _by_wyoming(server.port), parts)
        lists = [messages[begin : begin + LIST] for begin in range(0, QUESTIONS, LIST)]
        await _measure(f"POST /infer, a list of {LIST}", server, _by_http(server.url), [lists])


async def _measure(title: str, server: Server, client: Client, parts: Sequence[Any]) -> None:
    before = server.processor_seconds()
    answered = await asyncio.gather(*(client(part) for part in parts))
    _print(title, [seconds for part in answered for seconds in part], server.processor_seconds() - before)


def _print(title: str, seconds: Sequence[float], processor_seconds: float) -> None:
    median, late = np.percentile(seconds, [50, 99]) * 1000
    each = 1000 * processor_seconds / QUESTIONS
    print(f"| {title} | {len(seconds)} | {median:.2f} | {late:.2f} | {each:.2f} |", flush=True)


def _messages() -> Iterable[Message]:
    """Yield commands and their beginnings, one language after another, each with an earlier turn."""
    for path in sorted(COMMANDS.glob("turn_commands_*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield {"context": ["да", "что ещё"], "message": line}
            yield {"context": [], "message": line[: len(line) // 2]}


def _directly(engine: str, messages: Sequence[Message]) -> tuple[Sequence[float], float]:
    """Return the seconds for each message, and the processor's for all of them."""
    detector = import_engine(ENGINES, engine).load(TurnOptions())
    seconds, before = [], thread_time()
    for pause in parse_request(list(messages)):
        begun = perf_counter()
        detector.completeness(pause)
        seconds.append(perf_counter() - begun)
    return seconds, thread_time() - before


def _by_http(url: str) -> Client:
    async def ask(bodies: Sequence[Any]) -> Sequence[float]:
        times = []
        async with aiohttp.ClientSession(raise_for_status=True) as session:
            for body in bodies:
                data = json.dumps(body).encode()
                begun = perf_counter()
                async with session.post(f"{url}/infer", data=data) as response:
                    await response.read()
                times.append(perf_counter() - begun)
        return times

    return ask


def _by_wyoming(port: int) -> Client:
    async def ask(messages: Sequence[Any]) -> Sequence[float]:
        times = []
        async with AsyncTcpClient("127.0.0.1", port) as client:
            for message in messages:
                event = Transcript(message["message"], context={"turns": message["context"]}).event()
                begun = perf_counter()
                await client.write_event(event)
                await client.read_event()
                times.append(perf_counter() - begun)
        return times

    return ask


@asynccontextmanager
async def _server(engine: str) -> AsyncIterator[Server]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "voice_rag", "turn", "serve", "--engine", engine, "--port", "0", "--side-port", "0"),
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        while not (found := re.search(rb"tcp://[^:]+:(\d+), health on (\S+)/health", await process.stderr.readline())):
            if process.stderr.at_eof():
                raise RuntimeError("The server did not start")
        url = found[2].decode()
        await _by_http(url)([{"message": "да"}])  # returns when the engine is loaded
        yield Server(int(found[1]), url, process.pid)
    finally:
        process.terminate()
        await process.communicate()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else TurnServerSettings().engine))
