"""The turn model that the package carries."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.engines import ngram


@pytest.fixture(scope="module")
def detector() -> ngram.NgramDetector:
    return ngram.load(TurnOptions())


@pytest.mark.parametrize(
    ("language", "cut", "whole"),
    [
        ("ru", "включи свет в", "включи свет в гостиной"),
        ("ru", "поставь таймер на десять", "поставь таймер на десять минут"),
        ("ru", "а что ты", "а что ты делаешь сегодня вечером"),
        ("en", "turn on the", "turn on the kitchen light"),
        ("en", "i would like to book a table for", "i would like to book a table for two people"),
        ("zh", "把客厅的", "把客厅的灯打开"),
        ("zh", "你知道这部电影的", "你知道这部电影的导演是谁吗"),
    ],
)
def test_a_whole_turn_scores_above_a_cut_one(
    detector: ngram.NgramDetector, language: str, cut: str, whole: str
) -> None:
    assert detector.completeness(Pause(cut, language)) < 0.5 < detector.completeness(Pause(whole, language))


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("Ещё раз, пожалуйста!", "еще раз пожалуйста"),
        ("打开 客厅 的 灯。", "打开客厅的灯"),
        ("What's next?", "whats next"),
    ],
)
def test_case_and_punctuation_make_no_difference(detector: ngram.NgramDetector, written: str, heard: str) -> None:
    context = ("Что дальше, Анна?", "что дальше анна")
    assert detector.logit(Pause(written, "ru", context[:1])) == detector.logit(Pause(heard, "ru", context[1:]))


def test_what_was_said_before_matters(detector: ngram.NgramDetector) -> None:
    answered = Pause("завтра", "ru", ("когда ты приедешь",))
    assert detector.logit(answered) != detector.logit(Pause("завтра", "ru"))


@pytest.mark.parametrize("text", ["", "?!", "1", "слово " * 500, "字" * 500])
def test_any_text_has_a_probability(detector: ngram.NgramDetector, text: str) -> None:
    assert 0.0 <= detector.completeness(Pause(text, "ru", ("слово " * 500, ""))) <= 1.0


def test_the_model_is_small() -> None:
    assert ngram.SHIPPED.stat().st_size <= 5_000_000


@pytest.mark.parametrize("change", [lambda data: b"no model", lambda data: data[:-100], lambda data: b""])
def test_a_file_that_is_no_model_is_told(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    (tmp_path / "ngram.npz").write_bytes(change(ngram.SHIPPED.read_bytes()))
    with pytest.raises(EngineError, match="is no turn model"):
        ngram.load(TurnOptions(model=str(tmp_path)))


def test_a_model_without_one_of_its_weights_is_told(tmp_path: Path) -> None:
    with np.load(ngram.SHIPPED) as file:
        arrays = {name: array for name, array in file.items() if name != "norm.weight"}
    np.savez(tmp_path / "ngram.npz", **arrays)
    with pytest.raises(EngineError, match=r"norm\.weight"):
        ngram.load(TurnOptions(model=str(tmp_path)))
