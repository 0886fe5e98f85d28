"""What a client asks for reaches the engine, and what the engine guesses reaches the client, over the wire."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from wyoming.asr import Transcribe
from wyoming.audio import AudioStart

from tests.fakes.conversation import RATE, OracleEngine, say
from tests.fakes.spoken import spoken
from tests.fakes.wyoming_dialogue import Dialogue, audio_events, dialogue
from tests.wyoming_servers.conftest import Serve
from wyoming_servers.runtime.audio import Samples
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.loading import LoadSettings
from wyoming_servers.stt.engine import EngineOptions, SttEngine, SttModel, Transcription
from wyoming_servers.stt.recognizer import Recognizer
from wyoming_servers.stt.service import SttService
from wyoming_servers.stt.settings import EndOfTurn, SttSettings

SETTINGS = SttSettings(end_of_turn=EndOfTurn.CLIENT)
HESITATION = say(0.3, "turn on", 0.8, "the light", 0.8, "in the hall", 3.0)


class BiasedEngine:
    """Says its name and what it was told to expect."""

    def __init__(self, name: str, *languages: str) -> None:
        self.name = name
        self.languages = languages

    def transcribe(self, samples: Samples, language: str | None) -> Transcription:
        return self.transcribe_with(samples, language, ())

    def transcribe_with(self, samples: Samples, language: str | None, terms: Sequence[str]) -> Transcription:
        return Transcription(" ".join((self.name, *terms)), language or self.languages[0])


def recognizer(engine: SttEngine, settings: SttSettings = SETTINGS) -> Recognizer:
    model = SttModel(f"{engine.name}-model", engine.languages, "A model", "Somebody", "")
    return Recognizer(engine.name, engine.languages, lambda _: engine, settings, models=[model])


def service(*engines: SttEngine, settings: SttSettings = SETTINGS) -> SttService:
    first, *others = (recognizer(engine, settings) for engine in engines)
    return SttService(first, settings, others)


async def answer(client: Dialogue, **wishes: Any) -> str:
    await client.say(Transcribe(**wishes), *audio_events(spoken("hello")))
    event = (await client.hear_until("transcript", "error"))[-1]
    return str(event.data["text"])


async def test_the_name_chooses_the_model_and_without_one_the_language_does(serve: Serve) -> None:
    async with (
        serve(service(BiasedEngine("small", "en"), BiasedEngine("large", "en", "ru"))) as server,
        dialogue(server.port) as client,
    ):
        info = await client.describe()
        assert [model.name for model in info.asr[0].models] == ["small-model", "large-model"]
        assert await answer(client) == "small"
        assert await answer(client, name="large-model") == "large"
        assert await answer(client, language="ru") == "large"
        assert await answer(client, language="en-GB") == "small"
        assert "There is no model 'huge' here. Available: small-model, large-model" in await answer(client, name="huge")
        assert "no language 'ru'" in await answer(client, name="small-model", language="ru")
        assert await answer(client, language="ru") == "large"


async def test_a_model_that_could_not_be_loaded_leaves_its_languages_to_the_next(serve: Serve) -> None:
    def load(_: object) -> SttEngine:
        raise EngineError("no model")

    broken = Recognizer("broken", ("en",), load, SETTINGS)
    async with (
        serve(SttService(broken, SETTINGS, [recognizer(BiasedEngine("spare", "en"))])) as server,
        dialogue(server.port) as client,
    ):
        while not broken.loader.failure:
            await asyncio.sleep(0.01)
        assert await answer(client, language="en") == "spare"
        assert "no model" in await answer(client, name="broken")


async def test_an_engine_that_was_not_there_begins_with_the_names_that_the_others_were_told(serve: Serve) -> None:
    loaded: list[EngineOptions] = []

    def load(options: EngineOptions) -> SttEngine:
        loaded.append(options)
        raise EngineError("no model")

    late = Recognizer("late", ("en",), load, replace(SETTINGS, load=LoadSettings(retry_seconds=(0.2,))))
    async with serve(SttService(late, SETTINGS, [recognizer(BiasedEngine("other", "en"))])) as server:
        url = f"http://127.0.0.1:{server.side_port}/vocabulary"
        async with aiohttp.ClientSession() as session, session.put(url, json={"areas": ["Kitchen"]}) as response:
            assert response.status == 503
        while loaded[-1].vocabulary.areas != ("Kitchen",):
            await asyncio.sleep(0.01)


async def test_names_and_terms_are_for_one_request(serve: Serve) -> None:
    async with serve(service(BiasedEngine("biased", "en"))) as server, dialogue(server.port) as client:
        assert await answer(client, transcript_terms=["Solaris"], transcript_names=["Anna"]) == "biased Anna Solaris"
        assert await answer(client) == "biased"


async def test_an_unknown_sensitivity_is_told_and_the_known_ones_are_taken(serve: Serve) -> None:
    async with serve(service(BiasedEngine("any", "en"))) as server, dialogue(server.port) as client:
        await client.say(Transcribe(vad_sensitivity="nervous"))
        assert (await client.hear_until("error"))[-1].data["code"] == "protocol"
        for sensitivity in ("relaxed", "default", "aggressive"):
            assert await answer(client, vad_sensitivity=sensitivity) == "any"


@pytest.mark.parametrize("end_of_turn", [EndOfTurn.SERVER, EndOfTurn.EITHER])
async def test_words_that_are_sure_are_told_before_the_end(end_of_turn: EndOfTurn, serve: Serve) -> None:
    settings = replace(SETTINGS, end_of_turn=end_of_turn)
    async with (
        serve(service(OracleEngine(HESITATION), settings=settings)) as server,
        dialogue(server.port) as client,
    ):
        info = await client.describe()
        assert info.asr[0].supports_transcript_streaming
        assert info.asr[0].requires_external_vad is (end_of_turn is EndOfTurn.EITHER)
        *audio, _stop = audio_events(HESITATION.samples)
        await client.say(Transcribe(language="en"), *audio)
        events = await client.hear_until("transcript-stop")
        chunks = ["transcript-chunk"] * 3
        assert [event.type for event in events] == ["transcript-start", *chunks, "transcript", "transcript-stop"]
        assert [event.data["text"] for event in events[1:4]] == ["turn on", " the light", " in the hall"]
        assert events[4].data["text"] == "turn on the light in the hall"


async def test_a_transcript_unlike_what_was_told_begins_the_stream_anew(serve: Serve) -> None:
    class Fickle(OracleEngine):
        def transcribe(self, samples: Samples, language: str | None) -> Transcription:
            words = super().transcribe(samples, language)
            return replace(words, text="open the window") if words.text.endswith("hall") else words

    async with serve(service(Fickle(HESITATION), settings=SttSettings())) as server, dialogue(server.port) as client:
        await client.say(AudioStart(rate=RATE, width=2, channels=1), *list(audio_events(HESITATION.samples))[1:-1])
        events = await client.hear_until("transcript-stop")
    types = [event.type for event in events]
    last_start = len(types) - 1 - types[::-1].index("transcript-start")
    told = [event.data["text"] for event in events[last_start:] if event.type == "transcript-chunk"]
    assert types.count("transcript-start") == 2
    assert ("".join(told), types.count("transcript")) == ("open the window", 1)
    assert events[-2].data["text"] == "open the window"
