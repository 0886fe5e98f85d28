"""What a client of the speech server waits for: describe under load, transcript, first audio, wake word.

    python -m bench.speech_server

The server is a process of its own with its default engines; this program is its clients.
"""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from time import perf_counter

import aiohttp
import numpy as np
import soxr
from wyoming.asr import Transcribe
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.event import Event
from wyoming.info import Describe
from wyoming.tts import Synthesize
from wyoming.wake import Detect

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.runtime.espeak import shared_espeak

TRANSCRIBING_CLIENTS = 4
TRANSCRIPTS_EACH = 8
ANSWERS = 20
WAKE_ROUNDS = 5
CHUNK = SAMPLE_RATE // 100
"""10 ms, as Home Assistant sends it."""

VOCABULARY = {"names": [{"name": "kitchen light", "domain": "light"}], "areas": ["Kitchen"], "titles": ["Solaris"]}


async def main() -> None:
    """Print the table."""
    async with _server() as (port, side_port):
        await _warm_up(port, side_port)
        rows = {
            "describe, server idle": await _times(100, lambda: _describe(port)),
            **await _under_load(port),
            "synthesize to first audio": await _times(ANSWERS, lambda: _first_audio(port)),
        }
        for streams in (1, 4, 8):
            rows[f"end of the wake word to detection, {streams} streams"] = await _wake(port, streams)
    print("| what | n | p50 ms | p99 ms | worst ms |\n|---|---|---|---|---|")
    for title, seconds in rows.items():
        median, late = np.percentile(seconds, [50, 99]) * 1000
        print(f"| {title} | {len(seconds)} | {median:.1f} | {late:.1f} | {1000 * max(seconds):.1f} |")


async def _under_load(port: int) -> dict[str, Sequence[float]]:
    """Measure describe while clients transcribe, and their transcripts."""
    speech = _speech("turn on the kitchen light", "en-us", 150)
    clients = [
        asyncio.create_task(_times(TRANSCRIPTS_EACH, lambda: _transcribe(port, speech)))
        for _ in range(TRANSCRIBING_CLIENTS)
    ]
    describes = []
    while not all(client.done() for client in clients):
        describes.append(await _describe(port))
        await asyncio.sleep(0.02)
    transcripts = [seconds for client in clients for seconds in await client]
    return {
        f"describe, {TRANSCRIBING_CLIENTS} clients transcribe": describes,
        f"audio-stop to transcript, {TRANSCRIBING_CLIENTS} clients at once": transcripts,
        "audio-stop to transcript, alone": await _times(10, lambda: _transcribe(port, speech)),
    }


async def _times(count: int, measure: Callable[[], Awaitable[float]]) -> list[float]:
    return [await measure() for _ in range(count)]


async def _describe(port: int) -> float:
    started = perf_counter()
    async with AsyncTcpClient("127.0.0.1", port) as client:
        await client.write_event(Describe().event())
        await client.read_event()
    return perf_counter() - started


async def _transcribe(port: int, speech: Samples) -> float:
    async with AsyncTcpClient("127.0.0.1", port) as client:
        await client.write_event(Transcribe(language="en").event())
        await client.write_event(AudioStart(rate=SAMPLE_RATE, width=2, channels=1).event())
        for begin in range(0, len(speech), CHUNK):
            await client.write_event(_chunk(speech[begin : begin + CHUNK], begin))
        started = perf_counter()
        await client.write_event(AudioStop().event())
        while (answer := await client.read_event()) is not None and answer.type.startswith("transcript-"):
            pass
        if answer is None or not answer.data.get("text"):
            raise RuntimeError(f"not a transcript: {answer}")
        return perf_counter() - started


async def _first_audio(port: int) -> float:
    async with AsyncTcpClient("127.0.0.1", port) as client:
        started = perf_counter()
        await client.write_event(Synthesize(text="Свет на кухне включён. Что-нибудь ещё?").event())
        while (event := await client.read_event()) is not None and not AudioChunk.is_type(event.type):
            pass
        return perf_counter() - started


async def _wake(port: int, streams: int) -> list[float]:
    rounds = [
        await asyncio.gather(*(_wake_once(port, number) for number in range(streams))) for _ in range(WAKE_ROUNDS)
    ]
    return [seconds for seconds_of_round in rounds for seconds in seconds_of_round]


async def _wake_once(port: int, number: int) -> float:
    """Play the word in real time and return how long after its last sample the detection came; may be negative."""
    word = _speech("okay nabu", "en-us+f3", 150)
    audio = np.concatenate([np.zeros(SAMPLE_RATE + 997 * number, np.int16), word])
    ends_at = (len(audio) - SAMPLE_RATE // 4) / SAMPLE_RATE
    audio = np.concatenate([audio, np.zeros(2 * SAMPLE_RATE, np.int16)])
    async with AsyncTcpClient("127.0.0.1", port) as client:
        await client.write_event(Detect(names=["okay_nabu"]).event())
        await client.write_event(AudioStart(rate=SAMPLE_RATE, width=2, channels=1).event())
        began = perf_counter()
        playing = asyncio.create_task(_play(client, audio, began))
        try:
            async with asyncio.timeout(10):
                answer = await client.read_event()
        finally:
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)
        if answer is None or answer.type != "detection":
            raise RuntimeError(f"not a detection: {answer}")
        return perf_counter() - began - ends_at


async def _play(client: AsyncTcpClient, audio: Samples, began: float) -> None:
    for begin in range(0, len(audio), CHUNK):
        await asyncio.sleep(max(0.0, began + (begin + CHUNK) / SAMPLE_RATE - perf_counter()))
        await client.write_event(_chunk(audio[begin : begin + CHUNK], begin))


def _chunk(samples: Samples, begin: int) -> Event:
    timestamp = begin * 1000 // SAMPLE_RATE
    return AudioChunk(rate=SAMPLE_RATE, width=2, channels=1, audio=samples.tobytes(), timestamp=timestamp).event()


def _speech(text: str, voice: str, words_per_minute: int) -> Samples:
    espeak = shared_espeak()
    pcm = np.frombuffer(espeak.synthesize(text, voice, words_per_minute=words_per_minute), np.int16)
    padded = np.pad(np.trim_zeros(pcm), espeak.sample_rate // 4).astype(np.float32)
    resampled: Samples = np.clip(soxr.resample(padded, espeak.sample_rate, SAMPLE_RATE), -32768, 32767).astype(np.int16)
    return resampled


async def _warm_up(port: int, side_port: int) -> None:
    url = f"http://127.0.0.1:{side_port}/vocabulary"
    async with aiohttp.ClientSession() as session, session.put(url, json=VOCABULARY) as response:
        response.raise_for_status()
    await _first_audio(port)
    await _wake_once(port, 0)


@asynccontextmanager
async def _server() -> AsyncIterator[tuple[int, int]]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "voice_rag", "speech", "--port", "0", "--side-port", "0"),
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        ports = await _ports_of(process)
        drain = asyncio.create_task(process.stderr.read())  # type: ignore[union-attr]  # else the pipe fills up
        yield ports
        process.terminate()
        await drain
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _ports_of(process: asyncio.subprocess.Process) -> tuple[int, int]:
    assert process.stderr is not None
    while line := (await process.stderr.readline()).decode():
        if found := re.search(r"Listening on tcp://[^:]+:(\d+), health on http://[^:]+:(\d+)", line):
            return int(found[1]), int(found[2])
    raise RuntimeError("The server did not start")


if __name__ == "__main__":
    asyncio.run(main())
