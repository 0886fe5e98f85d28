"""A satellite without hardware: its microphone is a WAV file, its loudspeaker another.

It speaks the Wyoming satellite protocol as the devices do. Home Assistant connects to it; then, for one conversation:

    satellite: run-pipeline, audio-chunk+ (in real time, until the transcript), played
    Home Assistant: detect, detection, transcribe, voice-started?, voice-stopped?, transcript, synthesize,
        audio-start, audio-chunk+, audio-stop; or error at any point; ping all the while
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from wyoming.audio import AudioChunk, AudioStop
from wyoming.event import Event, async_read_event, async_write_event
from wyoming.info import Attribution, Describe, Info, Satellite
from wyoming.ping import Ping, Pong
from wyoming.pipeline import PipelineStage, RunPipeline
from wyoming.satellite import PauseSatellite, RunSatellite
from wyoming.snd import Played

from demo.audio import MICROPHONE_RATE, read_microphone, write_wav
from demo.conversation import Conversation, Moment
from demo.errors import SatelliteError
from demo.ports import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from demo.speech import Recording

_LOGGER = logging.getLogger(__name__)

CHUNK_SAMPLES = 512
"""32 ms: short enough to place the end of a word, long enough not to be all overhead."""
LEAD_SECONDS = 0.5
"""Silence before the recording: the microphone was listening already."""
PATIENCE_SECONDS = 120.0
"""How long after the end of the recording an answer may take."""
CONNECT_SECONDS = 120.0
"""Home Assistant tries again every 10 s."""


@dataclass(slots=True)
class _Link:
    """The connection over which Home Assistant runs the satellite."""

    writer: asyncio.StreamWriter
    events: asyncio.Queue[tuple[float, Event] | None] = field(default_factory=asyncio.Queue)
    """None when Home Assistant has gone."""


@asynccontextmanager
async def open_satellite(name: str, area: str | None = None) -> AsyncIterator[VirtualSatellite]:
    """Run a satellite on a loopback port of its own."""
    satellite = VirtualSatellite(name, area)
    server = await asyncio.start_server(satellite.serve, LOOPBACK, 0)
    satellite.port = server.sockets[0].getsockname()[1]
    try:
        yield satellite
    finally:
        server.close()
        await satellite.hang_up()


class VirtualSatellite:
    """A microphone and a loudspeaker made of files; `open_satellite` puts it on a port."""

    def __init__(self, name: str, area: str | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self.port = 0
        self._area = area
        self._clock = clock
        self._link: _Link | None = None
        self._is_linked = asyncio.Event()

    async def wait_until_connected(self, seconds: float = CONNECT_SECONDS) -> None:
        """Wait until Home Assistant runs this satellite.

        Raises: SatelliteError.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._is_linked.wait()
        except TimeoutError as err:
            raise SatelliteError(f"Home Assistant did not connect to the satellite within {seconds:.0f} s.") from err

    async def converse(
        self, recording: Recording, loudspeaker: Path, patience_seconds: float = PATIENCE_SECONDS
    ) -> Conversation:
        """Play a recording into the microphone, write the answer to a WAV file, and return what happened.

        Raises: SatelliteError when Home Assistant goes away or does not finish in time.
        """
        await self.wait_until_connected()
        link = self._link
        if link is None:
            raise SatelliteError("Home Assistant has disconnected from the satellite.")
        samples = await asyncio.to_thread(read_microphone, recording.path)
        while not link.events.empty():
            link.events.get_nowait()
        conversation = Conversation()
        await async_write_event(RunPipeline(PipelineStage.WAKE, PipelineStage.TTS).event(), link.writer)
        microphone = asyncio.create_task(self._play(samples, recording, conversation, link.writer))
        try:
            async with asyncio.timeout(recording.seconds + patience_seconds):
                await self._listen(link, conversation, loudspeaker, microphone)
        except TimeoutError as err:
            raise SatelliteError(f"No complete answer in time. Events so far: {conversation.summary()}.") from err
        finally:
            microphone.cancel()
            with suppress(asyncio.CancelledError, ConnectionError):
                await microphone
        return conversation

    async def hang_up(self) -> None:
        """Go away without a word, as a satellite that loses power."""
        if self._link is not None:
            self._link.writer.close()
            with suppress(ConnectionError):
                await self._link.writer.wait_closed()

    async def _listen(
        self, link: _Link, conversation: Conversation, loudspeaker: Path, microphone: asyncio.Task[None]
    ) -> None:
        sound: list[AudioChunk] = []
        while not conversation.is_over:
            arrival = await link.events.get()
            if arrival is None:
                raise SatelliteError(f"Home Assistant hung up. Events so far: {conversation.summary()}.")
            seconds, event = arrival
            conversation.add(Moment(event.type, seconds, event.data))
            if conversation.is_understood:
                microphone.cancel()
            if AudioChunk.is_type(event.type):
                sound.append(AudioChunk.from_event(event))
            elif AudioStop.is_type(event.type):
                _record(loudspeaker, sound)
                # A loudspeaker that is a file has finished playing once it is written.
                await async_write_event(Played().event(), link.writer)

    async def _play(
        self,
        samples: NDArray[np.int16],
        recording: Recording,
        conversation: Conversation,
        writer: asyncio.StreamWriter,
    ) -> None:
        """Send the samples in real time, then silence until cancelled."""
        lead = np.zeros(int(LEAD_SECONDS * MICROPHONE_RATE), np.int16)
        track = np.concatenate([lead, samples])
        start = self._clock()
        conversation.speech_end = start + LEAD_SECONDS + recording.speech_end
        if recording.wake_end is not None:
            conversation.wake_end = start + LEAD_SECONDS + recording.wake_end
        sent = 0
        while True:
            chunk = track[sent : sent + CHUNK_SAMPLES]
            chunk = np.pad(chunk, (0, CHUNK_SAMPLES - chunk.size))
            event = AudioChunk(MICROPHONE_RATE, 2, 1, chunk.tobytes(), timestamp=sent * 1000 // MICROPHONE_RATE).event()
            sent += CHUNK_SAMPLES
            # A chunk exists once its last sample has been spoken.
            await asyncio.sleep(max(0.0, start + sent / MICROPHONE_RATE - self._clock()))
            await async_write_event(event, writer)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection from Home Assistant until it ends."""
        link = _Link(writer)
        try:
            while (event := await async_read_event(reader)) is not None:
                await self._handle(event, link)
        except (ConnectionError, asyncio.IncompleteReadError) as err:
            _LOGGER.debug("Connection from Home Assistant lost: %s", err)
        finally:
            link.events.put_nowait(None)
            if self._link is link:
                self._link = None
                self._is_linked.clear()
            writer.close()

    async def _handle(self, event: Event, link: _Link) -> None:
        arrived = self._clock()
        if Describe.is_type(event.type):
            await async_write_event(self._info().event(), link.writer)
        elif Ping.is_type(event.type):
            await async_write_event(Pong(text=Ping.from_event(event).text).event(), link.writer)
        elif RunSatellite.is_type(event.type):
            self._link = link
            self._is_linked.set()
        elif PauseSatellite.is_type(event.type):
            self._is_linked.clear()
        else:
            link.events.put_nowait((arrived, event))

    def _info(self) -> Info:
        return Info(
            satellite=Satellite(
                name=self.name,
                area=self._area,
                description="A microphone and a loudspeaker made of files",
                attribution=Attribution(name="Voice RAG", url=""),
                installed=True,
                version="1.0",
            )
        )


def _record(loudspeaker: Path, sound: list[AudioChunk]) -> None:
    samples = np.frombuffer(b"".join(chunk.audio for chunk in sound), np.int16)
    write_wav(loudspeaker, samples, sound[0].rate if sound else MICROPHONE_RATE)
