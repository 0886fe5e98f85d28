"""Numbers with an ending or a second half behind a hyphen: 1-й, 3-го, 20-летний, 2-х."""

import re

from ..rules import Rule
from .context import governed_cases
from .grammar import Case, Gender, inflect_adjective, is_adjective, nouns
from .numerals import cardinal, compound_prefix, ordinal

_ENDINGS: dict[str, tuple[tuple[Case, Gender | None], ...]] = {
    "й": (
        (Case.NOMINATIVE, Gender.MASCULINE), (Case.ACCUSATIVE, Gender.MASCULINE), (Case.PREPOSITIONAL, Gender.FEMININE),
        (Case.GENITIVE, Gender.FEMININE), (Case.DATIVE, Gender.FEMININE), (Case.INSTRUMENTAL, Gender.FEMININE),
    ),
    "я": ((Case.NOMINATIVE, Gender.FEMININE),),
    "ю": ((Case.ACCUSATIVE, Gender.FEMININE),),
    "е": ((Case.NOMINATIVE, Gender.NEUTER), (Case.ACCUSATIVE, Gender.NEUTER), (Case.NOMINATIVE, None)),
    "го": ((Case.GENITIVE, Gender.MASCULINE), (Case.GENITIVE, Gender.NEUTER)),
    "му": ((Case.DATIVE, Gender.MASCULINE), (Case.DATIVE, Gender.NEUTER)),
    "м": (
        (Case.PREPOSITIONAL, Gender.MASCULINE), (Case.PREPOSITIONAL, Gender.NEUTER),
        (Case.INSTRUMENTAL, Gender.MASCULINE), (Case.DATIVE, None),
    ),
    "х": ((Case.GENITIVE, None), (Case.PREPOSITIONAL, None)),
    "ми": ((Case.INSTRUMENTAL, None),),
}  # fmt: skip
_LONG = {"ый": "й", "ий": "й", "ой": "й", "ая": "я", "ую": "ю", "ое": "е", "ые": "е", "ого": "го", "его": "го",
         "ому": "му", "ему": "му", "ом": "м", "ем": "м", "ым": "м", "ых": "х", "ыми": "ми"}  # fmt: skip
_CARDINAL_ENDINGS = {"ти": Case.GENITIVE, "мя": Case.INSTRUMENTAL, "тью": Case.INSTRUMENTAL, "ю": Case.INSTRUMENTAL}
_NEXT = re.compile(r"\s+([а-яё]+)(?:\s+([а-яё]+))?", re.IGNORECASE)


def read_ending(match: re.Match[str]) -> str | None:
    """Read 1-й and 2-х: the ending gives the case, the noun behind it decides between several."""
    number, ending = int(match["number"]), match["ending"].lower()
    if ending in {"х", "ти", "мя", "тью"} and (number < 5 or ending != "х"):
        return cardinal(number, _CARDINAL_ENDINGS.get(ending, Case.GENITIVE))
    wanted = _ENDINGS[_LONG.get(ending, ending)]
    case, gender = _agreeing(match, wanted) or wanted[0]
    return ordinal(number, case, gender)


def _agreeing(
    match: re.Match[str], wanted: tuple[tuple[Case, Gender | None], ...]
) -> tuple[Case, Gender | None] | None:
    behind = _NEXT.match(match.string, match.end())
    if behind is None:
        return None
    governed = governed_cases(match.string, match.start())
    found = [
        (noun.case, None if noun.is_plural else noun.gender)
        for word in filter(None, behind.groups())
        if not is_adjective(word)
        for noun in nouns(word)
    ]
    suiting = [form for form in found if form in wanted]
    return next((form for form in suiting if form[0] in governed), suiting[0] if suiting else None)


def read_compound(match: re.Match[str]) -> str:
    """Read 20-летний, 5-этажный."""
    return compound_prefix(int(match["number"])) + match["word"]


def read_percent_adjective(match: re.Match[str]) -> str:
    """Read 5%-й, 40%-ного."""
    ending = _LONG.get(match["ending"].lower().removeprefix("н"), match["ending"].lower().removeprefix("н"))
    case, gender = _ENDINGS.get(ending, _ENDINGS["й"])[0]
    return compound_prefix(int(match["number"])) + inflect_adjective("процентный", case, gender)


_ANY_ENDING = "|".join(sorted({*_ENDINGS, *_LONG, *_CARDINAL_ENDINGS}, key=len, reverse=True))
RULES = (
    Rule(
        re.compile(rf"(?<![\w.,])(?P<number>\d{{1,3}})\s?%-(?P<ending>н?(?:{_ANY_ENDING}))(?!\w)"),
        read_percent_adjective,
    ),
    Rule(
        re.compile(rf"(?<![\w.,])(?P<number>\d{{1,6}})[-‑](?P<ending>{_ANY_ENDING})(?!\w)", re.IGNORECASE), read_ending
    ),
    Rule(re.compile(r"(?<![\w.,])(?P<number>\d{1,4})-?(?P<word>[а-яё]{4,})"), read_compound),
)
