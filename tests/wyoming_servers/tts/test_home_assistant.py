"""Home Assistant's own text-to-speech client against our server."""

import asyncio
import io
import wave
from collections.abc import AsyncIterator
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.fakes.speech_engines import VOICES, FakeTtsEngine
from tests.waiting import until
from tests.wyoming_servers.conftest import Serve
from wyoming_servers.runtime.server import WyomingServer
from wyoming_servers.tts.engine import EngineOptions
from wyoming_servers.tts.service import TtsService
from wyoming_servers.tts.settings import TtsSettings
from wyoming_servers.tts.synthesizer import Synthesizer

pytest.importorskip("homeassistant")

from homeassistant.components import tts
from homeassistant.components.wyoming.tts import WyomingTtsProvider
from homeassistant.exceptions import HomeAssistantError

ANSWER = " ".join(f"Шаг {number} занимает минуту, и спешить с ним не нужно." for number in range(1, 21))


class Entry:
    entry_id = "entry"

    def async_create_background_task(self, hass: object, work: object, name: str) -> "asyncio.Task[None]":
        return asyncio.create_task(work, name=name)  # type: ignore[arg-type]


def provider(server: WyomingServer) -> WyomingTtsProvider:
    """Return Home Assistant's entity with as little of Home Assistant as it asks for."""
    service = SimpleNamespace(host="127.0.0.1", port=server.port, info=server.info())
    entity = WyomingTtsProvider(Entry(), None, service)  # type: ignore[arg-type]
    entity.hass = None  # type: ignore[assignment]
    return entity


async def answer(entity: WyomingTtsProvider, texts: AsyncIterator[str], **options: str) -> AsyncIterator[bytes]:
    response = await entity.async_stream_tts_audio(tts.TTSAudioRequest("ru", options, texts))  # type: ignore[arg-type]
    assert response.extension == "wav"
    return response.data_gen


async def tokens(text: str) -> AsyncIterator[str]:
    for begin in range(0, len(text), 4):
        await asyncio.sleep(0)
        yield text[begin : begin + 4]


def sound(audio: bytes) -> tuple[int, NDArray[np.int16]]:
    """Return what Home Assistant makes of a stream: a header without a length, then samples."""
    with wave.open(io.BytesIO(audio[:44])) as header:
        rate = header.getframerate()
    return rate, np.frombuffer(audio[44:], np.int16)


def fake(engine: FakeTtsEngine, fallback: Synthesizer | None = None) -> TtsService:
    settings = TtsSettings(cache_bytes=0)
    return TtsService(Synthesizer("fake", lambda: VOICES, lambda: engine, settings), settings, fallback)


async def test_a_long_answer_is_spoken_while_the_model_still_writes_it(serve: Serve, real_tts: TtsService) -> None:
    is_heard = asyncio.Event()

    async def written() -> AsyncIterator[str]:
        async for token in tokens(ANSWER[:200]):
            yield token
        await is_heard.wait()  # the model pauses until the person hears something
        async for token in tokens(ANSWER[200:]):
            yield token

    async with serve(real_tts) as server:
        audio = b""
        async for part in await answer(provider(server), written(), voice="espeak-ru-female"):
            audio += part
            if len(audio) > 1000:
                is_heard.set()
    rate, samples = sound(audio)
    assert rate == 22_050
    assert 40 < len(samples) / rate < 120


async def test_the_other_engine_finishes_the_answer_at_the_same_rate(serve: Serve, tts_engine: FakeTtsEngine) -> None:
    fallback = Synthesizer.named("espeak", EngineOptions(), TtsSettings())
    tts_engine.failing_after = 1
    async with serve(fake(tts_engine, fallback)) as server:
        parts = await answer(provider(server), tokens("Первое предложение. Второе предложение."), voice="fake-ru")
        rate, samples = sound(b"".join([part async for part in parts]))
    assert rate == 8000
    assert 2 < len(samples) / rate < 5
    assert np.abs(samples[-8000:].astype(np.int32)).max() > 3000


async def test_an_answer_that_fails_half_way_is_an_error_and_not_a_short_answer(
    serve: Serve, tts_engine: FakeTtsEngine
) -> None:
    tts_engine.failing_after = 1
    async with serve(fake(tts_engine)) as server:
        with pytest.raises(HomeAssistantError):
            _ = [part async for part in await answer(provider(server), tokens("Одно. Другое."))]


async def test_a_person_who_interrupts_stops_the_engine(serve: Serve, tts_engine: FakeTtsEngine) -> None:
    tts_engine.is_endless = True
    service = fake(tts_engine)
    async with serve(service) as server:
        parts = await answer(provider(server), tokens("Одно. Другое."))
        async for part in parts:
            if len(part) > 44:
                break
        await parts.aclose()  # type: ignore[attr-defined]
        await until(tts_engine.closed_early.is_set)
        asked_for = tts_engine.blocks
        tts_engine.is_endless = False
        again = [part async for part in await answer(provider(server), tokens("Третье."))]
        assert len(b"".join(again)) > 8000
    assert tts_engine.blocks == asked_for + 2


async def test_an_announcement_that_is_not_streamed_is_whole(serve: Serve, real_tts: TtsService) -> None:
    async with serve(real_tts) as server:
        kind, audio = await provider(server).async_get_tts_audio(ANSWER, "ru", {"voice": "espeak-ru-male"})
    assert kind == "wav"
    with wave.open(io.BytesIO(audio)) as file:
        assert 40 < file.getnframes() / file.getframerate() < 120


async def test_a_server_that_stops_in_mid_answer_says_so(serve: Serve, tts_engine: FakeTtsEngine) -> None:
    tts_engine.is_endless = True
    async with serve(fake(tts_engine), drain_seconds=0.1) as server:
        stream = await answer(provider(server), tokens("Одно. Другое."))
        await anext(stream)
        reading = asyncio.create_task(drained(stream))
    with pytest.raises(HomeAssistantError):
        await reading


async def drained(stream: AsyncIterator[bytes]) -> None:
    async for _ in stream:
        pass
