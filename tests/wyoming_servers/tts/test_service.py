"""Synthesis over the wire: the dialogue of Home Assistant, and what can go wrong in it."""

import asyncio

import numpy as np
import pytest
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop, SynthesizeVoice

from tests.fakes.speech_engines import FakeTtsEngine
from tests.fakes.wyoming_dialogue import Dialogue, dialogue, sound_of
from tests.wyoming_servers.conftest import Serve
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.tts.engine import EngineOptions
from wyoming_servers.tts.engines import espeak
from wyoming_servers.tts.service import TtsService

ANSWERS = {
    "ru": "Свет на кухне включён. Что-нибудь ещё?",
    "en": "The kitchen light is on. Anything else?",
    "zh": "厨房的灯开了。还有别的吗？",
}


async def stream(client: Dialogue, *chunks: str, voice: SynthesizeVoice | None = None) -> list[str]:
    """Send a stream as Home Assistant does, and return the types of the answer's events."""
    await client.say(SynthesizeStart(voice=voice), *map(SynthesizeChunk, chunks))
    await client.say(Synthesize(text="".join(chunks), voice=voice), SynthesizeStop())
    return [event.type for event in await client.hear_until("synthesize-stopped")]


def outline(types: list[str]) -> list[str]:
    """Return the types with the run of audio chunks as one."""
    return [kind for kind, before in zip(types, [None, *types], strict=False) if kind != before]


WHOLE = ["audio-start", "audio-chunk", "audio-stop"]
STREAMED = [*WHOLE, "synthesize-stopped"]


async def test_a_stream_is_spoken_once_and_its_repetition_ignored(
    serve: Serve, fake_tts: TtsService, tts_engine: FakeTtsEngine
) -> None:
    async with serve(fake_tts) as server, dialogue(server.port) as client:
        assert outline(await stream(client, "One. Tw", "o. Thr", "ee.")) == STREAMED
        assert [text for text, _ in tts_engine.spoken] == ["One.", "Two.", "Three."]
        assert outline(await stream(client, "Four.")) == STREAMED
        await client.say(Synthesize(text="Five."))
        assert outline([event.type for event in await client.hear_until("audio-stop")]) == WHOLE
        assert [text for text, _ in tts_engine.spoken[3:]] == ["Four.", "Five."]


async def test_the_first_sentence_is_heard_while_the_text_still_comes(serve: Serve, fake_tts: TtsService) -> None:
    async with serve(fake_tts) as server, dialogue(server.port) as client:
        await client.say(SynthesizeStart(), SynthesizeChunk("One. Two"))
        await client.hear_until("audio-chunk")
        await client.say(SynthesizeChunk(" is last."), SynthesizeStop())
        await client.hear_until("synthesize-stopped")


@pytest.mark.parametrize("voice", espeak.voices(EngineOptions()), ids=lambda voice: voice.name)
async def test_each_voice_speaks_audibly_and_does_not_clip(
    voice: espeak.Voice, serve: Serve, real_tts: TtsService
) -> None:
    async with serve(real_tts) as server, dialogue(server.port) as client:
        await client.say(Synthesize(text=ANSWERS[voice.languages[0]], voice=SynthesizeVoice(name=voice.name)))
        events = await client.hear_until("audio-stop")
    start, sound = events[0].data, sound_of(events).astype(np.int32)
    assert (start["width"], start["channels"]) == (2, 1)
    assert 1 < len(sound) / start["rate"] < 10
    assert np.abs(sound).max() > 3000
    assert np.mean(np.abs(sound) > 32700) < 0.001


async def test_without_a_voice_the_letters_choose_it(
    serve: Serve, fake_tts: TtsService, tts_engine: FakeTtsEngine
) -> None:
    async with serve(fake_tts) as server, dialogue(server.port) as client:
        await stream(client, "Свет включён. The light is on. 1972.\n灯。")
    assert [voice for _, voice in tts_engine.spoken] == ["fake-ru", "fake-en", "fake-ru", "fake-ru"]


async def test_a_language_chooses_a_voice_too(serve: Serve, fake_tts: TtsService, tts_engine: FakeTtsEngine) -> None:
    async with serve(fake_tts) as server, dialogue(server.port) as client:
        await stream(client, "Свет.", voice=SynthesizeVoice(language="en"))
    assert [voice for _, voice in tts_engine.spoken] == ["fake-en"]


async def test_an_unknown_voice_is_one_error_and_the_next_stream_is_spoken(
    serve: Serve, fake_tts: TtsService, tts_engine: FakeTtsEngine
) -> None:
    async with serve(fake_tts) as server, dialogue(server.port) as client:
        assert await stream(client, "One. ", "Two.", voice=SynthesizeVoice(name="tarkovsky")) == [
            "error",
            "synthesize-stopped",
        ]
        await client.say(Synthesize(text="One.", voice=SynthesizeVoice(name="tarkovsky")))
        error = (await client.hear_until("error"))[-1]
        assert error.data["code"] == "unknown-name"
        assert "fake-ru, fake-en" in error.data["text"]
        assert outline(await stream(client, "Three.")) == STREAMED
        assert [text for text, _ in tts_engine.spoken] == ["Three."]


@pytest.mark.parametrize("failure", [EngineError("out of breath"), ZeroDivisionError("a bug")], ids=["known", "bug"])
async def test_a_failing_engine_is_one_error_before_the_end_and_the_next_answer_is_spoken(
    failure: Exception, serve: Serve, fake_tts: TtsService, tts_engine: FakeTtsEngine
) -> None:
    tts_engine.failure = failure
    async with serve(fake_tts) as server, dialogue(server.port) as client:
        assert await stream(client, "One. Two.") == ["audio-start", "error", "synthesize-stopped"]
        tts_engine.failure = None
        assert outline(await stream(client, "Three.")) == STREAMED


async def test_a_text_that_is_too_long_is_refused_and_the_next_answer_spoken(
    serve: Serve, fake_tts: TtsService
) -> None:
    async with serve(fake_tts) as server, dialogue(server.port) as client:
        await client.say(Synthesize(text="x" * 1001))
        assert (await client.hear_until("error"))[-1].data["code"] == "too-long"
        types = await stream(client, "One. ", "x" * 600, "x" * 600, "x" * 600)
        assert outline(types) == ["audio-start", "audio-chunk", "error", "synthesize-stopped"]
        await client.say(Synthesize(text="Short."))
        assert outline([event.type for event in await client.hear_until("audio-stop")]) == WHOLE


@pytest.mark.parametrize("text", ["", " \n", "..."])
async def test_an_answer_without_words_is_silence_and_not_an_error(
    text: str, serve: Serve, fake_tts: TtsService
) -> None:
    async with serve(fake_tts) as server, dialogue(server.port) as client:
        await client.say(Synthesize(text=text))
        assert [event.type for event in await client.hear_until("audio-stop")] == ["audio-start", "audio-stop"]
        assert await stream(client, text) == ["audio-start", "audio-stop", "synthesize-stopped"]


async def test_a_second_start_inside_a_stream_is_refused_and_the_stream_goes_on(
    serve: Serve, fake_tts: TtsService
) -> None:
    async with serve(fake_tts) as server, dialogue(server.port) as client:
        await client.say(SynthesizeStart(), SynthesizeChunk("One."), SynthesizeStart())
        assert (await client.hear_until("error"))[-1].data["code"] == "protocol"
        await client.say(SynthesizeStop())
        await client.hear_until("synthesize-stopped")


async def test_a_client_that_leaves_in_mid_answer_stops_the_engine(
    serve: Serve, fake_tts: TtsService, tts_engine: FakeTtsEngine
) -> None:
    tts_engine._pieces = 8000
    async with serve(fake_tts) as server:
        async with dialogue(server.port) as client:
            await client.say(SynthesizeStart(), SynthesizeChunk("One. " * 100))
            await client.hear_until("audio-chunk")
        assert await asyncio.to_thread(tts_engine.closed_early.wait, 10)
        tts_engine._pieces = 2
        async with dialogue(server.port) as client:
            assert outline(await stream(client, "Next.")) == STREAMED
    assert len(tts_engine.spoken) < 50
