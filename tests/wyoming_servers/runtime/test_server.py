"""The port as a whole: describe, loading, limits, failures, the side port, the end."""

import asyncio
import threading
from dataclasses import replace

import aiohttp
import pytest
from wyoming.asr import Transcribe
from wyoming.event import Event, async_read_event, async_write_event
from wyoming.info import Describe
from wyoming.ping import Ping
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop

from tests.fakes.speech_engines import VOICES, FakeSttEngine, FakeTtsEngine
from tests.fakes.spoken import spoken
from tests.fakes.wyoming_dialogue import audio_events, dialogue, sound_of
from tests.waiting import PATIENCE_SECONDS
from tests.wyoming_servers.conftest import FREE_PORTS, Serve
from wyoming_servers.runtime.announce import reachable_address
from wyoming_servers.runtime.errors import EngineError, StartError
from wyoming_servers.runtime.server import WyomingServer
from wyoming_servers.runtime.settings import RuntimeSettings
from wyoming_servers.stt.recognizer import Recognizer
from wyoming_servers.stt.service import SttService
from wyoming_servers.stt.settings import EndOfTurn, SttSettings
from wyoming_servers.tts.service import TtsService
from wyoming_servers.tts.settings import TtsSettings
from wyoming_servers.tts.synthesizer import Synthesizer
from wyoming_servers.wake.service import WakeService


async def get(server: WyomingServer, path: str, token: str | None = None) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = f"http://127.0.0.1:{server.side_port}{path}"
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        return response.status, await response.text()


async def health(server: WyomingServer) -> tuple[int, dict[str, object]]:
    url = f"http://127.0.0.1:{server.side_port}/health"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.json()


async def health_when_settled(server: WyomingServer) -> tuple[int, dict[str, object]]:
    while True:
        status, body = await health(server)
        if body["status"] != "loading":
            return status, body


def stt_loading_with(load: object) -> SttService:
    settings = SttSettings(end_of_turn=EndOfTurn.CLIENT)
    return SttService(Recognizer("fake", ("en",), load, settings), settings)  # type: ignore[arg-type]


async def test_one_info_announces_every_service_as_home_assistant_needs_it(
    serve: Serve, fake_stt: SttService, fake_tts: TtsService, fake_wake: WakeService
) -> None:
    async with serve(fake_stt, fake_tts, fake_wake) as server, dialogue(server.port) as client:
        info = await client.describe()
        assert [program.name for program in (*info.asr, *info.tts, *info.wake)] == ["voice-rag"] * 3
        assert info.asr[0].models[0].languages == ["en"]
        assert [voice.name for voice in info.tts[0].voices] == [voice.name for voice in VOICES]
        assert info.tts[0].supports_synthesize_streaming
        assert [(model.name, model.phrase) for model in info.wake[0].models] == [("loud", "loud"), ("silent", "silent")]
        assert info.satellite is None
        await client.say(Ping(text="hello"))
        assert (await client.hear_until("pong"))[-1].data["text"] == "hello"


async def test_describe_answers_while_an_engine_loads_and_early_requests_wait_for_it(serve: Serve) -> None:
    may_load = threading.Event()

    def load(_: object) -> FakeSttEngine:
        may_load.wait(PATIENCE_SECONDS)
        return FakeSttEngine()

    async with serve(stt_loading_with(load)) as server, dialogue(server.port) as client:
        assert (await client.describe()).asr[0].installed
        assert (await health(server))[1]["status"] == "loading"
        await client.say(Transcribe(language="en"), *audio_events(spoken("hello")))
        await client.describe()
        may_load.set()
        assert (await client.hear_until("transcript"))[-1].data["text"] == str(len(spoken("hello")))
        assert (await health(server))[1]["status"] == "ok"


@pytest.mark.parametrize(
    "failure", [EngineError("no model"), OSError("no file"), KeyError("a bug")], ids=["engine", "file", "bug"]
)
async def test_an_engine_that_cannot_load_is_reported_and_leaves_the_others_alone(
    failure: Exception, serve: Serve, fake_tts: TtsService
) -> None:
    def load(_: object) -> FakeSttEngine:
        raise failure

    async with serve(stt_loading_with(load), fake_tts) as server, dialogue(server.port) as client:
        status, body = await health_when_settled(server)
        assert (status, body["status"]) == (200, "degraded")
        assert str(failure) in body["services"]["stt"]["failure"]  # type: ignore[index]
        await client.say(*audio_events(spoken("hello")))
        error = (await client.hear_until("error", "transcript"))[-1]
        assert error.data["code"] == "engine"
        assert str(failure) in error.data["text"]
        await client.say(Synthesize(text="Hello."))
        await client.hear_until("audio-stop")


async def test_when_nothing_could_be_loaded_health_says_failed(serve: Serve) -> None:
    def load(_: object) -> FakeSttEngine:
        raise EngineError("no model")

    async with serve(stt_loading_with(load)) as server:
        status, body = await health_when_settled(server)
        assert (status, body["status"]) == (503, "failed")


async def test_more_utterances_than_the_queue_holds_are_refused_as_busy_and_the_others_answered(
    serve: Serve, fake_stt: SttService, stt_engine: FakeSttEngine
) -> None:
    stt_engine.gate.clear()

    async def transcribe(port: int) -> Event:
        async with dialogue(port) as client:
            await client.say(*audio_events(spoken("hello"), chunk_ms=100))
            return (await client.hear_until("transcript", "error"))[-1]

    async with serve(fake_stt) as server:
        answers = [asyncio.create_task(transcribe(server.port)) for _ in range(20)]
        refused, waiting = await _finish_some(answers, 4)
        assert {answer.result().data["code"] for answer in refused} == {"busy"}
        stt_engine.gate.set()
        assert {answer.type for answer in await asyncio.gather(*waiting)} == {"transcript"}


async def _finish_some(
    tasks: list[asyncio.Task[Event]], count: int
) -> tuple[list[asyncio.Task[Event]], list[asyncio.Task[Event]]]:
    while sum(task.done() for task in tasks) < count:
        await asyncio.wait([task for task in tasks if not task.done()], return_when=asyncio.FIRST_COMPLETED)
    return [task for task in tasks if task.done()], [task for task in tasks if not task.done()]


async def test_a_connection_too_many_is_told_so_although_it_already_spoke(serve: Serve, fake_tts: TtsService) -> None:
    async with serve(fake_tts, max_connections=2) as server:
        async with dialogue(server.port) as first, dialogue(server.port) as second:
            await first.describe()
            await second.describe()
            async with dialogue(server.port) as third:
                await third.say(Describe())
                error = (await third.hear_until("error"))[-1]
                assert error.data["code"] == "busy"
                assert await third.hear() is None
            assert await first.describe()
        while True:
            async with dialogue(server.port) as fourth:
                await fourth.say(Describe())
                if (await fourth.hear_until("info", "error"))[-1].type == "info":
                    break


async def test_an_idle_connection_is_closed_with_a_reason(serve: Serve, fake_tts: TtsService) -> None:
    async with serve(fake_tts, idle_seconds=0.05) as server, dialogue(server.port) as client:
        assert (await client.hear_until("error"))[-1].data["code"] == "idle"
        assert await client.hear() is None


async def test_an_unforeseen_failure_becomes_an_error_event_and_the_connection_goes_on(
    serve: Serve, fake_stt: SttService, stt_engine: FakeSttEngine, caplog: pytest.LogCaptureFixture
) -> None:
    stt_engine.failure = ZeroDivisionError("a bug")
    async with serve(fake_stt) as server, dialogue(server.port) as client:
        await client.say(*audio_events(spoken("hello")))
        error = (await client.hear_until("error"))[-1]
        assert "log" in error.data["text"]
        assert "a bug" not in error.data["text"]
        assert "ZeroDivisionError: a bug" in caplog.text
        stt_engine.failure = None
        await client.say(*audio_events(spoken("hello")))
        await client.hear_until("transcript")


async def test_a_bug_in_a_service_does_not_close_the_connection(
    serve: Serve, fake_tts: TtsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(fake_tts) as server, dialogue(server.port) as client:
        with monkeypatch.context() as patch:
            patch.setattr(fake_tts, "info", lambda: 1 / 0)
            await client.say(Describe())
            assert (await client.hear_until("error"))[-1].data["code"] == "error"
        assert (await client.describe()).tts


@pytest.mark.parametrize(
    "event",
    [
        Event("audio-chunk"),
        Event("audio-start", {"rate": "fast", "width": 2, "channels": 1}),
        Event("audio-start", {"rate": 16000.0, "width": [2], "channels": 1}),
        Event("audio-start", {}),
        Event("ping", {"text": 5}),
        Event("transcribe", {"language": 5}),
        Event("detect", {"names": 7}),
        Event("detect", {"names": [["loud"]]}),
        Event("synthesize", {"text": None}),
        Event("synthesize", {}),
        Event("synthesize-chunk", {"text": "before its start"}),
        Event("synthesize-start", {"voice": "not an object"}),
        Event("a-type-of-tomorrow", {"x": 1}),
    ],
    ids=lambda event: f"{event.type} {event.data}",
)
async def test_an_odd_event_leaves_the_connection_usable(
    event: Event, serve: Serve, fake_stt: SttService, fake_tts: TtsService, fake_wake: WakeService
) -> None:
    async with serve(fake_stt, fake_tts, fake_wake) as server, dialogue(server.port) as client:
        await client.send_raw(event)
        await client.describe()
        await client.say(Transcribe(language="en"), *audio_events(spoken("hello")))
        await client.hear_until("transcript")
        if event.type != "synthesize-start":
            await client.say(Synthesize(text="Hello."))
            assert sound_of(await client.hear_until("audio-stop")).size


async def test_metrics_count_what_happened_and_do_not_grow_with_a_clients_inventions(
    serve: Serve, fake_tts: TtsService
) -> None:
    async with serve(fake_tts) as server, dialogue(server.port) as client:
        await client.send_raw(Event("invented-by-a-client"))
        await client.describe()
        status, text = await get(server, "/metrics")
    assert status == 200
    assert 'voice_rag_events_total{type="describe"}' in text
    assert 'voice_rag_events_total{type="other"}' in text
    assert "invented" not in text


async def test_the_side_port_asks_for_its_token_except_for_health(serve: Serve, fake_stt: SttService) -> None:
    async with serve(fake_stt, token="secret") as server:
        assert (await get(server, "/health"))[0] == 200
        assert (await get(server, "/metrics"))[0] == 401
        assert (await get(server, "/metrics", "wrong"))[0] == 401
        assert (await get(server, "/metrics", "wröng"))[0] == 401
        status, body = await get(server, "/vocabulary")
        assert (status, '"unauthorized"' in body) == (401, True)
        assert (await get(server, "/metrics", "secret"))[0] == 200


async def test_the_side_port_answers_unknown_paths_in_json(serve: Serve, fake_tts: TtsService) -> None:
    async with serve(fake_tts) as server:
        status, body = await get(server, "/nothing")
    assert status == 404
    assert '"code": "not_found"' in body


def test_a_side_port_for_the_network_needs_a_token() -> None:
    with pytest.raises(StartError, match="--token"):
        RuntimeSettings(side_host="0.0.0.0")
    with pytest.raises(StartError, match="--token"):
        RuntimeSettings(side_host="0.0.0.0", token="")
    assert RuntimeSettings(side_host="0.0.0.0", token="secret").side_host == "0.0.0.0"
    assert RuntimeSettings(side_host="::1").token is None


@pytest.mark.parametrize("option", ["port", "side_port"])
async def test_a_port_in_use_is_named_with_its_option(option: str, serve: Serve, fake_tts: TtsService) -> None:
    async with serve(fake_tts) as server:
        second = WyomingServer([], replace(FREE_PORTS, **{option: getattr(server, option)}))
        with pytest.raises(StartError, match=rf"already in use.*--{option.replace('_', '-')}"):
            async with second.serving():
                pass


async def test_at_its_end_the_server_finishes_the_answer_that_is_under_way(
    serve: Serve, fake_tts: TtsService, tts_engine: FakeTtsEngine
) -> None:
    tts_engine.gate.clear()
    async with asyncio.timeout(PATIENCE_SECONDS):
        async with serve(fake_tts) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            for event in (SynthesizeStart(), SynthesizeChunk(text="One. Two. Three."), SynthesizeStop()):
                await _write(writer, event.event())
            assert (await _read(reader)).type == "audio-start"
            asyncio.get_running_loop().call_later(0.1, tts_engine.gate.set)
        heard = []
        while (event := await async_read_event(reader)) is not None:
            heard.append(event)
    assert [event.type for event in heard[-2:]] == ["audio-stop", "synthesize-stopped"]
    assert sound_of(heard).size > 3 * 8000
    writer.close()


async def test_an_answer_that_takes_longer_than_the_drain_ends_with_an_error(
    serve: Serve, fake_tts: TtsService, tts_engine: FakeTtsEngine
) -> None:
    tts_engine.gate.clear()
    async with serve(fake_tts, drain_seconds=0.1) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        await _write(writer, Synthesize(text="One.").event())
        assert (await _read(reader)).type == "audio-start"
    tts_engine.gate.set()
    assert (await _read(reader)).data["code"] == "stopping"
    assert await async_read_event(reader) is None
    writer.close()


async def test_idle_connections_do_not_hold_up_the_end(serve: Serve, fake_tts: TtsService) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        async with serve(fake_tts, drain_seconds=600) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            await _write(writer, Describe().event())
            await _read(reader)
    assert await async_read_event(reader) is None
    writer.close()


async def test_a_connection_that_is_cut_while_it_says_farewell_is_closed(serve: Serve, fake_tts: TtsService) -> None:
    async with serve(fake_tts) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"not a frame\n")
        assert (await _read(reader)).data["code"] == "bad-frame"
        transports = [connection._writer.transport for connection in server._connections.values()]
    assert [transport.is_closing() for transport in transports] == [True]
    writer.close()


def test_a_wildcard_is_never_announced_and_loopback_not_at_all() -> None:
    assert reachable_address("127.0.0.1") is None
    assert reachable_address("localhost") is None
    assert reachable_address("0.0.0.0") != "0.0.0.0"
    assert reachable_address("192.0.2.7") == "192.0.2.7"
    assert reachable_address("no-such-host.invalid") is None


async def test_a_second_client_is_served_while_the_first_reads_nothing(serve: Serve, tts_engine: FakeTtsEngine) -> None:
    service = TtsService(Synthesizer("fake", lambda: VOICES, lambda: tts_engine), TtsSettings())
    async with serve(service, drain_seconds=0.1) as server:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1024)
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await _write(writer, Synthesize(text="A sentence. " * 600).event())
        async with dialogue(server.port) as other:
            await other.say(Synthesize(text="Hello."))
            assert sound_of(await other.hear_until("audio-stop")).size == 8000
        writer.transport.abort()


async def _write(writer: asyncio.StreamWriter, event: Event) -> None:
    await async_write_event(event, writer)


async def _read(reader: asyncio.StreamReader) -> Event:
    event = await async_read_event(reader)
    assert event is not None
    return event
