"""Dialogues as arrays: training sees what is served."""

import numpy as np
import pytest

from wyoming_servers.turn.ngram import NgramConfig, read_tokens
from wyoming_servers.turn.ngram_features import place_rows, word_rows
from wyoming_servers.turn.text import normalize
from wyoming_servers.turn.training import encode
from wyoming_servers.turn.training.dialogues import Dialogue
from wyoming_servers.turn.training.encode import Encoder
from wyoming_servers.turn.training.ngram_inputs import batch_tokens

CONFIG = NgramConfig(word_table=500, place_table=500, longest=16, positions=8)
TURNS = ("Где, скажи, ключи от моей машины?", "На столе — там, где всегда.")


def test_the_last_place_of_a_corpus_is_what_serving_reads() -> None:
    corpus = Encoder(CONFIG).encode([Dialogue(TURNS, "ru", "own")])
    tokens = read_tokens(normalize(TURNS[1]), [normalize(TURNS[0])], CONFIG)
    assert corpus.places[-1].tolist() == list(tokens.place)
    np.testing.assert_array_equal(corpus.positions, tokens.positions)
    rows = [tuple(row[row >= 0]) for row in corpus.pieces[corpus.words]]
    assert rows == [word_rows(word, CONFIG.word_table) for word in tokens.words]


def test_rows_of_a_place_depend_on_its_own_turn_alone() -> None:
    dialogues = [Dialogue((TURNS[0],), "ru", "own"), Dialogue((TURNS[1],), "ru", "own")]
    corpus = Encoder(CONFIG).encode(dialogues)
    words = normalize(TURNS[1]).split()
    served = [list(place_rows(words[:count], CONFIG.place_table)) for count in range(1, len(words) + 1)]
    assert corpus.places[-len(words) :].tolist() == served


def test_boundaries_count_nothing_and_phrases_what_they_are_told() -> None:
    dialogues = [Dialogue(("включи свет",), "ru", "home"), Dialogue(("да", "нет"), "ru", "talk")]
    corpus = Encoder(CONFIG).encode(dialogues, phrase_weight=3.0)
    assert corpus.weights.tolist() == [0.0, 3.0, 3.0, 0.0, 1.0, 0.0, 1.0]
    assert corpus.is_first.tolist() == [True] * 5 + [False] * 2
    assert [(corpus.origins[group].source) for group in corpus.groups] == ["home"] * 3 + ["talk"] * 4


def test_earlier_turns_are_read_whole_or_not_at_all() -> None:
    long, short = "слово " * 20, "да нет"
    assert len(read_tokens("и вот", [long.strip(), short], CONFIG).words) == 6
    assert len(read_tokens("и вот", [short, long.strip()], CONFIG).words) == 3
    assert len(read_tokens(long.strip(), [short], CONFIG).words) == CONFIG.longest


def test_inputs_of_several_dialogues_are_padded_at_the_end() -> None:
    tokens = [read_tokens(text, [], CONFIG) for text in ("да", "включи свет на кухне")]
    inputs = batch_tokens(tokens, CONFIG.word_table)
    assert inputs["pieces"].shape[:2] == inputs["positions"].shape == (2, 5)
    assert inputs["last"].tolist() == [[1], [4]]
    assert (inputs["pieces"][0, 2:] == -1).all()


def test_rows_are_the_same_however_few_are_computed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    dialogues = [Dialogue((*TURNS, "да", "слово " * 9), "ru", "own")] * 2
    whole = Encoder(CONFIG).encode(dialogues)
    monkeypatch.setattr(encode, "_SLICE", 3)
    np.testing.assert_array_equal(Encoder(CONFIG).encode(dialogues).places, whole.places)
