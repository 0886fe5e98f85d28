"""What every engine keeps: a new file in an `engines` folder is picked up by itself."""

import pkgutil
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tests.fakes.spoken import spoken
from tests.fakes.tiny_gigaam import said
from wyoming_servers.runtime.engines import import_engine
from wyoming_servers.runtime.errors import EngineError, StartError
from wyoming_servers.runtime.vocabulary import Name, Vocabulary
from wyoming_servers.stt.engine import Delegates, EngineOptions, Request, TimesWords, UsesVocabulary, perform
from wyoming_servers.wake.engine import Due
from wyoming_servers.wake.library import WordLibrary
from wyoming_servers.wake.settings import WakeSettings


def names_in(package: str) -> list[str]:
    return [module.name for module in pkgutil.iter_modules(import_module(package).__path__)]


def module_of(package: str, name: str) -> ModuleType:
    try:
        return import_engine(package, name)
    except StartError as err:
        pytest.skip(str(err))


@pytest.fixture(params=names_in("wyoming_servers.stt.engines"), scope="module")
def stt(request: pytest.FixtureRequest) -> ModuleType:
    return module_of("wyoming_servers.stt.engines", request.param)


@pytest.fixture(params=names_in("wyoming_servers.wake.engines"), scope="module")
def wake(request: pytest.FixtureRequest) -> ModuleType:
    return module_of("wyoming_servers.wake.engines", request.param)


def name_of(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def test_a_recogniser_has_the_agreed_form(stt: ModuleType, models_folder: Path) -> None:
    options = EngineOptions(models_folder=models_folder)
    models = stt.models(options)
    languages = [language for model in models for language in model.languages]
    assert len({model.name for model in models}) == len(models) > 0
    assert all(model.description and model.author and model.url.startswith("https://") for model in models)
    assert all(language == language.lower() and "-" not in language for language in languages)
    engine = stt.load(options)
    assert engine.name == name_of(stt)
    assert list(engine.languages) == languages
    for samples in (np.zeros(1, np.int16), np.zeros(16_000, np.int16), np.full(16_000, 32767, np.int16)):
        for language in (languages[0], None):
            result = engine.transcribe(samples, language)
            assert result.text == ""
            assert result.language in languages
    question = spoken("what time is it")
    assert len({engine.transcribe(question, None).text for _ in range(4)}) == 1
    if isinstance(engine, UsesVocabulary):
        report = engine.set_vocabulary(Vocabulary(names=(Name("desk lamp", "light"),), areas=("Кухня",)))
        assert report.words > 0
        assert engine.transcribe(np.zeros(16_000, np.int16), languages[0]).text == ""


def test_a_recogniser_knows_when_each_word_was_said(stt: ModuleType, models_folder: Path) -> None:
    engine = stt.load(EngineOptions(models_folder=models_folder))
    assert isinstance(engine, TimesWords | Delegates)
    speech = spoken("what time is it")
    for samples in (speech, said()):
        for language in (None, engine.languages[-1]):
            plain = engine.transcribe(samples, language)
            timed = perform(engine, Request(samples, language, needs_words=True))
            assert replace(timed, words=()) == plain
            assert " ".join(word.text for word in timed.words) == plain.text
            times = [time for word in timed.words for time in (word.start, word.end)]
            assert times == sorted(times)
            assert all(0 <= time <= len(samples) / 16_000 + 0.001 for time in times)
            assert all(word.probability is None or 0 <= word.probability <= 1 for word in timed.words)
    assert perform(engine, Request(np.zeros(16_000, np.int16), needs_words=True)).words == ()


def test_a_recogniser_takes_terms_for_one_utterance_and_forgets_them(stt: ModuleType, models_folder: Path) -> None:
    engine = stt.load(EngineOptions(models_folder=models_folder))
    samples = said()
    plain = engine.transcribe(samples, None)
    for terms in ([], ["Солярис", "2001", "Ümlaut", "", "свет " * 200]):
        assert perform(engine, Request(samples, None, tuple(terms))).text == plain.text
        assert perform(engine, Request(np.zeros(16_000, np.int16), None, tuple(terms))).text == ""
    assert engine.transcribe(samples, None) == plain


def test_a_recogniser_refuses_a_model_that_it_does_not_know(stt: ModuleType, tmp_path: Path) -> None:
    options = EngineOptions(model="telepathy", models_folder=tmp_path)
    with pytest.raises(EngineError, match=r"--stt-model|has no model 'telepathy'"):
        stt.models(options)


def test_a_wake_word_engine_has_the_agreed_form(wake: ModuleType) -> None:
    library = WordLibrary(wake.builtin(), WakeSettings())
    engine = wake.load(library)
    words = library.words()
    assert engine.name == name_of(wake)
    assert len({word.name for word in words}) == len(words) > 0
    assert all(word.phrase and word.languages for word in words)
    asked = [word.name for word in words[:2]]
    streams = [engine.open(asked), engine.open(asked[:1])]
    samples = spoken("something else entirely")
    for begin in range(0, len(samples) - engine.window_samples, engine.window_samples):
        window = samples[begin : begin + engine.window_samples]
        heard = engine.process([Due(stream, window) for stream in streams])
        assert [sorted(score.name for score in one.scores) for one in heard] == [sorted(asked), asked[:1]]
        assert all(0 <= score.probability < 0.5 for one in heard for score in one.scores)
        evidence = streams[0].evidence(heard[0].scores[0])
        assert np.array_equal(evidence.samples[-len(window) :], window)


@pytest.mark.parametrize(
    ("kind", "engine", "library", "extra"),
    [
        ("wake", "openwakeword", "pyopen_wakeword", "wake"),
        ("stt", "gigaam", "onnx_asr", "stt-gigaam"),
        ("stt", "faster_whisper", "ctranslate2", "stt-whisper"),
        ("tts", "piper", "onnxruntime", "tts-piper"),
    ],
)
def test_an_engine_without_its_library_says_what_to_install(
    kind: str, engine: str, library: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = f"wyoming_servers.{kind}.engines"
    for module in (f"{package}.{engine}", "wyoming_servers.wake.features", "wyoming_servers.wake.tflite"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(StartError, match=rf"voice-rag\[{extra}\]"):
        import_engine(package, engine)


@pytest.mark.parametrize("name", ["", "../stt", "engine", "__init__", "os"])
def test_only_names_of_engines_are_imported(name: str) -> None:
    with pytest.raises(StartError, match="There is no engine"):
        import_engine("wyoming_servers.tts.engines", name)


def test_a_broken_model_of_the_recogniser_is_an_engine_error(monkeypatch: pytest.MonkeyPatch) -> None:
    pocketsphinx = import_engine("wyoming_servers.stt.engines", "pocketsphinx")
    monkeypatch.setattr(pocketsphinx, "get_model_path", lambda: "/no/such/folder")
    with pytest.raises(EngineError, match="/no/such/folder"):
        pocketsphinx.load(EngineOptions())
