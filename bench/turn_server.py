"""Latency of the turn detection server, beside the same engine called directly: python -m bench.turn_server [ENGINE].

The server is a process of its own; the messages are home commands and their beginnings in three languages. Each client
asks again as soon as it is answered. Prints a Markdown table; half a minute on two cores.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from contextlib import asynccontextmanager
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter
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


async def main(engine: str) -> None:
    """Print the table."""
    messages = list(islice(cycle(_messages()), QUESTIONS))
    rows = {"the engine itself, 1 thread": _directly(engine, messages)}
    async with _server(engine) as (port, url):
        for clients in (1, 8):
            each = QUESTIONS // clients
            parts = [messages[number * each : (number + 1) * each] for number in range(clients)]
            rows[f"POST /infer, clients: {clients}"] = await _together(_by_http(url), parts)
            rows[f"transcript -> end-of-turn, clients: {clients}"] = await _together(_by_wyoming(port), parts)
        lists = [messages[begin : begin + LIST] for begin in range(0, QUESTIONS, LIST)]
        rows[f"POST /infer, lists of {LIST}, for each message"] = [
            seconds / LIST for seconds in await _together(_by_http(url), [lists])
        ]
    base = float(np.percentile(rows["the engine itself, 1 thread"], 50))
    print("| what | n | p50 ms | p99 ms | p50, times the engine's |\n|---|---|---|---|---|")
    for title, seconds in rows.items():
        median, late = np.percentile(seconds, [50, 99])
        print(f"| {title} | {len(seconds)} | {1000 * median:.2f} | {1000 * late:.2f} | {median / base:.1f} |")


def _messages() -> Iterable[Message]:
    """Yield commands and their beginnings, one language after another, each with an earlier turn."""
    for path in sorted(COMMANDS.glob("turn_commands_*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield {"context": ["да", "что ещё"], "message": line}
            yield {"context": [], "message": line[: len(line) // 2]}


def _directly(engine: str, messages: Sequence[Message]) -> Sequence[float]:
    detector = import_engine(ENGINES, engine).load(TurnOptions())
    pauses = parse_request(list(messages))
    seconds = []
    for pause in pauses:
        begun = perf_counter()
        detector.completeness(pause)
        seconds.append(perf_counter() - begun)
    return seconds


async def _together(client: Client, parts: Sequence[Any]) -> Sequence[float]:
    answered = await asyncio.gather(*(client(part) for part in parts))
    return [seconds for part in answered for seconds in part]


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
async def _server(engine: str) -> AsyncIterator[tuple[int, str]]:
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
        yield int(found[1]), url
    finally:
        process.terminate()
        await process.communicate()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else TurnServerSettings().engine))
