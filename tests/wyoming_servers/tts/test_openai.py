"""Speech over HTTP: OpenAI's own client, and requests that can't be served."""

import io
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import aiohttp
import av
import numpy as np
import openai
import pytest
from numpy.typing import NDArray

from tests.fakes.speech_engines import VOICES, FakeTtsEngine
from tests.waiting import until
from tests.wyoming_servers.conftest import Serve
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.server import WyomingServer
from wyoming_servers.runtime.service import Service
from wyoming_servers.stt.service import SttService
from wyoming_servers.tts.service import TtsService
from wyoming_servers.tts.settings import TtsSettings
from wyoming_servers.tts.synthesizer import Synthesizer

Connect = Callable[..., AbstractAsyncContextManager[openai.AsyncOpenAI]]


def client_of(server: WyomingServer, token: str = "secret") -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=f"http://127.0.0.1:{server.side_port}/v1", api_key=token, max_retries=0)


@pytest.fixture
def connect(serve: Serve) -> Connect:
    @asynccontextmanager
    async def connecting(*services: Service) -> AsyncIterator[openai.AsyncOpenAI]:
        async with serve(*services, token="secret") as server, client_of(server) as client:
            yield client

    return connecting


def decoded(data: bytes) -> tuple[int, NDArray[np.float32]]:
    with av.open(io.BytesIO(data)) as container:
        rate = container.streams.audio[0].rate
        frames = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    sound = np.concatenate(frames)
    return rate, sound / 32768 if sound.dtype == np.int16 else sound


@pytest.mark.parametrize("response_format", ["mp3", "opus", "aac", "flac", "wav"])
async def test_a_text_becomes_a_file_of_each_format(
    response_format: str, connect: Connect, real_tts: TtsService
) -> None:
    async with connect(real_tts) as client:
        response = await client.audio.speech.create(
            model="tts-1",
            input="Свет на кухне включён. Что ещё?",
            voice="espeak-ru-female",
            response_format=response_format,  # type: ignore[arg-type]
        )
    rate, sound = decoded(response.content)
    assert rate == (48_000 if response_format == "opus" else 24_000)
    assert 1.5 < len(sound) / rate < 5
    assert 0.2 < np.abs(sound).max() <= 1.0


async def test_pcm_is_what_programs_take_for_granted_and_the_default_is_mp3(
    connect: Connect, real_tts: TtsService
) -> None:
    async with connect(real_tts) as client:
        pcm = await client.audio.speech.create(
            model="espeak", input="Two words.", voice="espeak-en-male", response_format="pcm"
        )
        mp3 = await client.audio.speech.create(model="gpt-4o-mini-tts-2025-12-15", input="Two words.", voice="alloy")
    rate, sound = decoded(mp3.content)
    assert len(pcm.content) / 2 / 24_000 == pytest.approx(len(sound) / rate, abs=0.1)


async def test_a_file_of_wav_can_be_read_by_the_standard_library(connect: Connect, real_tts: TtsService) -> None:
    async with connect(real_tts) as client:
        response = await client.audio.speech.create(model="tts-1", input="Hello.", voice="nova", response_format="wav")
    with wave.open(io.BytesIO(response.content)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (24_000, 2, 1)


@pytest.mark.parametrize(("speed", "ratio"), [(0.5, 2.0), (2.0, 0.5), (4.0, 0.25)])
async def test_speed_changes_the_length(speed: float, ratio: float, connect: Connect, real_tts: TtsService) -> None:
    async with connect(real_tts) as client:
        lengths = []
        for wanted in (1.0, speed):
            response = await client.audio.speech.create(
                model="tts-1", input="The kitchen light is on.", voice="nova", response_format="pcm", speed=wanted
            )
            lengths.append(len(response.content))
    assert lengths[1] / lengths[0] == pytest.approx(ratio, rel=0.08)


async def test_speech_comes_while_it_is_made(connect: Connect, fake_tts: TtsService, tts_engine: FakeTtsEngine) -> None:
    async with connect(fake_tts) as client:
        create = client.audio.speech.with_streaming_response.create
        async with create(model="fake", input="One. Two.", voice="fake-en", response_format="pcm") as response:
            parts = response.iter_bytes(1000)
            await anext(parts)
            rest = [part async for part in parts]
    assert sum(map(len, rest)) > 2 * 24_000 * 2 - 2000


async def test_both_kinds_of_models_are_listed(connect: Connect, real_tts: TtsService, fake_stt: SttService) -> None:
    async with connect(fake_stt, real_tts) as client:
        tasks = {model.id: (model.model_extra or {})["task"] async for model in client.models.list()}
        assert tasks["espeak"] == "text-to-speech"
        assert len(set(tasks.values())) == 2
    async with connect(fake_stt) as client:
        assert "espeak" not in [model.id async for model in client.models.list()]


@pytest.mark.parametrize(
    ("changes", "status", "code", "parameter"),
    [
        ({"model": "telepathy"}, 404, "model_not_found", "model"),
        ({"voice": "tarkovsky"}, 400, "unknown_voice", "voice"),
        ({"voice": {"name": "x"}}, 400, "bad_request", "voice"),
        ({"voice": None}, 400, "bad_request", "voice"),
        ({"input": " "}, 400, "bad_request", "input"),
        ({"input": "x" * 2000}, 400, "too_long", "input"),
        ({"response_format": "midi"}, 400, "bad_request", "response_format"),
        ({"response_format": ["wav"]}, 400, "bad_request", "response_format"),
        ({"speed": 5}, 400, "bad_request", "speed"),
        ({"speed": "fast"}, 400, "bad_request", "speed"),
        ({"stream_format": "sse"}, 400, "bad_request", "stream_format"),
    ],
)
async def test_what_is_wrong_is_told_in_openais_form(
    changes: dict[str, object], status: int, code: str, parameter: str, connect: Connect, fake_tts: TtsService
) -> None:
    request = {"model": "tts-1", "input": "One.", "voice": "alloy", "response_format": "wav"}
    async with connect(fake_tts) as client:
        with pytest.raises(openai.APIStatusError) as refused:
            await client.audio.speech.create(**request | changes)  # type: ignore[arg-type]
        assert (await client.audio.speech.create(**request)).content  # type: ignore[arg-type]
    assert (refused.value.status_code, refused.value.code, refused.value.param) == (status, code, parameter)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"])
async def test_a_body_that_is_no_request_is_told(body: bytes, serve: Serve, fake_tts: TtsService) -> None:
    async with (
        serve(fake_tts) as server,
        aiohttp.ClientSession(f"http://127.0.0.1:{server.side_port}") as session,
        session.post("/v1/audio/speech", data=body) as response,
    ):
        assert (response.status, (await response.json())["error"]["code"]) == (400, "bad_request")


async def test_without_the_token_nothing_is_spoken(
    serve: Serve, fake_tts: TtsService, tts_engine: FakeTtsEngine
) -> None:
    async with serve(fake_tts, token="secret") as server, client_of(server, "wrong") as client:
        with pytest.raises(openai.AuthenticationError):
            await client.audio.speech.create(model="tts-1", input="One.", voice="alloy")
    assert tts_engine.spoken == []


async def test_without_pyav_only_plain_audio_can_be_had(
    connect: Connect, fake_tts: TtsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wyoming_servers.tts.openai.has_av", lambda: False)
    async with connect(fake_tts) as client:
        with pytest.raises(openai.BadRequestError, match=r"Ask for wav or pcm, or install voice-rag\[transcribe\]"):
            await client.audio.speech.create(model="tts-1", input="One.", voice="alloy")
        assert (
            await client.audio.speech.create(model="tts-1", input="One.", voice="alloy", response_format="wav")
        ).content


async def test_an_engine_that_fails_at_once_is_an_error_and_one_that_fails_later_no_whole_file(
    connect: Connect, fake_tts: TtsService, tts_engine: FakeTtsEngine
) -> None:
    request = {"model": "tts-1", "voice": "alloy", "response_format": "wav"}
    tts_engine.failure = EngineError("out of breath")
    async with connect(fake_tts) as client:
        with pytest.raises(openai.InternalServerError, match="out of breath"):
            await client.audio.speech.create(input="One.", **request)  # type: ignore[arg-type]
        tts_engine.failure = None
        tts_engine.failing_after = len(tts_engine.spoken) + 1
        with pytest.raises(openai.APIConnectionError):
            await client.audio.speech.create(input="Two. Three.", **request)  # type: ignore[arg-type]


async def test_a_program_that_leaves_stops_the_engine(serve: Serve, tts_engine: FakeTtsEngine) -> None:
    tts_engine.is_endless = True
    service = TtsService(Synthesizer("fake", lambda: VOICES, lambda: tts_engine, TtsSettings()), TtsSettings())
    async with serve(service) as server, client_of(server) as client:
        create = client.audio.speech.with_streaming_response.create
        async with create(model="fake", input="One.", voice="fake-en", response_format="pcm") as response:
            await anext(response.iter_bytes(100))
        await until(tts_engine.closed_early.is_set)
        await until(lambda: not service._narrator._answers)
