"""The end of the turn over the wire: the house's names, patience, the speakers' own pauses, a detector that fails."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import aiohttp
import numpy as np
import pytest
from wyoming.asr import Transcribe
from wyoming.audio import AudioChunk, AudioStart, AudioStop

from tests.fakes.conversation import RATE, OracleEngine, Said, say
from tests.fakes.wyoming_dialogue import Dialogue, dialogue
from tests.wyoming_servers.conftest import Serve
from wyoming_servers.runtime.errors import EngineError, StartError
from wyoming_servers.runtime.server import WyomingServer
from wyoming_servers.stt.recognizer import Recognizer
from wyoming_servers.stt.service import SttService
from wyoming_servers.stt.settings import SttSettings
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.endpoint import WINDOW_MS
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.engines import fused
from wyoming_servers.turn.judgement import Bound, Judgement
from wyoming_servers.turn.settings import Patience, TurnSettings

Detect = Callable[..., "Told"]
START = AudioStart(rate=RATE, width=2, channels=1)
SETTINGS = TurnSettings()


class Told:
    """A detector that gives what the test says and keeps what it is asked."""

    def __init__(self, *judgements: Judgement | Exception) -> None:
        self._judgements = list(judgements)
        self.asked: list[Pause] = []

    def completeness(self, pause: Pause) -> float:
        return self.judge(pause).probability

    def judge(self, pause: Pause) -> Judgement:
        self.asked.append(pause)
        judgement = self._judgements.pop(0)
        if isinstance(judgement, Exception):
            raise judgement
        return judgement


@pytest.fixture
def detect(monkeypatch: pytest.MonkeyPatch) -> Detect:
    """Return what makes the next server's detector."""

    def load(*judgements: Judgement | Exception) -> Told:
        told = Told(*judgements)
        monkeypatch.setattr(fused, "load", lambda options: told)
        return told

    return load


def service(said: Said, **changes: object) -> tuple[SttService, OracleEngine]:
    engine = OracleEngine(said)
    settings = replace(SttSettings(), **changes)
    return SttService(Recognizer("oracle", engine.languages, lambda _: engine, settings), settings), engine


async def ready(stt: SttService) -> None:
    """Wait until the detector is loaded, which clients need not: rules judge until then."""
    await stt._turns.judging.loader.get()


async def answer(client: Dialogue, said: Said, *, language: str = "en", **wishes: object) -> str:
    samples = said.samples
    pieces = (samples[begin : begin + RATE] for begin in range(0, len(samples), RATE))
    chunks = [AudioChunk(rate=RATE, width=2, channels=1, audio=piece.tobytes()) for piece in pieces]
    await client.say(Transcribe(language=language, **wishes), START, *chunks, AudioStop())
    event = (await client.hear_until("transcript", "error"))[-1]
    assert event.type == "transcript", event
    return str(event.data["text"])


async def put(server: WyomingServer, vocabulary: dict[str, object]) -> None:
    url = f"http://127.0.0.1:{server.side_port}/vocabulary"
    async with aiohttp.ClientSession() as session, session.put(url, data=json.dumps(vocabulary)) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    ("judgement", "pause", "is_heard_out"),
    [
        (Judgement(0.5, Bound.WHOLE), 0.45, False),
        (Judgement(0.5, Bound.AT_ONCE), 0.4, False),
        (Judgement(0.99), 0.45, False),
        (Judgement(0.99, Bound.UNFINISHED), 1.2, True),
        (Judgement(0.05), 1.2, True),
    ],
)
async def test_what_is_known_of_the_words_decides_whether_a_pause_is_the_end(
    judgement: Judgement, pause: float, is_heard_out: bool, serve: Serve, detect: Detect
) -> None:
    said = say(0.3, "turn on the light", pause, "in the hall", 3.0)
    detect(judgement, Judgement(1.0))
    stt, _ = service(said)
    async with serve(stt) as server, dialogue(server.port) as client:
        await ready(stt)
        assert await answer(client, said) == ("turn on the light in the hall" if is_heard_out else "turn on the light")


async def test_the_detector_is_asked_with_the_words_and_the_sound_up_to_the_pause(serve: Serve, detect: Detect) -> None:
    said = say(0.3, "включи свет в", 0.8, "гостиной", 3.0, voice="ru")
    told = detect(Judgement(0.0), Judgement(1.0))
    stt, engine = service(said)
    async with serve(stt) as server, dialogue(server.port) as client:
        await ready(stt)
        await answer(client, said, language="ru")
    assert [(pause.text, pause.language) for pause in told.asked] == [
        ("включи свет в", "ru"),
        ("включи свет в гостиной", "ru"),
    ]
    for pause, heard in zip(told.asked, engine.heard, strict=True):
        assert pause.audio is not None
        np.testing.assert_array_equal(pause.audio[:heard], said.samples[:heard])


@pytest.mark.parametrize(("patience", "is_heard_out"), [("aggressive", False), ("relaxed", True)])
async def test_a_patient_client_gives_more_time(
    patience: str, is_heard_out: bool, serve: Serve, detect: Detect
) -> None:
    said = say(0.3, "turn on the light", 0.75, "in the hall", 3.0)
    detect(Judgement(0.8), Judgement(1.0))
    stt, _ = service(said)
    async with serve(stt) as server, dialogue(server.port) as client:
        await ready(stt)
        text = await answer(client, said, vad_sensitivity=patience)
    assert (text == "turn on the light in the hall") is is_heard_out


async def test_a_detector_that_fails_leaves_it_to_the_rules(
    serve: Serve, detect: Detect, caplog: pytest.LogCaptureFixture
) -> None:
    said = say(0.3, "turn on the", 0.8, "light in the hall", 3.0)
    detect(EngineError("no more memory"), EngineError("no more memory"))
    stt, _ = service(said)
    async with serve(stt) as server, dialogue(server.port) as client:
        await ready(stt)
        assert await answer(client, said) == "turn on the light in the hall"
    assert "no more memory" in caplog.text


async def test_a_detector_that_can_not_be_loaded_leaves_it_to_the_rules(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(options: TurnOptions) -> None:
        raise EngineError("ngram.npz is missing")

    monkeypatch.setattr(fused, "load", fail)
    said = say(0.3, "turn on the", 0.8, "light in the hall", 3.0)
    stt, _ = service(said)
    async with serve(stt) as server, dialogue(server.port) as client:
        assert await answer(client, said) == "turn on the light in the hall"


async def test_new_names_of_the_house_end_a_turn_sooner(serve: Serve) -> None:
    said = say(0.3, "выключи свет в каминной", 0.6, "комнате", 3.0, voice="ru")
    stt, engine = service(said)
    async with serve(stt) as server, dialogue(server.port) as client:
        await ready(stt)
        await put(server, {"areas": ["Каминная"]})
        assert await answer(client, said, language="ru") == "выключи свет в каминной"
        await put(server, {"areas": ["Каминная комната"]})
        assert await answer(client, said, language="ru") == "выключи свет в каминной комнате"
    assert len(engine.heard) == 3


async def test_who_pauses_long_is_given_more_time_even_after_a_restart(
    serve: Serve, detect: Detect, tmp_path: Path
) -> None:
    slow = say(0.3, "turn on the light", 1.2, "in the hall", 3.0)
    unsure = say(0.3, "turn on the light", 0.65, "in the hall", 3.0)
    impatient = replace(SETTINGS, patience=Patience.AGGRESSIVE)

    async def answers(said: Said, *judgements: Judgement) -> list[str]:
        detect(*judgements)
        stt, _ = service(said, turn=impatient, data=tmp_path)
        async with serve(stt) as server, dialogue(server.port) as client:
            await ready(stt)
            return [await answer(client, said) for _ in judgements[::2]]

    assert await answers(unsure, Judgement(0.8), Judgement(1.0)) == ["turn on the light"]
    await answers(slow, *[Judgement(0.0), Judgement(1.0)] * 8)
    resumed = json.loads((tmp_path / "pauses.json").read_text())["en"]["resumed"]
    assert sum(resumed) == pytest.approx(sum(resumed[10:13])) == pytest.approx(7.5, abs=0.5)
    assert await answers(unsure, Judgement(0.8), Judgement(1.0)) == ["turn on the light in the hall"]


@pytest.mark.parametrize("content", ["", "[]", '{"en": {}}', '{"en": {"resumed": "x", "lasted": []}}'])
async def test_pauses_that_can_not_be_read_are_learned_anew(content: str, serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "pauses.json").write_text(content)
    said = say(0.3, "turn on the light in the hall", 3.0)
    stt, _ = service(said, data=tmp_path)
    async with serve(stt) as server, dialogue(server.port) as client:
        assert await answer(client, said) == "turn on the light in the hall"


def test_an_unknown_detector_is_told_at_the_start() -> None:
    with pytest.raises(StartError, match="There is no engine 'oracle'"):
        service(say("stop"), turn_engine="oracle")


def test_the_shortest_pause_comes_after_the_look_at_the_words() -> None:
    assert SETTINGS.speculate_ms <= SETTINGS.shortest_pause_ms - WINDOW_MS
    assert SETTINGS.shortest_pause_ms <= SETTINGS.whole_pause_ms <= 300
    assert SETTINGS.whole_pause_ms < SETTINGS.unfinished_pause_ms <= SETTINGS.longest_pause_ms
