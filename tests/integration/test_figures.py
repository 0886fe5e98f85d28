"""How fast the assistant is, in figures."""

import pytest

from custom_components.voice_rag.figures import REMEMBERED_TURNS, Figures, percentile


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [([], 50, None), ([2.0], 95, 2.0), ([3.0, 1.0, 2.0], 50, 2.0), ([float(n) for n in range(1, 101)], 95, 95.0)],
)
def test_a_percentile_is_one_of_the_values(values: list[float], percent: int, expected: float | None) -> None:
    assert percentile(values, percent) == expected


def test_old_turns_are_forgotten() -> None:
    figures = Figures()
    for _ in range(REMEMBERED_TURNS):
        figures.add_turn(9.0)
    for _ in range(REMEMBERED_TURNS):
        figures.add_turn(1.0)
    assert figures.turn_seconds(95) == 1.0


def test_the_share_that_the_model_knew_already_counts_tokens_and_not_prompts() -> None:
    figures = Figures()
    assert figures.prefix_hit_percent is None
    figures.add_prompt(3000, 3000)
    figures.add_prompt(1000, 0)
    figures.add_prompt(0, 0)
    assert figures.prefix_hit_percent == 25.0


def test_listeners_hear_of_changes_until_they_leave() -> None:
    figures, heard = Figures(), []
    leave = figures.listen(lambda: heard.append(figures.turn_seconds(50)))
    figures.add_turn(1.0)
    leave()
    figures.add_turn(2.0)
    assert heard == [1.0]
