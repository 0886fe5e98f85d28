"""The turn detection server through its real ports."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import pytest
from homeassistant.components.wyoming.data import WyomingService
from wyoming.asr import Transcript
from wyoming.audio import AudioChunk
from wyoming.event import Event
from wyoming.info import Describe, Info

from tests.fakes.speech_engines import FakeSttEngine
from tests.fakes.turn_detector import FakeTurnDetector, FakeTurnJudge
from tests.fakes.wyoming_dialogue import audio_events, dialogue
from tests.wyoming_servers.conftest import Serve
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.server import WyomingServer
from wyoming_servers.stt.recognizer import Recognizer
from wyoming_servers.stt.service import SttService
from wyoming_servers.stt.settings import SttSettings
from wyoming_servers.turn.detector import TurnDetector
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.engines import grammar
from wyoming_servers.turn.judgement import Bound, Judgement
from wyoming_servers.turn.judging import Judging
from wyoming_servers.turn.messages import LONGEST_TEXT, MOST_MESSAGES
from wyoming_servers.turn.service import TurnService
from wyoming_servers.turn.settings import TurnSettings

CONTRACT = Path(__file__).parents[2] / "contract" / "turn"


def contract(name: str) -> Any:
    return json.loads((CONTRACT / f"{name}.json").read_text(encoding="utf-8"))


def service(detector: TurnDetector) -> TurnService:
    return TurnService(Judging("fake", lambda: detector))


@asynccontextmanager
async def client_of(server: WyomingServer, path: str = "/infer") -> AsyncIterator[Callable[..., Any]]:
    """Yield a function that posts and returns the status and the answer."""
    async with aiohttp.ClientSession() as session:

        async def post(body: Any, **options: Any) -> tuple[int, Any]:
            payload = {"data": body} if isinstance(body, bytes) else {"json": body}
            async with session.post(f"http://127.0.0.1:{server.side_port}{path}", **payload, **options) as response:
                return response.status, await response.json()

        yield post


async def test_a_message_gets_its_probabilities(serve: Serve) -> None:
    detector = FakeTurnDetector({"включи свет в": 0.05})
    async with serve(service(detector)) as server, client_of(server) as infer:
        assert await infer(contract("infer_request")) == (200, contract("infer_response"))
    (pause,) = detector.pauses
    assert pause.language == "ru"
    assert pause.context == ("привет", "здравствуйте чем могу помочь")
    assert pause.audio is None


async def test_a_list_is_answered_with_a_list_in_its_order(serve: Serve) -> None:
    texts = [f"number {number}" for number in range(100)]
    detector = FakeTurnDetector({text: number / 100 for number, text in enumerate(texts)})
    async with serve(service(detector)) as server, client_of(server) as infer:
        status, answers = await infer([{"message": text} for text in texts])
        assert status == 200
        assert [answer["probas"]["speak"] for answer in answers] == [number / 100 for number in range(100)]
        assert await infer([]) == (200, [])


@pytest.mark.parametrize(
    ("request_", "language", "context"),
    [
        ({"message": "Включи TV"}, "ru", ()),
        ({"message": "turn it on"}, "en", ()),
        ({"message": "打开TV"}, "zh", ()),
        ({"message": "42", "context": ["Сколько?", "how many"]}, "en", ("Сколько?", "how many")),
        ({"message": "42"}, "en", ()),
        ({"message": "Hallo", "language": "de_DE"}, "de", ()),
        ({"message": "", "context": "раз\nдва"}, "ru", ("раз", "два")),
        ({"message": "да", "context": None}, "ru", ()),
        ({"message": "да", "context": ["а"] * 40}, "ru", ("а",) * 32),
    ],
)
async def test_language_and_context_may_be_left_out(
    request_: dict[str, Any], language: str, context: tuple[str, ...], serve: Serve
) -> None:
    detector = FakeTurnDetector()
    async with serve(service(detector)) as server, client_of(server) as infer:
        assert (await infer(request_))[0] == 200
    assert (detector.pauses[0].language, detector.pauses[0].context) == (language, context)


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"{", 400, "not JSON"),
        (b"\xff\xfe", 400, "not JSON"),
        (b"[" * 100_000, 400, "not JSON"),
        ("hello", 400, "must be an object"),
        ({}, 400, "'message'"),
        ({"message": 1}, 400, "'message'"),
        ({"message": "a" * (LONGEST_TEXT + 1)}, 400, f"at most {LONGEST_TEXT}"),
        ({"message": "a", "context": {"no": "list"}}, 400, "'context'"),
        ({"message": "a", "context": [1]}, 400, "'context'"),
        ({"message": "a", "context": {}}, 400, "'context'"),
        (b'{"message": ' + b"1" * 5000 + b"}", 400, "not JSON"),
        ({"message": "a", "language": 7}, 400, "'language'"),
        ([{"message": "a"}, {"text": "b"}], 400, "Entry 1"),
        ([{"message": "a"}] * (MOST_MESSAGES + 1), 400, f"at most {MOST_MESSAGES}"),
        (b"a" * 2_000_000, 413, "1048576"),
    ],
)
async def test_a_request_that_cannot_be_used_is_explained(body: Any, status: int, message: str, serve: Serve) -> None:
    detector = FakeTurnDetector()
    async with serve(service(detector)) as server, client_of(server) as infer:
        given, answer = await infer(body)
    assert given == status
    assert message in answer["error"]["message"]
    assert not detector.pauses


async def test_failures_of_the_engine_are_told_with_their_code(serve: Serve) -> None:
    detector = FakeTurnDetector(failure=EngineError("It is broken."))
    async with serve(service(detector)) as server, client_of(server) as infer:
        expected = {"error": {"code": "engine", "message": "It is broken."}}
        assert await infer({"message": "a"}) == (503, expected)
        async with dialogue(server.port) as client:
            await client.say(Transcript(text="a"))
            error = await client.hear()
            assert error is not None
            assert (error.type, error.data) == ("error", {"text": "It is broken.", "code": "engine"})
            detector.failure = None
            await client.say(Transcript(text="a"))
            assert (await client.hear_until("end-of-turn"))[-1].data["probas"]["speak"] == 0.5


async def test_too_many_requests_at_once_are_refused_and_the_others_answered(serve: Serve) -> None:
    detector = FakeTurnDetector(gate=threading.Event())
    async with serve(service(detector)) as server, client_of(server) as infer:
        requests = [asyncio.create_task(infer({"message": "a"})) for _ in range(80)]
        while sum(request.done() for request in requests) < 16:
            await asyncio.sleep(0.01)
        detector.gate.set()
        statuses = [(await request)[0] for request in requests]
    assert (statuses.count(200), statuses.count(503)) == (64, 16)


async def test_the_policy_tells_how_long_to_wait(serve: Serve) -> None:
    judgements = {
        "включи свет в": Judgement(0.05, Bound.UNFINISHED),
        "включи свет": Judgement(0.9),
        "выключи всё": Judgement(0.6, Bound.WHOLE),
        "стоп": Judgement(0.6, Bound.AT_ONCE),
    }
    detector = FakeTurnJudge(judgements)
    async with serve(service(detector)) as server, client_of(server, "/policy") as policy:
        status, answer = await policy(contract("policy_request"))
        assert (status, answer) == (
            200,
            contract("policy_response") | {"pause_ms": TurnSettings().longest_unfinished_pause_ms},
        )
        status, answers = await policy([{"message": text} for text in judgements])
        assert status == 200
        assert [answer["bound"] for answer in answers] == ["unfinished", None, "whole", "at-once"]
        longest, middle, short, at_once = [answer["pause_ms"] for answer in answers]
        assert longest > middle > short > at_once >= 200
        hurried = await policy({"message": "включи свет", "patience": "aggressive"})
        assert hurried[1]["pause_ms"] < middle
        status, answer = await policy({"message": "включи свет", "patience": "saint"})
        assert (status, "relaxed, default, aggressive" in answer["error"]["message"]) == (400, True)
    async with serve(service(detector)) as server, client_of(server) as infer:
        assert await infer({"message": "стоп"}) == (200, {"probas": {"wait": 0.4, "speak": 0.6}})


async def test_the_names_of_the_house_change_what_is_a_command(tmp_path: Path, serve: Serve) -> None:
    path = tmp_path / "vocabulary.json"
    options = TurnOptions(vocabulary=path)
    turns = TurnService(Judging("grammar", lambda: grammar.load(options)), path)
    message = {"message": "включи синюю сову"}
    async with serve(turns) as server, client_of(server, "/policy") as policy, aiohttp.ClientSession() as session:
        before = (await policy(message))[1]["probas"]["speak"]
        house = {"names": [{"name": "Синяя сова", "domain": "light"}], "areas": ["Гостиная"]}
        async with session.put(f"http://127.0.0.1:{server.side_port}/vocabulary", json=house) as response:
            assert (response.status, await response.json()) == (200, {"names": 1, "areas": 1, "floors": 0})
        assert (await policy(message))[1]["probas"]["speak"] != before
        async with session.put(f"http://127.0.0.1:{server.side_port}/vocabulary", json={"names": 7}) as response:
            assert response.status == 400
    assert json.loads(path.read_text(encoding="utf-8"))["names"] == house["names"]


async def test_the_speech_server_answers_from_its_own_detector(stt_engine: FakeSttEngine, serve: Serve) -> None:
    settings = SttSettings(turn_engine="rules")
    speech = SttService(Recognizer("fake", ("ru",), lambda _: stt_engine, settings), settings)
    async with serve(speech) as server, client_of(server) as infer, client_of(server, "/policy") as policy:
        assert await infer(contract("infer_request")) == (200, contract("infer_response"))
        assert (await policy(contract("policy_request")))[1]["probas"] == contract("policy_response")["probas"]


async def test_health_names_the_server_and_its_engine(serve: Serve) -> None:
    def load() -> TurnDetector:
        raise EngineError("There is no model.")

    async def health(judging: Judging) -> tuple[int, Any]:
        async with serve(TurnService(judging), service="voice-rag-turn") as server, aiohttp.ClientSession() as session:
            async with session.post(f"http://127.0.0.1:{server.side_port}/infer", json={"message": "a"}):
                pass  # waits for the engine
            async with session.get(f"http://127.0.0.1:{server.side_port}/health") as response:
                return response.status, await response.json()

    status, body = await health(Judging("fake", FakeTurnDetector))
    assert (status, body["status"], body["service"]) == (200, "ok", "voice-rag-turn")
    assert body["services"]["turn"] == {"state": "ready", "engine": "fake"}
    status, body = await health(Judging("fake", load))
    assert (status, body["status"]) == (503, "failed")
    assert "There is no model." in body["services"]["turn"]["failure"]


async def test_infer_asks_for_the_token_where_there_is_one(serve: Serve) -> None:
    async with serve(service(FakeTurnDetector()), token="secret") as server, client_of(server) as infer:
        assert (await infer({"message": "a"}))[0] == 401
        assert (await infer({"message": "a"}, headers={"Authorization": "Bearer secret"}))[0] == 200


async def test_a_transcript_is_answered_with_the_end_of_the_turn(serve: Serve) -> None:
    detector = FakeTurnDetector({"включи свет в": 0.05})
    asked = contract("infer_request")
    async with serve(service(detector)) as server, dialogue(server.port) as client:
        transcript = Transcript(asked["message"], context={"turns": asked["context"]}, language="ru-RU")
        await client.say(transcript, Transcript("turn it on"))
        first, second = [await client.hear() for _ in range(2)]
    assert (first.type, first.data) == ("end-of-turn", contract("infer_response"))
    assert second.data == {"probas": {"wait": 0.5, "speak": 0.5}}
    assert [(pause.language, pause.context) for pause in detector.pauses] == [
        ("ru", ("привет", "здравствуйте чем могу помочь")),
        ("en", ()),
    ]


async def test_a_detector_hears_the_last_eight_seconds(serve: Serve) -> None:
    detector = FakeTurnDetector()
    samples = np.arange(10 * 16_000, dtype=np.int32).astype(np.int16)
    start, *chunks, stop = audio_events(samples)
    async with serve(service(detector)) as server, dialogue(server.port) as client:
        await client.say(start, *chunks[:50], Transcript("раз"))
        await client.hear_until("end-of-turn")
        await client.say(*chunks[50:], stop, Transcript("раз два"))
        await client.hear_until("end-of-turn")
        await client.say(start, Transcript("три"))
        await client.hear_until("end-of-turn")
    heard = [pause.audio for pause in detector.pauses]
    assert np.array_equal(heard[0], samples[:8000])
    assert np.array_equal(heard[1], samples[-8 * 16_000 :])
    assert len(heard[2]) == 0


@pytest.mark.parametrize(
    "event",
    [
        AudioChunk(rate=16_000, width=2, channels=1, audio=b"\0\0").event(),
        Event("transcript"),
        Event("transcript", {"text": 5}),
        Event("transcript", {"text": "a", "context": {"turns": 5}}),
        Event("transcript", {"text": "a" * (LONGEST_TEXT + 1)}),
    ],
)
async def test_an_event_that_cannot_be_used_is_explained_and_the_dialogue_goes_on(event: Event, serve: Serve) -> None:
    async with serve(service(FakeTurnDetector())) as server, dialogue(server.port) as client:
        await client.send_raw(event)
        error = await client.hear()
        assert error is not None
        assert (error.type, error.data["code"]) == ("error", "protocol")
        await client.say(Transcript("a"))
        assert (await client.hear_until("end-of-turn"))[-1].data["probas"]["speak"] == 0.5


async def test_a_client_that_leaves_before_the_answer_leaves_nothing_behind(serve: Serve) -> None:
    detector = FakeTurnDetector(gate=threading.Event())
    async with serve(service(detector)) as server:
        async with dialogue(server.port) as client:
            await client.say(Transcript("a"))
            while not detector.pauses:
                await asyncio.sleep(0.01)
        detector.gate.set()
        async with dialogue(server.port) as client:
            await client.say(Transcript("b"))
            await client.hear_until("end-of-turn")


async def test_home_assistant_finds_no_service_it_would_make_an_agent_of(serve: Serve) -> None:
    async with serve(service(FakeTurnDetector())) as server:
        found = await WyomingService.create("127.0.0.1", server.port)
        assert found is not None
        assert not found.has_services()
        assert found.get_name() is None
        assert found.platforms == []
        async with dialogue(server.port) as client:
            await client.say(Describe())
            event = await client.hear()
        assert event is not None
        assert Info.from_event(event) == Info()
        assert [program["name"] for program in event.data["turn"]] == ["voice-rag-turn"]
