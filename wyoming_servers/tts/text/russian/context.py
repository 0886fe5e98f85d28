"""What the words around a number say about its case and gender."""

import re
from dataclasses import dataclass

from wyoming_servers.tts.text.rules import words

from .grammar import DIRECT, Case, Noun, is_adjective, nouns, takes_object


def _governed(case: Case, text: str) -> dict[str, tuple[Case, ...]]:
    return dict.fromkeys(words(text), (case,))


_GOVERNED: dict[str, tuple[Case, ...]] = {
    **_governed(
        Case.GENITIVE,
        """
        до от ото из без для у около после кроме вместо ради среди против из-за из-под мимо вокруг порядка
        течение продолжение протяжении размере количестве более менее больше меньше свыше выше ниже старше
        младше дороже дешевле длиннее короче дальше ближе раньше позже позднее ранее быстрее медленнее
        достигает достигнет достигла достигло достигли достиг достигнуть
        """,
    ),
    **_governed(Case.DATIVE, "к ко благодаря согласно навстречу равен равна равно равны равняется"),
    **_governed(Case.ACCUSATIVE, "через про сквозь спустя включая превышает"),
    **_governed(Case.INSTRUMENTAL, "над надо перед передо между"),
    **_governed(Case.PREPOSITIONAL, "о об обо при"),
    "в": (Case.ACCUSATIVE, Case.PREPOSITIONAL),
    "во": (Case.ACCUSATIVE, Case.PREPOSITIONAL),
    "на": (Case.ACCUSATIVE, Case.PREPOSITIONAL),
    "за": (Case.ACCUSATIVE, Case.INSTRUMENTAL),
    "под": (Case.ACCUSATIVE, Case.INSTRUMENTAL),
    "с": (Case.GENITIVE, Case.INSTRUMENTAL),
    "со": (Case.GENITIVE, Case.INSTRUMENTAL),
    "по": (Case.DATIVE, Case.ACCUSATIVE),
}
"""Cases that a word before a number asks for, the likelier first."""

_FREE = (Case.NOMINATIVE, Case.ACCUSATIVE, Case.GENITIVE, Case.DATIVE, Case.INSTRUMENTAL, Case.PREPOSITIONAL)
_OBJECT = (Case.ACCUSATIVE, Case.GENITIVE, Case.NOMINATIVE)
_LAST_WORDS = re.compile(r"(?:([а-яё-]+)\s+)?([а-яё-]+)\s+$", re.IGNORECASE)
_JOINED = re.compile(r"([а-яё-]+)\s+[^\s.!?]+(?:\s+[а-яё]+)?(?:,|\s+(?:и|или))\s+$", re.IGNORECASE)
"""A number that shares the preposition of the one before it: между 5 и 7."""

_NEXT_WORDS = re.compile(r"[ \u00a0]+([а-яё-]+)(?:[ \u00a0]+([а-яё-]+))?(?:[ \u00a0]+([а-яё-]+))?", re.IGNORECASE)
_REACH = 60


@dataclass(frozen=True, slots=True)
class Counted:
    """The noun behind a number, as it is written."""

    word: str
    readings: tuple[Noun, ...]


def preposition(text: str, end: int) -> str:
    """Return the word that may govern what begins at `end`, in lower case; empty for none."""
    head = text[max(0, end - _REACH) : end]
    match = _LAST_WORDS.search(head)
    if match is None:
        return ""
    before, last = ((word or "").lower() for word in match.groups())
    if last in {"и", "или"}:
        joined = _JOINED.search(head)
        return joined.group(1).lower() if joined and joined.group(1).lower() in _GOVERNED else ""
    if last in _GOVERNED:
        return last
    return before if before in _GOVERNED and is_adjective(last) else ""


def governed_cases(text: str, end: int) -> tuple[Case, ...]:
    """Return the cases that a preposition before `end` asks for; empty where there is none."""
    return _GOVERNED.get(preposition(text, end), ())


def amount_cases(text: str, end: int) -> tuple[Case, ...]:
    """Return the cases that a preposition or a verb before an amount asks for; empty where they leave all open."""
    if cases := governed_cases(text, end):
        return cases
    last = _LAST_WORDS.search(text[max(0, end - _REACH) : end])
    return _OBJECT if last and takes_object(last.group(2)) else ()


def counted(text: str, start: int) -> Counted | None:
    """Return the noun that a number ending at `start` counts, over adjectives between them."""
    match = _NEXT_WORDS.match(text, start, start + _REACH)
    if match is None:
        return None
    for word in filter(None, match.groups()):
        if is_adjective(word):
            continue
        readings = nouns(word)
        return Counted(word.lower(), readings) if readings else None
    return None


def choose(number: int, cases: tuple[Case, ...], noun: Counted | None) -> tuple[Case, Noun | None]:
    """Return the case of a number and the reading of its noun; no reading where the noun is not what it counts."""
    for case in (*cases, *DIRECT) if cases else _FREE:  # "с 5 минут" may be no genitive: the preposition asks elsewhere
        for reading in noun.readings if noun else ():
            if reading.suits(number, case):
                return case, reading
    return _alone(cases), None


def _alone(cases: tuple[Case, ...]) -> Case:
    """Return the case of a number whose noun is not written or not understood."""
    if not cases:
        return Case.NOMINATIVE
    return Case.ACCUSATIVE if cases == _GOVERNED["по"] else cases[0]
