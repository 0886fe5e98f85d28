"""Roman numerals where Russian uses them: centuries, rulers, parts of books."""

import re

from wyoming_servers.tts.text.numbers import parse_roman
from wyoming_servers.tts.text.rules import Rule, ends_here

from .calendar import default_case
from .context import governed_cases, preposition
from .grammar import Case, Gender, Noun, nouns
from .numerals import ordinal
from .quantities import ORDINAL_NOUNS

_ROMAN = r"[IVXХІ]{1,7}"
_CENTURY_FORMS = {
    Case.NOMINATIVE: "век", Case.ACCUSATIVE: "век", Case.GENITIVE: "века", Case.DATIVE: "веку",
    Case.INSTRUMENTAL: "веком", Case.PREPOSITIONAL: "веке",
}  # fmt: skip


def read_century(match: re.Match[str]) -> str | None:
    """Read "XIX век", "в XVIII–XIX вв."."""
    number = parse_roman(match["number"])
    low = parse_roman(match["low"]) if match["low"] else 0
    if number is None or low is None:
        return None
    word = match["word"]
    if word.startswith("век"):
        case = _written_case(word)
    else:
        before = preposition(match.string, match.start())
        cases = governed_cases(match.string, match.start())
        case = Case.PREPOSITIONAL if before in {"в", "во"} else cases[0] if cases else default_case(match)
        word = _CENTURY_FORMS[case] if word == "в." else _centuries(case)
    said = ordinal(number, case, Gender.MASCULINE)
    if low:
        said = f"{ordinal(low, case, Gender.MASCULINE)} — {said}"
    return f"{said} {word}" + ("." if ends_here(match) else "")


def read_before_noun(match: re.Match[str]) -> str | None:
    """Read "II квартал", "на III этаже"."""
    number = parse_roman(match["number"])
    form = next((noun for noun in nouns(match["word"]) if noun.lemma in ORDINAL_NOUNS), None)
    if number is None or form is None:
        return None
    return f"{ordinal(number, form.case, None if form.is_plural else form.gender)} {match['word']}"


def read_behind_name(match: re.Match[str]) -> str | None:
    """Read "Пётр I", "главы IV": the ordinal takes case and gender of the word before it."""
    number = parse_roman(match["number"])
    readings = nouns(match["word"])
    word = match["word"]
    is_part = any(noun.lemma in ORDINAL_NOUNS for noun in readings)
    is_letter = len(match["number"]) == 1 and match["number"] != "I"  # мистер X
    if number is None or not readings or not (is_part or (word[0].isupper() and not is_letter)):
        return None
    form = _best(readings, governed_cases(match.string, match.start()), is_part=is_part)
    said = ordinal(number, form.case, form.gender, animate=form.is_animate)
    return f"{word} {said if is_part else said.capitalize()}"


def _best(readings: tuple[Noun, ...], cases: tuple[Case, ...], *, is_part: bool) -> Noun:
    fitting = [noun for noun in readings if not noun.is_plural and noun.is_animate is not is_part]
    governed = [noun for noun in fitting if noun.case in cases]
    return (governed or fitting or list(readings))[0]


def _written_case(word: str) -> Case:
    return next((case for case, form in _CENTURY_FORMS.items() if form == word), Case.NOMINATIVE)


def _centuries(case: Case) -> str:
    return {Case.GENITIVE: "веков", Case.DATIVE: "векам", Case.INSTRUMENTAL: "веками", Case.PREPOSITIONAL: "веках"}.get(
        case, "века"
    )


RULES = (
    Rule(
        re.compile(rf"(?<!\w)(?:(?P<low>{_ROMAN})\s?[-–—]\s?)?(?P<number>{_ROMAN})\s+(?P<word>век\w*|вв?\.)"),
        read_century,
    ),
    Rule(re.compile(rf"(?<!\w)(?P<number>{_ROMAN})\s+(?P<word>[а-яё]{{3,}})"), read_before_noun),
    Rule(re.compile(rf"(?<!\w)(?P<word>[А-ЯЁа-яё][а-яё]{{2,}})\s+(?P<number>{_ROMAN})(?![\w-])"), read_behind_name),
)
