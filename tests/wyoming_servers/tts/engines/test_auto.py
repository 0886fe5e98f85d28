"""The choice among engines: the best that is here speaks each language, and nothing is downloaded unasked."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from tests.fakes.speech_engines import VOICES, FakeTtsEngine
from tests.fakes.tiny_piper import TinyVoice, build
from tests.waiting import PATIENCE_SECONDS
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.tts.engine import EngineOptions, Voice
from wyoming_servers.tts.engines import auto
from wyoming_servers.tts.piper.options import PiperOptions
from wyoming_servers.tts.xtts.options import XttsOptions


def defaults(options: EngineOptions) -> dict[str, str]:
    """Return the engine of each language's first voice."""
    first: dict[str, str] = {}
    for voice in auto.voices(options):
        first.setdefault(voice.languages[0], voice.name.partition("-")[0])
    return first


def test_without_models_espeak_speaks(tmp_path: Path) -> None:
    assert set(defaults(EngineOptions(models_folder=tmp_path)).values()) == {"espeak"}


def test_piper_speaks_the_languages_that_it_has_voices_for(piper_options: EngineOptions) -> None:
    assert defaults(piper_options) == {"ru": "piper", "en": "piper", "zh": "piper"}
    assert any(voice.name == "espeak-ru-male" for voice in auto.voices(piper_options))


def test_a_voice_that_is_asked_for_is_announced_and_the_other_languages_stay_with_espeak(tmp_path: Path) -> None:
    options = EngineOptions(models_folder=tmp_path, piper=PiperOptions(voices=("ru_RU-irina-medium",)))
    assert defaults(options) == {"ru": "piper", "en": "espeak", "zh": "espeak"}


def test_xtts_speaks_where_its_licence_is_accepted(piper_options: EngineOptions) -> None:
    options = replace(piper_options, xtts=XttsOptions(is_licence_accepted=True, languages=("ru",)))
    assert defaults(options) == {"ru": "xtts", "en": "piper", "zh": "piper"}


def test_a_voice_of_ones_own_brings_no_downloads_for_other_languages(tmp_path: Path) -> None:
    options = EngineOptions(models_folder=tmp_path, voices_folder=tmp_path / "own")
    build(tmp_path / "own", TinyVoice("grandma"))
    assert defaults(options) == {"ru": "piper", "en": "espeak", "zh": "espeak"}


def test_a_voice_that_comes_while_the_server_runs_is_spoken_with(tmp_path: Path) -> None:
    options = EngineOptions(models_folder=tmp_path, voices_folder=tmp_path / "own")
    engine = auto.load(options)
    build(tmp_path / "own", TinyVoice("grandma"))
    voice = auto.voices(options)[0]
    assert voice.name == "piper-ru_RU-grandma"
    assert engine.part_of(voice).wait(PATIENCE_SECONDS)
    assert b"".join(engine.synthesize("Да.", voice))
    engine.close()


class Module(ModuleType):
    """An engine's module whose loading a test decides."""

    def __init__(self) -> None:
        super().__init__("fake")
        self.gate = threading.Event()
        self.failure: Exception | None = None
        self.closed = threading.Event()

    def voices(self, options: EngineOptions) -> Sequence[Voice]:
        return VOICES

    def load(self, options: EngineOptions) -> FakeTtsEngine:
        assert self.gate.wait(PATIENCE_SECONDS)
        if self.failure is not None:
            raise self.failure
        engine = FakeTtsEngine()
        engine.close = self.closed.set  # type: ignore[method-assign]
        return engine


@pytest.fixture
def module() -> Module:
    return Module()


@pytest.fixture
def part(module: Module, tmp_path: Path) -> auto.Part:
    return auto.Part("fake", module, EngineOptions(models_folder=tmp_path))


@pytest.fixture
def engine(part: auto.Part, tmp_path: Path) -> auto.AutoEngine:
    engine = auto.AutoEngine(EngineOptions(models_folder=tmp_path))
    engine.add(part)
    return engine


def test_an_engine_that_loads_for_long_leaves_the_text_to_another(
    engine: auto.AutoEngine, part: auto.Part, module: Module
) -> None:
    with pytest.raises(EngineError, match="still loading"):
        part.get(patience=0.01)
    module.gate.set()
    assert b"".join(engine.synthesize("One.", VOICES[0]))


def test_an_engine_that_could_not_be_loaded_is_tried_again_later(
    engine: auto.AutoEngine, part: auto.Part, module: Module, monkeypatch: pytest.MonkeyPatch
) -> None:
    module.failure = EngineError("no voices")
    module.gate.set()
    with pytest.raises(EngineError, match="no voices"):
        part.get()
    module.failure = None
    with pytest.raises(EngineError, match="no voices"):
        part.get()
    assert engine.failures() == {"fake": "no voices"}
    monkeypatch.setattr(auto, "_RETRY_SECONDS", 0.0)
    assert part.get()
    assert engine.failures() == {}


def test_an_engine_that_is_loaded_after_the_end_is_closed(engine: auto.AutoEngine, module: Module) -> None:
    engine.close()
    module.gate.set()
    assert module.closed.wait(PATIENCE_SECONDS)
