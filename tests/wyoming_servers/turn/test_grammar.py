"""How far a text has come as a home command: every sentence of the templates, and some that people say."""

import json
import random
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import islice
from pathlib import Path

import pytest
from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    Sentence,
    TextChunk,
)
from hassil.intents import Intents, RangeSlotList, TextSlotList
from hassil.numbers import get_rbnf_engine

from wyoming_servers.runtime.vocabulary import Name, Vocabulary
from wyoming_servers.turn.grammar import store
from wyoming_servers.turn.grammar.common_names import common_names
from wyoming_servers.turn.grammar.grammar import Grammar
from wyoming_servers.turn.grammar.reading import GrammarState, Reading
from wyoming_servers.turn.grammar.store import LANGUAGES, load_templates
from wyoming_servers.turn.text import normalize, tokenize

DEAD, INCOMPLETE, OPEN, FINAL = GrammarState
ANYTHING = {"en": ("milk", "some old jazz"), "ru": ("молоко", "старый джаз"), "zh": ("牛奶", "老歌")}
FILES = {"en": "en", "ru": "ru", "zh": "zh-CN"}


@pytest.fixture(scope="module")
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("grammar")


@pytest.fixture
def grammar(request: pytest.FixtureRequest, cache_folder: Path) -> Grammar:
    """Return the grammar of the language that the test is for, without a house."""
    return in_house(request.getfixturevalue("language"), Vocabulary(), cache_folder)


def in_house(language: str, vocabulary: Vocabulary, folder: Path) -> Grammar:
    return Grammar(language, load_templates(language, folder), vocabulary)


@cache
def intents_of(language: str) -> Intents:
    resource = files("home_assistant_intents") / "data" / f"{FILES[language]}.json"
    return Intents.from_dict(json.loads(resource.read_text(encoding="utf-8")))


class Sampler:
    """Fills templates at random, as `hassil` would read them."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._intents = intents_of(language)
        self._house = common_names(language)
        self._random = random.Random(7)

    def sentences(self) -> Iterator[str]:
        """Yield sentences whose first word is none of a wildcard."""
        blocks = [
            (data, sentence)
            for intent in self._intents.intents.values()
            for data in intent.data
            for sentence in data.sentences
        ]
        while True:
            data, sentence = self._random.choice(blocks)
            domains = data.requires_context.get("domain", [])
            text = self._fill(sentence.expression, [domains] if isinstance(domains, str) else domains)
            if not text.strip().startswith("*") and "{" not in text:
                yield text.replace("*", "")

    def _fill(self, expression: Expression, domains: list[str]) -> str:
        if isinstance(expression, TextChunk):
            return expression.original_text
        if isinstance(expression, ListReference):
            return self._entry(expression.list_name, domains)
        if isinstance(expression, RuleReference):
            return self._fill(self._intents.expansion_rules[expression.rule_name].expression, domains)
        assert isinstance(expression, Group)
        items = list(expression.items)
        if isinstance(expression, Alternative):
            items = [self._random.choice(items)]
        elif isinstance(expression, Permutation):
            self._random.shuffle(items)
        return "".join(self._fill(item, domains) for item in items)

    def _entry(self, slot: str, domains: list[str]) -> str:
        choose = self._random.choice
        if slot == "name":
            names = [entry.name for entry in self._house.names if not domains or entry.domain in domains]
            return f" {choose(names)} " if names else "{nothing}"
        if slot in ("area", "floor"):
            return f" {choose(self._house.areas if slot == 'area' else self._house.floors)} "
        entries = self._intents.slot_lists[slot]
        if isinstance(entries, RangeSlotList):
            number = choose(range(entries.start, entries.stop + 1, entries.step))
            words = get_rbnf_engine(self._language).format_number(number).text
            return f" {choose([str(number), words])} "
        if isinstance(entries, TextSlotList):
            return f" {self._fill(Sentence(choose(entries.values).text_in).expression, [])} "
        return f"*{choose(ANYTHING[self._language])}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_of_the_templates_is_whole_and_none_of_its_beginnings_is_dead(
    grammar: Grammar, language: str
) -> None:
    for sentence in islice(Sampler(language).sentences(), 1500):
        words = tokenize(normalize(sentence))
        assert grammar.read(sentence).state in (OPEN, FINAL), sentence
        for count in range(len(words)):
            beginning = " ".join(words[:count])
            assert grammar.read(beginning).state is not DEAD, (beginning, sentence)


@pytest.mark.parametrize(
    ("language", "text", "state"),
    [
        ("ru", "включи", INCOMPLETE),
        ("ru", "включи свет", OPEN),
        ("ru", "включи свет в", INCOMPLETE),
        ("ru", "включи свет в гостиной", FINAL),
        ("ru", "включи свет в гостиной пожалуйста", FINAL),
        ("ru", "Включи люстру, в зале!", FINAL),
        ("ru", "поставь таймер на", INCOMPLETE),
        ("ru", "поставь таймер на десять", INCOMPLETE),
        ("ru", "поставь таймер на десять минут", OPEN),
        ("ru", "сделай яркость лампы пятьдесят процентов", FINAL),
        ("ru", "который час", FINAL),
        ("ru", "окно открыто", OPEN),
        ("ru", "окно открыто в", INCOMPLETE),
        ("ru", "окно открыто в гостиной", FINAL),
        ("ru", "а она мне говорит", DEAD),
        ("en", "turn on the", INCOMPLETE),
        ("en", "turn on the light", OPEN),
        ("en", "turn on the lights in the", INCOMPLETE),
        ("en", "turn on the lights in the kitchen", FINAL),
        ("en", "could you turn off the", INCOMPLETE),
        ("en", "set a timer for ten", INCOMPLETE),
        ("en", "what time is it", OPEN),
        ("en", "take one hour and five minutes off the timer", OPEN),
        ("en", "take one hour and five minutes off the timer in the kitchen", FINAL),
        ("en", "never mind", FINAL),
        ("en", "she told me yesterday", DEAD),
        ("zh", "打开", INCOMPLETE),
        ("zh", "打开客厅的", INCOMPLETE),
        ("zh", "打开客厅的灯", OPEN),
        ("zh", "客厅温度是多少", FINAL),
    ],
)  # fmt: skip
def test_how_far_people_have_come(grammar: Grammar, language: str, text: str, state: GrammarState) -> None:
    assert grammar.read(text) == Reading(state, guessed_words=0)


@pytest.mark.parametrize(
    ("language", "text", "reading"),
    [
        ("ru", "включи стимпанк", Reading(OPEN, 1, is_last_guessed=True)),
        ("ru", "включи стимпанк машину в", Reading(INCOMPLETE, 2)),
        ("ru", "добавь молоко", Reading(INCOMPLETE, 1, is_last_guessed=True)),
        ("ru", "добавь молоко в список покупок", Reading(OPEN, 1)),
        ("en", "turn on the gizmo in the", Reading(INCOMPLETE, 1)),
        ("en", "play some jazz", Reading(OPEN, 2, is_last_guessed=True)),
    ],
)
def test_words_that_may_be_anything_are_counted(grammar: Grammar, language: str, text: str, reading: Reading) -> None:
    assert grammar.read(text) == reading


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["", " ", "…?!"])
def test_nothing_said_is_a_beginning(grammar: Grammar, language: str, text: str) -> None:
    assert grammar.read(text) == Reading(INCOMPLETE, 0)


@pytest.mark.parametrize("language", ["en"])
def test_a_story_is_no_command(grammar: Grammar, language: str) -> None:
    assert grammar.read("turn on the light in the hall " * 8).state is DEAD


@pytest.mark.parametrize(
    ("language", "name", "said"),
    [
        ("ru", "Соляной грот", "включи соляной грот"),
        ("ru", "Зелёная гирлянда", "включи зеленую гирлянду"),
        ("ru", "Потолок", "выключи потолок"),
        ("en", "Gizmo 5", "turn on the gizmo 5"),
        ("zh", "小米灯", "打开小米灯"),
    ],
)
def test_the_names_of_a_house_are_known_in_their_forms(
    cache_folder: Path, grammar: Grammar, language: str, name: str, said: str
) -> None:
    told = in_house(language, Vocabulary(names=(Name(name, "light"),)), cache_folder)
    assert told.read(said) == Reading(OPEN, 0)
    assert grammar.read(said).guessed_words > 0


def test_a_room_of_the_house_closes_a_command_in_its_case(cache_folder: Path) -> None:
    grammar = in_house("ru", Vocabulary(areas=("Каминный уголок",)), cache_folder)
    assert grammar.read("включи свет в каминном").state is INCOMPLETE
    assert grammar.read("включи свет в каминном уголке") == Reading(FINAL, 0)


def test_templates_are_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_templates("zh", tmp_path)
    monkeypatch.setattr(store, "_compile", None)
    assert load_templates("zh", tmp_path) == first


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"automaton": {"states": [{}]}}'])
def test_a_compiled_file_that_is_broken_is_made_anew(tmp_path: Path, content: bytes) -> None:
    first = load_templates("zh", tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(content)
    assert load_templates("zh", tmp_path) == first
    assert len(path.read_bytes()) > 10_000


def test_without_a_place_to_keep_them_templates_are_compiled_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert load_templates("zh", tmp_path / "file") == load_templates("zh", None)
