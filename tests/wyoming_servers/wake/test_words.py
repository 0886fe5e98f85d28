"""The household's words, thresholds of their own, and verifiers, over the wire and through Home Assistant's entity."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import aiohttp
import numpy as np
import pytest
from prometheus_client import REGISTRY
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.wake import Detect

from tests.fakes.hearing import in_a_room
from tests.fakes.speech_engines import FakeWakeEngine, fake_library
from tests.fakes.spoken import spoken
from tests.fakes.wyoming_dialogue import audio_events, dialogue
from tests.wyoming_servers.conftest import PATIENT, Serve
from wyoming_servers.runtime.audio import Samples
from wyoming_servers.runtime.server import WyomingServer
from wyoming_servers.wake.engines import openwakeword
from wyoming_servers.wake.library import WordLibrary
from wyoming_servers.wake.service import WakeService
from wyoming_servers.wake.settings import TriggerSettings, WakeSettings, WordSettings
from wyoming_servers.wake.tflite import MODELS
from wyoming_servers.wake.words import Evidence

Build = Callable[[WakeSettings], WakeService]
WINDOW = 1280
LOUD, MIDDLE, QUIET = (np.full(WINDOW, level, np.int16) for level in (30_000, 20_000, 0))


@pytest.fixture
def real() -> Build:
    return lambda settings: WakeService(
        "openwakeword", WordLibrary(openwakeword.builtin(), settings), openwakeword.load, settings
    )


@pytest.fixture
def fake(wake_engine: FakeWakeEngine) -> Build:
    return lambda settings: WakeService("fake", fake_library(settings), lambda _: wake_engine, settings)


async def detections(server: WyomingServer, samples: Samples, *names: str) -> list[Event]:
    async with dialogue(server.port) as client:
        await client.say(Detect(names=list(names)), *audio_events(samples))
        await client.send_raw(Event("describe"))
        heard = await client.hear_until("info")
        return [event for event in heard if event.type == "detection"]


async def announced(server: WyomingServer) -> dict[str, str]:
    async with dialogue(server.port) as client:
        return {word.name: word.phrase or "" for word in (await client.describe()).wake[0].models}


async def health(server: WyomingServer) -> dict[str, object]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{server.side_port}/health") as answer:
        wake: dict[str, object] = (await answer.json())["services"]["wake"]
        return wake


async def test_a_word_that_comes_while_the_server_runs_is_announced_and_detected(
    serve: Serve, real: Build, tmp_path: Path
) -> None:
    speech = in_a_room(spoken("okay nabu", "en-us+m3", silence=1.0))
    async with serve(real(replace(PATIENT, folder=tmp_path))) as server:
        assert "computer_v2" not in await announced(server)
        shutil.copy(MODELS / "okay_nabu.tflite", tmp_path / "computer_v2.tflite")
        assert (await announced(server))["computer_v2"] == "computer"
        heard = await detections(server, speech, "computer_v2", "okay_nabu", "alexa")
        assert sorted(event.data["name"] for event in heard) == ["computer_v2", "okay_nabu"]


async def test_a_broken_word_is_gone_from_the_next_answer_and_told_in_health(
    serve: Serve, real: Build, tmp_path: Path
) -> None:
    (tmp_path / "computer.tflite").write_bytes(b"\0\0\0\0TFL3")
    async with serve(real(replace(PATIENT, folder=tmp_path))) as server:
        while "computer" in await announced(server):
            pass
        assert "damaged" in str((await health(server))["broken"])
        async with dialogue(server.port) as client:
            await client.say(Detect(names=["computer"]))
            assert (await client.hear_until("error"))[-1].data["code"] == "unknown-name"


async def test_each_word_has_its_own_threshold_and_trigger_level(serve: Serve, fake: Build) -> None:
    chunks = [AudioChunk(16_000, 2, 1, window.tobytes()) for window in (MIDDLE, LOUD, QUIET, LOUD, LOUD)]
    settings = WakeSettings(
        TriggerSettings(refractory_seconds=0), {"loud": WordSettings(threshold=0.8, trigger_windows=2)}
    )
    async with serve(fake(settings)) as server, dialogue(server.port) as client:
        await client.say(Detect(names=["loud"]), AudioStart(16_000, 2, 1), *chunks)
        assert (await client.hear_until("detection"))[-1].data["timestamp"] == 400
        await client.say(AudioStop())
        await client.send_raw(Event("ping"))
        assert [event.type for event in await client.hear_until("pong")] == ["pong"]


class Doubter:
    """Objects to the first moments and notes what it was shown."""

    name = "doubter"

    def __init__(self, objections: int) -> None:
        self.objections = objections
        self.shown: list[Evidence] = []

    def objection(self, evidence: Evidence) -> str | None:
        self.shown.append(evidence)
        return "not convinced" if len(self.shown) <= self.objections else None


async def test_a_verifier_can_object_and_the_word_itself_may_follow_at_once(
    serve: Serve, wake_engine: FakeWakeEngine
) -> None:
    settings, doubter = WakeSettings(), Doubter(objections=1)
    service = WakeService("fake", fake_library(settings), lambda _: wake_engine, settings, [doubter])
    async with serve(service) as server, dialogue(server.port) as client:
        loud = AudioChunk(16_000, 2, 1, LOUD.tobytes())
        await client.say(Detect(names=["loud"]), AudioStart(16_000, 2, 1), loud)
        while not doubter.shown:
            await client.describe()
        await client.describe()
        await client.say(loud)
        assert (await client.hear_until("detection", "not-detected"))[-1].data["timestamp"] == 160
    assert [evidence.name for evidence in doubter.shown] == ["loud", "loud"]


async def test_a_verifier_sees_the_audio_and_the_embeddings_of_the_word(serve: Serve, tmp_path: Path) -> None:
    settings, doubter = PATIENT, Doubter(objections=100)
    library = WordLibrary(openwakeword.builtin(), settings)
    speech = in_a_room(spoken("okay nabu", "en-us+m3", silence=1.0))
    service = WakeService("openwakeword", library, openwakeword.load, settings, [doubter])
    async with serve(service) as server, dialogue(server.port) as client:
        await client.say(Detect(names=["okay_nabu"]), *audio_events(speech))
        assert [event.type for event in await client.hear_until("detection", "not-detected")] == ["not-detected"]
    evidence = doubter.shown[0]
    assert evidence.probability > 0.5
    assert evidence.samples.shape == (40 * WINDOW,)
    assert evidence.embeddings.shape == (40, 96)
    assert library.model("okay_nabu").score(evidence.embeddings[None, -16:])[0] == pytest.approx(
        evidence.probability, abs=1e-4
    )


async def test_batches_their_lag_and_detections_are_counted(serve: Serve, fake: Build) -> None:
    names = ("voice_rag_wake_batch_streams_sum", "voice_rag_wake_lag_seconds_count")

    def counts() -> list[float]:
        return [REGISTRY.get_sample_value(name) or 0.0 for name in names] + [
            REGISTRY.get_sample_value("voice_rag_detections_total", {"word": "loud"}) or 0.0
        ]

    before = counts()
    async with serve(fake(WakeSettings(gate=None))) as server:
        await detections(server, np.concatenate((QUIET, LOUD, QUIET)), "loud")
    assert [after - one for after, one in zip(counts(), before, strict=True)] == [3, 3, 1]


async def test_streams_and_words_are_told_in_health(serve: Serve, fake: Build) -> None:
    async with serve(fake(WakeSettings())) as server:
        async with dialogue(server.port) as client:
            await client.say(Detect(names=["loud"]), AudioStart(16_000, 2, 1))
            await client.describe()
            state = await health(server)
            assert (state["words"], state["streams"], state["broken"]) == (["loud", "silent"], 1, {})
        while (await health(server))["streams"]:
            pass
