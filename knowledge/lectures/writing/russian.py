"""Russian noun phrases by pymorphy3's dictionary: found, and put into the nominative."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from knowledge.lectures.writing.words import COMMON
from knowledge.models import Language
from knowledge.text import analyzer
from knowledge.text.morphology import morphology

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WORD = re.compile(r"[а-яё]+(?:-[а-яё]+)*", re.IGNORECASE)
_PIECE = re.compile(r"[^\w\s-]+|\s[-–—]\s")
_ADJECTIVES = frozenset({"ADJF", "PRTF"})
_SHORTEST_LETTERS = 4
_PLURAL = frozenset({"деньга"})
"""Nouns that the dictionary has in the singular, and people have not."""
_LATIN_OR_NUMBER = re.compile(r"[a-z0-9]", re.IGNORECASE)


def is_available() -> bool:
    """Say whether the dictionary is installed."""
    return morphology() is not None


def noun_phrases(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the noun phrases of a text: their normal forms, and the phrase in the nominative.

    A noun, one with an adjective before it, one with a noun in the genitive behind it, and one with both.
    """
    for piece in _PIECE.split(text):
        words = _WORD.findall(piece)
        for place, word in enumerate(words):
            if not _is_noun(word) or _is_common(word):
                continue
            adjective = words[place - 1] if place and _agree(words[place - 1], word) else None
            genitive = words[place + 1] if place + 1 < len(words) and _is_genitive(words[place + 1]) else None
            yield from _forms(adjective, word, genitive)


def nominative(words: Sequence[str]) -> str:
    """Return a phrase in the nominative; as it is where its grammar is not understood."""
    head = next((place for place, word in enumerate(words) if _is_noun(word)), None)
    if head is None or not is_available():
        return " ".join(words).casefold()
    noun = _noun(words[head])
    number = "plur" if "Pltm" in noun.tag or noun.normal_form in _PLURAL else "sing"
    inflected = noun.inflect({number, "nomn"})
    front = [_agreeing(word, noun, number) for word in words[:head]]
    named = inflected.word if inflected else noun.word
    return " ".join([*front, named.capitalize() if is_name(words[head]) else named, *words[head + 1 :]])


def begun_in_nominative(text: str) -> str:
    """Return a definition that depended on a verb («представляет собой цепочку») as it stands alone."""
    words = text.split()
    head = next((place for place, word in enumerate(words[:3]) if _is_noun(word.strip(","))), None)
    if head is None or not all(_is_adjective(word) for word in words[:head]):
        return text
    word = words[head].rstrip(",")
    cases = [{parse.tag.case for parse in _parses(one)} for one in (*words[:head], word)]
    is_accusative = any({"accs", "sing"} in parse.tag for parse in _parses(word))
    if not is_accusative or not all("accs" in known for known in cases) or all("nomn" in known for known in cases):
        return text
    return " ".join([nominative([*words[:head], word]) + words[head][len(word) :], *words[head + 1 :]])


def is_instrumental(words: Sequence[str]) -> bool:
    """Say whether a phrase stands in the instrumental: what something is called."""
    head = next((word for word in words if _is_noun(word)), None)
    return head is not None and any("ablt" in parse.tag for parse in _parses(head) if parse.tag.POS == "NOUN")


def is_name(word: str) -> bool:
    """Say whether a word is a person's or a place's name."""
    return any(mark in parse.tag for parse in _parses(word)[:1] for mark in ("Name", "Surn", "Geox", "Orgn"))


def addresses_somebody(text: str) -> bool:
    """Say whether a first name stands between commas, and not in a list of names: «Нет, Лена, не может»."""
    parts = [part.split() for part in text.rstrip(" .!?…").split(",")]
    named = [len(part) == 1 and _is_first_name(part[0]) for part in parts]
    return any(named[1:]) and not any(one and other for one, other in pairwise(named))


def is_phrase(words: Sequence[str]) -> bool:
    """Say whether words can be a term: adjectives, then a noun, then perhaps nouns in the genitive."""
    if not is_available():
        return True
    if any(_LATIN_OR_NUMBER.match(word) for word in words):
        return len(words) <= 3
    head = next((place for place, word in enumerate(words) if _is_noun(word)), None)
    if head is None or (len(words) == 1 and _is_common(words[0])):
        return False
    return all(_is_adjective(word) for word in words[:head]) and all(
        _is_genitive(word) or _is_adjective(word) for word in words[head + 1 :]
    )


def _is_first_name(word: str) -> bool:
    return word[0].isupper() and any("Name" in parse.tag for parse in _parses(word)[:2])


def _forms(adjective: str | None, noun: str, genitive: str | None) -> Iterator[tuple[tuple[str, ...], str]]:
    if len(noun) >= _SHORTEST_LETTERS:
        yield _phrase(noun)
    if adjective:
        yield _phrase(adjective, noun)
    if genitive:
        yield _phrase(noun, genitive)
        if adjective:
            yield _phrase(adjective, noun, genitive)


@lru_cache(maxsize=16_384)
def _phrase(*words: str) -> tuple[tuple[str, ...], str]:
    return tuple(term for word in words for term in analyzer.title_terms(word)), nominative(words)


def _agreeing(word: str, noun: Any, number: str) -> str:
    """Return an adjective in the nominative that its noun wants."""
    parse = next((parse for parse in _parses(word) if parse.tag.POS in _ADJECTIVES), None)
    if parse is None:
        return word.casefold()
    wanted = {number, "nomn"} | ({noun.tag.gender} if number == "sing" and noun.tag.gender else set())
    inflected = parse.inflect(wanted)
    return str(inflected.word) if inflected else word.casefold()


def _agree(adjective: str, noun: str) -> bool:
    if not _is_adjective(adjective) or _is_common(adjective):
        return False
    cases = {parse.tag.case for parse in _parses(noun) if parse.tag.POS == "NOUN"}
    return any(parse.tag.case in cases for parse in _parses(adjective) if parse.tag.POS in _ADJECTIVES)


def _is_adjective(word: str) -> bool:
    return any(parse.tag.POS in _ADJECTIVES and "Apro" not in parse.tag for parse in _parses(word)[:2])


def _is_noun(word: str) -> bool:
    parses = _parses(word)
    return bool(parses) and parses[0].tag.POS == "NOUN" and "Name" not in parses[0].tag


def _is_genitive(word: str) -> bool:
    return any("gent" in parse.tag for parse in _parses(word)[:3] if parse.tag.POS == "NOUN")


def _is_common(word: str) -> bool:
    common = COMMON[Language.RUSSIAN]
    return any(parse.normal_form.replace("ё", "е") in common for parse in _parses(word)[:1])


def _noun(word: str) -> Any:
    return next(parse for parse in _parses(word) if parse.tag.POS == "NOUN")


@lru_cache(maxsize=16_384)
def _parses(word: str) -> Any:
    dictionary = morphology()
    return dictionary.parse(word.casefold()) if dictionary and analyzer.is_cyrillic(word) else []
