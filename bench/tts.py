"""Our synthesis beside wyoming-piper with the same voices: first audio, whole answers, describe, barge-in, memory.

    python -m bench.tts [--peer PATH/TO/wyoming-piper] [--rounds N]

The voices are random-weight networks of Piper's form. Without --peer, wyoming-piper 2.5.2 is installed from the package
index into a folder that is removed afterwards. Both servers are processes; this program is their clients.
"""

import argparse
import asyncio
import os
import re
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from wyoming.audio import AudioChunk
from wyoming.client import AsyncTcpClient
from wyoming.info import Describe
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop, SynthesizeVoice

from wyoming_servers.runtime.server import WyomingServer
from wyoming_servers.runtime.settings import RuntimeSettings
from wyoming_servers.tts.engine import EngineOptions
from wyoming_servers.tts.piper.options import PiperOptions
from wyoming_servers.tts.service import TtsService
from wyoming_servers.tts.settings import TtsSettings
from wyoming_servers.tts.synthesizer import Synthesizer

PEER = "wyoming-piper==2.5.2"
STEMS = tuple(f"ru_RU-{name}-medium" for name in ("irina", "denis", "dmitri", "ruslan"))
CHANNELS = 448
"""Computes about as much for a second of speech as a real voice of medium quality does."""

CLIENTS = (1, 4, 8)
TOKENS_A_SECOND = 30

LONG_FIRST = (
    "Посудомоечную машину, которая стоит на кухне под окном, можно запускать только после того, как вы проверили "
    "фильтр, насыпали соль и закрыли кран."
)
SHORT_FIRST = "Свет на кухне включён. Что-нибудь ещё?"
_ROOMS = ("на кухне", "в спальне", "в гостиной", "в коридоре", "в ванной")
ANSWER = " ".join(
    f"Шаг {step} {room} занимает несколько минут, и спешить с ним не нужно: проверьте воду и подождите."
    for step in ("первый", "второй", "третий", "последний")
    for room in _ROOMS
)
FIVE = " ".join(re.findall(r"[^.]+\.", ANSWER)[:5])
"""What is said of a recipe or a route."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    process: asyncio.subprocess.Process
    port: int
    names: Sequence[str]
    """Of the voices, as this server calls them."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one client has waited for."""

    first: float
    """Seconds from asking to the first audio."""

    total: float
    """Seconds from asking to the end."""

    audio: float
    """Seconds of it."""

    silence: float
    """Seconds in which a player that begins with the first audio has none before the end."""


Clients = Callable[[Server], Awaitable[Sequence[Heard]]]
Commands = dict[str, Sequence[str]]


async def main(options: argparse.Namespace) -> None:
    """Print the tables."""
    from tests.fakes.tiny_piper import TinyVoice, build  # noqa: PLC0415 (this file is the server too, whose memory counts)

    with tempfile.TemporaryDirectory(prefix="bench-tts-") as name:
        folder = Path(name)
        for seed, stem in enumerate(STEMS):
            path = build(folder / "voices", replace(TinyVoice(), stem=stem, channels=CHANNELS, seed=seed))
        print(f"voice: {path.stat().st_size / 1e6:.0f} MB, random weights\n")
        peer = options.peer or await _install(folder / "peer")
        commands: Commands = {
            "ours": (sys.executable, "-m", "bench.tts", "--serve", "piper", "--voices", str(folder / "voices")),
            "theirs": (str(peer), "--voice", STEMS[0], "--data-dir", str(folder / "voices")),
        }
        print("| | ours | wyoming-piper | ratio |\n|---|---|---|---|")
        await _memory(commands)
        async with _both(commands) as servers:
            await _answers(servers, options.rounds)
            await _describe(servers)
            await _barge_in(servers, options.rounds)
        await _espeak(options.rounds)


async def _answers(servers: dict[str, Server], rounds: int) -> None:
    """Measure what clients wait for, and the processors' time; the servers take turns."""
    for title, clients, count in (
        ("short first sentence, 1 client", _several(1, SHORT_FIRST), rounds),
        *((f"long first sentence, clients: {n}", _several(n, LONG_FIRST), max(1, rounds // n)) for n in CLIENTS),
        *((f"five sentences, clients: {n}", _several(n, FIVE), max(1, rounds // n)) for n in CLIENTS[1:]),
        (f"20 sentences at {TOKENS_A_SECOND} tokens/s", _dictated, max(1, rounds // 2)),
    ):
        heard: dict[str, list[Heard]] = {who: [] for who in servers}
        spent = dict.fromkeys(servers, 0.0)
        for _ in range(count):
            for who, server in servers.items():
                before = _processor_seconds(server.process.pid)
                heard[who] += await clients(server)
                spent[who] += _processor_seconds(server.process.pid) - before
        _row(f"{title}: first audio, median", [median(each.first for each in heard[who]) for who in servers])
        _row(f"{title}: first audio, worst", [max(each.first for each in heard[who]) for who in servers])
        _row(f"{title}: whole answer, median", [median(each.total for each in heard[who]) for who in servers])
        _row(f"{title}: whole answer, worst", [max(each.total for each in heard[who]) for who in servers])
        _row(f"{title}: silence within an answer, worst", [max(each.silence for each in heard[who]) for who in servers])
        _row(f"{title}: seconds of audio", [median(each.audio for each in heard[who]) for who in servers])
        _row(f"{title}: processor seconds", [spent[who] for who in servers])


async def _describe(servers: dict[str, Server]) -> None:
    """Measure describe, as Home Assistant asks it, while four clients are spoken to."""
    times = []
    for server in servers.values():
        work = asyncio.ensure_future(_several(4, LONG_FIRST)(server))
        times.append(await _describe_until(work, server.port))
        await work
    for percent in (50, 99):
        _row(f"describe, clients: 4: p{percent}", [float(np.percentile(each, percent)) for each in times])


async def _barge_in(servers: dict[str, Server], rounds: int) -> None:
    """Measure how much longer a client waits where another has just left a long answer."""
    alone: dict[str, list[float]] = {who: [] for who in servers}
    after: dict[str, list[float]] = {who: [] for who in servers}
    for _ in range(rounds):
        for who, server in servers.items():
            alone[who].append((await _ask(server, SHORT_FIRST)).first)
            await _leave(server)
            after[who].append((await _ask(server, SHORT_FIRST)).first)
    _row("first audio, nobody else", [median(alone[who]) for who in servers])
    _row("first audio, another left just before", [median(after[who]) for who in servers])
    _row("the same, worst", [max(after[who]) for who in servers])


async def _memory(commands: Commands) -> None:
    """Measure with one voice and with four that were used in turn."""
    sizes: dict[int, list[float]] = {1: [], len(STEMS): []}
    switched = []
    for command in commands.values():
        async with _running(command) as server:
            await _ask(server, SHORT_FIRST)
            sizes[1].append(_memory_of(server.process.pid))
            for _ in range(2):
                waits = [(await _ask(server, SHORT_FIRST, name)).first for name in server.names]
            sizes[len(STEMS)].append(_memory_of(server.process.pid))
            switched.append(median(waits))
    for count, values in sizes.items():
        _row(f"memory, MB, voices: {count}", [value / 1e6 for value in values])
    _row("first audio, four voices in turn", switched)


async def _espeak(rounds: int) -> None:
    """Measure our smallest engine, which the peer has not."""
    async with _running((sys.executable, "-m", "bench.tts", "--serve", "espeak")) as server:
        await _ask(server, SHORT_FIRST)
        for count in CLIENTS:
            heard = [each for _ in range(rounds) for each in await _several(count, LONG_FIRST)(server)]
            first, total = median(each.first for each in heard), median(each.total for each in heard)
            print(f"| espeak, long first sentence, clients: {count}: first audio | {first:.3f} | | |")
            print(f"| espeak, long first sentence, clients: {count}: whole answer | {total:.3f} | | |")


def _row(title: str, values: Sequence[float]) -> None:
    ours, theirs = values
    print(f"| {title} | {ours:.3f} | {theirs:.3f} | {theirs / max(ours, 1e-6):.2f} |", flush=True)


def _several(count: int, text: str) -> Clients:
    async def ask(server: Server) -> Sequence[Heard]:
        return await asyncio.gather(*(_ask(server, text) for _ in range(count)))

    return ask


async def _ask(server: Server, text: str, voice: str | None = None) -> Heard:
    """Ask as Home Assistant does for a text that is known as a whole."""
    wanted = SynthesizeVoice(name=voice or server.names[0])
    async with AsyncTcpClient("127.0.0.1", server.port) as client:
        started = perf_counter()
        for event in (
            SynthesizeStart(voice=wanted),
            SynthesizeChunk(text=text),
            Synthesize(text=text),
            SynthesizeStop(),
        ):
            await client.write_event(event.event())
        return await _heard(client, started)


async def _dictated(server: Server) -> Sequence[Heard]:
    """Ask as Home Assistant does while a model writes: the times count from the first and from the last token."""
    tokens = re.findall(r"\s*\S{1,4}", ANSWER)
    async with AsyncTcpClient("127.0.0.1", server.port) as client:
        started = perf_counter()
        hearing = asyncio.create_task(_heard(client, started))
        await client.write_event(SynthesizeStart(voice=SynthesizeVoice(name=server.names[0])).event())
        for number, token in enumerate(tokens):
            await asyncio.sleep(max(0.0, started + number / TOKENS_A_SECOND - perf_counter()))
            await client.write_event(SynthesizeChunk(text=token).event())
        await client.write_event(Synthesize(text=ANSWER).event())
        await client.write_event(SynthesizeStop().event())
        return [await hearing]


async def _leave(server: Server) -> None:
    """Ask for a long answer and leave at its first sound."""
    async with AsyncTcpClient("127.0.0.1", server.port) as client:
        wanted = SynthesizeVoice(name=server.names[0])
        await client.write_event(SynthesizeStart(voice=wanted).event())
        await client.write_event(SynthesizeChunk(text=ANSWER).event())
        while (event := await client.read_event()) is not None and not AudioChunk.is_type(event.type):
            pass


async def _heard(client: AsyncTcpClient, started: float) -> Heard:
    chunks: list[tuple[float, float]] = []
    while (event := await client.read_event()) is not None and event.type != "synthesize-stopped":
        if event.type == "error":
            raise RuntimeError(f"an error instead of speech: {event.data}")
        if AudioChunk.is_type(event.type):
            seconds = len(event.payload or b"") / 2 / event.data["rate"]
            chunks.append((perf_counter() - started, seconds))
    if not chunks:
        raise RuntimeError("no audio")
    return Heard(chunks[0][0], perf_counter() - started, sum(seconds for _, seconds in chunks), _silence(chunks))


def _silence(chunks: Sequence[tuple[float, float]]) -> float:
    """Return for how long who plays the chunks, each with its time of arrival and its seconds, has none to play."""
    played_until, silence = chunks[0][0], 0.0
    for arrival, seconds in chunks:
        silence += max(0.0, arrival - played_until)
        played_until = max(arrival, played_until) + seconds
    return silence


async def _describe_until(work: "asyncio.Future[Sequence[Heard]]", port: int) -> list[float]:
    times = []
    while not work.done():
        started = perf_counter()
        async with AsyncTcpClient("127.0.0.1", port) as client:
            await client.write_event(Describe().event())
            await client.read_event()
        times.append(perf_counter() - started)
        await asyncio.wait([work], timeout=0.02)
    return times


@asynccontextmanager
async def _both(commands: Commands) -> AsyncIterator[dict[str, Server]]:
    async with AsyncExitStack() as stack:
        servers = {who: await stack.enter_async_context(_running(command)) for who, command in commands.items()}
        for server in servers.values():
            await _ask(server, SHORT_FIRST)
        yield servers


@asynccontextmanager
async def _running(command: Sequence[str]) -> AsyncIterator[Server]:
    """Run a server; its voices are loaded when it is asked for the first time."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    is_peer = "--serve" not in command
    place = ("--uri", f"tcp://127.0.0.1:{port}") if is_peer else ("--port", str(port))
    process = await asyncio.create_subprocess_exec(*command, *place, stderr=asyncio.subprocess.DEVNULL)
    try:
        names = STEMS if is_peer else await _names(port)
        await _answers_on(port)
        yield Server(process, port, names)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _answers_on(port: int) -> None:
    for _ in range(600):
        with suppress(OSError):
            async with AsyncTcpClient("127.0.0.1", port):
                return
        await asyncio.sleep(0.1)
    raise RuntimeError("the server does not answer")


async def _names(port: int) -> Sequence[str]:
    await _answers_on(port)
    async with AsyncTcpClient("127.0.0.1", port) as client:
        await client.write_event(Describe().event())
        event = await client.read_event()
    assert event is not None
    names = [voice["name"] for voice in event.data["tts"][0]["voices"]]
    first = [name for name in names if "irina" in name or "espeak-ru" in name]
    return [*first, *(name for name in names if name not in first)]


async def _install(folder: Path) -> Path:
    for command in ((sys.executable, "-m", "venv", str(folder)), (str(folder / "bin/pip"), "install", "-q", PEER)):
        process = await asyncio.create_subprocess_exec(*command)
        if await process.wait():
            raise RuntimeError(f"{' '.join(command)} failed")
    return folder / "bin/wyoming-piper"


def _family(pid: int) -> list[int]:
    """Return the process and its descendants."""
    family = [pid]
    for parent in family:
        with suppress(OSError):
            for task in Path(f"/proc/{parent}/task").iterdir():
                family += map(int, (task / "children").read_text(encoding="ascii").split())
    return family


def _memory_of(pid: int) -> float:
    """Return the bytes that the process and its descendants have; what they share counts once (PSS)."""
    kilobytes = 0
    for member in _family(pid):
        with suppress(OSError):
            rollup = Path(f"/proc/{member}/smaps_rollup").read_text(encoding="ascii")
            kilobytes += int(rollup.partition("\nPss:")[2].split()[0])
    return kilobytes * 1024


def _processor_seconds(pid: int) -> float:
    ticks = 0
    for member in _family(pid):
        with suppress(OSError):
            fields = Path(f"/proc/{member}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _serve(options: argparse.Namespace) -> None:
    settings = TtsSettings(cache_bytes=0)  # the clients say the same sentence: nobody is served from what is kept
    piper = PiperOptions(voices=STEMS, voices_in_memory=len(STEMS))
    engine = EngineOptions(voices_folder=options.voices, piper=piper)
    service = TtsService(Synthesizer.named(options.serve, engine, settings), settings)
    asyncio.run(WyomingServer([service], RuntimeSettings(port=options.port, side_port=0)).run())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("--voices", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        _serve(given)
    else:
        asyncio.run(main(given))
