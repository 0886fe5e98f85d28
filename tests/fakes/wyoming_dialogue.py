"""A Wyoming client in sentences a test can read."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import numpy as np
from numpy.typing import NDArray
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.event import Event, Eventable
from wyoming.info import Describe, Info


class Dialogue:
    """One connection to a server on loopback."""

    def __init__(self, client: AsyncTcpClient) -> None:
        self._client = client

    async def say(self, *events: Eventable) -> None:
        """Send the events."""
        for event in events:
            await self._client.write_event(event.event())

    async def send_raw(self, event: Event) -> None:
        """Send an event that no class of the library would make."""
        await self._client.write_event(event)

    async def hear(self) -> Event | None:
        """Return the next event; None when the server has closed."""
        return await self._client.read_event()

    async def hear_until(self, *types: str) -> list[Event]:
        """Return the events up to the first of one of these types, that one included."""
        heard = []
        while (event := await self.hear()) is not None:
            heard.append(event)
            if event.type in types:
                return heard
        raise AssertionError(f"The server closed after {[event.type for event in heard]}, before any of {types}")

    async def describe(self) -> Info:
        """Return the server's info."""
        await self.say(Describe())
        return Info.from_event((await self.hear_until("info"))[-1])

    async def leave(self) -> None:
        """Close the connection."""
        await self._client.disconnect()


@asynccontextmanager
async def dialogue(port: int) -> AsyncIterator[Dialogue]:
    """Connect to a port of this machine for as long as the context is open."""
    client = AsyncTcpClient("127.0.0.1", port)
    await client.connect()
    try:
        yield Dialogue(client)
    finally:
        await client.disconnect()


def audio_events(
    samples: NDArray[np.int16], *, rate: int = 16_000, channels: int = 1, chunk_ms: int = 10
) -> Iterable[Eventable]:
    """Yield audio-start, audio-chunk*, audio-stop; `samples` has the channels interleaved."""
    yield AudioStart(rate=rate, width=2, channels=channels)
    size = channels * rate * chunk_ms // 1000
    for begin in range(0, len(samples), size):
        yield AudioChunk(rate=rate, width=2, channels=channels, audio=samples[begin : begin + size].tobytes())
    yield AudioStop()


def sound_of(events: Iterable[Event]) -> NDArray[np.int16]:
    """Return the samples of the audio chunks among the events."""
    chunks = [AudioChunk.from_event(event).audio for event in events if AudioChunk.is_type(event.type)]
    return np.frombuffer(b"".join(chunks), dtype=np.int16)
