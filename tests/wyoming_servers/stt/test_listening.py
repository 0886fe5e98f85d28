"""The server finds the end of the turn: real voice activity detection on speech, a recogniser that knows the words."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from wyoming.asr import Transcribe
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event

from tests.fakes.conversation import RATE, OracleEngine, Said, say
from tests.fakes.sounds import NOISES, silence
from tests.fakes.wyoming_dialogue import Dialogue, dialogue
from tests.waiting import PATIENCE_SECONDS
from tests.wyoming_servers.conftest import Serve
from wyoming_servers.runtime.errors import BusyError, EngineError
from wyoming_servers.stt.engine import EngineOptions, SttEngine
from wyoming_servers.stt.engines import pocketsphinx
from wyoming_servers.stt.recognizer import Recognizer
from wyoming_servers.stt.service import SttService
from wyoming_servers.stt.settings import EndOfTurn, SttSettings
from wyoming_servers.turn.settings import TurnSettings

START = AudioStart(rate=RATE, width=2, channels=1)
COMMAND = say(0.3, "turn on the light in the hall", 3.0)
HESITATION = say(0.3, "turn on", 0.8, "the light in the hall", 3.0)
RUSSIAN = say(0.3, "включи свет в", 0.8, "гостиной", 3.0, voice="ru")


def service(engine: SttEngine, **changes: object) -> SttService:
    settings = replace(SttSettings(), **changes)
    return SttService(Recognizer(engine.name, engine.languages, lambda _: engine, settings), settings)


def chunks(samples: NDArray[np.int16], chunk_ms: int = 10) -> Iterable[AudioChunk]:
    size = RATE * chunk_ms // 1000
    for begin in range(0, len(samples), size):
        yield AudioChunk(rate=RATE, width=2, channels=1, audio=samples[begin : begin + size].tobytes())


async def speak(client: Dialogue, samples: NDArray[np.int16], *, times_real: float, chunk_ms: int = 20) -> None:
    """Send the audio so many times faster than it was spoken."""
    for chunk in chunks(samples, chunk_ms):
        await client.say(chunk)
        await asyncio.sleep(chunk_ms / 1000 / times_real)


async def answer(client: Dialogue) -> Event:
    return (await client.hear_until("transcript", "error"))[-1]


async def text(client: Dialogue) -> str:
    event = await answer(client)
    assert event.type == "transcript", event
    return str(event.data["text"])


async def ended(*names: str) -> None:
    """Wait until the server has no task of these names."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while any(task.get_name() in names for task in asyncio.all_tasks()):
            await asyncio.sleep(0.01)


async def test_the_transcript_comes_before_audio_stop(serve: Serve) -> None:
    async with serve(service(OracleEngine(COMMAND))) as server, dialogue(server.port) as client:
        await client.say(Transcribe(language="en"), START, *chunks(COMMAND.samples))
        assert await text(client) == "turn on the light in the hall"


@pytest.mark.parametrize(("said", "language"), [(HESITATION, "en"), (RUSSIAN, "ru")])
@pytest.mark.parametrize("chunk_ms", [10, 64, 1000])
async def test_a_speaker_who_thinks_in_mid_sentence_is_heard_out(
    said: Said, language: str, chunk_ms: int, serve: Serve
) -> None:
    engine = OracleEngine(said)
    async with serve(service(engine)) as server, dialogue(server.port) as client:
        await client.say(Transcribe(language=language), START, *chunks(said.samples, chunk_ms))
        assert await text(client) == " ".join(words for _, words in said.pieces)
    assert len(engine.heard) == 2, "one guess for each pause, and no decode besides"


@pytest.mark.parametrize(
    "said",
    [
        COMMAND,
        HESITATION,
        say(0.3, "turn on the light in the hall", 1.0, "and in the kitchen", 3.0),
        say(0.3, "turn on the light", 0.7, "in the hall", 3.0),
    ],
    ids=["command", "hesitation", "afterthought", "open"],
)
async def test_audio_in_a_burst_is_decided_as_audio_that_comes_bit_by_bit(said: Said, serve: Serve) -> None:
    paced, burst = OracleEngine(said), OracleEngine(said)
    async with serve(service(paced)) as server, dialogue(server.port) as client:
        await client.say(START)
        speaking = asyncio.create_task(speak(client, said.samples, times_real=4.0))
        paced_text = await text(client)
        speaking.cancel()
        await asyncio.gather(speaking, return_exceptions=True)
    async with serve(service(burst)) as server, dialogue(server.port) as client:
        await client.say(START, *chunks(said.samples, 1000))
        assert await text(client) == paced_text
    assert burst.heard == paced.heard


async def test_a_guess_hears_nothing_of_what_comes_after_the_pause(serve: Serve) -> None:
    said = say(0.3, "turn on the light in the hall", 2.0, "something else entirely", 2.0)
    async with serve(service(OracleEngine(said))) as server, dialogue(server.port) as client:
        await client.say(START, *chunks(said.samples, 1000), AudioStop())
        assert await text(client) == "turn on the light in the hall"


async def test_a_slow_engine_does_not_answer_somebody_who_has_gone_on_meanwhile(serve: Serve) -> None:
    said = say(0.3, "turn on the light in the hall", 0.8, "and in the kitchen")
    engine = OracleEngine(said)
    engine.gate.clear()
    async with serve(service(engine)) as server, dialogue(server.port) as client:
        await client.say(START, *chunks(said.samples, 1000))
        await asyncio.to_thread(engine.begun.wait, 10)
        await ended("speculative transcript")  # the speaker goes on, and the engine still has not answered
        engine.gate.set()
        await client.say(*chunks(silence(3.0)))
        assert await text(client) == "turn on the light in the hall and in the kitchen"


@pytest.mark.parametrize("name", ["silence", "pink-300"])
async def test_nobody_speaking_gives_an_empty_transcript_without_a_decode(name: str, serve: Serve) -> None:
    engine = OracleEngine(COMMAND)
    settings = TurnSettings(no_speech_seconds=1.0)
    async with serve(service(engine, turn=settings)) as server, dialogue(server.port) as client:
        await client.say(START, *chunks(NOISES[name](1.5)))
        assert await text(client) == ""
    assert engine.heard == []


async def test_audio_that_ends_without_speech_gives_an_empty_transcript_without_a_decode(serve: Serve) -> None:
    engine = OracleEngine(COMMAND)
    async with serve(service(engine)) as server, dialogue(server.port) as client:
        await client.say(START, *chunks(silence(1.0)), AudioStop())
        assert await text(client) == ""
    assert engine.heard == []


async def test_a_turn_that_never_ends_is_answered_at_its_longest(serve: Serve) -> None:
    said = say(0.3, "one two three four five six seven eight nine ten", 0.1, "eleven twelve thirteen fourteen")
    engine = OracleEngine(said)
    settings = TurnSettings(longest_seconds=2.0)
    async with serve(service(engine, turn=settings)) as server, dialogue(server.port) as client:
        await client.say(START, *chunks(said.samples, 1000))
        await answer(client)
    assert engine.heard == [pytest.approx(2.0 * RATE, abs=512)]


async def test_audio_stop_before_the_end_of_the_turn_gives_the_whole_at_once(serve: Serve) -> None:
    said = say(0.3, "turn on the light in the hall")
    engine = OracleEngine(said)
    async with serve(service(engine)) as server, dialogue(server.port) as client:
        await client.say(START, *chunks(said.samples), AudioStop())
        assert await text(client) == "turn on the light in the hall"
    assert engine.heard == [len(said.samples)]


async def test_a_guess_that_understood_nothing_is_not_the_last_word_when_the_client_stops(serve: Serve) -> None:
    said = say(0.3, "turn on the light in the hall", 0.3)
    late = Said(said.samples, ((len(said.samples), "turn on the light in the hall"),))
    engine = OracleEngine(late)
    async with serve(service(engine)) as server, dialogue(server.port) as client:
        await client.say(START, *chunks(said.samples), AudioStop())
        assert await text(client) == "turn on the light in the hall"
    assert len(engine.heard) == 2


async def test_audio_after_the_early_transcript_is_dropped_and_the_next_utterance_answered(serve: Serve) -> None:
    async with serve(service(OracleEngine(COMMAND))) as server, dialogue(server.port) as client:
        for ending in ([AudioStop()], [], [AudioStop()]):
            await client.say(START, *chunks(COMMAND.samples))
            assert await text(client) == "turn on the light in the hall"
            await client.say(*chunks(COMMAND.samples, 100), *ending)
        assert (await client.describe()).asr


async def test_audio_after_the_early_transcript_is_not_kept(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    changes = {"longest_seconds": 7.0}
    async with serve(service(OracleEngine(COMMAND), **changes)) as server, dialogue(server.port) as client:
        await client.say(START, *chunks(COMMAND.samples))
        await text(client)
        await client.say(*chunks(silence(8.0), 100))
        await client.describe()
    assert "the rest is dropped" not in caplog.text


async def test_a_client_that_leaves_while_a_guess_runs_leaves_no_work_behind(serve: Serve) -> None:
    engine = OracleEngine(COMMAND)
    engine.gate.clear()
    async with serve(service(engine)) as server:  # which fails where a task is left
        async with dialogue(server.port) as client:
            await client.say(START, *chunks(COMMAND.samples, 100))
            await asyncio.to_thread(engine.begun.wait, 10)
        await ended("transcribe", "speculative transcript")
        engine.gate.set()


async def test_a_guess_that_fails_once_does_not_spoil_the_turn(serve: Serve) -> None:
    engine = OracleEngine(COMMAND, failures=[BusyError("stt", 16)])
    async with serve(service(engine)) as server, dialogue(server.port) as client:
        await client.say(START, *chunks(COMMAND.samples))
        assert await text(client) == "turn on the light in the hall"
    assert len(engine.heard) == 2


@pytest.mark.parametrize(
    ("failures", "code"),
    [
        ([BusyError("stt", 16), BusyError("stt", 16)], "busy"),
        ([EngineError("out of memory"), EngineError("out of memory")], "engine"),
        ([KeyError("a bug")], "error"),
    ],
)
async def test_an_engine_that_fails_is_an_error_and_the_next_utterance_is_answered(
    failures: list[Exception], code: str, serve: Serve
) -> None:
    engine = OracleEngine(COMMAND, failures=failures)
    async with serve(service(engine)) as server, dialogue(server.port) as client:
        await client.say(START, *chunks(COMMAND.samples))
        error = await answer(client)
        assert (error.type, error.data["code"]) == ("error", code)
        await client.say(*chunks(silence(0.5)), AudioStop(), START, *chunks(COMMAND.samples))
        assert await text(client) == "turn on the light in the hall"


async def test_many_speakers_at_once_are_each_answered_with_their_own_words(serve: Serve) -> None:
    engine = OracleEngine(HESITATION)

    async def converse(port: int) -> str:
        async with dialogue(port) as client:
            await client.say(START, *chunks(HESITATION.samples, 100))
            return await text(client)

    async with serve(service(engine)) as server:
        texts = await asyncio.gather(*(converse(server.port) for _ in range(6)))
    assert set(texts) == {"turn on the light in the hall"}


@pytest.mark.parametrize(("end_of_turn", "is_external"), [(EndOfTurn.SERVER, False), (EndOfTurn.CLIENT, True)])
async def test_info_says_who_finds_the_end_of_the_turn(end_of_turn: EndOfTurn, is_external: bool, serve: Serve) -> None:
    async with (
        serve(service(OracleEngine(COMMAND), end_of_turn=end_of_turn)) as server,
        dialogue(server.port) as client,
    ):
        assert (await client.describe()).asr[0].requires_external_vad is is_external


async def test_where_the_client_finds_the_end_nothing_is_answered_before_audio_stop(serve: Serve) -> None:
    said = say(0.3, "turn on the light in the hall", 2.5, "please", 2.5)
    engine = OracleEngine(said)
    async with (
        serve(service(engine, end_of_turn=EndOfTurn.CLIENT)) as server,
        dialogue(server.port) as client,
    ):
        await client.say(START, *chunks(said.samples))
        await client.describe()
        assert engine.heard == []
        await client.say(AudioStop())
        assert await text(client) == "turn on the light in the hall please"


@pytest.fixture(scope="module")
def own_pocketsphinx() -> pocketsphinx.PocketSphinxEngine:
    """Return an engine of these tests' own: what one has heard before can tip the scale for a doubtful utterance."""
    return pocketsphinx.load(EngineOptions())


@pytest.mark.parametrize("name", NOISES)
@pytest.mark.parametrize("ending", [[], [AudioStop()]], ids=["microphone open", "audio-stop"])
async def test_what_is_no_speech_gives_an_empty_transcript(
    ending: list[AudioStop], name: str, serve: Serve, own_pocketsphinx: pocketsphinx.PocketSphinxEngine
) -> None:
    async with serve(service(own_pocketsphinx)) as server, dialogue(server.port) as client:
        await client.say(Transcribe(language="en"), START, *chunks(NOISES[name](6.0), 100), *ending)
        assert await text(client) == ""
