"""Real servers on free ports of loopback, with real engines that are loaded once, or with fakes."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.speech_engines import VOICES, FakeSttEngine, FakeTtsEngine, FakeWakeEngine, fake_library
from wyoming_servers.runtime.server import WyomingServer
from wyoming_servers.runtime.service import Service
from wyoming_servers.runtime.settings import RuntimeSettings
from wyoming_servers.stt.engine import EngineOptions
from wyoming_servers.stt.engines import pocketsphinx
from wyoming_servers.stt.recognizer import Recognizer
from wyoming_servers.stt.service import SttService
from wyoming_servers.stt.settings import EndOfTurn, SttSettings
from wyoming_servers.tts.engine import EngineOptions as TtsOptions
from wyoming_servers.tts.engines import espeak
from wyoming_servers.tts.service import TtsService
from wyoming_servers.tts.settings import TtsSettings
from wyoming_servers.tts.synthesizer import Synthesizer
from wyoming_servers.wake.engines import openwakeword
from wyoming_servers.wake.library import WordLibrary
from wyoming_servers.wake.service import WakeService
from wyoming_servers.wake.settings import TriggerSettings, WakeSettings

Serve = Callable[..., AbstractAsyncContextManager[WyomingServer]]
FREE_PORTS = RuntimeSettings(port=0, side_port=0)
PATIENT = WakeSettings(backlog_seconds=600, stale_seconds=600)
"""Nothing is skipped, however busy the machine is."""


@pytest.fixture
def serve() -> Serve:
    """Return a function that runs a server of the given services; its keywords change the runtime's settings."""

    @asynccontextmanager
    async def serving(*services: Service, **changes: object) -> AsyncIterator[WyomingServer]:
        server = WyomingServer(services, replace(FREE_PORTS, **changes))
        async with server.serving():
            yield server
        assert len(asyncio.all_tasks()) == 1, "the server has left tasks behind"

    return serving


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what servers cache, such as compiled grammars, for these tests and out of the user's folder."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # shared by the processes of one run
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        yield


@pytest.fixture(scope="session")
def pocketsphinx_engine() -> pocketsphinx.PocketSphinxEngine:
    return pocketsphinx.load(EngineOptions())


@pytest.fixture(scope="session")
def models_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with tiny models in the places of the downloads of the neural recognisers' defaults."""
    from tests.fakes import tiny_gigaam, tiny_whisper  # noqa: PLC0415 (their libraries take a second)

    folder = tmp_path_factory.mktemp("models")
    tiny_gigaam.build(folder / "istupakov--gigaam-v3-onnx")
    whisper = tiny_whisper.build(folder / "Systran--faster-whisper-small")
    (folder / "mobiuslabsgmbh--faster-whisper-large-v3-turbo").symlink_to(whisper)  # the default with a GPU
    return folder


@pytest.fixture(scope="session")
def openwakeword_engine() -> openwakeword.OpenWakeWordEngine:
    return openwakeword.load(WordLibrary(openwakeword.builtin(), WakeSettings()))


@pytest.fixture
def real_stt(pocketsphinx_engine: pocketsphinx.PocketSphinxEngine) -> Callable[..., SttService]:
    """Return a function that makes a service over the shared PocketSphinx."""

    def load(options: EngineOptions) -> pocketsphinx.PocketSphinxEngine:
        pocketsphinx_engine.set_vocabulary(options.vocabulary)
        return pocketsphinx_engine

    def make(settings: SttSettings = SttSettings()) -> SttService:  # noqa: B008 (frozen)
        return SttService(Recognizer("pocketsphinx", pocketsphinx.LANGUAGES, load, settings), settings)

    return make


@pytest.fixture
def real_tts() -> TtsService:
    options = TtsOptions()
    return TtsService(
        Synthesizer("espeak", lambda: espeak.voices(options), lambda: espeak.load(options)), TtsSettings()
    )


@pytest.fixture
def real_wake(openwakeword_engine: openwakeword.OpenWakeWordEngine) -> WakeService:
    library = WordLibrary(openwakeword.builtin(), PATIENT)
    return WakeService("openwakeword", library, lambda _: openwakeword_engine, PATIENT)


@pytest.fixture
def stt_engine() -> FakeSttEngine:
    return FakeSttEngine()


@pytest.fixture
def tts_engine() -> FakeTtsEngine:
    return FakeTtsEngine()


@pytest.fixture
def wake_engine() -> FakeWakeEngine:
    return FakeWakeEngine()


@pytest.fixture
def fake_stt(stt_engine: FakeSttEngine) -> SttService:
    settings = SttSettings(longest_seconds=2, end_of_turn=EndOfTurn.CLIENT)
    return SttService(Recognizer("fake", ("en",), lambda _: stt_engine, settings), settings)


@pytest.fixture
def fake_tts(tts_engine: FakeTtsEngine) -> TtsService:
    return TtsService(Synthesizer("fake", lambda: VOICES, lambda: tts_engine), TtsSettings(longest_text=1000))


@pytest.fixture
def fake_wake(wake_engine: FakeWakeEngine) -> WakeService:
    settings = WakeSettings(TriggerSettings(refractory_seconds=0.5), gate=None, backlog_seconds=0.16, stale_seconds=0.5)
    return WakeService("fake", fake_library(settings), lambda _: wake_engine, settings)
