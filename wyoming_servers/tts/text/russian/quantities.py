"""Numbers with what they count: units, money, multipliers, written nouns."""

import re

from wyoming_servers.tts.text.numbers import Number, parse_number
from wyoming_servers.tts.text.rules import Rule, alternatives, ends_here, words

from .context import Counted, amount_cases, choose, counted, preposition
from .grammar import DIRECT, Agreement, Case, Gender, Noun, agree, agreement_of, genitive, noun_gender, nouns, plural
from .measures import HUNDREDTHS, MONEY, MULTIPLIERS, PER, UNITS, WORDS, Measure
from .numerals import can_halve, cardinal, decimal, ordinal, spell_digits

_NUMBER = r"\d+(?:[.,]\d+)?"
_SIGN = r"(?<![\w.,)°%-])[-+±]\s?"
_MULTIPLIER = rf"(?:\s?(?P<multiplier>{alternatives(MULTIPLIERS)})\b\.?)?"
_NAMED = MONEY | UNITS
_UNIT = rf"\s?(?P<unit>{alternatives(_NAMED)})(?![\w²³])(?:\s?/\s?(?P<per>{alternatives(PER)})(?![\w²³]))?\.?"
_AMOUNT = rf"(?P<sign>{_SIGN})?(?<![\w.,])(?:(?P<low>{_NUMBER})\s?[-–—]\s?)?(?P<number>{_NUMBER})"
_SIGNS = {"-": "минус ", "+": "плюс ", "±": "плюс-минус "}

ORDINAL_NOUNS = frozenset(
    words("""
    этаж подъезд класс курс глава страница место раздел серия сезон век квартал день число ряд вагон путь
    платформа канал станция программа уровень ступень строка пункт параграф статья шаг этап попытка часть том
    номер группа поколение очередь смена урок тайм период полугодие половина линия зона передача скорость
    эпизод выпуск столетие тысячелетие категория степень размер столбец колонка сорт разряд
    """)
)
"""Nouns that a number in front may put in order: на 3 этаже."""

_WORD_BEHIND = re.compile(r"\s+(?!(?:назад|и|или|на|для)\b)[^\W\d_]")
_NOT_OF_DAY = frozenset({"на", "за", "через", "про"})
_LABEL = re.compile(r"(?<!\d)(?<!\d )\b([а-яё]{3,})\s+$", re.IGNORECASE)
_FIRST = frozenset(
    {"этаж", "подъезд", "класс", "курс", "место", "век", "квартал", "сезон", "число", "глава", "том", "ряд"}
)
"""Those of which "1 этаж" is the first and not one."""


def read_amount(match: re.Match[str]) -> str | None:
    """Read a number, or a range, with a unit, money or a multiplier behind it: 5 кг, $20, 1,5 млн ₽, 20–25 °C."""
    unit = match.group("unit")
    measure = _NAMED[unit]
    number = parse_number(match["number"])
    if unit in WORDS and _has_word_behind(match):
        return None
    if number is None:
        digits = spell_digits(re.sub(r"\D", "", match["number"]))
        return f"{_sign(match)}{digits} {plural(measure.phrase, Case.GENITIVE)} {measure.tail}".rstrip()
    case = _case_of_unit(match)
    said = _sign(match) + _say_low(match, case, measure) + _say_amount(number, measure, case, match["multiplier"])
    tail = f" {PER[match['per']]}" if match["per"] else ""
    return said + tail + ("." if ends_here(match) else "")


def read_multiplied(match: re.Match[str]) -> str | None:
    """Read "15 тыс. рублей", "1,5 млн жителей"."""
    number = parse_number(match["number"])
    if number is None:
        return None
    cases = amount_cases(match.string, match.start())
    case = cases[0] if cases else Case.NOMINATIVE
    measure = MULTIPLIERS[match["multiplier"]]
    said = _sign(match) + _say_low(match, case, measure) + say_measure(number, measure, case)
    return said + ("." if ends_here(match) else "")


def read_sign_before(match: re.Match[str]) -> str | None:
    """Read money whose sign stands first: $20."""
    number = parse_number(match["number"])
    if number is None:
        return None
    cases = amount_cases(match.string, match.start())
    case = cases[0] if cases else Case.NOMINATIVE
    return _say_amount(number, MONEY[match["unit"]], case, match["multiplier"])


def read_number(match: re.Match[str]) -> str | None:
    """Read a number or a range by the noun behind it and the words before it."""
    number = parse_number(match["number"])
    if number is None:
        return _sign(match) + spell_digits(match["number"].replace(",", "").replace(".", ""))
    cases = amount_cases(match.string, match.start())
    noun = counted(match.string, match.end())
    if noun and _is_hour(noun, match):
        noun = None
    if noun and not number.fraction and not _has_label(match) and (said := _say_order(number.whole, cases, noun)):
        return _sign(match) + _say_low(match, cases[0] if cases else Case.NOMINATIVE, None) + said
    case, reading = choose(number.whole, cases, noun)
    if number.fraction:
        return _sign(match) + _say_low(match, case, None, reading) + _say_decimal(number, cases, noun)
    gender = reading.gender if reading else Gender.MASCULINE
    animate = reading is not None and reading.is_animate
    return _sign(match) + _say_low(match, case, None, reading) + cardinal(number.whole, case, gender, animate=animate)


def read_per(match: re.Match[str]) -> str:
    """Read a unit that is not counted: рублей за кВт·ч."""
    measure = UNITS[match["unit"]]
    return f"{match['before']}{agree(measure.phrase, 1, Case.ACCUSATIVE)} {measure.tail}".rstrip()


def say_measure(number: Number, measure: Measure, case: Case) -> str:
    """Return "пять с половиной квадратных метров"."""
    gender = noun_gender(measure.phrase[-1])
    if not number.fraction.rstrip("0"):
        said = f"{cardinal(number.whole, case, gender)} {agree(measure.phrase, number.whole, case)}"
    elif can_halve(number):
        said = f"{decimal(number, case, gender)} {_behind_half(number.whole, measure, case)}"
    else:
        said = f"{decimal(number, case, gender)} {genitive(measure.phrase)}"
    return f"{said} {measure.tail}".rstrip()


def say_money(number: Number, measure: Measure, case: Case) -> str:
    """Return money with its hundredths: девяносто девять рублей девяносто копеек; other units as `say_measure`."""
    hundredth = HUNDREDTHS.get(measure.phrase[-1])
    if hundredth is None or len(number.fraction) != 2:
        return say_measure(number, measure, case)
    whole = say_measure(Number(number.whole), measure, case)
    rest = Number(int(number.fraction))
    return f"{whole} {say_measure(rest, Measure((hundredth,)), case)}" if rest.whole else whole


def _say_amount(number: Number, measure: Measure, case: Case, multiplier: str | None) -> str:
    if multiplier:
        return f"{say_measure(number, MULTIPLIERS[multiplier], case)} {plural(measure.phrase, Case.GENITIVE)}"
    return say_money(number, measure, case)


def _behind_half(whole: int, measure: Measure, case: Case) -> str:
    if case not in DIRECT:
        return plural(measure.phrase, case)
    return genitive(measure.phrase) if whole == 1 else agree(measure.phrase, whole, case)


def _case_of_unit(match: re.Match[str]) -> Case:
    """A symbol says nothing of its case: what stands before it decides."""
    cases = amount_cases(match.string, match.start())
    if not cases:
        return Case.NOMINATIVE
    if preposition(match.string, match.start()) in {"с", "со"}:
        goes_on = re.match(r"\s+(?:до|по)\s", match.string[match.end() : match.end() + 5])
        return Case.GENITIVE if goes_on else Case.INSTRUMENTAL
    if preposition(match.string, match.start()) == "по":
        return Case.ACCUSATIVE
    return cases[0]


def _say_decimal(number: Number, cases: tuple[Case, ...], noun: Counted | None) -> str:
    case = cases[0] if cases else Case.NOMINATIVE
    if noun is None:
        return decimal(number, case, Gender.MASCULINE)
    for reading in noun.readings:
        if _suits_half(reading, number, case):
            return decimal(number, case, reading.gender)
    return decimal(number, case, Gender.FEMININE, in_halves=False)


def _suits_half(noun: Noun, number: Number, case: Case) -> bool:
    if not can_halve(number):
        return False
    if case not in DIRECT:
        return noun.is_plural and noun.case is case
    if number.whole == 1:
        return not noun.is_plural and noun.case is Case.GENITIVE
    return noun.suits(number.whole, case)


def _say_order(number: int, cases: tuple[Case, ...], noun: Counted) -> str | None:
    """Return an ordinal where the noun stands in a form that no cardinal asks for: на 3 этаже, до 2 этажа."""
    for reading in noun.readings:
        if reading.lemma not in ORDINAL_NOUNS or reading.is_plural or (cases and reading.case not in cases):
            continue
        is_counted = any(reading.suits(number, case) for case in cases or DIRECT)
        is_first = agreement_of(number) is Agreement.ONE and (
            reading.lemma in _FIRST or reading.case is Case.PREPOSITIONAL
        )
        if not is_counted or is_first or reading.lemma == "число":
            return ordinal(number, reading.case, reading.gender, animate=reading.is_animate)
    return None


def _has_label(match: re.Match[str]) -> bool:
    """Whether the number names what stands before it: статья 5 пункт 2; not so in "3 сезон 5 серия"."""
    label = _LABEL.search(match.string[max(0, match.start() - 40) : match.start()])
    return label is not None and any(noun.lemma in ORDINAL_NOUNS for noun in nouns(label.group(1)))


def _is_hour(noun: Counted, match: re.Match[str]) -> bool:
    """Whether "2 ночи" is a time of day and no number of nights."""
    is_part_of_day = noun.word in {"ночи", "утра", "вечера", "дня"}
    return is_part_of_day and preposition(match.string, match.start()) not in _NOT_OF_DAY


def _sign(match: re.Match[str]) -> str:
    return _SIGNS[match["sign"][0]] if match["sign"] else ""


def _say_low(match: re.Match[str], case: Case, measure: Measure | None, noun: Noun | None = None) -> str:
    """Return the lower end of a range as it is joined to the upper: "пять-"."""
    if not match["low"]:
        return ""
    number = parse_number(match["low"])
    if number is None:
        return spell_digits(re.sub(r"\D", "", match["low"])) + "-"
    gender = noun_gender(measure.phrase[-1]) if measure else noun.gender if noun else Gender.MASCULINE
    said = decimal(number, case, gender) if number.fraction else cardinal(number.whole, case, gender)
    return said + "-"


def _has_word_behind(match: re.Match[str]) -> bool:
    return _WORD_BEHIND.match(match.string, match.end()) is not None and not match.group().endswith(".")


RULES = (
    Rule(
        re.compile(rf"(?P<unit>[$€£¥₽])\s?(?P<number>{_NUMBER}){_MULTIPLIER}(?![\w%°])"),
        read_sign_before,
    ),
    Rule(re.compile(_AMOUNT + _MULTIPLIER + _UNIT), read_amount),
    Rule(re.compile(rf"{_AMOUNT}\s?(?P<multiplier>{alternatives(MULTIPLIERS)})\b\.?"), read_multiplied),
    Rule(re.compile(_AMOUNT), read_number),
    Rule(
        re.compile(rf"(?P<before>\bза\s+)(?P<unit>{alternatives(unit for unit in UNITS if len(unit) > 1)})(?![\w²³/])"),
        read_per,
    ),
)
