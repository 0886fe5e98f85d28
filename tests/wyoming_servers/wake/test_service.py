"""Wake words over the wire, and the real engine against the library on its own."""

import asyncio

import numpy as np
import pytest
from numpy.typing import NDArray
from prometheus_client import REGISTRY
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.wake import Detect

from tests.fakes.speech_engines import FakeWakeEngine
from tests.fakes.spoken import spoken
from tests.fakes.wyoming_dialogue import audio_events, dialogue
from tests.wyoming_servers.conftest import Serve
from wyoming_servers.wake.service import WakeService

WINDOW = 1280
LOUD = np.full(WINDOW, 30_000, np.int16)
QUIET = np.zeros(WINDOW, np.int16)


def chunk(samples: NDArray[np.int16], timestamp: int | None = None) -> AudioChunk:
    return AudioChunk(rate=16_000, width=2, channels=1, audio=samples.tobytes(), timestamp=timestamp)


START = AudioStart(rate=16_000, width=2, channels=1)


async def answers(port: int, samples: NDArray[np.int16], *names: str) -> list[Event]:
    async with dialogue(port) as client:
        await client.say(Detect(names=list(names) or None), *audio_events(samples))
        heard = []
        while True:
            heard += await client.hear_until("detection", "not-detected", "error", "pong")
            if heard[-1].type != "detection":
                return heard
            await client.send_raw(Event("ping"))


@pytest.mark.parametrize(
    ("word", "voice", "words_per_minute"),
    [("okay_nabu", "en-us+f3", 150), ("hey_jarvis", "en-us", 170), ("alexa", "en-us", 170)],
)
async def test_a_wake_word_is_detected_where_it_ends(
    word: str, voice: str, words_per_minute: int, serve: Serve, real_wake: WakeService
) -> None:
    speech = spoken(word.replace("_", " "), voice, words_per_minute=words_per_minute, silence=1.0)
    async with serve(real_wake) as server:
        heard = await answers(server.port, speech, word)
    assert [event.type for event in heard] == ["detection", "pong"]
    assert heard[0].data["name"] == word
    ends_at_ms = (len(speech) - 16_000) // 16
    assert ends_at_ms - 300 < heard[0].data["timestamp"] < ends_at_ms + 600


async def test_other_speech_is_not_detected(serve: Serve, real_wake: WakeService) -> None:
    async with serve(real_wake) as server:
        heard = await answers(server.port, spoken("the weather is nice today", silence=1.0))
    assert [event.type for event in heard] == ["not-detected"]


async def test_a_word_that_nobody_asked_for_is_not_answered(serve: Serve, real_wake: WakeService) -> None:
    speech = spoken("okay nabu", "en-us+f3", silence=1.0)
    async with serve(real_wake) as server:
        assert [event.type for event in await answers(server.port, speech, "alexa")] == ["not-detected"]


async def test_eight_clients_at_once_each_get_their_own_answer(serve: Serve, real_wake: WakeService) -> None:
    word = spoken("okay nabu", "en-us+f3", silence=1.0)
    other = spoken("good evening everybody", silence=1.0)
    async with serve(real_wake) as server:
        heard = await asyncio.gather(
            *(answers(server.port, other if number % 2 else word, "okay_nabu") for number in range(8))
        )
    assert [events[0].type for events in heard] == ["detection", "not-detected"] * 4


async def test_an_unknown_name_is_an_error_and_its_audio_never_answered(serve: Serve, fake_wake: WakeService) -> None:
    async with serve(fake_wake) as server, dialogue(server.port) as client:
        await client.say(Detect(names=["sesame"]), START, *[chunk(LOUD)] * 3, AudioStop())
        error = (await client.hear_until("error", "detection", "not-detected"))[-1]
        assert error.data["code"] == "unknown-name"
        assert "Available: loud, silent" in error.data["text"]
        await client.say(Detect(names=["loud"]), START, chunk(LOUD), AudioStop())
        assert await client.hear()  # the next event is the answer to the known name
        await client.describe()


async def test_among_several_names_the_known_ones_are_listened_for(serve: Serve, fake_wake: WakeService) -> None:
    async with serve(fake_wake) as server, dialogue(server.port) as client:
        await client.say(Detect(names=["sesame", "loud"]))
        assert (await client.hear_until("error"))[-1].data["code"] == "unknown-name"
        await client.say(START, chunk(LOUD))
        assert (await client.hear_until("detection"))[-1].data["name"] == "loud"


async def test_without_names_every_word_is_listened_for(serve: Serve, fake_wake: WakeService) -> None:
    async with serve(fake_wake) as server, dialogue(server.port) as client:
        await client.say(Detect(), START, chunk(LOUD))
        assert (await client.hear_until("detection"))[-1].data["name"] == "loud"


async def test_the_time_of_a_detection_is_the_clients_own(serve: Serve, fake_wake: WakeService) -> None:
    async with serve(fake_wake) as server, dialogue(server.port) as client:
        await client.say(Detect(names=["loud"]), START, chunk(QUIET, 5_000), chunk(LOUD, 5_080))
        assert (await client.hear_until("detection"))[-1].data["timestamp"] == 5_160


async def test_a_stream_without_the_word_ends_with_not_detected_and_the_next_begins_anew(
    serve: Serve, fake_wake: WakeService
) -> None:
    async with serve(fake_wake) as server, dialogue(server.port) as client:
        await client.say(Detect(names=["loud"]), START, chunk(QUIET), AudioStop())
        assert (await client.hear_until("detection", "not-detected"))[-1].type == "not-detected"
        await client.say(START, chunk(LOUD), AudioStop())
        assert (await client.hear_until("detection", "not-detected"))[-1].type == "detection"


async def test_audio_faster_than_real_time_is_heard_in_full(
    serve: Serve, fake_wake: WakeService, wake_engine: FakeWakeEngine
) -> None:
    async with serve(fake_wake) as server, dialogue(server.port) as client:
        await client.say(Detect(names=["loud"]), *audio_events(np.zeros(WINDOW * 200, np.int16), chunk_ms=1000))
        await client.hear_until("not-detected")
    assert wake_engine.heard == 200


async def test_live_audio_that_the_engine_is_too_slow_for_is_skipped_and_counted(
    serve: Serve, fake_wake: WakeService, wake_engine: FakeWakeEngine
) -> None:
    def skipped() -> float:
        return REGISTRY.get_sample_value("voice_rag_wake_skipped_seconds_total") or 0.0

    before = skipped()
    wake_engine.gate.clear()
    async with serve(fake_wake) as server, dialogue(server.port) as client:
        await client.say(Detect(names=["loud"]), START, chunk(QUIET))
        await client.describe()
        await asyncio.sleep(1.0)
        await client.say(*[chunk(QUIET)] * 8)
        await client.describe()
        await asyncio.sleep(0.2)
        await client.say(*[chunk(QUIET)] * 2)
        await client.describe()
        assert skipped() - before == pytest.approx(8 * 0.08)
        wake_engine.gate.set()
        await client.say(AudioStop())
        await client.hear_until("not-detected")
    assert wake_engine.heard == 3


async def test_live_audio_that_comes_at_once_after_a_pause_of_the_network_is_heard_in_full(
    serve: Serve, fake_wake: WakeService, wake_engine: FakeWakeEngine
) -> None:
    async with serve(fake_wake) as server, dialogue(server.port) as client:
        await client.say(Detect(names=["loud"]), START, chunk(QUIET))
        await client.describe()
        await asyncio.sleep(1.0)
        await client.say(chunk(LOUD), *[chunk(QUIET)] * 10, AudioStop())
        assert (await client.hear_until("detection", "not-detected"))[-1].type == "detection"
        await client.describe()
    assert wake_engine.heard == 12


async def test_a_failing_engine_is_told_once(serve: Serve, fake_wake: WakeService, wake_engine: FakeWakeEngine) -> None:
    wake_engine.failure = ZeroDivisionError("a bug")
    async with serve(fake_wake) as server, dialogue(server.port) as client:
        await client.say(Detect(names=["loud"]), START, *[chunk(LOUD)] * 50)
        await client.send_raw(Event("ping"))
        heard = await client.hear_until("pong")
        await client.send_raw(Event("ping"))
        heard += await client.hear_until("pong")
        assert [event.type for event in heard if event.type != "pong"] == ["error"]


async def test_audio_of_another_format_is_refused_once(serve: Serve, fake_wake: WakeService) -> None:
    async with serve(fake_wake) as server, dialogue(server.port) as client:
        narrow = AudioChunk(rate=16_000, width=1, channels=1, audio=b"\0" * 160)
        await client.say(Detect(names=["loud"]))
        await client.say(AudioStart(rate=16_000, width=1, channels=1), narrow, narrow, AudioStop())
        await client.send_raw(Event("ping"))
        assert [event.type for event in await client.hear_until("pong")] == ["error", "pong"]


async def test_a_client_that_leaves_while_listening_leaves_nothing_behind(serve: Serve, fake_wake: WakeService) -> None:
    async with serve(fake_wake) as server:
        for _ in range(10):
            async with dialogue(server.port) as client:
                await client.say(Detect(names=["loud"]), START, chunk(QUIET))
        while server._connections:
            await asyncio.sleep(0.01)
        assert [task.get_name() for task in asyncio.all_tasks() if task.get_name() == "wake word stream"] == []
