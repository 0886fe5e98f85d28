"""Words to lemmas: Russian through pymorphy3, other languages by their plural."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Flag, auto
from functools import lru_cache
from typing import Any, Protocol


class Form(Flag):
    """What a verb's form says; several for an ambiguous one."""

    OTHER = auto()
    COMMAND = auto()
    """Imperative or infinitive, "let us", or a request in the second person."""
    RESULT = auto()
    """A short participle: switched on, closed."""
    PRESENT = auto()
    """Third person: is burning, is playing."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """A word's lemmas, each with the forms it can have."""

    lemmas: dict[str, Form]
    is_known: bool
    """Whether a dictionary has it: an unknown word may be a slip of the recogniser or a brand."""


class Morphology(Protocol):
    """Blocking only when it is made; `analyse` is cheap."""

    def analyse(self, word: str) -> Analysis:
        """Return the lemmas of a word in lower case without ё."""

    def to_nominative(self, phrase: str) -> str:
        """Return a thing's name as a dictionary has it, or the phrase itself."""

    def to_accusative(self, phrase: str) -> str:
        """Return a device's name as the object of a sentence, or the name itself."""


class RussianMorphology:
    """OpenCorpora's dictionary; 33 MB of memory, half a second to load."""

    def __init__(self) -> None:
        # Loading takes half a second, in a worker thread.
        from pymorphy3 import MorphAnalyzer  # noqa: PLC0415

        self._analyzer: Any = MorphAnalyzer(lang="ru")
        self.analyse = lru_cache(maxsize=8192)(self._analyse)

    def _analyse(self, word: str) -> Analysis:
        lemmas: dict[str, Form] = {word: Form.OTHER}
        for parse in self._analyzer.parse(word):
            lemma = fold(parse.normal_form)
            lemmas[lemma] = lemmas.get(lemma, Form.OTHER) | _read_form(parse.tag)
        return Analysis(lemmas, self._analyzer.word_is_known(word))

    def to_nominative(self, phrase: str) -> str:
        """Return "мука" for "муку", "зелёный чай" for "зелёного чая"; longer phrases stay as they are."""
        words = phrase.split()
        if len(words) > 2:
            return phrase
        parses = [self._pick(word, _CASES_OF_OBJECTS, is_noun=word is words[-1]) for word in words]
        return _inflect(parses, "nomn") or phrase

    def to_accusative(self, phrase: str) -> str:
        """Return "входную дверь" for "Входная дверь"; the phrase itself where it is not clear."""
        words = phrase.split()
        parses = [self._pick(fold(word), ("nomn",), is_noun=word is words[-1]) for word in words]
        return _inflect(parses, "accs") or phrase

    def _pick(self, word: str, cases: Sequence[str], *, is_noun: bool) -> Any | None:
        """Return the likeliest reading of a noun, or of an adjective before one, in the first of the cases it has."""
        parses = [parse for parse in self._analyzer.parse(word) if ("NOUN" if is_noun else "ADJF") in parse.tag]
        return next((parse for case in cases for parse in parses if case in parse.tag), None)


_CASES_OF_OBJECTS = ("nomn", "accs", "gent")
"""Milk and bread are "bought" in the accusative, some of them in the genitive."""


def _inflect(parses: Sequence[Any | None], case: str) -> str:
    """Return adjectives and their noun in a case; empty when one of them could not be read."""
    noun = parses[-1]
    if noun is None or None in parses:
        return ""
    number = noun.tag.number or "sing"
    agreement = {"plur"} if number == "plur" else {"sing", noun.tag.gender or "masc"}
    if case == "accs" and "femn" not in agreement:
        agreement |= {"inan"}
    words = [parse.inflect({case} | agreement) or parse for parse in parses[:-1] if parse]
    return " ".join(str(parse.word) for parse in (*words, noun.inflect({case, number}) or noun))


class PlainMorphology:
    """Languages whose names do not change: English plurals, nothing for Chinese."""

    def analyse(self, word: str) -> Analysis:
        """Return the word and its singular."""
        lemmas = {word: Form.COMMAND | Form.RESULT | Form.PRESENT}
        if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
            lemmas[word[:-1]] = Form.OTHER
        return Analysis(lemmas, is_known=True)

    def to_nominative(self, phrase: str) -> str:
        """Return the phrase."""
        return phrase

    def to_accusative(self, phrase: str) -> str:
        """Return the phrase."""
        return phrase


def fold(text: str) -> str:
    """Return the text in lower case with е for ё: people and recognisers mix them."""
    return text.casefold().replace("ё", "е")


_COMMANDING = ({"impr"}, {"INFN"}, {"2per"}, {"1per", "plur"})


def _read_form(tag: Any) -> Form:
    grammemes = tag.grammemes
    if "PRTS" in grammemes or "ADJS" in grammemes:
        return Form.RESULT
    if "3per" in grammemes:
        return Form.PRESENT
    if any(needed <= grammemes for needed in _COMMANDING):
        return Form.COMMAND
    return Form.OTHER
