"""Sentences, lists and the graph made of them; pure."""

import json
import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from wyoming_servers.runtime.espeak import shared_espeak
from wyoming_servers.runtime.vocabulary import Name, Vocabulary
from wyoming_servers.stt.automaton import Acceptor, WordGraph, build_word_graph
from wyoming_servers.stt.grammar import build_grammar, tokenize
from wyoming_servers.stt.pronunciation import _ARPABET, EnglishPronouncer

CONTRACT = Path(__file__).parents[2] / "contract" / "speech" / "vocabulary.json"


def accepts(graph: WordGraph, sentence: str) -> bool:
    """Return whether the words lead from the start to the final state."""
    states = _closure(graph, {graph.start})
    for word in sentence.split():
        states = _closure(graph, {to for origin, to, spoken in graph.edges if origin in states and spoken == word})
    return graph.final in states


def _closure(graph: WordGraph, states: set[int]) -> set[int]:
    while more := {to for origin, to, word in graph.edges if not word and origin in states} - states:
        states = states | more
    return states


def language_of(graph: WordGraph) -> set[tuple[str, ...]]:
    """Return every sentence of the graph."""
    sentences: set[tuple[str, ...]] = set()
    paths: list[tuple[int, tuple[str, ...]]] = [(graph.start, ())]
    while paths:
        state, words = paths.pop()
        if state == graph.final:
            sentences.add(words)
        paths += [(to, (*words, word) if word else words) for origin, to, word in graph.edges if origin == state]
    return sentences


def split(*sentences: str) -> list[tuple[str, ...]]:
    return [tuple(sentence.split()) for sentence in sentences]


def test_a_graph_holds_exactly_the_sentences_given() -> None:
    sentences = split("a", "a b", "a b c", "b c", "d b c", "d")
    assert language_of(build_word_graph(sentences, {})) == set(sentences)


@pytest.mark.parametrize("seed", range(30))
def test_any_sentences_come_out_as_they_went_in(seed: int) -> None:
    chance = random.Random(seed)
    sentences = {tuple(chance.choices("abc", k=chance.randint(1, 6))) for _ in range(chance.randint(1, 40))}
    graph = build_word_graph(sentences, {})
    assert language_of(graph) == sentences


def test_common_endings_are_stored_once() -> None:
    graph = build_word_graph(split(*(f"{first} the light in the kitchen" for first in "abcdefgh")), {})
    assert len(graph.edges) == 8 + 5


def test_a_list_stands_for_each_of_its_entries() -> None:
    lists = {"{x}": split("red", "red hot", "deep blue"), "{empty}": []}
    graph = build_word_graph(split("paint it {x}", "{x} please", "{x} {x}", "never {empty}"), lists)
    entries = lists["{x}"]
    expected = {("paint", "it", *entry) for entry in entries} | {(*entry, "please") for entry in entries}
    expected |= {(*first, *second) for first in entries for second in entries}
    assert language_of(graph) == expected


def test_no_sentences_make_a_graph_of_silence() -> None:
    assert build_word_graph([], {}).words() == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kitchen light", "kitchen light"),
        ("set {name:thing} to {brightness}%", "set {name} to {brightness} percent"),
        ("Lamp 21", "lamp twenty one"),
        ("don’t, stop!", "don't stop"),
        ("Wi-Fi_guest", "wi fi guest"),
        ("Свет на Кухне", "свет на кухне"),
        ("3d", "3d"),
        ("ISBN 9785170000000", "isbn nine seven eight five one seven zero zero zero zero zero zero zero"),
        ("9" * 100, " ".join(["nine"] * 100)),
        ("!?", ""),
    ],
)
def test_text_becomes_words_as_they_are_spoken(text: str, words: str) -> None:
    assert " ".join(tokenize(text, "en")) == words


class LatinLexicon:
    """Knows a few words and can say what is written in Latin letters."""

    def __init__(self, known: Iterable[str] = ("bleed", "reset", "make", "stop")) -> None:
        self._known = set(known)

    def has_word(self, word: str) -> bool:
        return word in self._known

    def can_pronounce(self, word: str) -> bool:
        return word.replace("'", "").isascii() and word.replace("'", "").isalpha()


@pytest.fixture(scope="module")
def house() -> WordGraph:
    vocabulary = Vocabulary(
        names=(
            Name("kitchen light", "light"),
            Name("garage door", "cover"),
            Name("Свет", "light"),
            Name("me", "person"),
        ),
        areas=("Kitchen", "Living room", "Кухня"),
        topics=(
            "Bleeding a radiator",
            "Making tea",
            "Stopping the pump",
            "Boiler pressure",
            "King size bed",
            "herd immunity",
        ),
        titles=("Solaris", "Солярис"),
    )
    grammar = build_grammar("en", vocabulary, LatinLexicon())
    assert set(grammar.skipped) == {"свет", "кухня", "солярис"}
    return grammar.graph


@pytest.mark.parametrize(
    "sentence",
    [
        "turn on the kitchen light",
        "turn off the lights in the living room",
        "set the kitchen light brightness to forty two percent",
        "open the garage door",
        "what is the boiler pressure",
        "how do i bleed a radiator",
        "how do i make tea",
        "how do i stop the pump",
        "who directed solaris",
        "tell me about the film solaris",
        "what is a boiler pressure",
        "what was yesterday's lecture about",
        "what was the lecture on wednesday about",
        "what was friday's lecture about",
        "tell me about the last lecture",
        "what was the last herd immunity lecture about",
        "what time is it",
    ],
)
def test_the_house_understands(sentence: str, house: WordGraph) -> None:
    assert accepts(house, sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "turn on",
        "turn on the garage door brightness",
        "open the kitchen light",
        "set the kitchen light brightness to two hundred percent",
        "who directed boiler pressure",
        "what was yesterday's lecture",
        "how do i bleede a radiator",
        "включи свет",
        "turn on the bathroom light",
    ],
)
def test_the_house_does_not_understand(sentence: str, house: WordGraph) -> None:
    assert not accepts(house, sentence)


def test_the_vocabulary_of_the_contract_makes_a_grammar() -> None:
    vocabulary = Vocabulary.from_json(json.loads(CONTRACT.read_text(encoding="utf-8")))
    grammar = build_grammar("en", vocabulary, LatinLexicon())
    assert grammar.skipped == ("свет на кухне",)
    assert accepts(grammar.graph, "turn on the kitchen light")
    assert Vocabulary.from_json(json.loads(json.dumps(vocabulary.to_json()))) == vocabulary


WORDS = (
    *("thermostat", "Solaris", "Stalker", "Andrei", "Rublev", "Tarkovsky", "Zigbee", "wifi", "Nabu", "Roomba", "judge"),
    *("Wohnzimmer", "croissant", "bureau", "oyster", "church", "thing", "this", "you're", "o'clock", "iPhone", "queue"),
    *(
        "xylophone",
        "hour",
        "cure",
        "poor",
        "fire",
        "flower",
        "near",
        "hair",
        "car",
        "bird",
        "butter",
        "little",
        "button",
    ),
    *("rhythm", "Zhukov", "Ljubljana", "yacht", "vacuum", "dehumidifier", "psychology", "gnome", "wrought", "island"),
    *("Aeroflot", "schedule", "genre", "bonbon", "krzysztof"),
)


@pytest.mark.parametrize("word", WORDS)
def test_every_sound_of_a_word_has_a_phone_of_the_dictionary(word: str) -> None:
    espeak = shared_espeak()
    assert [phoneme for phoneme in espeak.phonemes(word, "en-us") if phoneme not in _ARPABET] == []
    assert EnglishPronouncer(espeak).phones(word)


@pytest.mark.parametrize("word", ["свет", "灯", "3d", "", "café", "'"])
def test_words_that_english_letters_do_not_spell_have_no_pronunciation(word: str) -> None:
    assert EnglishPronouncer(shared_espeak()).phones(word) is None


@pytest.mark.parametrize(
    ("words", "is_final"),
    [
        ("light on", True),
        ("set it to fifty", False),
        ("set it to fifty percent", True),
        ("set it to", False),
        ("kitchen light on", False),
        ("", False),
    ],
)
def test_a_sentence_is_final_when_no_longer_one_begins_with_it(words: str, is_final: bool) -> None:
    sentences = ["light on", "set it to {n}", "set it to {n} percent"]
    graph = build_word_graph(
        [tuple(sentence.split()) for sentence in sentences], {"{n}": [("fifty",), ("fifty", "one")]}
    )
    assert Acceptor(graph).is_final(words.split()) is is_final


def test_a_question_on_a_topic_is_final_and_a_number_that_may_want_its_unit_is_not(house: WordGraph) -> None:
    acceptor = Acceptor(house)
    assert acceptor.is_final(["how", "do", "i", "bleed", "a", "radiator"])
    assert not acceptor.is_final(["set", "the", "kitchen", "light", "brightness", "to", "fifty"])
