"""Each language to the best engine that is installed."""

import asyncio
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.fakes.spoken import spoken
from tests.fakes.tiny_gigaam import TEXT as RUSSIAN_TEXT
from tests.fakes.tiny_gigaam import said
from tests.fakes.wyoming_dialogue import dialogue
from tests.wyoming_servers.conftest import FREE_PORTS
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.vocabulary import Name, Vocabulary
from wyoming_servers.speech import SpeechSettings, build_server
from wyoming_servers.stt.engine import EngineOptions, UsesVocabulary
from wyoming_servers.stt.engines import auto
from wyoming_servers.stt.engines.auto import Candidate, choose

GIGAAM = {"gigaam": Candidate(("ru",), is_present=False)}
WHISPER = {"faster_whisper": Candidate(("ru", "en", "zh"), is_present=True)}
WHISPER_TO_DOWNLOAD = {"faster_whisper": Candidate(("ru", "en", "zh"), is_present=False)}
GRAMMAR = {"pocketsphinx": Candidate(("en",), is_present=True)}


@pytest.mark.parametrize(
    ("candidates", "choice"),
    [
        (GRAMMAR, {"en": "pocketsphinx"}),
        (GIGAAM | GRAMMAR, {"ru": "gigaam", "en": "pocketsphinx"}),
        (GIGAAM, {"ru": "gigaam"}),
        (GIGAAM | WHISPER | GRAMMAR, {"ru": "gigaam", "en": "faster_whisper", "zh": "faster_whisper"}),
        (GIGAAM | WHISPER_TO_DOWNLOAD | GRAMMAR, {"ru": "gigaam", "en": "pocketsphinx"}),
        (WHISPER_TO_DOWNLOAD | GRAMMAR, dict.fromkeys(("ru", "en", "zh"), "faster_whisper")),
        (GIGAAM | WHISPER_TO_DOWNLOAD, {"ru": "gigaam", "en": "faster_whisper", "zh": "faster_whisper"}),
        ({}, {}),
    ],
)
def test_the_choice_follows_what_is_installed_and_there(
    candidates: dict[str, Candidate], choice: dict[str, str]
) -> None:
    assert choose(candidates) == choice


def without(monkeypatch: pytest.MonkeyPatch, *engines: str) -> None:
    for engine in engines:
        monkeypatch.setitem(sys.modules, f"wyoming_servers.stt.engines.{engine}", None)


def test_each_language_reaches_its_engine(models_folder: Path) -> None:
    engine = auto.load(EngineOptions(models_folder=models_folder))
    assert engine.transcribe(said(), "ru").text == RUSSIAN_TEXT
    assert engine.transcribe(spoken("hello"), "en").language == "en"
    assert engine.languages[0] == "ru"
    assert dict(engine.languages_by_engine())["gigaam"] == ["ru"]
    assert "zh" in engine.languages_by_engine()["faster_whisper"]


def test_without_neural_engines_the_grammar_remains(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    without(monkeypatch, "gigaam", "faster_whisper")
    engine = auto.load(EngineOptions(models_folder=tmp_path))
    assert engine.languages == ("en",)
    report = engine.set_vocabulary(Vocabulary(names=(Name("Kitchen light", "light"), Name("Лампа", "light"))))
    assert list(report.skipped) == ["лампа"]
    assert engine.transcribe(spoken("turn on the kitchen light"), None).text == "turn on the kitchen light"


def test_a_name_that_one_engine_recognises_is_not_reported_as_skipped(models_folder: Path) -> None:
    engine = auto.load(EngineOptions(models_folder=models_folder))
    assert isinstance(engine, UsesVocabulary)
    assert list(engine.set_vocabulary(Vocabulary(names=(Name("Лампа", "light"),))).skipped) == []


def test_where_a_model_cannot_be_had_an_engine_that_is_there_takes_its_place(
    models_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    for whisper in models_folder.glob("*whisper*"):
        (tmp_path / whisper.name).symlink_to(whisper)
    engine = auto.load(EngineOptions(models_folder=tmp_path))
    assert set(engine.languages_by_engine()) == {"faster_whisper"}
    assert "HF_HUB_OFFLINE" in engine.failures()["gigaam"]
    assert engine.transcribe(spoken("привет", "ru"), "ru").text


def test_a_language_whose_engine_failed_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    without(monkeypatch, "faster_whisper")
    engine = auto.load(EngineOptions(models_folder=tmp_path))
    assert engine.transcribe(spoken("hello"), "en").language == "en"
    with pytest.raises(EngineError, match=r"gigaam.*HF_HUB_OFFLINE"):
        engine.transcribe(said(), "ru")


def test_with_nothing_installed_the_server_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "gigaam", "faster_whisper", "pocketsphinx")
    with pytest.raises(EngineError, match="No engine is installed"):
        auto.models(EngineOptions())


async def test_info_and_health_tell_the_choice(models_folder: Path) -> None:
    settings = SpeechSettings(
        runtime=FREE_PORTS, models=models_folder, stt_engine="auto", tts_engine=None, wake_engine=None
    )
    server = build_server(settings)
    async with server.serving(), dialogue(server.port) as client, aiohttp.ClientSession() as session:
        models = (await client.describe()).asr[0].models
        assert [(model.name, model.languages[:2]) for model in models if "gigaam" in model.name] == [
            ("gigaam-v3-e2e-rnnt", ["ru"])
        ]
        while True:
            async with session.get(f"http://127.0.0.1:{server.side_port}/health") as response:
                stt = (await response.json())["services"]["stt"]
            if stt["state"] != "loading":
                break
            await asyncio.sleep(0.05)
    assert (stt["state"], stt["engine"]) == ("ready", "auto")
    assert stt["engines"]["gigaam"] == ["ru"]
    assert stt["failures"] == {}
