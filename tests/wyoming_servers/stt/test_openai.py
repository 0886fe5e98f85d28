"""Recordings over HTTP: OpenAI's own client, and clients that do not keep to the form."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path

import aiohttp
import numpy as np
import openai
import pytest
from aiohttp import web
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient

from tests.fakes.recordings import write
from tests.fakes.speech_engines import FakeSttEngine
from tests.fakes.spoken import spoken
from tests.fakes.tiny_gigaam import TEXT, said, said_ambiguously, silence
from tests.waiting import PATIENCE_SECONDS
from tests.wyoming_servers.conftest import Serve
from wyoming_servers.runtime.errors import AudioFileError
from wyoming_servers.runtime.server import WyomingServer
from wyoming_servers.stt.engine import EngineOptions, SttModel
from wyoming_servers.stt.engines import gigaam
from wyoming_servers.stt.recognizer import Recognizer
from wyoming_servers.stt.service import SttService
from wyoming_servers.stt.settings import SttSettings, UploadLimits
from wyoming_servers.stt.uploads import reading

QUIET = spoken("раз два три", "ru") // 40
SPEECH = np.concatenate([said(), QUIET])
MODEL = "gigaam-v3-e2e-rnnt"
NO_LIMITS = UploadLimits()
Connect = Callable[..., AbstractAsyncContextManager[openai.AsyncOpenAI]]


@pytest.fixture(autouse=True)
def _short_linger(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let aiohttp wait a second, and not ten, for the rest of a request whose sender has gone."""
    monkeypatch.setattr(web, "AppRunner", partial(web.AppRunner, lingering_time=1.0))


@pytest.fixture(scope="module")
def engine(models_folder: Path) -> gigaam.GigaAmEngine:
    return gigaam.load(EngineOptions(models_folder=models_folder))


@pytest.fixture
def connect(serve: Serve, engine: gigaam.GigaAmEngine) -> Connect:
    """Return a function that serves GigaAM in small and connects OpenAI's client to it."""

    @asynccontextmanager
    async def connecting(limits: UploadLimits = NO_LIMITS) -> AsyncIterator[openai.AsyncOpenAI]:
        settings = SttSettings(uploads=limits)
        models = gigaam.models(EngineOptions())
        recognizer = Recognizer("gigaam", ("ru",), lambda _: engine, settings, models=models)
        async with serve(SttService(recognizer, settings), token="secret") as server, client_of(server) as client:
            yield client

    return connecting


def client_of(server: WyomingServer, token: str = "secret") -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=f"http://127.0.0.1:{server.side_port}/v1", api_key=token, max_retries=0)


async def test_a_recording_becomes_text(connect: Connect, tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", SPEECH)
    async with connect() as client:
        answer = await client.audio.transcriptions.create(file=path, model="whisper-1")
        plain = await client.audio.transcriptions.create(file=path, model=MODEL, response_format="text", language="ru")
    assert (answer.text, plain) == (TEXT, f"{TEXT}\n")


async def test_its_words_and_segments_have_times(connect: Connect, tmp_path: Path) -> None:
    path = write(tmp_path / "a.ogg", np.concatenate([silence(30), SPEECH]))
    async with connect() as client:
        both = await client.audio.transcriptions.create(
            file=path, model=MODEL, response_format="verbose_json", timestamp_granularities=["word", "segment"]
        )
        default = await client.audio.transcriptions.create(file=path, model=MODEL, response_format="verbose_json")
    assert both.words is not None
    assert [word.word for word in both.words] == TEXT.split()
    assert [word.start for word in both.words] == pytest.approx([30.2, 30.8], abs=0.15)
    assert both.segments is not None
    assert [(segment.id, segment.text) for segment in both.segments] == [(0, TEXT)]
    assert (both.language, both.duration) == ("ru", pytest.approx(30 + len(SPEECH) / 16_000, abs=0.1))
    assert default.words is None
    assert default.segments is not None


@pytest.mark.parametrize(("response_format", "begin"), [("srt", "1\n00:00:00,200 --> "), ("vtt", "WEBVTT\n\n00:00:")])
async def test_subtitles_are_answered(response_format: str, begin: str, connect: Connect, tmp_path: Path) -> None:
    async with connect() as client:
        subtitles = await client.audio.transcriptions.create(
            file=write(tmp_path / "a.wav", SPEECH),
            model=MODEL,
            response_format=response_format,  # type: ignore[call-overload]
        )
    assert subtitles.startswith(begin)


async def test_names_in_the_prompt_are_likelier(connect: Connect, tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", np.concatenate([said_ambiguously(), QUIET]))
    async with connect() as client:
        create = client.audio.transcriptions.create
        assert (await create(file=path, model=MODEL)).text == "Включи лапу"
        assert (await create(file=path, model=MODEL, prompt="Кухня, лампа")).text == "Включи лампу"


async def test_the_models_are_listed(connect: Connect) -> None:
    async with connect() as client:
        listed = [(model.id, model.model_extra) async for model in client.models.list()]
        assert listed == [(MODEL, {"task": "automatic-speech-recognition"})]


async def test_where_nobody_speaks_the_text_is_empty(connect: Connect, tmp_path: Path) -> None:
    async with connect() as client:
        answer = await client.audio.transcriptions.create(file=write(tmp_path / "a.wav", said()), model=MODEL)
    assert answer.text == ""  # tones are no speech, whatever the model makes of them


async def test_what_is_wrong_is_told_in_openais_form(connect: Connect, tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", SPEECH)
    async with connect() as client:
        create = client.audio.transcriptions.create
        with pytest.raises(openai.NotFoundError) as unknown:
            await create(file=path, model="telepathy")
        assert (unknown.value.code, unknown.value.param, unknown.value.type) == (
            "model_not_found", "model", "invalid_request_error",
        )  # fmt: skip
        assert MODEL in unknown.value.message
        with pytest.raises(openai.BadRequestError, match="language 'tlh'"):
            await create(file=path, model=MODEL, language="tlh")
        with pytest.raises(openai.BadRequestError, match="response_format 'mp4'"):
            await create(file=path, model=MODEL, response_format="mp4")  # type: ignore[call-overload]
        with pytest.raises(openai.BadRequestError, match="The recording is neither sound nor film") as broken:
            await create(file=("a.mp3", b"no sound" * 100), model=MODEL)
        assert (broken.value.code, broken.value.param) == ("unsupported_audio", "file")
        assert (await create(file=path, model=MODEL)).text == TEXT


async def test_without_the_token_nothing_is_transcribed(serve: Serve, fake_stt: SttService) -> None:
    async with serve(fake_stt, token="secret") as server, client_of(server, "wrong") as client:
        with pytest.raises(openai.AuthenticationError):
            await client.audio.transcriptions.create(file=("a.wav", b""), model="fake")
        with pytest.raises(openai.AuthenticationError):
            await client.models.list()


async def test_too_much_is_refused_before_it_is_decoded(connect: Connect, tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", SPEECH)
    async with connect(UploadLimits(most_bytes=10_000)) as client:
        with pytest.raises(openai.APIStatusError, match="more than 0 MB") as large:
            await client.audio.transcriptions.create(file=path, model=MODEL)
        assert large.value.status_code == 413
    async with connect(UploadLimits(longest_seconds=1.0)) as client:
        with pytest.raises(openai.BadRequestError, match="longer than"):
            await client.audio.transcriptions.create(file=path, model=MODEL)


async def post(server: WyomingServer, **request: object) -> tuple[int, dict[str, dict[str, str]]]:
    url = f"http://127.0.0.1:{server.side_port}/v1/audio/transcriptions"
    async with aiohttp.ClientSession() as session, session.post(url, **request) as response:  # type: ignore[arg-type]
        return response.status, await response.json()


@pytest.mark.parametrize(
    "request_",
    [
        {"json": {"file": "a.wav"}},
        {"data": b"no form", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"data": b"no form", "headers": {"Content-Type": "multipart/form-data"}},
        {"data": b"--x\r\n\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"data": {"model": "fake"}},
        {"data": {"file": "text, not a file", "prompt": "x" * 100_000}},
        {"data": aiohttp.FormData([(f"field{number}", "x") for number in range(100)])},
    ],
    ids=["json", "no boundary in it", "no boundary", "cut off", "no file", "long prompt", "many fields"],
)
async def test_a_broken_form_is_told(request_: dict[str, object], serve: Serve, fake_stt: SttService) -> None:
    async with serve(fake_stt) as server:
        status, body = await post(server, **request_)
    assert status == 400
    assert body["error"]["type"] == "invalid_request_error"


@pytest.fixture
def slow(serve: Serve, stt_engine: FakeSttEngine) -> SttService:
    settings = SttSettings(uploads=UploadLimits(most_at_once=1))
    models = [SttModel("fake", ("en",), "", "", "")]
    return SttService(Recognizer("fake", ("en",), lambda _: stt_engine, settings, models=models), settings)


async def test_more_recordings_than_the_server_takes_on_are_told_to_come_back(
    serve: Serve, slow: SttService, stt_engine: FakeSttEngine, tmp_path: Path
) -> None:
    stt_engine.gate.clear()
    path = write(tmp_path / "a.wav", spoken("hello"))
    async with serve(slow) as server:
        before = asyncio.all_tasks()
        first = asyncio.create_task(post(server, data={"file": path.open("rb")}))
        assert await asyncio.to_thread(stt_engine.begun.wait, 30)
        status, body = await post(server, data={"file": path.open("rb")})
        assert (status, body["error"]["code"]) == (503, "busy")
        stt_engine.gate.set()
        status, _ = await first
        assert status == 200
        await gone(before)


async def test_several_recordings_do_not_fill_the_queue_of_the_satellites(
    serve: Serve, stt_engine: FakeSttEngine, tmp_path: Path
) -> None:
    recognizer = Recognizer("fake", ("en",), lambda _: stt_engine, SttSettings())
    service = SttService(recognizer, SttSettings())
    stt_engine.gate.clear()
    path = write(tmp_path / "a.wav", spoken("hello"))
    async with serve(service) as server:
        before = asyncio.all_tasks()
        posts = [asyncio.create_task(post(server, data={"file": path.open("rb")})) for _ in range(3)]
        while len(service._openai._turn._waiters or ()) < 2:
            await asyncio.sleep(0.05)
        assert recognizer._queue._pending == 1
        stt_engine.gate.set()
        assert [status for status, _ in await asyncio.gather(*posts)] == [200] * 3
        await gone(before)


async def test_a_recording_waits_while_somebody_speaks_to_a_satellite(
    serve: Serve, fake_stt: SttService, stt_engine: FakeSttEngine, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.wav", spoken("hello"))
    form = {"rate": 16_000, "width": 2, "channels": 1}
    async with serve(fake_stt) as server:
        before = asyncio.all_tasks()
        async with AsyncTcpClient("127.0.0.1", server.port) as satellite:
            await satellite.write_event(AudioStart(**form).event())
            await satellite.write_event(AudioChunk(**form, audio=bytes(8000)).event())
            while fake_stt._floor._is_free.is_set():
                await asyncio.sleep(0.05)
            recording = asyncio.create_task(post(server, data={"file": path.open("rb")}))
            while not fake_stt._openai._turn.locked():
                await asyncio.sleep(0.05)
            assert stt_engine.calls == []
            await satellite.write_event(AudioStop().event())
            assert (await recording)[0] == 200
            assert stt_engine.calls == [4000, len(spoken("hello"))]
        await gone(before)


async def gone(before: set[asyncio.Task[object]]) -> None:
    """Wait until the server has noticed of every connection that it is closed."""
    while asyncio.all_tasks() - before:
        await asyncio.sleep(0.05)


async def test_a_program_that_leaves_stops_the_work_for_it(
    serve: Serve, slow: SttService, stt_engine: FakeSttEngine, tmp_path: Path
) -> None:
    stt_engine.gate.clear()
    long = np.tile(spoken("hello and goodbye", silence=0.0), 200)[: 16_000 * 120]
    short = write(tmp_path / "b.wav", spoken("hello"))
    async with serve(slow) as server:
        before = asyncio.all_tasks()
        first = asyncio.create_task(post(server, data={"file": write(tmp_path / "a.flac", long).open("rb")}))
        assert await asyncio.to_thread(stt_engine.begun.wait, 30)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        stt_engine.gate.set()
        status = 503
        while status == 503:  # its place is free soon, long before five pieces are through
            await asyncio.sleep(0.2)
            status, _ = await post(server, data={"file": short.open("rb")})
        assert status == 200
        await gone(before)


async def test_a_program_that_leaves_while_it_sends_disturbs_nobody(
    serve: Serve, slow: SttService, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with serve(slow) as server:
        before = asyncio.all_tasks()
        _, writer = await asyncio.open_connection("127.0.0.1", server.side_port)
        writer.write(
            b"POST /v1/audio/transcriptions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nbegin'
        )
        await writer.drain()
        writer.transport.abort()
        await gone(before)
        path = write(tmp_path / "a.wav", spoken("hello"))
        assert (await post(server, data={"file": path.open("rb")}))[0] == 200
        await gone(before)
    assert "Unexpected failure" not in caplog.text


async def test_a_form_that_does_not_come_to_its_end_is_refused(serve: Serve, slow: SttService) -> None:
    slow._openai._limits = UploadLimits(upload_seconds=0.2)

    async def body() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nbegin'
        await asyncio.sleep(1)

    async with serve(slow) as server:
        before = asyncio.all_tasks()
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        status, answer = await post(server, data=body(), headers=headers)
        await gone(before)
    assert (status, answer["error"]["code"]) == (408, "too_slow")


async def test_a_reader_that_dies_costs_only_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wyoming_servers.stt.uploads._CHILD", "no_such_module")
    async with reading(tmp_path / "a.ogg", NO_LIMITS) as pieces:
        with pytest.raises(AudioFileError, match="made its reader fail"):
            await anext(pieces)


async def test_a_short_recording_in_our_own_form_needs_no_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wyoming_servers.stt.uploads._CHILD", "no_such_module")
    for samples, is_speech in ((spoken("hello"), True), (np.zeros(16_000, np.int16), False)):
        async with reading(write(tmp_path / "a.wav", samples), NO_LIMITS) as pieces:
            [(piece, has_speech)] = [one async for one in pieces]
        np.testing.assert_array_equal(piece.samples, samples)
        assert has_speech is is_speech
    async with reading(write(tmp_path / "b.wav", SPEECH, rate=8000), NO_LIMITS) as pieces:
        with pytest.raises(AudioFileError):
            await anext(pieces)


def test_a_reader_ends_when_nobody_waits_for_its_pieces(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", np.tile(spoken("hello"), 60))
    command = [sys.executable, "-m", "wyoming_servers.stt.upload_child", str(path), "9999", "0", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.wait(PATIENCE_SECONDS) == 0
        assert process.stderr.read() == b""
