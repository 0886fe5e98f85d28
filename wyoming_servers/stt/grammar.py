"""The sentences a house understands, as a word graph: Home Assistant's own intents filled with the house's names.

The idea is that of Speech-to-Phrase: a recogniser that only has to choose among sentences that make sense here is fast
and sure on a small machine. The templates are those that `home-assistant-intents` ships for this purpose.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Protocol

from hassil.expression import Sentence
from hassil.intents import IntentData, Intents, RangeSlotList, SlotList, TextSlotList
from hassil.numbers import get_rbnf_engine
from hassil.parse_expression import parse_sentence
from hassil.sample import sample_sentence

from wyoming_servers.runtime.vocabulary import Vocabulary

from .automaton import Tokens, WordGraph, build_word_graph
from .questions import QUESTIONS

_PLACEHOLDER = re.compile(r"\{([^}:]+)(?::[^}]*)?\}")
_WORD = re.compile(r"\{[^}]+\}|[^\W_]+(?:'[^\W_]+)*")
_HOUSE_LISTS = frozenset({"name", "area", "floor"})
_NEVER = "{never}"
_LONGEST_NUMBER = 999_999


@dataclass(frozen=True, slots=True)
class Grammar:
    """A word graph and what could not be put into it."""

    graph: WordGraph
    skipped: tuple[str, ...]


class Lexicon(Protocol):
    """What the recogniser knows about words."""

    def has_word(self, word: str) -> bool:
        """Return whether this is a word of the language."""

    def can_pronounce(self, word: str) -> bool:
        """Return whether the recogniser can listen for it, even where it is no word of the language."""


def build_grammar(language: str, vocabulary: Vocabulary, lexicon: Lexicon) -> Grammar:
    """Return the sentences of a language over a house's vocabulary; entries that can't be said are reported."""
    intents = _load_intents(language)
    lists = {key: _tokens_of(slot_list, language) for key, slot_list in _plain_lists(intents)}
    lists |= {f"name:{domain}": entries for domain, entries in _names_by_domain(vocabulary, language).items()}
    lists |= {
        "area": _tokenize_all(vocabulary.areas, language),
        "floor": _tokenize_all(vocabulary.floors, language),
        "topic": _tokenize_all(vocabulary.topics, language),
        "title": _tokenize_all(vocabulary.titles, language),
        "action": [
            action
            for topic in _tokenize_all(vocabulary.topics, language)
            for action in _imperatives(topic)
            if lexicon.has_word(action[0])
        ],
    }
    kept, skipped = _keep_pronounceable(lists, lexicon.can_pronounce)
    sentences = [*_command_templates(intents, language), *_question_templates(language)]
    return Grammar(
        build_word_graph(sentences, {f"{{{key}}}": kept.get(key, []) for key in _keys(sentences, kept)}), skipped
    )


def _load_intents(language: str) -> Intents:
    resource = files("home_assistant_intents") / "speech_to_phrase" / f"{language}.json"
    return Intents.from_dict(json.loads(resource.read_text(encoding="utf-8")))


def _command_templates(intents: Intents, language: str) -> Iterator[Tokens]:
    for intent in intents.intents.values():
        for data in intent.data:
            for sentence in data.sentences:
                texts = _sample(sentence, intents.expansion_rules)
                for text in texts:
                    yield from _by_domain(tokenize(text, language), data)


def _question_templates(language: str) -> Iterator[Tokens]:
    for template in QUESTIONS.get(language, ()):
        for text in _sample(parse_sentence(template), {}):
            yield tokenize(text, language)


def _sample(sentence: Sentence, rules: dict[str, Sentence]) -> Iterable[str]:
    return sample_sentence(sentence, {}, rules, expand_lists=False, expand_ranges=False)


def _by_domain(tokens: Tokens, data: IntentData) -> Iterator[Tokens]:
    """Yield the sentence once for each domain whose names it is meant for."""
    if "{name}" not in tokens:
        yield tokens
        return
    domains = (data.requires_context or {}).get("domain", _NEVER)
    for domain in [domains] if isinstance(domains, str) else domains:
        yield tuple(f"{{name:{domain}}}" if token == "{name}" else token for token in tokens)  # noqa: S105 (no secret)


def tokenize(text: str, language: str) -> Tokens:
    """Return the words of a text as they are spoken; placeholders stay whole."""
    text = _PLACEHOLDER.sub(r"{\1}", text.replace("%", " percent ").replace("’", "'"))
    words: list[str] = []
    for match in _WORD.findall(text):
        if match.startswith("{"):
            words.append(match)
        elif match.isdecimal():
            words += _spell_number(int(match), language)
        else:
            words.append(match.casefold())
    return tuple(words)


def _tokenize_all(texts: Iterable[str], language: str) -> list[Tokens]:
    return [tokens for text in texts if (tokens := tokenize(text, language))]


def _spell_number(number: int, language: str) -> list[str]:
    if number > _LONGEST_NUMBER:  # a code or a telephone number: said digit by digit, and beyond the speller's rules
        return [word for digit in str(number) for word in _spell_number(int(digit), language)]
    spelled = get_rbnf_engine(language).format_number(number).text
    return spelled.replace("-", " ").casefold().split()


def _plain_lists(intents: Intents) -> Iterator[tuple[str, SlotList]]:
    return ((key, slot_list) for key, slot_list in intents.slot_lists.items() if key not in _HOUSE_LISTS)


def _tokens_of(slot_list: SlotList, language: str) -> list[Tokens]:
    """Return a list's entries; a wildcard has none, so that sentences with it are left out."""
    if isinstance(slot_list, RangeSlotList):
        numbers = range(slot_list.start, slot_list.stop + 1, slot_list.step)
        return [tuple(_spell_number(number, language)) for number in numbers]
    if isinstance(slot_list, TextSlotList):
        sentences = (Sentence(expression=value.text_in) for value in slot_list.values)
        return [tokenize(text, language) for sentence in sentences for text in sample_sentence(sentence)]
    return []


def _names_by_domain(vocabulary: Vocabulary, language: str) -> dict[str, list[Tokens]]:
    names: defaultdict[str, list[Tokens]] = defaultdict(list)
    for entry in vocabulary.names:
        if tokens := tokenize(entry.name, language):
            names[entry.domain].append(tokens)
    return names


def _imperatives(topic: Tokens) -> Iterator[Tokens]:
    """Yield what can follow "how do I": the topic itself, and "bleed a radiator" for "bleeding a radiator"."""
    yield topic
    first, *rest = topic
    if first.endswith("ing") and len(first) > 5:
        stem = first.removesuffix("ing")
        yield (stem, *rest)
        yield (stem[:-1] if stem[-1] == stem[-2] else f"{stem}e", *rest)


def _keep_pronounceable(
    lists: Mapping[str, list[Tokens]], can_pronounce: Callable[[str], bool]
) -> tuple[dict[str, list[Tokens]], tuple[str, ...]]:
    kept: dict[str, list[Tokens]] = {}
    skipped: dict[str, None] = {}
    for key, entries in lists.items():
        kept[key] = [tokens for tokens in entries if all(map(can_pronounce, tokens))]
        if key != "action":
            skipped |= dict.fromkeys(" ".join(tokens) for tokens in entries if not all(map(can_pronounce, tokens)))
    return kept, tuple(skipped)


def _keys(sentences: Iterable[Tokens], lists: Mapping[str, list[Tokens]]) -> set[str]:
    """Return the names of all lists that the sentences refer to, known or not."""
    used = {token[1:-1] for tokens in sentences for token in tokens if token.startswith("{")}
    return used | set(lists)
