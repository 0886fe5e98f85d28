"""The speaker check."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.spoken import spoken
from tests.wyoming_servers.wake.enrolment.conftest import Unwatched, few_speakers, write_wav
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.wake.enrolment import household, store
from wyoming_servers.wake.enrolment.embeddings import Embedder
from wyoming_servers.wake.enrolment.errors import EnrolmentError
from wyoming_servers.wake.speakers import FOLDER, SpeakerVerifier, read_speaker
from wyoming_servers.wake.voice_features import FEATURES
from wyoming_servers.wake.words import Evidence

ANNA, TELEVISION = "en-us+f3", "en-us+m7"
PACES = (130, 140, 150, 160, 170, 180)


def evidence(voice: str, words_per_minute: int = 155) -> Evidence:
    speech = spoken("hey jarvis", voice, words_per_minute=words_per_minute, silence=1.5)[: -16_000 - 4_000]
    heard = (speech + np.random.default_rng(1).normal(0, 20, len(speech))).astype(np.int16)
    return Evidence("hey_jarvis", 0.9, heard, next(Embedder().embed([heard])))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of words in which Anna was learnt."""
    recordings = [
        write_wav(tmp_path / f"{pace}.wav", spoken("hey jarvis", ANNA, words_per_minute=pace)) for pace in PACES
    ]
    model = household.learn(household.Person("anna", recordings, "hey jarvis", "en"), few_speakers, Unwatched())
    path = store.speaker_path(tmp_path / "words", "anna")
    store.save(path, lambda file: file.write(model.text().encode()), is_replacing=False)
    return tmp_path / "words"


def test_a_known_voice_passes_and_another_does_not(folder: Path) -> None:
    verifier = SpeakerVerifier(folder / FOLDER)
    assert verifier.objection(evidence(ANNA)) is None
    assert "unknown voice, most like anna's" in str(verifier.objection(evidence(TELEVISION)))
    facts = read_speaker(folder / FOLDER / "anna.json").facts
    assert facts["recordings"] == len(PACES)
    assert facts["strangers_accepted"] < 0.5


def test_everybody_passes_while_nobody_was_learnt(tmp_path: Path) -> None:
    verifier = SpeakerVerifier(tmp_path)
    assert verifier.objection(evidence(TELEVISION)) is None


def test_a_broken_file_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "anna.json").write_text("{", encoding="utf-8")
    with pytest.raises(EngineError, match=r"anna\.json can't be read"):
        read_speaker(tmp_path / "anna.json")
    assert SpeakerVerifier(tmp_path).objection(evidence(TELEVISION)) is None


@pytest.mark.parametrize("weights", [[0.5], [float("nan")] * FEATURES, [[0.0] * FEATURES]])
def test_a_model_of_other_features_or_without_numbers_is_damaged(weights: list[object], tmp_path: Path) -> None:
    model = {"format": 1, "bias": 0.0, "weights": weights, "facts": {}}
    (tmp_path / "anna.json").write_text(json.dumps(model), encoding="utf-8")
    with pytest.raises(EngineError, match=r"anna\.json is damaged"):
        read_speaker(tmp_path / "anna.json")
    assert SpeakerVerifier(tmp_path).objection(evidence(TELEVISION)) is None


def test_a_person_needs_five_recordings() -> None:
    person = household.Person("anna", [Path("1.wav")] * 4, "hey jarvis", "en")
    with pytest.raises(EnrolmentError, match="at least 5 recordings of anna"):
        household.learn(person, few_speakers, Unwatched())
