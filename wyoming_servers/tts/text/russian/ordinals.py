"""Numbers with an ending or a second half behind a hyphen: 1-й, 3-го, 20-летний, 2-х."""

import re

from wyoming_servers.tts.text.rules import Rule, table

from .context import governed_cases
from .grammar import Case, Gender, inflect_adjective, is_adjective, nouns
from .numerals import cardinal, compound_prefix, ordinal

Form = tuple[Case, Gender | None]
"""Case and gender of an ordinal; no gender in the plural."""


def _form(named: str) -> Form:
    case, _, gender = named.strip().partition(" ")
    return Case(case), Gender(gender) if gender != "plur" else None


_ENDINGS = {
    ending: tuple(_form(named) for named in forms.split(","))
    for ending, forms in table("""
        й ый ий ой = nomn masc, accs masc, loct femn, gent femn, datv femn, ablt femn
        я ая = nomn femn
        ю ую = accs femn
        е ое ые = nomn neut, accs neut, nomn plur
        го ого его = gent masc, gent neut
        му ому ему = datv masc, datv neut
        м ом ем ым = loct masc, loct neut, ablt masc, datv plur
        х ых = gent plur, loct plur
        ми ыми = ablt plur
    """).items()
}
"""What an ending can be, the likeliest first."""

_CARDINAL_ENDINGS = {"ти": Case.GENITIVE, "мя": Case.INSTRUMENTAL, "тью": Case.INSTRUMENTAL, "ю": Case.INSTRUMENTAL}
_NEXT = re.compile(r"\s+([а-яё]+)(?:\s+([а-яё]+))?", re.IGNORECASE)


def read_ending(match: re.Match[str]) -> str | None:
    """Read 1-й and 2-х: the ending gives the case, the noun behind it decides between several."""
    number, ending = int(match["number"]), match["ending"].lower()
    if ending in {"х", "ти", "мя", "тью"} and (number < 5 or ending != "х"):
        return cardinal(number, _CARDINAL_ENDINGS.get(ending, Case.GENITIVE))
    wanted = _ENDINGS[ending]
    case, gender = _agreeing(match, wanted) or wanted[0]
    return ordinal(number, case, gender)


def _agreeing(match: re.Match[str], wanted: tuple[Form, ...]) -> Form | None:
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
    case, gender = _ENDINGS.get(match["ending"].lower().removeprefix("н"), _ENDINGS["й"])[0]
    return compound_prefix(int(match["number"])) + inflect_adjective("процентный", case, gender)


_ANY_ENDING = "|".join(sorted({*_ENDINGS, *_CARDINAL_ENDINGS}, key=len, reverse=True))
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
