"""Dates and years as Russian words."""

import re

from wyoming_servers.tts.text.rules import Rule, ends_here, words

from .context import governed_cases, preposition
from .grammar import Case, Gender, inflect_noun
from .numerals import ordinal

MONTHS = words("января февраля марта апреля мая июня июля августа сентября октября ноября декабря")
_MONTH_FORMS = "|".join(rf"{month[:-1]}[ьейюяа]" for month in MONTHS)
_MONTH_NAMES = words("январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь")
_WORD_BEFORE = re.compile(r"[а-яё]{2,}\s+$", re.IGNORECASE)
_NAMED_TODAY = re.compile(
    r"(?:сегодня|завтра|вчера|послезавтра|позавчера|это|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)"
    r"(?:\s*[,—–-])?\s+$",
    re.IGNORECASE,
)
_WEEKDAY_GOVERNED = re.compile(r"\b(?:в|во|на|с|до|к|ко|по)\s+\w+\s*,?\s+$", re.IGNORECASE)
_YEAR_WORDS = {
    "год": (Case.NOMINATIVE, Gender.MASCULINE), "года": (Case.GENITIVE, Gender.MASCULINE),
    "году": (Case.PREPOSITIONAL, Gender.MASCULINE), "годом": (Case.INSTRUMENTAL, Gender.MASCULINE),
    "годе": (Case.PREPOSITIONAL, Gender.MASCULINE), "годы": (Case.NOMINATIVE, None), "годов": (Case.GENITIVE, None),
    "годам": (Case.DATIVE, None), "годами": (Case.INSTRUMENTAL, None), "годах": (Case.PREPOSITIONAL, None),
}  # fmt: skip
_YEAR_FORMS = {
    (Case.NOMINATIVE, False): "год", (Case.GENITIVE, False): "года", (Case.DATIVE, False): "году",
    (Case.ACCUSATIVE, False): "год", (Case.INSTRUMENTAL, False): "годом", (Case.PREPOSITIONAL, False): "году",
    (Case.NOMINATIVE, True): "годы", (Case.GENITIVE, True): "годов", (Case.DATIVE, True): "годам",
    (Case.ACCUSATIVE, True): "годы", (Case.INSTRUMENTAL, True): "годами", (Case.PREPOSITIONAL, True): "годах",
}  # fmt: skip
_PLACED = frozenset({"в", "во"})


def read_date(match: re.Match[str]) -> str | None:
    """Read 12.05.2024, 2024-05-12 and 12.05 as "двенадцатого мая"; None for what is no day of a year."""
    day, month = int(match["day"]), int(match["month"])
    year = match.groupdict().get("year")
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    if year is None and not governed_cases(match.string, match.start()):
        return None
    said = f"{_say_day(day, match)} {MONTHS[month - 1]}"
    return said + _year_behind(match) if year else said


def read_day_of_month(match: re.Match[str]) -> str | None:
    """Read "21 ноября", "с 5 по 7 мая", "1–3 июня", with a year behind."""
    day = int(match["day"])
    if not 1 <= day <= 31:
        return None
    said = _say_day(day, match)
    if match["low"]:
        said = _say_days(int(match["low"]), day, match)
    said += f" {match['name']}"
    return said + _year_behind(match) if match["year"] else said


def read_first_day(match: re.Match[str]) -> str:
    """Read the day of "с 5 по 7 мая", whose month stands behind the second."""
    return f"{match['before']}{ordinal(int(match['day']), Case.GENITIVE, Gender.NEUTER)}"


def read_month_year(match: re.Match[str]) -> str:
    """Read "в мае 2024"."""
    return match["name"] + _year_behind(match)


def read_year(match: re.Match[str]) -> str | None:
    """Read "в 2024 году", "1941–1945 гг."."""
    word = match["word"].lower()
    case, gender = _YEAR_WORDS.get(
        word.rstrip("."), (None, None if word.startswith("гг") and match["low"] else Gender.MASCULINE)
    )
    if case is None:
        case = _year_case(match)
        word = _YEAR_FORMS[case, gender is None] + ("." if ends_here(match) else "")
    elif case is Case.PREPOSITIONAL and preposition(match.string, match.start()) in {"к", "ко"}:
        case = Case.DATIVE
    each = Gender.MASCULINE
    said = ordinal(int(match["year"]), case, each if match["low"] else gender)
    if match["low"]:
        said = f"{ordinal(int(match['low']), case, each)} — {said}"
    return f"{said} {word}"


def read_bare_year(match: re.Match[str]) -> str | None:
    """Read "с 2019 по 2024": a number that only its preposition makes a year."""
    case = {"в": Case.PREPOSITIONAL, "по": Case.ACCUSATIVE}.get(match["before"].lower())
    said = ordinal(int(match["year"]), case or governed_cases(match.string, match.start("year"))[0], Gender.MASCULINE)
    return f"{match['before']} {said}"


def read_decade(match: re.Match[str]) -> str:
    """Read "90-е", "в 1990-х"."""
    case = {"е": Case.NOMINATIVE, "х": Case.GENITIVE, "м": Case.DATIVE, "ми": Case.INSTRUMENTAL}[match["suffix"]]
    return ordinal(int(match["year"]), case, None)


def _say_day(day: int, match: re.Match[str]) -> str:
    head = match.string[: match.start()]
    cases = governed_cases(head, len(head))
    if preposition(head, len(head)) in {"по", "на", "за", "в"}:
        case = Case.ACCUSATIVE
    elif cases:
        case = cases[0]
    else:
        is_named = _NAMED_TODAY.search(head[-30:]) and not _WEEKDAY_GOVERNED.search(head[-30:])
        case = Case.NOMINATIVE if is_named else Case.GENITIVE
    return ordinal(day, case, Gender.NEUTER)


def _say_days(low: int, high: int, match: re.Match[str]) -> str:
    if governed_cases(match.string, match.start()):
        return f"{_say_day(low, match)} — {_say_day(high, match)}"
    return f"с {ordinal(low, Case.GENITIVE, Gender.NEUTER)} по {ordinal(high, Case.ACCUSATIVE, Gender.NEUTER)}"


def _year_behind(match: re.Match[str]) -> str:
    return f" {ordinal(int(match['year']), Case.GENITIVE, Gender.MASCULINE)} года" + ("." if ends_here(match) else "")


def _year_case(match: re.Match[str]) -> Case:
    before = preposition(match.string, match.start())
    if before in _PLACED:
        return Case.PREPOSITIONAL
    if before == "по":
        return Case.ACCUSATIVE
    cases = governed_cases(match.string, match.start())
    return cases[0] if cases else default_case(match)


def default_case(match: re.Match[str]) -> Case:
    """Return the case of a year or century without a preposition: whose it is behind another word, else nominative."""
    head = match.string[max(0, match.start() - 30) : match.start()]
    return Case.GENITIVE if _WORD_BEFORE.search(head) else Case.NOMINATIVE


def read_numbered_month(match: re.Match[str]) -> str:
    """Read "за 10.2024"."""
    month = _MONTH_NAMES[int(match["month"]) - 1]
    cases = governed_cases(match.string, match.start())
    return inflect_noun(month, cases[0] if cases else Case.NOMINATIVE, is_plural=False) + _year_behind(match)


_DAY, _MONTH, _YEAR = r"(?P<day>[0-3]?\d)", r"(?P<month>0[1-9]|1[0-2])", r"(?P<year>[12]\d{3})"
_TAIL = r"(?:\s+года|\s?г\.?(?!\w))?"
_BARE_YEAR = r"(?P<year>19\d\d|20(?!00)\d\d)"
NUMERIC = (
    Rule(re.compile(rf"(?<![\w.:]){_DAY}\.{_MONTH}\.{_YEAR}(?![\d:]){_TAIL}"), read_date),
    Rule(re.compile(rf"(?<![\w.:,]){_MONTH}\.(?P<year>20\d\d)(?!\d|[:.,]\d){_TAIL}"), read_numbered_month),
    Rule(re.compile(rf"(?<![\w.:-]){_YEAR}-{_MONTH}-{_DAY}(?![\d:-])"), read_date),
    Rule(re.compile(rf"(?<![\w.:]){_DAY}/{_MONTH}/{_YEAR}(?![\d:])"), read_date),
)
"""Dates in figures: read before versions and addresses, which look like them."""

RULES = (
    Rule(re.compile(rf"(?<![\w.:]){_DAY}\.{_MONTH}(?!\d|[:.,]\d|\s?[%°])(?!\s+(?:раз|руб|кг|л|м|км)\w*)"), read_date),
    Rule(
        re.compile(rf"(?P<before>\b[сС]\s+)(?P<day>[0-3]?\d)(?=\s+(?:по|до)\s+[0-3]?\d\s+(?:{'|'.join(MONTHS)})\b)"),
        read_first_day,
    ),
    Rule(
        re.compile(
            rf"(?<![\w.,:])(?:(?P<low>[0-3]?\d)\s?[-–—]\s?)?{_DAY}\s+(?P<name>{'|'.join(MONTHS)})\b"
            rf"(?:\s+{_YEAR}(?!\d){_TAIL})?",
            re.IGNORECASE,
        ),
        read_day_of_month,
    ),
    Rule(
        re.compile(rf"\b(?P<name>{_MONTH_FORMS})\s+{_YEAR}(?![\d.,]\d|\d){_TAIL}", re.IGNORECASE),
        read_month_year,
    ),
    Rule(
        re.compile(
            r"(?<![\w.,])(?:(?P<low>[12]\d{3})\s?[-–—]\s?)?(?P<year>[12]\d{3})[-–]?(?:й|го|м|му)?\s+"
            r"(?P<word>год(?:а|у|ом|е|ы|ов|ам|ами|ах)?(?!\w)|гг\.?(?!\w)|г\.(?!\w))",
            re.IGNORECASE,
        ),
        read_year,
    ),
    Rule(
        re.compile(
            rf"(?<!\w)(?P<before>в|с|до|после|от|по|к|около)\s+{_BARE_YEAR}"
            r"(?=[,.;:!?)»]*(?:$|\s(?:по|до|и|он|она|они|был\w*)\b|[.!?;,)»]))(?![.,]\d)",
            re.IGNORECASE,
        ),
        read_bare_year,
    ),
    Rule(
        re.compile(r"(?<![\w.,])(?P<year>(?:1[89]|20)?[1-9]0)-?(?P<suffix>е|х|ми|м)(?=\s+год|\s*[.,;!?)]|$)"),
        read_decade,
    ),
)
