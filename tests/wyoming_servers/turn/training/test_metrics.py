"""Metrics, calibration and their tables."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wyoming_servers.turn.training.calibrate import calibrate
from wyoming_servers.turn.training.evaluate import Samples, auc_by_language, evaluate
from wyoming_servers.turn.training.metrics import (
    Scored,
    accuracy,
    auc,
    calibration_error,
    f1,
    measure,
    sigmoid,
    true_negatives,
)
from wyoming_servers.turn.training.samples import Mark


def scored(probabilities: list[float], whole: list[int], weights: list[float] | None = None) -> Scored:
    return Scored(np.array(probabilities), np.array(whole, bool), np.array(weights or [1.0] * len(whole)))


def test_metrics_of_a_small_case_are_as_counted_by_hand() -> None:
    case = scored([0.9, 0.8, 0.6, 0.4, 0.2], [1, 0, 1, 1, 0])
    assert auc(case) == pytest.approx(4 / 6)
    assert f1(case) == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))
    assert accuracy(case) == pytest.approx(3 / 5)
    assert true_negatives(case, 0.993) == pytest.approx(1 / 2)


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(1, 3)), min_size=1, max_size=12))
def test_a_weight_counts_like_repetition(samples: list[tuple[int, bool, int]]) -> None:
    weighted = Scored(*(np.array(column) for column in zip(*samples, strict=True)))
    weighted = Scored(weighted.probabilities / 4 + 0.1, weighted.is_whole, weighted.weights.astype(float))
    times = weighted.weights.astype(int)
    repeated = Scored(
        np.repeat(weighted.probabilities, times), np.repeat(weighted.is_whole, times), np.ones(times.sum())
    )
    for name, value in measure(weighted).items():
        if name != "samples":
            assert value == pytest.approx(measure(repeated)[name], nan_ok=True), name


def test_ties_count_half() -> None:
    assert auc(scored([0.5, 0.5], [1, 0])) == pytest.approx(0.5)


@pytest.mark.parametrize("whole", [[1, 1], [0, 0]])
def test_one_class_alone_has_no_auc(whole: list[int]) -> None:
    assert np.isnan(auc(scored([0.1, 0.9], whole)))


def test_probabilities_that_come_true_have_no_calibration_error() -> None:
    assert calibration_error(scored([0.25] * 4 + [0.75] * 4, [1, 0, 0, 0, 1, 1, 1, 0])) == pytest.approx(0.0)
    assert calibration_error(scored([0.75] * 4, [1, 0, 0, 0])) == pytest.approx(0.5)


def test_calibration_finds_the_line_that_was_taken_away() -> None:
    random = np.random.default_rng(0)
    truth = random.normal(size=20_000)
    whole = random.random(20_000) < sigmoid(truth)
    line = calibrate((truth + 1.0) / 2.0, whole, np.ones(20_000))
    assert line.factor == pytest.approx(2.0, abs=0.1)
    assert line.offset == pytest.approx(-1.0, abs=0.1)


def test_calibration_of_logits_that_separate_perfectly_is_finite() -> None:
    line = calibrate(np.array([-1.0, 1.0]), np.array([False, True]), np.ones(2))
    assert np.isfinite([line.factor, line.offset]).all()


def test_tables_have_a_row_for_each_part() -> None:
    samples = Samples(
        languages=np.array(["ru", "ru", "ru", "en", "en"]),
        sources=np.array(["film", "film", "film", "home", "home"]),
        is_phrase=np.array([False, False, False, True, True]),
        marks=np.array([Mark.COMMA, Mark.NONE, Mark.TURN, Mark.NONE, Mark.TURN]),
        is_first=np.array([True, True, True, True, True]),
        weights=np.ones(5),
    )
    table = evaluate(np.array([0.9, 0.1, 0.5, 0.2, 0.8]), samples)
    assert table["ru cut at a comma"]["auc"] == 0.0
    assert table["ru cut inside a clause"]["auc"] == 1.0
    assert table["ru film"]["auc"] == table["ru dialogues"]["auc"] == 0.5
    assert table["en phrases"]["accuracy"] == 1.0
    assert "en dialogues" not in table
    assert auc_by_language(np.array([0.9, 0.1, 0.5, 0.2, 0.8]), samples) == {"ru": 0.5}
