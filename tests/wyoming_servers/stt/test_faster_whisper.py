"""Whisper's real loading and decoding on tiny models that always say the same."""

from pathlib import Path

import numpy as np
import pytest

from tests.fakes.spoken import spoken
from tests.fakes.tiny_whisper import TEXT, build
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.vocabulary import Name, Vocabulary
from wyoming_servers.stt.engine import EngineOptions
from wyoming_servers.stt.engines import faster_whisper
from wyoming_servers.stt.engines.faster_whisper import FasterWhisperEngine

SPEECH = spoken("включи свет на кухне", "ru")


@pytest.fixture(scope="module")
def engine(models_folder: Path) -> FasterWhisperEngine:
    return faster_whisper.load(EngineOptions(models_folder=models_folder))


@pytest.mark.parametrize("language", ["ru", None], ids=["named", "detected"])
def test_speech_becomes_text_in_its_language(engine: FasterWhisperEngine, language: str | None) -> None:
    transcription = engine.transcribe(SPEECH, language)
    assert (transcription.text, transcription.language) == (TEXT, "ru")


def noises() -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    hum = np.sin(np.arange(48_000) * 2 * np.pi * 100 / 16_000)
    return {
        "silence": np.zeros(48_000),
        "hiss": random.normal(0, 300, 48_000),
        "loud hiss": random.normal(0, 8000, 48_000),
        "hum": 5000 * hum,
        "clicks": 20_000 * (random.random(48_000) > 0.9995),
    }


@pytest.mark.parametrize("noise", noises())
def test_noise_gives_no_text_although_the_model_would_say_something(engine: FasterWhisperEngine, noise: str) -> None:
    assert engine.transcribe(noises()[noise].astype(np.int16), "ru").text == ""


@pytest.mark.parametrize(
    "faults",
    [
        {"is_sure": False},
        {"is_sure": False, "hears_speech": False},
        {"text": " ".join(f"спасибо{number}" for number in range(60))},
    ],
    ids=["unsure", "no speech", "repeats itself"],
)
def test_what_the_model_made_up_is_dropped(faults: dict[str, object], tmp_path: Path) -> None:
    engine = faster_whisper.load(EngineOptions(model=str(build(tmp_path / "model", **faults))))
    assert engine.transcribe(SPEECH, "ru").text == ""


@pytest.mark.parametrize("text", ["Продолжение следует...", "Субтитры сделал кто-то", "Thanks for watching!"])
def test_a_line_of_subtitles_needs_speech_that_is_long_enough(text: str, tmp_path: Path) -> None:
    engine = faster_whisper.load(EngineOptions(model=str(build(tmp_path / "model", text))))
    for ability in (engine.transcribe, engine.transcribe_words):
        assert ability(spoken("да", "ru"), "ru").text == ""
    assert engine.transcribe(spoken("продолжение следует на второй стороне", "ru"), "ru").text == text


def test_the_names_that_it_read_are_not_taken_for_speech(tmp_path: Path) -> None:
    terms = ["лампа", "кухня", "спальня", "зал"]
    folder = build(tmp_path / "model", "лампа, кухня, спальня")
    engine = faster_whisper.load(EngineOptions(model=str(folder)))
    assert engine.transcribe_with(spoken("да", "ru"), "ru", terms).text == ""
    assert engine.transcribe_with(spoken("лампа, кухня, спальня", "ru"), "ru", terms).text == "лампа, кухня, спальня"
    assert engine.transcribe_with(np.zeros(48_000, np.int16), "ru", terms).text == ""


def test_words_come_in_order_and_within_the_audio(engine: FasterWhisperEngine) -> None:
    said = engine.transcribe_words(SPEECH, "ru")
    assert said.text == TEXT
    assert [word.text for word in said.words] == TEXT.split()
    times = [time for word in said.words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert times[-1] <= len(SPEECH) / 16_000
    assert all(0 < (word.probability or 0) <= 1 for word in said.words)


def test_terms_of_the_request_are_read_before_the_houses_names(engine: FasterWhisperEngine) -> None:
    names = tuple(Name(f"лампа номер {number}", "light") for number in range(2000))
    engine.set_vocabulary(Vocabulary(names=names))
    hint = engine._hint_with(["Солярис"])
    assert hint.startswith("Солярис, лампа номер 0")
    assert engine._count_tokens(hint) <= 200
    assert engine.transcribe_with(SPEECH, "ru", ["Солярис"]).text == TEXT
    engine.set_vocabulary(Vocabulary())


def test_an_utterance_longer_than_a_window_is_transcribed_to_its_end(engine: FasterWhisperEngine) -> None:
    long = np.concatenate([spoken("один два три четыре пять " * 8, "ru", silence=0)] * 3)[: 16_000 * 45]
    assert engine.transcribe(long, "ru").text == f"{TEXT} {TEXT}"


def test_the_names_of_a_large_house_do_not_exceed_what_the_model_can_read(engine: FasterWhisperEngine) -> None:
    names = tuple(Name(f"лампа номер {number}", "light") for number in range(2000))
    report = engine.set_vocabulary(Vocabulary(names=names, titles=("Ирония судьбы",) * 3))
    assert 0 < report.words < 200
    assert list(report.skipped) == []
    assert engine.transcribe(SPEECH, "ru").text == TEXT
    assert engine.set_vocabulary(Vocabulary()).words == 0


def test_a_model_of_english_alone_announces_english(tmp_path: Path) -> None:
    folder = build(tmp_path / "model.en", is_english=True)
    options = EngineOptions(model=str(folder))
    assert list(faster_whisper.models(options)[0].languages) == ["en"]
    engine = faster_whisper.load(options)
    assert list(engine.languages) == ["en"]
    assert engine.transcribe(SPEECH, None).language == "en"


@pytest.mark.parametrize(("gpus", "model"), [(0, "whisper-small"), (1, "whisper-large-v3-turbo")])
def test_the_default_model_is_what_the_machine_can_carry(
    gpus: int, model: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: gpus)
    assert faster_whisper.models(EngineOptions(models_folder=tmp_path))[0].name == model


def test_a_broken_model_is_named_with_its_folder(tmp_path: Path) -> None:
    folder = build(tmp_path / "model")
    (folder / "model.bin").write_bytes(b"no model")
    with pytest.raises(EngineError, match=str(folder)):
        faster_whisper.load(EngineOptions(model=str(folder)))
