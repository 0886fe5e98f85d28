"""Wake words in many rooms: our server beside wyoming-openwakeword, in turns, with streams at the pace of microphones.

    python -m bench.wake --peer PYTHON [--streams 1 4 8 16 32] [--quick]

PYTHON is that of an environment with wyoming-openwakeword 2.1.0. Each stream hears a room's faint noise, the word two
seconds after it has connected and again at 25 s. Both servers are processes; this program is their clients.
"""

import argparse
import asyncio
import io
import os
import re
import socket
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import numpy as np
from pyopen_wakeword import Model, OpenWakeWord, OpenWakeWordFeatures
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.event import Event, async_read_event, async_write_event, write_event
from wyoming.info import Describe
from wyoming.wake import Detect

from tests.fakes.spoken import spoken
from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.runtime.worker import resident_bytes

WORD, VOICE, WORDS_PER_MINUTE = "okay_nabu", "en-us", 170
STREAMS = (1, 4, 8, 16, 32)
EARLY, LATE, WHOLE = 2.0, 25.0, 28.0
"""Seconds: the words begin, the stream ends."""

QUICK_LATE, QUICK_WHOLE = 8.0, 11.0
PATIENCE = 20.0
"""A detection that has not come so long after the stream's end does not count."""

CHUNK = SAMPLE_RATE // 100
"""10 ms, as Home Assistant sends it."""

ROOM_NOISE = 15.0
DESCRIBE_EVERY = 0.2
SAME_AUDIO = [
    (word, voice, pace)
    for word in ("okay nabu", "hey jarvis", "alexa", "hey rhasspy", "hey mycroft", "good morning", "turn on the light")
    for voice in ("en-us", "en-us+f3", "en-us+m3")
    for pace in (140, 170)
]
_AUDIBLE = 0.02
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Result:
    """What a server did with so many streams."""

    streams: int
    late: dict[float, list[float]] = field(default_factory=dict)
    """Seconds from a word's end to its detection, by where the word began."""

    describe: list[float] = field(default_factory=list)
    processor: float = 0.0
    """Seconds of processor time for a second of a stream."""

    memory: float = 0.0
    """Bytes for a stream, beyond those of the idle server."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    pid: int
    port: int


async def main() -> None:
    """Print the tables."""
    options = _options()
    commands = {"ours": _ours(), "peer": _theirs(options.peer)}
    late = QUICK_LATE if options.quick else LATE
    whole = QUICK_WHOLE if options.quick else WHOLE
    print(f"the model's own delay, by the library alone: {1000 * _own_delay():.0f} ms after the word's end\n")
    print(
        "| streams | who | 2 s: heard, p50 / p95 | later: heard, p50 / p95 | processor | describe p50 / p99 | memory |"
    )
    print("|---|---|---|---|---|---|---|")
    for streams in options.streams:
        for who, command in commands.items():
            async with _running(command) as server:
                _print(who, await _measure(server, streams, late, whole), late)
    await _same_detections(commands)


def _print(who: str, result: Result, late: float) -> None:
    words = [_lateness(result.late[begin], result.streams) for begin in (EARLY, late)]
    middle, worst = np.percentile(result.describe, [50, 99]) * 1000
    print(
        f"| {result.streams} | {who} | {words[0]} | {words[1]} | {1000 * result.processor:.1f} ms/s "
        f"| {middle:.1f} / {worst:.1f} ms | {result.memory / 1e6:.1f} MB |",
        flush=True,
    )


def _lateness(seconds: Sequence[float], streams: int) -> str:
    if not seconds:
        return f"0 of {streams}"
    middle, worst = np.percentile(seconds, [50, 95]) * 1000
    return f"{len(seconds)} of {streams}: {middle:.0f} / {worst:.0f} ms"


async def _measure(server: Server, streams: int, late: float, whole: float) -> Result:
    result = Result(streams, {EARLY: [], late: []})
    audio, ends = _audio(late, whole)
    before = resident_bytes(server.pid)
    began = perf_counter() + 0.2
    describing = asyncio.create_task(_describe(server.port, result.describe))
    listeners = [asyncio.create_task(_listen(server.port, audio, began, n, ends, result)) for n in range(streams)]
    await asyncio.sleep(began + 4 - perf_counter())
    processor, started = _processor_seconds(server.pid), perf_counter()
    await asyncio.sleep(began + late - 1 - perf_counter())
    seconds = perf_counter() - started
    result.processor = (_processor_seconds(server.pid) - processor) / seconds / streams
    result.memory = (resident_bytes(server.pid) - before) / streams
    await asyncio.gather(*listeners)
    describing.cancel()
    return result


def _audio(late: float, whole: float) -> tuple[list[bytes], dict[float, float]]:
    """Return the stream's chunks as they are sent, and where each word ends, by where it begins."""
    word = spoken(WORD.replace("_", " "), VOICE, words_per_minute=WORDS_PER_MINUTE, silence=0.0)
    samples = np.random.default_rng(1).normal(0, ROOM_NOISE, int(whole * SAMPLE_RATE))
    for begin in (EARLY, late):
        place = int(begin * SAMPLE_RATE)
        samples[place : place + len(word)] += word
    ends = {begin: begin + _end_of(word) for begin in (EARLY, late)}
    return list(_encoded(np.clip(samples, -32768, 32767).astype(np.int16))), ends


def _end_of(word: Samples) -> float:
    loud = np.abs(word.astype(np.float64))
    return float(np.flatnonzero(loud > _AUDIBLE * loud.max())[-1]) / SAMPLE_RATE


def _encoded(samples: Samples) -> Iterator[bytes]:
    """Yield the chunks as they travel; made once for all streams, so that the clients cost little."""
    for begin in range(0, len(samples) - CHUNK + 1, CHUNK):
        frame = io.BytesIO()
        write_event(_chunk(samples[begin : begin + CHUNK], begin), frame)
        yield frame.getvalue()


def _chunk(samples: Samples, begin: int) -> Event:
    timestamp = begin * 1000 // SAMPLE_RATE
    return AudioChunk(rate=SAMPLE_RATE, width=2, channels=1, audio=samples.tobytes(), timestamp=timestamp).event()


async def _listen(
    port: int, audio: Sequence[bytes], began: float, number: int, ends: Mapping[float, float], result: Result
) -> None:
    """Play a stream and note how late each word was detected. All streams connect at the same time."""
    began += number % 8 * 0.01  # windows of 80 ms are due at different times
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await async_write_event(Detect(names=[WORD]).event(), writer)
    await async_write_event(AudioStart(rate=SAMPLE_RATE, width=2, channels=1).event(), writer)
    noting = asyncio.create_task(_note(reader, began, ends, result))
    try:
        for position, chunk in enumerate(audio):
            await asyncio.sleep(max(0.0, began + (position + 1) * 0.01 - perf_counter()))
            writer.write(chunk)
            await writer.drain()
        with suppress(TimeoutError):
            async with asyncio.timeout(0.5 if _is_complete(result) else PATIENCE):
                await noting
    finally:
        noting.cancel()
        writer.close()


def _is_complete(result: Result) -> bool:
    return all(len(late) >= result.streams for late in result.late.values())


async def _note(reader: asyncio.StreamReader, began: float, ends: Mapping[float, float], result: Result) -> None:
    """Note the first detection after each word; the next word's begins a new one."""
    for begin, end in ends.items():
        while (event := await async_read_event(reader)) is not None:
            # The peer's queue may be seconds long: which word was meant stands in the timestamp.
            if event.type == "detection" and event.data["timestamp"] > begin * 1000:
                result.late[begin].append(perf_counter() - began - end)
                break


async def _describe(port: int, seconds: list[float]) -> None:
    while True:
        started = perf_counter()
        async with AsyncTcpClient("127.0.0.1", port) as client:
            await client.write_event(Describe().event())
            await client.read_event()
        seconds.append(perf_counter() - started)
        await asyncio.sleep(DESCRIBE_EVERY)


def _own_delay() -> float:
    """Return how long after the word's end the library alone is sure of it, fed in chunks of 10 ms; in seconds."""
    word = spoken(WORD.replace("_", " "), VOICE, words_per_minute=WORDS_PER_MINUTE, silence=0.0)
    samples = np.random.default_rng(1).normal(0, ROOM_NOISE, 5 * SAMPLE_RATE)
    samples[2 * SAMPLE_RATE : 2 * SAMPLE_RATE + len(word)] += word
    features, model = OpenWakeWordFeatures.from_builtin(), OpenWakeWord.from_builtin(Model(WORD))
    for begin in range(0, len(samples), CHUNK):
        for embedding in features.process_streaming(samples[begin : begin + CHUNK].astype(np.int16).tobytes()):
            if max(model.process_streaming(embedding), default=0.0) > 0.5:
                return (begin + CHUNK) / SAMPLE_RATE - 2 - _end_of(word)
    raise RuntimeError("The library does not hear the word.")


async def _same_detections(commands: Mapping[str, list[str]]) -> None:
    """Print what each server detects in the same recordings, sent faster than real time."""
    found: dict[str, list[set[str]]] = {}
    for who, command in commands.items():
        async with _running(command) as server:
            found[who] = [await _detections(server.port, _recording(*spoken_as)) for spoken_as in SAME_AUDIO]
    ours, theirs = found.values()
    same = sum(one == other for one, other in zip(ours, theirs, strict=True))
    counts = " and ".join(f"{sum(map(len, one))} ({who})" for who, one in found.items())
    print(f"\n{len(SAME_AUDIO)} recordings, all five words asked for: {counts} words detected; the same in {same}")


def _recording(text: str, voice: str, pace: int) -> Samples:
    speech = spoken(text, voice, words_per_minute=pace, silence=1.0)
    noise = np.random.default_rng(2).normal(0, ROOM_NOISE, len(speech))
    return np.clip(speech + noise, -32768, 32767).astype(np.int16)


async def _detections(port: int, samples: Samples) -> set[str]:
    async with AsyncTcpClient("127.0.0.1", port) as client:
        names = ["okay_nabu", "hey_jarvis", "hey_mycroft", "alexa", "hey_rhasspy"]
        await client.write_event(Detect(names=names).event())
        await client.write_event(AudioStart(rate=SAMPLE_RATE, width=2, channels=1).event())
        for begin in range(0, len(samples) - CHUNK + 1, CHUNK):
            await client.write_event(_chunk(samples[begin : begin + CHUNK], begin))
        await client.write_event(AudioStop().event())
        await client.write_event(Describe().event())  # answered when all before has been
        found = set()
        while (event := await client.read_event()) is not None and event.type != "info":
            if event.type == "detection":
                found.add(event.data["name"])
        return found


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _ours() -> list[str]:
    services = ("--tts-engine", "none", "--stt-engine", "none", "--side-port", "0", "--port", "0")
    return [sys.executable, "-m", "voice_rag", "speech", *services]


def _theirs(python: Path) -> list[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return [str(python), "-m", "wyoming_openwakeword", "--uri", f"tcp://127.0.0.1:{port}"]


@asynccontextmanager
async def _running(command: list[str]) -> AsyncIterator[Server]:
    """Run a server from the moment that it has its models."""
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    assert process.stderr is not None
    try:
        if "--uri" in command:
            port = int(command[command.index("--uri") + 1].rpartition(":")[2])
        else:
            while (found := re.search(rb"Listening on tcp://[^:]+:(\d+)", await process.stderr.readline())) is None:
                if process.returncode is not None:
                    raise RuntimeError("The server did not start.")
            port = int(found[1])
        drain = asyncio.create_task(process.stderr.read())  # else the pipe fills up
        await _ready(port)
        yield Server(process.pid, port)
        process.terminate()
        await drain
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _ready(port: int) -> None:
    """Return when a first stream has been heard."""
    while True:
        try:
            await _detections(port, np.zeros(SAMPLE_RATE, np.int16))
        except OSError:
            await asyncio.sleep(0.05)
        else:
            return


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", type=Path, required=True)
    parser.add_argument("--streams", type=int, nargs="+", default=STREAMS)
    parser.add_argument("--quick", action="store_true", help="the second word at 8 s")
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(main())
