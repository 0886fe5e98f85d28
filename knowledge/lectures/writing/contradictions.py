"""Whether a statement says the opposite of what was said, as far as words show it without a model. Pure.

Seen are a word that is denied in one and not in the other, a word in place of its opposite, a number beside other words
and a name in place of another. Who does what to whom is not seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.lectures.writing import russian
from knowledge.lectures.writing.opposites import COMPARISONS, OPPOSITES
from knowledge.lectures.writing.quantities import quantities
from knowledge.text import analyzer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from knowledge.lectures.writing.quantities import Quantity

_HAN = "\u3400-\u9fff"
_CLAUSE = re.compile(
    r"(?:[.,:](?!\d)|[!?…;。，！？；：()«»\"“”])+|但是?|可是|"
    r"\b(?:а|но|однако|хотя|but|although|because|so|while)\b|"
    r"\b(?:и(?=\s+не\b)|and(?=\s+(?:\w+\s+)?(?:not?|never)\b))",
    re.IGNORECASE,
)
_NOT_ONLY = re.compile(
    r"\bне\s+(?:только|просто|столько)\b|\bnot\s+(?:only|just|merely)\b|不[但仅只过同论管断]|非常|无论", re.IGNORECASE
)
"""What denies nothing."""
_CONTRACTED = re.compile(r"n['’]t\b|(?<=\bcan)not\b", re.IGNORECASE)
_WORD = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_DENIALS = frozenset(
    "не нет ни нельзя невозможно not no never nor neither none nobody nothing impossible".split()  # noqa: SIM905
)
_WITHOUT = frozenset({"без", "without"})
_BETWEEN = """
мочь может могут мог могла могло могли приходится приходилось бывает бывают стал стала стало стали является являются
need needs able yet even really ever
"""
_HELPERS = frozenset(_BETWEEN.split())
"""Words between a denial and what is denied, beside stop words."""
_HAN_DENIED = re.compile(rf"(?:不|没有?|无|非|未)[能会用要被算让使有再太够]*(?=([{_HAN}]{{2}}))")
_PREFIXES = ("не", "non", "un")
_SHORTEST_ROOT = 4
_NAME = re.compile(r"(?<=[^\W\d_]\s)[^\W\d_a-zа-яё][^\W\d_]+|(?<=[^\W\d_],\s)[^\W\d_a-zа-яё][^\W\d_]+")
"""A word with a capital inside a sentence."""


@dataclass(frozen=True, slots=True)
class _Clause:
    """Words up to a comma or a conjunction."""

    terms: tuple[str, ...]
    denied: frozenset[str]
    has_denial: bool
    """Of a verb: any number of them, as «никто не знает ни слова» has one meaning."""
    has_without: bool
    numbers: tuple[Quantity, ...]

    @property
    def denials(self) -> int:
        """How often something is denied, so that two may cancel each other."""
        return self.has_denial + self.has_without


def contradicts(statement: str, said: str) -> bool:
    """Say whether a statement denies or turns round what some sentences say that it shares most words with."""
    claimed, heard = _clauses(statement, said), _clauses(said, statement)
    return (
        _denies(claimed, heard)
        or _denies(heard, claimed)
        or _is_turned_round(claimed, heard)
        or _counts_something_else(claimed, heard)
    )


def names_another(statement: str, sentence: str) -> bool:
    """Say whether a statement has a name where the sentence that it is made of has another one."""
    claimed, heard = _names(statement, sentence), _names(sentence, statement)
    return bool(claimed - heard and heard - claimed)


def _clauses(text: str, other: str) -> list[_Clause]:
    """Return the clauses of a text; the other one tells which words begin with a denial."""
    plain = _CONTRACTED.sub(" not", _NOT_ONLY.sub(" ", text))
    known = frozenset(analyzer.terms(other))
    return [_clause(piece, known) for piece in _CLAUSE.split(plain) if piece and piece.strip()]


def _clause(text: str, known: Collection[str]) -> _Clause:
    words = _WORD.findall(text.casefold().replace("ё", "е"))
    denied = set(_denied(words, known))
    terms = [*analyzer.terms(text), *denied]
    has_denial = (
        any(word in _DENIALS or word.startswith("невозмож") for word in words) or _HAN_DENIED.search(text) is not None
    )
    has_without = any(word in _WITHOUT for word in words)
    return _Clause(tuple(terms), frozenset(denied), has_denial, has_without, tuple(quantities(text)))


def _denied(words: Sequence[str], known: Collection[str]) -> Iterator[str]:
    """Yield the terms that are denied directly."""
    is_denied = False
    for place, word in enumerate(words):
        yield from (term for run in _HAN_DENIED.findall(word) for term in analyzer.terms(run) if len(term) == 2)
        if word in _DENIALS or word in _WITHOUT:
            is_denied = not is_denied  # «не может не быть»
            if word == "нет" and place:
                yield from analyzer.terms(words[place - 1])
        elif terms := analyzer.terms(word):
            if is_denied or (terms := _rooted(word, known)):
                yield from terms
            is_denied = is_denied and word in _HELPERS


def _rooted(word: str, known: Collection[str]) -> list[str]:
    """Return the term that a word denies by its first letters, if the other text has it: «неслучайное»."""
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) >= len(prefix) + _SHORTEST_ROOT:
            terms = analyzer.terms(word.removeprefix(prefix))
            if terms and terms[0] in known and analyzer.terms(word)[0] not in known:
                return terms
    return []


def _denies(one: Sequence[_Clause], other: Sequence[_Clause]) -> bool:
    """Say whether one denies a word throughout that the other has in clauses with fewer denials."""
    for term in frozenset().union(*(clause.denied for clause in one)):
        own = [clause for clause in one if term in clause.terms]
        others = [clause for clause in other if term in clause.terms]
        if not others or not all(term in clause.denied for clause in own) or _is_denied_too(own, other):
            continue
        fewest = min(clause.denials or 1 for clause in own)
        if all(term not in clause.denied and clause.denials == fewest - 1 for clause in others):
            return True
    return False


def _is_denied_too(own: Sequence[_Clause], other: Sequence[_Clause]) -> bool:
    """Say whether the other denies the same with another word: «ещё не инфляция», «инфляцией не называют»."""
    beside = {word for clause in own if clause.has_denial for word in clause.terms if word not in clause.denied}
    return any(beside & clause.denied for clause in other)


def _is_turned_round(claimed: Sequence[_Clause], heard: Sequence[_Clause]) -> bool:
    """Say whether one has a word where the other has its opposite."""
    return any(
        _is_opposite(claimed, heard, one, other) and not (is_comparison and _is_inverted(claimed, heard, one, other))
        for pairs, is_comparison in ((OPPOSITES, False), (COMPARISONS, True))
        for pair in pairs
        for one, other in (pair, pair[::-1])
    )


def _is_opposite(
    claimed: Sequence[_Clause], heard: Sequence[_Clause], one: Collection[str], other: Collection[str]
) -> bool:
    """Say whether a statement has the one and the sentences the other, neither of them both, and none is denied."""
    if _has(claimed, other) or _has(heard, one) or not (_has(claimed, one) and _has(heard, other)):
        return False
    return not any(clause.denied & {*one, *other} for clause in (*claimed, *heard))


def _is_inverted(
    claimed: Sequence[_Clause], heard: Sequence[_Clause], one: Collection[str], other: Collection[str]
) -> bool:
    """Say whether a comparison begins at its other end: «доходы меньше расходов», «расходы больше доходов»."""
    shared = _all_terms(claimed) & _all_terms(heard)
    before_claimed, before_heard = _before(claimed, one, shared), _before(heard, other, shared)
    return bool(before_claimed and before_heard) and before_claimed != before_heard


def _has(clauses: Sequence[_Clause], terms: Collection[str]) -> bool:
    return any(term in terms for clause in clauses for term in clause.terms)


def _all_terms(clauses: Sequence[_Clause]) -> set[str]:
    return {term for clause in clauses for term in clause.terms}


def _before(clauses: Sequence[_Clause], terms: Collection[str], shared: Collection[str]) -> str:
    """Return the first shared word before the first of some terms in its clause; empty without one."""
    for clause in clauses:
        for place, term in enumerate(clause.terms):
            if term in terms:
                return next((before for before in clause.terms[:place] if before in shared), "")
    return ""


def _counts_something_else(claimed: Sequence[_Clause], heard: Sequence[_Clause]) -> bool:
    """Say whether a number stands beside words that were said with another one; what comes first counts most."""
    for clause in claimed:
        if len(clause.numbers) != 1:
            continue
        likeness = [(_likeness(clause, heard, place), other) for place, other in enumerate(heard) if other.numbers]
        with_number = [like for like, other in likeness if any(map(clause.numbers[0].agrees, other.numbers))]
        if with_number and max(like for like, _ in likeness) > max(with_number):
            return True
    return False


def _likeness(clause: _Clause, heard: Sequence[_Clause], place: int) -> tuple[bool, int]:
    """Say whether a clause is about the same as the one at a place, named there or before, and count shared words."""
    words = [term for term in clause.terms if not term[0].isdigit()]
    shared = {*words} & {*heard[place].terms}
    about = heard[: place + 1] if shared else ()
    return any(words[0] in other.terms for other in about), len(shared)


def _names(text: str, other: str) -> frozenset[str]:
    """Return the names of a text: with a capital inside a sentence, here or in the other one, or in the dictionary."""
    inside = {term for one in (text, other) for name in _NAME.findall(one) for term in analyzer.terms(name)}
    capital = [word for word in _WORD.findall(text) if word[0].isupper()]
    return frozenset(
        term for word in capital for term in analyzer.terms(word) if term in inside or russian.is_name(word)
    )
