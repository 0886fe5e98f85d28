"""Home Assistant's own Wyoming entities as the clients: they are who the server is for."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.fakes.speech_engines import FakeTtsEngine
from tests.fakes.spoken import spoken
from tests.waiting import PATIENCE_SECONDS
from tests.wyoming_servers.conftest import PATIENT, Serve
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.server import WyomingServer
from wyoming_servers.runtime.vocabulary import Vocabulary
from wyoming_servers.stt.service import SttService
from wyoming_servers.tts.service import TtsService
from wyoming_servers.wake.engines import openwakeword
from wyoming_servers.wake.library import WordLibrary
from wyoming_servers.wake.service import WakeService
from wyoming_servers.wake.tflite import MODELS

ha_data = pytest.importorskip("homeassistant.components.wyoming.data", reason="Home Assistant is not installed")
from homeassistant.components import stt, tts  # noqa: E402
from homeassistant.components.wyoming.stt import WyomingSttProvider  # noqa: E402
from homeassistant.components.wyoming.tts import WyomingTtsProvider  # noqa: E402
from homeassistant.components.wyoming.wake_word import WyomingWakeWordProvider  # noqa: E402
from homeassistant.exceptions import HomeAssistantError  # noqa: E402

CONTRACT = Path(__file__).parents[1] / "contract" / "speech" / "vocabulary.json"


class Entry:
    """As much of a config entry as the entities use."""

    entry_id = "test"
    tasks: ClassVar[set[asyncio.Task[Any]]] = set()

    def async_create_background_task(self, hass: object, work: Any, name: str) -> asyncio.Task[Any]:
        task = asyncio.create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task


async def service_of(server: WyomingServer) -> Any:
    service = await ha_data.WyomingService.create("127.0.0.1", server.port)
    assert service is not None
    return service


async def chunks_of(samples: NDArray[np.int16]) -> AsyncIterator[bytes]:
    for begin in range(0, len(samples), 160):
        yield samples[begin : begin + 160].tobytes()


async def timed_chunks_of(samples: NDArray[np.int16]) -> AsyncIterator[tuple[bytes, int]]:
    """Yield them again and again, as people repeat a word that was skipped because the machine was too busy."""
    starts = itertools.cycle(range(0, len(samples), 160))
    for number, begin in enumerate(starts):
        await asyncio.sleep(0.002)
        yield samples[begin : begin + 160].tobytes(), 10 * number


async def test_one_entry_gets_all_platforms(
    serve: Serve, real_stt: Callable[..., SttService], real_tts: TtsService, real_wake: WakeService
) -> None:
    async with serve(real_stt(), real_tts, real_wake) as server:
        service = await service_of(server)
    assert sorted(service.platforms) == ["stt", "tts", "wake_word"]
    assert service.get_name() == "voice-rag"


@pytest.mark.parametrize(
    ("sentence", "heard"),
    [("turn on the kitchen light", "turn on the kitchen light"), ("", "")],
    ids=["command", "none"],
)
async def test_its_recognition_entity_gets_the_command(
    sentence: str, heard: str, serve: Serve, real_stt: Callable[..., SttService]
) -> None:
    service = real_stt()
    async with serve(service) as server:
        vocabulary = Vocabulary.from_json(json.loads(CONTRACT.read_text(encoding="utf-8")))
        await service._recognizer.set_vocabulary(vocabulary)
        entity = WyomingSttProvider(Entry(), await service_of(server))  # type: ignore[arg-type]
        assert entity.supported_languages == ["en"]
        metadata = SimpleNamespace(language="en")
        samples = spoken(sentence, silence=0.5)
        result = await entity.async_process_audio_stream(metadata, chunks_of(samples))  # type: ignore[arg-type]
    assert (result.text, result.result) == (sentence, stt.SpeechResultState.SUCCESS)


async def test_its_wake_word_entity_gets_the_detection(serve: Serve, real_wake: WakeService) -> None:
    async with serve(real_wake) as server:
        service = await service_of(server)
        entity = WyomingWakeWordProvider(None, Entry(), None, service)  # type: ignore[arg-type]
        words = await entity.get_supported_wake_words()
        assert "okay_nabu" in [word.id for word in words]
        samples = spoken("okay nabu", "en-us+f3", silence=1.0)
        result = await entity._async_process_audio_stream(timed_chunks_of(samples), "okay_nabu")
    assert result is not None
    assert (result.wake_word_id, result.wake_word_phrase) == ("okay_nabu", "okay nabu")


async def test_its_wake_word_entity_offers_and_hears_a_word_of_the_household(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "komnata.tflite").write_bytes((MODELS / "hey_jarvis.tflite").read_bytes())
    (tmp_path / "komnata.toml").write_text('phrase = "Эй, Комната"', encoding="utf-8")
    settings = replace(PATIENT, folder=tmp_path)
    library = WordLibrary(openwakeword.builtin(), settings)
    async with serve(WakeService("openwakeword", library, openwakeword.load, settings)) as server:
        entity = WyomingWakeWordProvider(None, Entry(), None, await service_of(server))  # type: ignore[arg-type]
        assert ("komnata", "Эй, Комната") in [
            (word.id, word.phrase) for word in await entity.get_supported_wake_words()
        ]
        samples = spoken("hey jarvis", "en-us+f3", silence=1.0)
        result = await entity._async_process_audio_stream(timed_chunks_of(samples), "komnata")
    assert result is not None
    assert (result.wake_word_id, result.wake_word_phrase) == ("komnata", "Эй, Комната")


async def test_its_wake_word_entity_is_not_left_waiting_for_a_word_that_is_gone(
    serve: Serve, real_wake: WakeService
) -> None:
    async with serve(real_wake) as server:
        entity = WyomingWakeWordProvider(None, Entry(), None, await service_of(server))  # type: ignore[arg-type]
        async with asyncio.timeout(PATIENCE_SECONDS):
            result = await entity._async_process_audio_stream(timed_chunks_of(spoken("okay nabu", "en-us+f3")), "gone")
    assert result is None


def tts_entity(service: Any) -> WyomingTtsProvider:
    entity = WyomingTtsProvider(Entry(), None, service)  # type: ignore[arg-type]
    entity.hass = None  # type: ignore[assignment]
    return entity


async def pieces(*texts: str) -> AsyncIterator[str]:
    for text in texts:
        yield text


async def streamed(entity: WyomingTtsProvider, *texts: str, **options: str) -> bytes:
    request = tts.TTSAudioRequest("ru", options, pieces(*texts))  # type: ignore[arg-type]
    response = await entity.async_stream_tts_audio(request)
    return b"".join([part async for part in response.data_gen])


async def test_its_synthesis_entity_gets_a_streamed_and_a_whole_answer(serve: Serve, real_tts: TtsService) -> None:
    async with serve(real_tts) as server:
        entity = tts_entity(await service_of(server))
        assert entity.async_supports_streaming_input()
        voices = entity.async_get_supported_voices("ru")
        assert voices is not None
        assert [voice.voice_id for voice in voices] == ["espeak-ru-female", "espeak-ru-male"]
        audio = await streamed(entity, "Свет на ", "кухне включён. ", "Что ещё?", voice="espeak-ru-female")
        assert audio[:4] == b"RIFF"
        assert np.abs(np.frombuffer(audio[44:], np.int16).astype(np.int32)).max() > 3000
        kind, whole = await entity.async_get_tts_audio("Свет включён.", "ru", {})
        assert kind == "wav"
        assert len(whole) > 20_000


async def test_its_synthesis_entity_learns_of_a_failure_instead_of_keeping_half_an_answer(
    serve: Serve, fake_tts: TtsService, tts_engine: FakeTtsEngine
) -> None:
    tts_engine.failure = EngineError("out of breath")
    async with serve(fake_tts) as server:
        entity = tts_entity(await service_of(server))
        with pytest.raises(HomeAssistantError):
            await streamed(entity, "Раз. ", "Два.")
        with pytest.raises(HomeAssistantError):
            await entity.async_get_tts_audio("Раз.", "ru", {})
