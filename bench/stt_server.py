"""Our speech server beside wyoming-faster-whisper with the same Whisper: what a client waits for, and the memory.

    python -m bench.stt_server

The model has the size of Whisper tiny and random weights, written so that it always says the same sentence. The peer is
installed from the package index into a folder of its own. Both servers are processes; this program is their clients.
"""

import asyncio
import os
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from wyoming.asr import Transcribe
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.event import Event
from wyoming.info import Describe

from tests.fakes import tiny_whisper
from tests.fakes.spoken import spoken
from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.runtime.worker import resident_bytes
from wyoming_servers.stt.engine import EngineOptions
from wyoming_servers.stt.engines import faster_whisper

PEER = ("wyoming-faster-whisper==3.8.1", "av<17")
"""faster-whisper 1.2 can't read files with a newer PyAV."""

CLIENTS = (1, 4, 8)
ROUNDS = 2
RAW_CALLS = 5
UNLOAD_SECONDS = 5
IDLE_SECONDS = 5
PEERS_PAUSE = "0.7"
"""Seconds of silence that end its turn; what Home Assistant waits for by default."""

CHUNK = SAMPLE_RATE // 100
"""10 ms, as Home Assistant sends it."""

_AUDIBLE = 300


class LoadingError(Exception):
    """The server is still loading, and has waited for long."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    process: asyncio.subprocess.Process
    port: int
    started: float
    """When, by perf_counter."""


async def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory(prefix="stt-server-") as name:
        folder = Path(name)
        model = tiny_whisper.build(folder / "model", size=tiny_whisper.WHISPER_TINY)
        peer = await _install_peer(folder / "peer")
        sentence = spoken("включи свет на кухне", "ru")
        raw = _raw(model, sentence)
        print(f"raw engine call: {raw * 1000:.0f} ms\n")
        ours = _ours(model)
        by_client = [*ours, "--end-of-turn", "client"]
        theirs = _theirs(peer, model, folder)
        print("| | ours | wyoming-faster-whisper |\n|---|---|---|")
        await _loading({"ours": ours, "theirs": theirs}, sentence)
        await _audio_stop({"ours": by_client, "theirs": theirs}, sentence, raw)
        await _end_of_speech({"ours": ours, "theirs": theirs}, sentence)
        await _memory(ours, theirs, sentence)


def _row(title: str, ours: str, theirs: str) -> None:
    print(f"| {title} | {ours} | {theirs} |", flush=True)


async def _loading(commands: dict[str, list[str]], sentence: Samples) -> None:
    """Measure from the start of the process until it answers, and how it answers until a transcript comes."""
    listening, worst, ready = {}, {}, {}
    for who, command in commands.items():
        async with _running(command) as server:
            listening[who] = perf_counter() - server.started
            first = asyncio.create_task(_warm_up(server.port, sentence))
            describes = await _describe_until(first, server.port)
            ready[who] = perf_counter() - server.started
            worst[who] = _percentiles(describes)
    _row("process started to first describe", *(f"{seconds:.2f} s" for seconds in listening.values()))
    _row("process started to first transcript", *(f"{seconds:.2f} s" for seconds in ready.values()))
    _row("describe until then, p50 / p99", *worst.values())


async def _audio_stop(commands: dict[str, list[str]], sentence: Samples, raw: float) -> None:
    """Measure from audio-stop to the transcript, and describe meanwhile; the servers take turns."""
    async with _both(commands, sentence) as servers:
        idle = [
            await _describe_until(asyncio.create_task(asyncio.sleep(5)), server.port) for server in servers.values()
        ]
        _row("describe, nobody speaks, p50 / p99", *map(_percentiles, idle))
        for clients in CLIENTS:
            seconds: dict[str, list[float]] = {who: [] for who in servers}
            described: dict[str, list[float]] = {who: [] for who in servers}
            for _ in range(ROUNDS):
                for who, server in servers.items():
                    work = asyncio.create_task(_together(clients, _transcribe, server.port, sentence))
                    described[who] += await _describe_until(work, server.port)
                    seconds[who] += await work
            _row(f"audio-stop to transcript, clients: {clients}, median / worst", *map(_waits, seconds.values()))
            _row(f"describe meanwhile, clients: {clients}, p50 / p99", *map(_percentiles, described.values()))
            if clients == 1:
                added = (f"{(median(times) - raw) * 1000:+.0f} ms" for times in seconds.values())
                _row("the same less the raw engine call", *added)


async def _end_of_speech(commands: dict[str, list[str]], sentence: Samples) -> None:
    """Measure from the last sound to the transcript where the servers find the end, in real time; they take turns."""
    async with _both(commands, sentence) as servers:
        for clients in CLIENTS:
            seconds: dict[str, list[float]] = {who: [] for who in servers}
            for _ in range(ROUNDS):
                for who, server in servers.items():
                    seconds[who] += await _together(clients, _speak, server.port, sentence)
            _row(f"end of speech to transcript, clients: {clients}, median / worst", *map(_waits, seconds.values()))


@asynccontextmanager
async def _both(commands: dict[str, list[str]], sentence: Samples) -> AsyncIterator[dict[str, Server]]:
    async with AsyncExitStack() as stack:
        servers = {who: await stack.enter_async_context(_running(command)) for who, command in commands.items()}
        for server in servers.values():
            await _warm_up(server.port, sentence)
        yield servers


async def _together(
    clients: int, say: Callable[[int, Samples], Awaitable[float]], port: int, sentence: Samples
) -> list[float]:
    return await asyncio.gather(*(say(port, sentence) for _ in range(clients)))


def _waits(seconds: Sequence[float]) -> str:
    return f"{median(seconds):.2f} / {max(seconds):.2f} s"


async def _memory(ours: list[str], theirs: list[str], sentence: Samples) -> None:
    """Measure the memory of all processes of a server after a transcript, and a while later."""
    after, later = [], []
    for command in ([*ours, "--unload-after", str(UNLOAD_SECONDS)], theirs):
        async with _running(command) as server:
            await _warm_up(server.port, sentence)
            after.append(f"{_memory_of(server.process.pid) / 1e6:.0f} MB")
            await asyncio.sleep(UNLOAD_SECONDS + 2)
            later.append(f"{_memory_of(server.process.pid) / 1e6:.0f} MB")
            if command is not theirs:
                started = perf_counter()
                await _speak(server.port, sentence)
                reload = perf_counter() - started - len(sentence) / SAMPLE_RATE
    _row("memory after a transcript", *after)
    _row(f"memory {UNLOAD_SECONDS + 2} s later (ours with --unload-after {UNLOAD_SECONDS})", *later)
    _row("end of speech to transcript of an unloaded engine", f"{reload:.2f} s", "never unloads")


async def _warm_up(port: int, sentence: Samples) -> None:
    """Return when the server has given its first transcript."""
    while True:
        try:
            await _transcribe(port, sentence)
        except LoadingError:
            continue
        return


async def _describe_until(work: asyncio.Task[Any], port: int) -> list[float]:
    seconds = []
    while not work.done():
        started = perf_counter()
        async with AsyncTcpClient("127.0.0.1", port) as client:
            await client.write_event(Describe().event())
            await client.read_event()
        seconds.append(perf_counter() - started)
        await asyncio.sleep(0.02)
    return seconds


async def _transcribe(port: int, sentence: Samples) -> float:
    """Send everything at once and return the time from audio-stop to the transcript."""
    async with AsyncTcpClient("127.0.0.1", port) as client:
        await _begin(client)
        for begin in range(0, len(sentence), CHUNK):
            await client.write_event(_chunk(sentence[begin : begin + CHUNK]))
        started = perf_counter()
        await client.write_event(AudioStop().event())
        await _transcript(client)
        return perf_counter() - started


async def _speak(port: int, sentence: Samples) -> float:
    """Speak in real time, stay silent, and return the time from the last sound to the transcript."""
    audible = np.flatnonzero(np.abs(sentence.astype(np.int32)) > _AUDIBLE)
    async with AsyncTcpClient("127.0.0.1", port) as client:
        await _begin(client)
        began = perf_counter()
        playing = asyncio.create_task(_play(client, sentence, began))
        try:
            async with asyncio.timeout(600):
                await _transcript(client)
            return perf_counter() - began - float(audible[-1]) / SAMPLE_RATE
        finally:
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)


async def _begin(client: AsyncTcpClient) -> None:
    await client.write_event(Transcribe(language="ru").event())
    await client.write_event(AudioStart(rate=SAMPLE_RATE, width=2, channels=1).event())


async def _play(client: AsyncTcpClient, sentence: Samples, began: float) -> None:
    position = 0
    while True:
        chunk = sentence[position : position + CHUNK]
        position += CHUNK
        await asyncio.sleep(max(0.0, began + position / SAMPLE_RATE - perf_counter()))
        await client.write_event(_chunk(np.pad(chunk, (0, CHUNK - len(chunk)))))


async def _transcript(client: AsyncTcpClient) -> None:
    while (event := await client.read_event()) is not None:
        if event.type == "error" and event.data["code"] == "loading":
            raise LoadingError
        if event.type == "transcript" and event.data["text"].strip() == tiny_whisper.TEXT:
            return
        if event.type in ("error", "transcript"):
            break
    raise RuntimeError(f"not the transcript: {event}")


def _chunk(samples: Samples) -> Event:
    return AudioChunk(rate=SAMPLE_RATE, width=2, channels=1, audio=samples.tobytes()).event()


def _raw(model: Path, sentence: Samples) -> float:
    """Return the median time of the engine's own call, in seconds."""
    engine = faster_whisper.load(EngineOptions(model=str(model)))
    times = []
    for _ in range(RAW_CALLS):
        started = perf_counter()
        engine.transcribe(sentence, "ru")
        times.append(perf_counter() - started)
    return median(times)


def _percentiles(seconds: Sequence[float]) -> str:
    middle, late = np.percentile(seconds, [50, 99]) * 1000
    return f"{middle:.1f} / {late:.1f} ms (n = {len(seconds)})"


def _memory_of(pid: int) -> int:
    """Return the memory of a process and its children, in bytes."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    threads = [path.name for path in Path(f"/proc/{pid}/task").iterdir() if path.name != str(pid)]
    for thread in threads:  # a child belongs to the thread that started it
        children += Path(f"/proc/{pid}/task/{thread}/children").read_text(encoding="ascii").split()
    return resident_bytes(pid) + sum(_memory_of(int(child)) for child in children)


def _ours(model: Path) -> list[str]:
    services = ("--tts-engine", "none", "--wake-engine", "none", "--side-port", "0", "--port", "0")
    engine = ("--stt-engine", "faster_whisper", "--stt-model", str(model))
    return [sys.executable, "-m", "voice_rag", "speech", *services, *engine]


def _theirs(python: Path, model: Path, folder: Path) -> list[str]:
    port = str(_free_port())
    return [
        *(str(python), "-m", "wyoming_faster_whisper", "--uri", f"tcp://127.0.0.1:{port}", "--data-dir", str(folder)),
        *("--model", str(model), "--stt-library", "faster-whisper", "--language", "ru", "--local-files-only"),
        *("--compute-type", "int8", "--cpu-threads", str(len(os.sched_getaffinity(0)))),  # as ours
        *("--vad-endpointing", PEERS_PAUSE),
    ]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


async def _install_peer(folder: Path) -> Path:
    """Return the Python of a new environment that has the peer."""
    python = folder / "bin" / "python"
    with_uv = [
        ["uv", "venv", "--quiet", "--python", sys.executable, str(folder)],
        ["uv", "pip", "install", "--quiet", "--python", str(python), *PEER],
    ]
    with_pip = [[sys.executable, "-m", "venv", str(folder)], [str(python), "-m", "pip", "install", "--quiet", *PEER]]
    for command in with_uv if shutil.which("uv") else with_pip:
        process = await asyncio.create_subprocess_exec(*command, stdout=sys.stderr)
        if await process.wait():
            raise RuntimeError(f"failed: {' '.join(command)}")
    return python


@asynccontextmanager
async def _running(command: list[str]) -> AsyncIterator[Server]:
    """Run a server from the moment that its port answers."""
    started = perf_counter()
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    assert process.stderr is not None
    try:
        if "--uri" in command:
            port = int(command[command.index("--uri") + 1].rpartition(":")[2])
            await _answers(process, port)
        else:
            port = await _port_of(process)
        drain = asyncio.create_task(process.stderr.read())  # else the pipe fills up
        yield Server(process, port, started)
        process.terminate()
        await drain
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _answers(process: asyncio.subprocess.Process, port: int) -> None:
    while process.returncode is None:
        try:
            async with AsyncTcpClient("127.0.0.1", port) as client:
                await client.write_event(Describe().event())
                await client.read_event()
                return
        except OSError:
            await asyncio.sleep(0.01)
    raise RuntimeError("The server did not start")


async def _port_of(process: asyncio.subprocess.Process) -> int:
    assert process.stderr is not None
    while line := (await process.stderr.readline()).decode():
        if found := re.search(r"Listening on tcp://[^:]+:(\d+)", line):
            return int(found[1])
    raise RuntimeError("The server did not start")


if __name__ == "__main__":
    asyncio.run(main())
