"""Hot words, and the searches that they steer."""

import itertools
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pytest

from wyoming_servers.stt.beam_search import Floats, Tokens, Transducer, TransducerSearch, search_ctc
from wyoming_servers.stt.hot_words import HotWords, Progress

LETTERS = Tokens((" ", "а", "л", "м", "п", "у", ""), blank=6)


def log_softmax(rows: np.ndarray) -> Floats:
    return (rows - np.log(np.exp(rows).sum(axis=-1, keepdims=True))).astype(np.float32)


def spelled(text: str, *, rival: str, lead: float) -> Floats:
    """Return frames in which `text` is heard, and `rival` less likely by `lead` nats a letter where they differ."""
    rows = np.full((2 * len(text), len(LETTERS.texts)), -12.0)
    for number, (letter, other) in enumerate(zip(text, rival, strict=True)):
        for token, height in ((letter, lead), (other, 0.0 if other != letter else lead)):
            place = LETTERS.blank if token == "_" else LETTERS.texts.index(token)
            rows[2 * number, place] = height
        rows[2 * number + 1, LETTERS.blank] = 0.0
    return log_softmax(rows)


def text_of(tokens: Sequence[int]) -> str:
    return "".join(LETTERS.texts[token] for token in tokens)


@pytest.mark.parametrize("said", ["лампа", "лампу", "лампой", "лампами", "Лампе!"])
def test_a_name_is_found_in_its_other_cases(said: str) -> None:
    assert HotWords(["Солёная лампа"]).found(f"включи {said} сейчас") == {"ламп": 1}


@pytest.mark.parametrize("said", ["лапа", "лампадкой", "бра", "эламп"])
def test_other_words_are_not_taken_for_a_name(said: str) -> None:
    assert not HotWords(["лампа"]).found(said)


def test_short_words_and_endings_are_left_alone() -> None:
    assert len(HotWords(["на кухне", "в зал", "на кухня"])) == 2
    assert len(HotWords([f"слово{number}слово" for number in range(10_000)])) == 3000


def test_the_bonus_of_a_word_that_came_to_nothing_is_taken_back() -> None:
    hot_words = HotWords(["лампа"])
    begun = hot_words.advance(Progress(), " лам")
    other = hot_words.advance(begun, "а")
    whole = hot_words.advance(begun, "пу ")
    assert hot_words.total(begun) > 0 == hot_words.total(begun, is_last=True)
    assert hot_words.total(other) == 0
    assert hot_words.total(whole) == hot_words.total(whole, is_last=True) > hot_words.total(begun)


@pytest.mark.parametrize(("terms", "text"), [([], "лапу"), (["лампа"], "лампу"), (["кухня"], "лапу")])
def test_a_hot_word_wins_over_one_that_sounds_alike(terms: list[str], text: str) -> None:
    frames = spelled("ла_пу", rival="лампу", lead=1.0)
    assert text_of(search_ctc(frames, LETTERS, HotWords(terms)).tokens) == text


def test_a_hot_word_does_not_win_over_what_was_clearly_said() -> None:
    frames = spelled("ла_пу", rival="лампу", lead=6.0)
    assert text_of(search_ctc(frames, LETTERS, HotWords(["лампа"])).tokens) == "лапу"


@pytest.mark.parametrize("seed", range(20))
def test_without_hot_words_the_search_finds_the_likeliest_text_of_all(seed: int) -> None:
    frames = log_softmax(np.random.default_rng(seed).normal(0, 1.5, (4, 3)))
    totals: defaultdict[tuple[int, ...], float] = defaultdict(float)
    for path in itertools.product(range(3), repeat=4):
        text = tuple(token for token, _ in itertools.groupby(path) if token != 2)
        totals[text] += float(np.exp(sum(frames[time, token] for time, token in enumerate(path))))
    found = search_ctc(frames, Tokens(("a", "b", ""), blank=2), HotWords())
    assert found.tokens == max(totals, key=totals.__getitem__)
    assert list(found.frames) == sorted(found.frames)


class Alphabet:
    """A network that hears one token in each frame, the first of two rivals the better; it notes what it is asked."""

    def __init__(self) -> None:
        self.states: list[tuple[int, ...]] = []

    def step(self, tokens: Sequence[int], state: list[int], frame: Floats) -> tuple[Floats, list[int]]:
        self.states.append(tuple(state))
        assert tuple(state) == tuple(tokens[:-1]), "a hypothesis was given the state of another"
        is_said = int(frame[-1]) < len(tokens)
        row = frame[:-1] if not is_said else np.array([-9.0, -9.0, -9.0, 0.0])
        return log_softmax(row), [*state, *tokens[-1:]]


@pytest.mark.parametrize(("terms", "text"), [([], "лапу мимо"), (["лампа"], "лампу мимо")])
def test_a_transducer_is_asked_for_each_hypothesis_with_its_own_past(terms: list[str], text: str) -> None:
    tokens = Tokens((" лапу", " лампу", " мимо", ""), blank=3)
    heard = [[-9, -9, -9, 0, 9], [1, 0, -9, -9, 0], [-9, -9, 0, -9, 1], [-9, -9, -9, 0, 9]]
    network = Transducer(Alphabet().step, [], most_tokens=3)
    found = TransducerSearch(network, tokens, HotWords(terms)).search([np.array(row, np.float32) for row in heard])
    assert "".join(tokens.texts[token] for token in found.tokens).strip() == text
    assert found.frames == (1, 2)


def test_the_work_on_a_frame_is_bounded_however_unsure_the_network_is() -> None:
    asked = 0

    def step(tokens: Sequence[int], state: None, frame: Floats) -> tuple[Floats, None]:
        nonlocal asked
        asked += 1
        return log_softmax(np.zeros(100)), None

    tokens = Tokens([f" слово{number}" for number in range(99)] + [""], blank=99)
    search = TransducerSearch(Transducer(step, None, most_tokens=3), tokens, HotWords(["слово"]))
    search.search(np.zeros((50, 1), np.float32))
    assert asked <= 50 * 6 * 4
