"""Words to lemmas: Russian through pymorphy3, other languages by their plural."""

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
        parses = [self._pick_noun(word, is_last=word is words[-1]) for word in words]
        if any(parse is None for parse in parses):
            return phrase
        return " ".join(_inflect(parse) for parse in parses if parse is not None)

    def _pick_noun(self, word: str, *, is_last: bool) -> Any | None:
        wanted = "NOUN" if is_last else "ADJF"
        parses = [parse for parse in self._analyzer.parse(word) if wanted in parse.tag]
        named = [parse for parse in parses if "nomn" in parse.tag]
        accusative = [parse for parse in parses if parse.tag.case in {"accs", "gent"}]
        return (named or accusative or [None])[0]


def _inflect(parse: Any) -> str:
    if "nomn" in parse.tag:
        return str(parse.word)
    inflected = parse.inflect({"nomn", parse.tag.number} if parse.tag.number else {"nomn"})
    return str(inflected.word) if inflected else str(parse.word)


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


def is_command(form: Form) -> bool:
    """Tell whether a verb in this form asks for something."""
    return Form.COMMAND in form
