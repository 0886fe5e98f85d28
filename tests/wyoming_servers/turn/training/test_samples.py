"""What a dialogue teaches."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wyoming_servers.turn.ngram_features import BOUNDARY
from wyoming_servers.turn.text import normalize, tokenize
from wyoming_servers.turn.training.samples import Mark, Turn, draw, read_turn, stretch, weigh

N, C, S, T = Mark.NONE, Mark.COMMA, Mark.SENTENCE, Mark.TURN


@pytest.mark.parametrize(
    ("written", "words", "marks"),
    [
        ("Да, конечно. А ты?", ["да", "конечно", "а", "ты"], [C, S, N, T]),
        ("Кое-кто — там…", ["кое", "кто", "там"], [N, C, T]),
        ("Что?! Нет", ["что", "нет"], [S, T]),
        ("把灯打开，谢谢。", ["把", "灯", "打", "开", "谢", "谢"], [N, N, N, C, N, T]),
        ("...", [], []),
    ],
)
def test_a_turn_is_its_words_and_what_was_written_after_each(written: str, words: list[str], marks: list[Mark]) -> None:
    assert read_turn(written) == Turn(words, marks)


@given(st.text(alphabet="абё ,.!?-—'灯ab1", max_size=30))
def test_the_words_are_those_that_are_served(text: str) -> None:
    assert list(read_turn(text).words) == list(tokenize(normalize(text)))


@given(st.lists(st.sampled_from([N, C, S]), max_size=12), st.floats(0, 1))
def test_all_cuts_of_a_turn_weigh_as_much_as_its_end(marks: list[Mark], share: float) -> None:
    turn = Turn(["слово"] * (len(marks) + 1), [*marks, T])
    *cuts, end = weigh(turn, share)
    assert end == 1.0
    assert sum(cuts) == pytest.approx(1.0 if marks else 0.0)


def test_commas_get_their_share() -> None:
    turn = read_turn("один два, три четыре")
    assert weigh(turn, 0.4) == pytest.approx([0.2, 0.6, 0.2, 1.0])


def test_a_dialogue_is_cut_at_turns_where_they_fit() -> None:
    turns = [Turn(["а"] * 3, [N, N, T]), Turn(["б"] * 2, [N, T]), Turn(["в"] * 6, [N] * 5 + [T])]
    pieces = list(stretch(turns, 5))
    assert [list(piece.words) for piece in pieces] == [
        [BOUNDARY, "а", "а", "а"],
        [BOUNDARY, "б", "б"],
        [BOUNDARY, "в", "в", "в", "в"],
        ["в", "в"],
    ]
    assert list(pieces[-1].positions) == [5, 6]
    assert list(pieces[-1].turns) == [2, 2]


@given(st.lists(st.integers(1, 20), min_size=1, max_size=6), st.integers(2, 16))
def test_stretches_have_every_word_once_and_are_short_enough(lengths: list[int], longest: int) -> None:
    turns = [Turn([f"{number}"] * length, [N] * (length - 1) + [T]) for number, length in enumerate(lengths)]
    pieces = list(stretch(turns, longest))
    assert all(0 < len(piece.words) <= longest for piece in pieces)
    words = [word for piece in pieces for word in piece.words]
    assert words == [word for turn in turns for word in (BOUNDARY, *turn.words)]


def test_each_turn_is_drawn_whole_and_once_cut() -> None:
    turns = [read_turn("Когда ты, наконец, приедешь?"), read_turn("Завтра.")]
    cut, whole, answer = draw(turns, Random(1), longest_context=1)
    assert whole.text == "когда ты наконец приедешь"
    assert whole.text.startswith(f"{cut.text} ")
    assert (cut.context, whole.mark, answer.text) == ((), T, "завтра")
    assert answer.context == ("когда ты наконец приедешь",)
