"""Synthesis over the wire: the dialogue of Home Assistant, and what can go wrong in it."""

import threading

import aiohttp
import numpy as np
import pytest
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop, SynthesizeVoice

from tests.fakes.speech_engines import VOICES, FakeTtsEngine
from tests.fakes.wyoming_dialogue import Dialogue, dialogue, sound_of
from tests.waiting import PATIENCE_SECONDS, until
from tests.wyoming_servers.conftest import Serve
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.tts.engine import EngineOptions
from wyoming_servers.tts.engines import espeak
from wyoming_servers.tts.service import TtsService
from wyoming_servers.tts.settings import TtsSettings
from wyoming_servers.tts.synthesizer import Synthesizer

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
    tts_engine.is_endless = True
    async with serve(fake_tts) as server:
        async with dialogue(server.port) as client:
            await client.say(SynthesizeStart(), SynthesizeChunk("One. Two. Three."))
            await client.hear_until("audio-chunk")
        await until(tts_engine.closed_early.is_set)
        asked_for = tts_engine.blocks
        tts_engine.is_endless = False
        async with dialogue(server.port) as client:
            assert outline(await stream(client, "Next.")) == STREAMED
    assert tts_engine.blocks == asked_for + 2
    assert [text for text, _ in tts_engine.spoken] == ["One.", "Next."]


async def test_the_next_request_cuts_the_answer_short_and_says_so(
    serve: Serve, fake_tts: TtsService, tts_engine: FakeTtsEngine
) -> None:
    tts_engine.is_endless = True
    async with serve(fake_tts) as server, dialogue(server.port) as client:
        await client.say(SynthesizeStart(), SynthesizeChunk("One. Two."), SynthesizeStop())
        await client.hear_until("audio-chunk")
        await client.say(Synthesize(text="Three."))
        events = await client.hear_until("synthesize-stopped")
        assert [event.data.get("code") for event in events[-2:]] == ["superseded", None]
        assert tts_engine.closed_early.wait(PATIENCE_SECONDS)
        tts_engine.is_endless = False
        assert outline([event.type for event in await client.hear_until("audio-stop")])[0] == "audio-start"


async def test_more_answers_than_the_server_takes_on_are_told_that_it_is_busy(
    serve: Serve, tts_engine: FakeTtsEngine
) -> None:
    settings = TtsSettings(most_answers=1)
    service = TtsService(Synthesizer("fake", lambda: VOICES, lambda: tts_engine, settings), settings)
    async with serve(service) as server, dialogue(server.port) as first, dialogue(server.port) as second:
        await first.say(SynthesizeStart(), SynthesizeChunk("One. Two"))
        await first.hear_until("audio-chunk")
        await second.say(Synthesize(text="Three."))
        assert (await second.hear_until("error"))[-1].data["code"] == "busy"
        await first.say(SynthesizeStop())
        await first.hear_until("synthesize-stopped")
        await second.say(Synthesize(text="Three."))
        await second.hear_until("audio-stop")


async def test_an_answer_is_spoken_to_its_end_when_the_other_listener_has_enough(serve: Serve) -> None:
    settings = TtsSettings(ahead_bytes=100_000_000)
    engine = FakeTtsEngine(seconds=100)
    service = TtsService(Synthesizer("fake", lambda: VOICES, lambda: engine, settings), settings)
    async with serve(service) as server, dialogue(server.port) as first, dialogue(server.port) as second:
        engine.gate.clear()
        await first.say(SynthesizeStart(), SynthesizeChunk("Early one. Early two. Early three."), SynthesizeStop())
        await until(lambda: engine.spoken)
        await second.say(SynthesizeStart(), SynthesizeChunk("Late one. Late two. Late three."), SynthesizeStop())
        await until(lambda: service._synthesizer._queue._waiting)
        engine.gate.set()
        for client in (first, second):
            await client.hear_until("synthesize-stopped")
    assert [text for text, _ in engine.spoken] == [
        *("Early one.", "Late one."),
        *("Early two.", "Early three.", "Late two.", "Late three."),
    ]


async def test_a_client_that_takes_nothing_is_given_up_and_others_are_served_meanwhile(
    serve: Serve, tts_engine: FakeTtsEngine
) -> None:
    settings = TtsSettings(stall_seconds=0.5, ahead_bytes=100_000)
    service = TtsService(Synthesizer("fake", lambda: VOICES, lambda: tts_engine, settings), settings)
    tts_engine._pieces = 1
    async with serve(service) as server, dialogue(server.port) as idle:
        await idle.say(SynthesizeStart(), *(SynthesizeChunk(f"Number {number}. ") for number in range(1000)))
        async with dialogue(server.port) as client:
            assert outline(await stream(client, "Quick.")) == STREAMED
        await until(lambda: not service._narrator._answers)
        assert len(tts_engine.spoken) < 900  # what does not fit into buffers is not even synthesised
        heard = await idle.hear_until("error", "audio-stop")
        assert heard[-1].data["code"] == "stalled"


async def test_a_failing_engine_is_replaced_from_the_unit_that_failed(
    serve: Serve, tts_engine: FakeTtsEngine, caplog: pytest.LogCaptureFixture
) -> None:
    options, settings = EngineOptions(), TtsSettings()
    fallback = Synthesizer("espeak", lambda: espeak.voices(options), lambda: espeak.load(options), settings)
    service = TtsService(Synthesizer("fake", lambda: VOICES, lambda: tts_engine, settings), settings, fallback)
    async with serve(service) as server, dialogue(server.port) as client:
        await client.say(SynthesizeStart(voice=SynthesizeVoice("fake-en")), SynthesizeChunk("One. Two"))
        await client.hear_until("audio-chunk")
        tts_engine.failure = EngineError("out of breath")
        await client.say(SynthesizeChunk(" is here. Three. Four."), SynthesizeStop())
        events = await client.hear_until("synthesize-stopped")
        assert outline([event.type for event in events]) == ["audio-chunk", "audio-stop", "synthesize-stopped"]
        assert {event.data["rate"] for event in events if event.type == "audio-chunk"} == {8000}
        assert 1 < len(sound_of(events)) / 8000 < 6
        assert [text for text, _ in tts_engine.spoken] == ["One.", "Two is here."]
        assert caplog.text.count("fake failed, espeak goes on: out of breath") == 1
        tts_engine.failure = None
        await stream(client, "Five.")
        assert tts_engine.spoken[-1][0] == "Five."


async def test_who_observes_is_told_of_each_unit_and_its_audio(serve: Serve, tts_engine: FakeTtsEngine) -> None:
    told: list[tuple[str, float]] = []

    class Observer:
        def spoken(self, text: str, pcm: bytes, rate: int) -> None:
            told.append((text, len(pcm) / 2 / rate))

    synthesizer = Synthesizer("fake", lambda: VOICES, lambda: tts_engine, TtsSettings())
    service = TtsService(synthesizer, TtsSettings(), observers=[Observer()])
    async with serve(service) as server, dialogue(server.port) as client:
        await stream(client, "One. ", "Two.")
    assert told == [("One.", 1.0), ("Two.", 1.0)]


async def test_a_phrase_that_was_said_before_is_not_synthesised_again(
    serve: Serve, fake_tts: TtsService, tts_engine: FakeTtsEngine
) -> None:
    async with serve(fake_tts) as server, dialogue(server.port) as client:
        sounds = []
        for voice in ("fake-ru", "fake-ru", "fake-en"):
            await client.say(Synthesize(text="Готово.", voice=SynthesizeVoice(name=voice)))
            sounds.append(sound_of(await client.hear_until("audio-stop")).tolist())
    assert tts_engine.spoken == [("Готово.", "fake-ru"), ("Готово.", "fake-en")]
    assert sounds[0] == sounds[1] != []


async def test_while_an_engine_is_loaded_the_other_speaks_each_language(
    serve: Serve, tts_engine: FakeTtsEngine
) -> None:
    may_load = threading.Event()

    def load() -> FakeTtsEngine:
        may_load.wait(PATIENCE_SECONDS)
        return tts_engine

    fallback, settings = FakeTtsEngine(), TtsSettings(loading_seconds=0.05)
    other = Synthesizer("other", lambda: VOICES, lambda: fallback, settings)
    service = TtsService(Synthesizer("fake", lambda: VOICES, load, settings), settings, other)
    async with serve(service) as server, dialogue(server.port) as client:
        assert service.health()["fallback"]["engine"] == "other"
        assert outline(await stream(client, "Свет включён. It is on.")) == STREAMED
        assert [voice for _, voice in fallback.spoken] == ["fake-ru", "fake-en"]
        may_load.set()
        await until(lambda: service._synthesizer.loader.engine)
        await stream(client, "Теперь готово.")
        assert [text for text, _ in tts_engine.spoken] == ["Теперь готово."]


async def test_the_side_port_tells_how_speaking_goes(serve: Serve, fake_tts: TtsService) -> None:
    async with serve(fake_tts) as server, dialogue(server.port) as client:
        for _ in range(2):
            await stream(client, "Готово.")
        async with aiohttp.ClientSession(f"http://127.0.0.1:{server.side_port}") as session:
            async with session.get("/metrics") as response:
                told = await response.text()
            async with session.get("/health") as response:
                health = await response.json()
    for line in (
        'voice_rag_first_audio_seconds_count{engine="fake"}',
        'voice_rag_tts_real_time_factor_count{engine="fake"}',
        'voice_rag_tts_phrases_total{cache="hit"}',
        'voice_rag_inference_pending{queue="tts fake"} 0.0',
    ):
        assert line in told
    assert health["services"]["tts"]["engine"] == "fake"
