"""GigaAM's real loading and decoding on tiny models in its file layout."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.model_hub import FakeHub, serving_hub
from tests.fakes.spoken import spoken
from tests.fakes.tiny_gigaam import TEXT, build, said, said_ambiguously, silence, tone
from wyoming_servers.runtime.errors import EngineError, StoreError
from wyoming_servers.runtime.vocabulary import Name, Vocabulary
from wyoming_servers.stt.engine import EngineOptions, Word
from wyoming_servers.stt.engines import gigaam
from wyoming_servers.stt.hot_words import HotWords
from wyoming_servers.stt.pauses import Piece


@pytest.mark.parametrize(
    ("network", "vocabulary", "name"),
    [
        ("v3_e2e_rnnt", None, "gigaam-v3-e2e-rnnt"),
        ("v3_e2e_ctc", None, "gigaam-v3-e2e-ctc"),
        ("v3_rnnt", "v3", "gigaam-v3-rnnt"),
        ("v3_ctc", "v3", "gigaam-v3-ctc"),
        ("v2_rnnt", "v2", "gigaam-v2-rnnt"),
        ("v2_ctc", "v2", "gigaam-v2-ctc"),
    ],
)
@pytest.mark.parametrize("ending", ["", "-int8"])
def test_each_form_of_the_model_is_recognised_in_a_folder_and_by_name(
    network: str, vocabulary: str | None, name: str, ending: str, tmp_path: Path
) -> None:
    repository = f"istupakov--gigaam-{network[:2]}-onnx"
    folder = build(tmp_path / repository, network, ending.replace("-", "."), vocabulary)
    for model in (str(folder), name + ending):
        options = EngineOptions(model=model, models_folder=tmp_path)
        assert gigaam.models(options)[0].name == name + ending
        assert gigaam.is_present(options)
        assert gigaam.load(options).transcribe(said(), "ru").text == TEXT


def test_a_folder_with_several_forms_serves_the_best(tmp_path: Path) -> None:
    for network in ("v3_e2e_ctc", "v3_e2e_rnnt"):
        build(tmp_path, network)
    assert gigaam.models(EngineOptions(model=str(tmp_path)))[0].name == "gigaam-v3-e2e-rnnt"


def test_long_audio_is_cut_in_its_pauses_and_nothing_is_lost(
    models_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = gigaam.load(EngineOptions(models_folder=models_folder))
    pieces: list[np.ndarray] = []

    def recognize(piece: Piece, hot_words: HotWords) -> list[Word]:
        pieces.append(piece.samples)
        return [Word(f"{len(pieces)}", piece.start, piece.end)]

    monkeypatch.setattr(engine, "_recognize", recognize)
    speech = spoken("раз два три четыре пять шесть семь восемь девять десять " * 8, "ru", silence=0)[: 16_000 * 22]
    samples = np.concatenate([speech, silence(1.0), speech, silence(1.0), speech])
    assert engine.transcribe(samples, "ru").text == "1 2 3"
    assert np.array_equal(np.concatenate(pieces), samples)
    assert max(map(len, pieces)) <= 25 * 16_000
    assert not any(piece[:1000].any() for piece in pieces[1:])


def test_the_texts_of_long_audio_are_joined(models_folder: Path) -> None:
    engine = gigaam.load(EngineOptions(models_folder=models_folder))
    samples = np.concatenate([said(), silence(23), said(), silence(30), said()])
    assert engine.transcribe(samples, "ru").text == " ".join([TEXT] * 3)


def test_words_keep_their_times_in_long_audio(models_folder: Path) -> None:
    engine = gigaam.load(EngineOptions(models_folder=models_folder))
    words = engine.transcribe_words(np.concatenate([said(), silence(40), said()]), "ru").words
    assert [word.text for word in words] == TEXT.split() * 2
    assert [word.start for word in words] == pytest.approx([0.2, 0.8, 41.6, 42.2], abs=0.1)
    assert all(word.start < word.end and word.probability and word.probability > 0.9 for word in words)


@pytest.fixture(scope="module", params=["v3_e2e_ctc", "v3_e2e_rnnt"])
def either(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> gigaam.GigaAmEngine:
    return gigaam.load(EngineOptions(model=str(build(tmp_path_factory.mktemp("model") / "m", request.param))))


@pytest.mark.parametrize(
    ("terms", "text"), [((), "Включи лапу"), (["Лампа"], "Включи лампу"), (["кухня", "лав"], "Включи лапу")]
)
def test_a_term_of_the_request_wins_over_what_sounds_alike(
    terms: list[str], text: str, either: gigaam.GigaAmEngine
) -> None:
    assert either.transcribe_with(said_ambiguously(), "ru", terms).text == text
    assert either.transcribe_words(said_ambiguously(), "ru", terms).text == text
    assert either.transcribe_with(said(), "ru", terms).text == TEXT


def test_the_houses_names_win_until_they_change(either: gigaam.GigaAmEngine) -> None:
    report = either.set_vocabulary(Vocabulary(names=(Name("лампа", "light"), Name("lamp", "light"))))
    assert (report.words, list(report.skipped)) == (1, ["lamp"])
    assert either.transcribe(said_ambiguously(), "ru").text == "Включи лампу"
    assert either.transcribe(said(), "ru").text == TEXT
    assert either.transcribe(silence(1), "ru").text == ""
    either.set_vocabulary(Vocabulary())
    assert either.transcribe(said_ambiguously(), "ru").text == "Включи лапу"


def test_audio_of_every_length_is_taken(models_folder: Path) -> None:
    engine = gigaam.load(EngineOptions(models_folder=models_folder))
    for length in (0, 1, 159, 160, 161, 319, 320, 321, 1599, 1600, 1601):
        assert engine.transcribe(np.zeros(length, np.int16), "ru").text == ""
    assert engine.transcribe(tone(1000.0, 0.05), None).text == "Включи"


def test_a_broken_network_is_named_with_its_folder(tmp_path: Path) -> None:
    folder = build(tmp_path / "mine", "v3_e2e_ctc")
    (folder / "v3_e2e_ctc.onnx").write_bytes(b"no network")
    with pytest.raises(EngineError, match=str(folder)):
        gigaam.load(EngineOptions(model=str(folder)))


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[FakeHub]:
    folder = build(tmp_path / "hub", "v3_e2e_rnnt")
    build(folder, "v3_e2e_ctc")
    with serving_hub({path.name: path.read_bytes() for path in folder.iterdir()}) as served:
        served.repository = "istupakov/gigaam-v3-onnx"
        yield served


def test_the_model_is_downloaded_once_and_only_its_own_files(
    hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    options = EngineOptions(models_folder=tmp_path / "models")
    assert not gigaam.is_present(options)
    assert gigaam.load(options).transcribe(said(), "ru").text == TEXT
    assert gigaam.is_present(options)
    assert not any("ctc" in path for path, _ in hub.requests)
    asked = len(hub.requests)
    gigaam.load(options)
    assert len(hub.requests) == asked


def test_without_hub_and_files_the_folder_for_them_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(StoreError, match=str(tmp_path / "istupakov--gigaam-v3-onnx")):
        gigaam.load(EngineOptions(models_folder=tmp_path))
