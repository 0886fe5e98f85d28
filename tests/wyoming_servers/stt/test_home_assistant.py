"""Home Assistant's own speech-to-text client against our server."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.fakes.conversation import RATE, OracleEngine, say
from tests.wyoming_servers.conftest import Serve
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.server import WyomingServer
from wyoming_servers.stt.recognizer import Recognizer
from wyoming_servers.stt.service import SttService
from wyoming_servers.stt.settings import EndOfTurn, SttSettings
from wyoming_servers.turn.settings import TurnSettings

pytest.importorskip("homeassistant")

from homeassistant.components import stt
from homeassistant.components.wyoming.stt import WyomingSttProvider

COMMAND = say(0.3, "turn on", 0.8, "the light in the hall", 0.3)
_CHUNK = RATE // 100
METADATA = stt.SpeechMetadata(
    language="en",
    format=stt.AudioFormats.WAV,
    codec=stt.AudioCodecs.PCM,
    bit_rate=stt.AudioBitRates.BITRATE_16,
    sample_rate=stt.AudioSampleRates.SAMPLERATE_16000,
    channel=stt.AudioChannels.CHANNEL_MONO,
)


class Microphone:
    """Chunks of 10 ms that never end: silence follows the speech."""

    def __init__(self, samples: NDArray[np.int16], times_real: float) -> None:
        self.is_closed = False
        self._samples = samples
        self._times_real = times_real

    async def stream(self) -> AsyncIterator[bytes]:
        position = 0
        try:
            while True:
                chunk = self._samples[position : position + _CHUNK]
                position += _CHUNK
                yield np.pad(chunk, (0, _CHUNK - len(chunk))).tobytes()
                await asyncio.sleep(0.01 / self._times_real)
        finally:
            self.is_closed = True


def provider(server: WyomingServer) -> WyomingSttProvider:
    """Return Home Assistant's entity with as little of Home Assistant as it asks for."""
    service = SimpleNamespace(host="127.0.0.1", port=server.port, info=server.info())
    return WyomingSttProvider(SimpleNamespace(entry_id="entry"), service)  # type: ignore[arg-type]


def service(engine: OracleEngine, settings: SttSettings = SttSettings()) -> SttService:  # noqa: B008 (frozen)
    return SttService(Recognizer(engine.name, engine.languages, lambda _: engine, settings), settings)


@pytest.mark.parametrize("times_real", [1.0, 20.0])
async def test_the_result_comes_while_the_microphone_is_still_open(times_real: float, serve: Serve) -> None:
    microphone = Microphone(COMMAND.samples, times_real)
    async with serve(service(OracleEngine(COMMAND))) as server:
        result = await provider(server).async_process_audio_stream(METADATA, microphone.stream())
    assert (result.result, result.text) == (stt.SpeechResultState.SUCCESS, "turn on the light in the hall")
    assert microphone.is_closed


async def test_a_room_where_nobody_speaks_gives_an_empty_result(serve: Serve) -> None:
    settings = SttSettings(turn=TurnSettings(no_speech_seconds=1.0))
    async with serve(service(OracleEngine(COMMAND), settings)) as server:
        stream = Microphone(np.zeros(0, np.int16), 10.0).stream()
        result = await provider(server).async_process_audio_stream(METADATA, stream)
    assert (result.result, result.text) == (stt.SpeechResultState.SUCCESS, "")


async def test_an_engine_that_fails_is_an_error_and_never_a_command(serve: Serve) -> None:
    engine = OracleEngine(COMMAND, failures=[EngineError("out of memory")] * 9)
    async with serve(service(engine)) as server:
        stream = Microphone(COMMAND.samples, 10.0).stream()
        result = await provider(server).async_process_audio_stream(METADATA, stream)
    assert (result.result, result.text) == (stt.SpeechResultState.ERROR, None)


@pytest.mark.parametrize(
    ("end_of_turn", "is_external"), [(EndOfTurn.SERVER, False), (EndOfTurn.CLIENT, True), (EndOfTurn.EITHER, True)]
)
async def test_home_assistant_leaves_the_end_of_the_turn_to_who_finds_it(
    end_of_turn: EndOfTurn, is_external: bool, serve: Serve
) -> None:
    async with serve(service(OracleEngine(COMMAND), SttSettings(end_of_turn=end_of_turn))) as server:
        assert provider(server).audio_processing.requires_external_vad is is_external


async def test_where_either_ends_the_turn_the_result_comes_early_too(serve: Serve) -> None:
    microphone = Microphone(COMMAND.samples, 10.0)
    async with serve(service(OracleEngine(COMMAND), SttSettings(end_of_turn=EndOfTurn.EITHER))) as server:
        result = await provider(server).async_process_audio_stream(METADATA, microphone.stream())
    assert (result.result, result.text) == (stt.SpeechResultState.SUCCESS, "turn on the light in the hall")


async def test_a_server_that_stops_in_mid_sentence_is_an_error_and_after_its_restart_all_is_well(serve: Serve) -> None:
    engine = OracleEngine(COMMAND)
    engine.gate.clear()
    async with serve(service(engine), drain_seconds=0.1) as server:
        entity = provider(server)
        stream = Microphone(COMMAND.samples, 10.0).stream()
        run = asyncio.create_task(entity.async_process_audio_stream(METADATA, stream))
        await asyncio.to_thread(engine.begun.wait, 10)
    result = await run
    assert (result.result, result.text) == (stt.SpeechResultState.ERROR, None)
    engine.gate.set()
    async with serve(service(engine), port=server.port):
        stream = Microphone(COMMAND.samples, 10.0).stream()
        result = await entity.async_process_audio_stream(METADATA, stream)
    assert (result.result, result.text) == (stt.SpeechResultState.SUCCESS, "turn on the light in the hall")


async def test_a_pipeline_that_is_stopped_in_mid_sentence_leaves_the_server_ready(serve: Serve) -> None:
    engine = OracleEngine(COMMAND)
    engine.gate.clear()
    async with serve(service(engine)) as server:
        stream = Microphone(COMMAND.samples, 10.0).stream()
        run = asyncio.create_task(provider(server).async_process_audio_stream(METADATA, stream))
        await asyncio.to_thread(engine.begun.wait, 10)
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        engine.gate.set()
        again = await provider(server).async_process_audio_stream(METADATA, Microphone(COMMAND.samples, 10.0).stream())
    assert again.text == "turn on the light in the hall"
