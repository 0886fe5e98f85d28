"""Times of day as Russian words."""

import re

from wyoming_servers.tts.text.rules import Rule

from .context import governed_cases
from .grammar import DIRECT, Case, agree, noun_gender
from .numerals import cardinal

_HOURS = {Case.GENITIVE: "часа", Case.DATIVE: "часу", Case.INSTRUMENTAL: "часом", Case.PREPOSITIONAL: "часе"}


def read_time(match: re.Match[str]) -> str | None:
    """Read 18:30 as "восемнадцать тридцать"; before it a preposition inflects both."""
    hour, minute = int(match["hour"]), int(match["minute"])
    if hour > 24 or minute > 59:
        return None
    case = _time_case(match)
    seconds = match.groupdict().get("second")
    if seconds:
        parts = ((hour, "час"), (minute, "минута"), (int(seconds), "секунда"))
        return " ".join(_count(number, word) for number, word in parts if number)
    if hour == 0:
        return f"ноль часов {_count(minute, 'минута')}" if minute else "ноль часов"
    said_hour = _HOURS.get(case, "час") if hour == 1 and not minute else cardinal(hour, case)
    if minute == 0:
        return f"{said_hour} ноль-ноль"
    return f"{said_hour} {'ноль ' if minute < 10 else ''}{cardinal(minute, case)}"


def read_stopped_time(match: re.Match[str]) -> str | None:
    """Read "в 18.30"."""
    said = read_time(match)
    return said and match["before"] + said


def _count(number: int, word: str) -> str:
    return f"{cardinal(number, gender=noun_gender(word))} {agree((word,), number, Case.NOMINATIVE)}"


def _time_case(match: re.Match[str]) -> Case:
    cases = governed_cases(match.string, match.start("hour"))
    case = cases[0] if cases else Case.NOMINATIVE
    return Case.NOMINATIVE if case in DIRECT or case is Case.PREPOSITIONAL else case


RULES = (
    Rule(
        re.compile(r"(?<![\d.,:])(?P<hour>[0-2]?\d):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])"), read_time
    ),
    Rule(
        re.compile(
            # до 12.05 is a day
            r"(?P<before>\b(?:(?:в|около)|(?:к|до|с|от|после|по)(?!\s[0-3]?\d\.(?:0[1-9]|1[0-2])))\s)"
            r"(?P<hour>[0-2]?\d)\.(?P<minute>[0-5]\d)"
            r"(?!\d|[.,]\d|\s*(?:[%°]|раз|руб|[кмгГМ]|л\b|тыс|млн|градус|процент))",
            re.IGNORECASE,
        ),
        read_stopped_time,
    ),
)
