"""Russian morphology by pymorphy3 (OpenCorpora's dictionary): 18 MB, loaded with the first word."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from pymorphy3 import MorphAnalyzer

from wyoming_servers.tts.text.rules import words


class Case(StrEnum):
    """Grammatical cases by their names in OpenCorpora."""

    NOMINATIVE = "nomn"
    GENITIVE = "gent"
    DATIVE = "datv"
    ACCUSATIVE = "accs"
    INSTRUMENTAL = "ablt"
    PREPOSITIONAL = "loct"


class Gender(StrEnum):
    """Grammatical genders by their names in OpenCorpora."""

    MASCULINE = "masc"
    FEMININE = "femn"
    NEUTER = "neut"


class Agreement(StrEnum):
    """What form a noun takes after a number in the nominative."""

    ONE = "one"
    FEW = "few"
    MANY = "many"


DIRECT = (Case.NOMINATIVE, Case.ACCUSATIVE)
_CASES = {case.value: case for case in Case} | {
    "gen2": Case.GENITIVE,
    "acc2": Case.ACCUSATIVE,
    "loc2": Case.PREPOSITIONAL,
}


@dataclass(frozen=True, slots=True)
class Noun:
    """One reading of a written noun."""

    lemma: str
    case: Case
    gender: Gender
    is_plural: bool
    is_animate: bool

    def suits(self, number: int, case: Case) -> bool:
        """Whether the noun is written as it has to be after the number in that case."""
        agreement = agreement_of(number)
        if agreement is Agreement.ONE:
            return not self.is_plural and self.case is case
        if case not in DIRECT:
            return self.is_plural and self.case is case
        if agreement is Agreement.FEW and not (self.is_animate and case is Case.ACCUSATIVE):
            return not self.is_plural and self.case is Case.GENITIVE
        return self.is_plural and self.case is Case.GENITIVE


def agreement_of(number: int) -> Agreement:
    """Return how a noun agrees with a number: 21 градус, 22 градуса, 25 градусов."""
    if number % 100 in range(11, 15):
        return Agreement.MANY
    if number % 10 == 1:
        return Agreement.ONE
    return Agreement.FEW if number % 10 in (2, 3, 4) else Agreement.MANY


@lru_cache(maxsize=1)
def _analyzer() -> Any:
    """Load the dictionary, in a fifth of a second."""
    return MorphAnalyzer(lang="ru")


@lru_cache(maxsize=8192)
def nouns(word: str) -> tuple[Noun, ...]:
    """Return the readings of a word as a noun, the likeliest first; none for a word that is usually something else."""
    parses = _analyzer().parse(word.lower())
    if not parses or parses[0].tag.POS in {"PREP", "CONJ", "PRCL", "NPRO"}:
        return ()
    readings = []
    for parse in parses:
        tag = parse.tag
        if tag.POS == "NOUN" and tag.case in _CASES and "Abbr" not in tag:
            gender = Gender(tag.gender) if tag.gender in set(Gender) else Gender.MASCULINE
            animate = tag.animacy == "anim"
            readings.append(Noun(parse.normal_form, _CASES[tag.case], gender, tag.number == "plur", animate))
    return tuple(readings)


@lru_cache(maxsize=8192)
def is_adjective(word: str) -> bool:
    """Whether a word is first of all a full adjective or participle."""
    parses = _analyzer().parse(word.lower())
    return bool(parses) and parses[0].tag.POS in {"ADJF", "PRTF"}


@lru_cache(maxsize=8192)
def takes_object(word: str) -> bool:
    """Whether a word is a verb that counts an object: заплатить тысячу; "прошло" and its like count their subject."""
    parses = _analyzer().parse(word.lower())
    tag = parses[0].tag if parses else None
    return tag is not None and tag.POS in {"VERB", "INFN"} and tag.transitivity == "tran" and tag.gender != "neut"


@lru_cache(maxsize=2048)
def is_name(word: str) -> bool:
    """Whether a word may be a person's name."""
    return any({"Surn"} in parse.tag or {"Name"} in parse.tag for parse in _analyzer().parse(word.lower()))


@lru_cache(maxsize=4096)
def inflect_adjective(word: str, case: Case, gender: Gender | None, *, is_animate: bool = False) -> str:
    """Return a masculine adjective in another form; plural where the gender is None."""
    parse = next((each for each in _analyzer().parse(word) if each.tag.POS == "ADJF"), None)
    if parse is None:
        return word
    wanted = {case.value, gender.value, "sing"} if gender else {case.value, "plur"}
    if case is Case.ACCUSATIVE and gender in (None, Gender.MASCULINE):
        wanted.add("anim" if is_animate else "inan")
    form = parse.inflect(wanted)
    return str(form.word) if form else word


_COUNT_FORMS = {
    "год": "лет",
    "грамм": "граммов",
    "килограмм": "килограммов",
    **{word: word for word in words("человек раз ватт вольт ампер герц бит байт бар ом люмен люкс децибел")},
}
"""Genitives behind numbers that the dictionary does not put first."""

_PREFIXES = ("кило", "мега", "гига", "тера", "милли", "микро")


@lru_cache(maxsize=4096)
def inflect_noun(word: str, case: Case, *, is_plural: bool, is_counted: bool = False) -> str:
    """Return a singular noun in another form; of a word with a hyphen the last part is inflected."""
    head, hyphen, last = word.rpartition("-")
    if is_counted and is_plural and case is Case.GENITIVE and (form := _count_form(last)):
        return head + hyphen + form
    parse = next((each for each in _analyzer().parse(last) if {"NOUN", "nomn"} in each.tag), None)
    form = parse.inflect({case.value, "plur" if is_plural else "sing"}) if parse else None
    return head + hyphen + (form.word if form else last)


def _count_form(word: str) -> str | None:
    stem = next((word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix)), word)
    if word in _COUNT_FORMS:
        return _COUNT_FORMS[word]
    return word if _COUNT_FORMS.get(stem) == stem else None


def noun_gender(word: str) -> Gender:
    """Return a singular noun's gender; masculine when it is unknown."""
    readings = nouns(word.rpartition("-")[2])
    return readings[0].gender if readings else Gender.MASCULINE


@lru_cache(maxsize=8192)
def with_yo(word: str) -> str:
    """Return a word of the dictionary with ё where it can't be read otherwise, in lower case."""
    analyzer = _analyzer()
    if not analyzer.word_is_known(word):
        return word
    spellings = {parse.word for parse in analyzer.parse(word)}
    return str(spellings.pop()) if len(spellings) == 1 else word


def agree(phrase: Sequence[str], number: int, case: Case) -> str:
    """Return "квадратный метр" as it stands behind a whole number in that case."""
    *adjectives, noun = phrase
    gender = noun_gender(noun)
    agreement = agreement_of(number)
    if agreement is Agreement.ONE:
        said = [inflect_adjective(each, case, gender) for each in adjectives]
        return " ".join([*said, inflect_noun(noun, case, is_plural=False)])
    if case not in DIRECT:
        return plural(phrase, case)
    adjective_case = Case.NOMINATIVE if agreement is Agreement.FEW and gender is Gender.FEMININE else Case.GENITIVE
    said = [inflect_adjective(each, adjective_case, None) for each in adjectives]
    is_many = agreement is Agreement.MANY
    return " ".join([*said, inflect_noun(noun, Case.GENITIVE, is_plural=is_many, is_counted=True)])


def plural(phrase: Sequence[str], case: Case) -> str:
    """Return the phrase in the plural, as behind an inflected number."""
    *adjectives, noun = phrase
    said = [inflect_adjective(each, case, None) for each in adjectives]
    return " ".join([*said, inflect_noun(noun, case, is_plural=True, is_counted=True)])


def genitive(phrase: Sequence[str]) -> str:
    """Return the phrase in the genitive singular, as behind a fraction."""
    *adjectives, noun = phrase
    said = [inflect_adjective(each, Case.GENITIVE, noun_gender(noun)) for each in adjectives]
    return " ".join([*said, inflect_noun(noun, Case.GENITIVE, is_plural=False)])
