"""The virtual satellite, with the test in the place of Home Assistant."""

from __future__ import annotations

import asyncio
import contextlib
import wave
from typing import TYPE_CHECKING

import numpy as np
import pytest
from wyoming.asr import Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.error import Error
from wyoming.info import Describe, Info
from wyoming.ping import Ping, Pong
from wyoming.pipeline import PipelineStage, RunPipeline
from wyoming.satellite import RunSatellite
from wyoming.snd import Played
from wyoming.tts import Synthesize
from wyoming.wake import Detection

from demo.audio import write_wav
from demo.errors import SatelliteError
from demo.satellite import open_satellite
from demo.speech import Recording
from tests.waiting import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from wyoming.event import Event

    from demo.satellite import VirtualSatellite

RATE = 22_050
TONE = np.full(RATE // 10, 5000, np.int16)


@pytest.fixture
async def satellite() -> AsyncIterator[VirtualSatellite]:
    async with open_satellite("Test satellite", area="Kitchen") as running:
        yield running


@pytest.fixture
async def home(satellite: VirtualSatellite) -> AsyncIterator[AsyncTcpClient]:
    """Home Assistant's side of a satellite that it runs."""
    async with AsyncTcpClient("127.0.0.1", satellite.port) as client:
        await client.write_event(RunSatellite().event())
        await satellite.wait_until_connected(5)
        yield client


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    path = tmp_path / "microphone.wav"
    write_wav(path, np.full(3200, 4000, np.int16), 16_000)
    return Recording(path, seconds=0.2, speech_end=0.2, wake_end=0.1)


async def read(client: AsyncTcpClient) -> Event:
    async with asyncio.timeout(PATIENCE_SECONDS):
        event = await client.read_event()
    assert event is not None, "the satellite hung up"
    return event


async def answer(client: AsyncTcpClient) -> None:
    """Answer a run as Home Assistant does."""
    events = [
        Detection(name="okay_nabu", timestamp=10),
        Transcript(text="turn on the light"),
        Synthesize(text="Turned on the light"),
        AudioStart(rate=RATE, width=2, channels=1),
        AudioChunk(RATE, 2, 1, TONE.tobytes()),
        AudioChunk(RATE, 2, 1, TONE.tobytes()),
        AudioStop(),
    ]
    for event in events:
        await client.write_event(event.event())


async def test_it_describes_itself_as_an_installed_satellite_in_a_room(satellite: VirtualSatellite) -> None:
    async with AsyncTcpClient("127.0.0.1", satellite.port) as client:
        await client.write_event(Describe().event())
        info = Info.from_event(await read(client))
    assert info.satellite is not None
    assert (info.satellite.name, info.satellite.area, info.satellite.installed) == ("Test satellite", "Kitchen", True)


async def test_it_answers_a_ping_with_its_text(home: AsyncTcpClient) -> None:
    await home.write_event(Ping(text="there?").event())
    assert Pong.from_event(await read(home)).text == "there?"


async def test_a_conversation_reports_what_was_heard_and_said(
    satellite: VirtualSatellite, home: AsyncTcpClient, recording: Recording, tmp_path: Path
) -> None:
    talk = asyncio.create_task(satellite.converse(recording, tmp_path / "loudspeaker.wav"))
    run = RunPipeline.from_event(await read(home))
    await answer(home)
    conversation = await talk
    assert (run.start_stage, run.end_stage, run.restart_on_end) == (PipelineStage.WAKE, PipelineStage.TTS, False)
    assert conversation.wake_word == "okay_nabu"
    assert conversation.transcript == "turn on the light"
    assert conversation.reply == "Turned on the light"
    assert conversation.error is None


async def test_the_loudspeaker_file_holds_all_of_the_answer_and_home_assistant_learns_that_it_was_played(
    satellite: VirtualSatellite, home: AsyncTcpClient, recording: Recording, tmp_path: Path
) -> None:
    talk = asyncio.create_task(satellite.converse(recording, tmp_path / "loudspeaker.wav"))
    await read(home)
    await answer(home)
    await talk
    with wave.open(str(tmp_path / "loudspeaker.wav"), "rb") as file:
        assert (file.getframerate(), file.getnchannels()) == (RATE, 1)
        assert file.readframes(file.getnframes()) == TONE.tobytes() * 2
    while not Played.is_type((await read(home)).type):
        pass


async def test_the_microphone_goes_on_with_silence_after_the_recording_until_the_transcript(
    satellite: VirtualSatellite, home: AsyncTcpClient, recording: Recording, tmp_path: Path
) -> None:
    talk = asyncio.create_task(satellite.converse(recording, tmp_path / "loudspeaker.wav"))
    await read(home)
    samples = b""
    while len(samples) < 2 * 16_000:
        samples += AudioChunk.from_event(await read(home)).audio
    await answer(home)
    await talk
    heard = np.frombuffer(samples, np.int16)
    assert np.count_nonzero(heard) == 3200
    assert not heard[-1600:].any()
    assert Played.is_type((await last_event(home)).type)


async def last_event(client: AsyncTcpClient) -> Event:
    """Return the last event before the satellite falls silent."""
    event = await read(client)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.3):
            while (following := await client.read_event()) is not None:
                event = following
    return event


async def test_an_error_from_home_assistant_ends_the_conversation_and_is_reported(
    satellite: VirtualSatellite, home: AsyncTcpClient, recording: Recording, tmp_path: Path
) -> None:
    talk = asyncio.create_task(satellite.converse(recording, tmp_path / "loudspeaker.wav"))
    await read(home)
    await home.write_event(Error(text="No text recognized", code="stt-no-text-recognized").event())
    conversation = await talk
    assert conversation.error == "stt-no-text-recognized: No text recognized"
    assert conversation.reply is None


async def test_home_assistant_going_away_is_an_error_that_says_what_had_come(
    satellite: VirtualSatellite, home: AsyncTcpClient, recording: Recording, tmp_path: Path
) -> None:
    talk = asyncio.create_task(satellite.converse(recording, tmp_path / "loudspeaker.wav"))
    await read(home)
    await home.write_event(Detection(name="okay_nabu").event())
    await home.disconnect()
    with pytest.raises(SatelliteError, match=r"hung up\. Events so far: detection\."):
        await talk


async def test_no_answer_in_time_is_an_error_that_says_what_had_come(
    satellite: VirtualSatellite, home: AsyncTcpClient, recording: Recording, tmp_path: Path
) -> None:
    with pytest.raises(SatelliteError, match="Events so far: nothing"):
        await satellite.converse(recording, tmp_path / "loudspeaker.wav", patience_seconds=0.1)


async def test_a_satellite_that_nobody_runs_says_so(satellite: VirtualSatellite) -> None:
    with pytest.raises(SatelliteError, match="did not connect"):
        await satellite.wait_until_connected(0.05)


async def test_a_satellite_that_hangs_up_ends_its_conversation_and_can_be_run_again(
    satellite: VirtualSatellite, home: AsyncTcpClient, recording: Recording, tmp_path: Path
) -> None:
    talk = asyncio.create_task(satellite.converse(recording, tmp_path / "loudspeaker.wav"))
    await read(home)
    await satellite.hang_up()
    with pytest.raises(SatelliteError):
        await talk
    async with AsyncTcpClient("127.0.0.1", satellite.port) as again:
        await again.write_event(RunSatellite().event())
        await satellite.wait_until_connected(5)
        talk = asyncio.create_task(satellite.converse(recording, tmp_path / "loudspeaker.wav"))
        await read(again)
        await answer(again)
        assert (await talk).transcript == "turn on the light"
