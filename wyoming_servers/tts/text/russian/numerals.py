"""Russian numbers in words.

Cardinals are CLDR's; its ordinals lack forms (700-й, на 40-м), so pymorphy3 inflects their last word.
"""

import re

from wyoming_servers.tts.text.numbers import Number
from wyoming_servers.tts.text.rules import words
from wyoming_servers.tts.text.spellout import spell_out

from .grammar import DIRECT, Case, Gender, inflect_adjective

_GENDERS = {Gender.MASCULINE: "masculine", Gender.FEMININE: "feminine", Gender.NEUTER: "neuter"}
_CASES = {
    Case.NOMINATIVE: "",
    Case.GENITIVE: "-genitive",
    Case.DATIVE: "-dative",
    Case.ACCUSATIVE: "-accusative",
    Case.INSTRUMENTAL: "-ablative",
    Case.PREPOSITIONAL: "-locative",
}
_HUNDREDS = words("сотый двухсотый трёхсотый четырёхсотый пятисотый шестисотый семисотый восьмисотый девятисотый")
_POWERS = ((10**9, "миллиардный"), (10**6, "миллионный"), (10**3, "тысячный"))
_PARTS = ("десятый", "сотый", "тысячный")
_YO = re.compile("(?<=тр|ыр)е(?=х|м(?!я))")
_ONE_THOUSAND = re.compile("^одн(?:а|ой|у) (?=тысяч)")
_HALF = "с половиной"


def cardinal(
    number: int, case: Case = Case.NOMINATIVE, gender: Gender = Gender.MASCULINE, *, animate: bool = False
) -> str:
    """Return a whole number: два, двух, две."""
    if animate and case is Case.ACCUSATIVE and gender is not Gender.NEUTER and (number < 5 or number % 10 == 1):
        case = Case.GENITIVE if gender is Gender.MASCULINE or number in range(2, 5) else case
    said = spell_out(number, "ru", f"spellout-cardinal-{_GENDERS[gender]}{_CASES[case]}")
    return _YO.sub("ё", _ONE_THOUSAND.sub("", said))


def ordinal(number: int, case: Case, gender: Gender | None, *, animate: bool = False) -> str:
    """Return which one: второй, второго; plural where the gender is None."""
    before, last = _split_ordinal(number)
    said = inflect_adjective(last, case, gender, is_animate=animate)
    return f"{cardinal(before)} {said}" if before else said


def _split_ordinal(number: int) -> tuple[int, str]:
    """Return what stays a cardinal before the last word, and that word as a masculine ordinal."""
    tail = number % 100
    if number == 0:
        return 0, "нулевой"
    if tail:
        last = tail if tail < 20 or tail % 10 == 0 else tail % 10
        return number - last, spell_out(last, "ru", "spellout-ordinal-masculine")
    if number % 1000:
        return number - number % 1000, _HUNDREDS[number % 1000 // 100 - 1]
    power, word = next((power, word) for power, word in _POWERS if number % power == 0)
    count = number // power % 1000
    return number - count * power, (compound_prefix(count) if count > 1 else "") + word


def compound_prefix(number: int) -> str:
    """Return a number as the first part of a word: двадцатипятилетний."""
    special = {1: "одно", 90: "девяносто", 100: "сто", 1000: "тысяче"}
    if number in special:
        return special[number]
    parts = [part for part in (number // 1000 * 1000, number % 1000 // 100 * 100) if part]
    tail = number % 100
    parts += [tail] if 0 < tail < 20 else [part for part in (tail - tail % 10, tail % 10) if part]
    said = [special[part] if part in (90, 100) else cardinal(part, Case.GENITIVE).replace(" ", "") for part in parts]
    if number % 10 == 1 and number % 100 != 11:
        said[-1] = "одно"
    return "".join(said)


def can_halve(number: Number) -> bool:
    """Whether the number can be said with a half: полтора, два с половиной; 21,5 градуса has no good form of that."""
    return number.fraction.rstrip("0") == "5" and (number.whole == 1 or (number.whole > 1 and number.whole % 10 != 1))


def decimal(number: Number, case: Case, gender: Gender, *, in_halves: bool = True) -> str:
    """Return a number with a fraction: полтора, два с половиной, три целых семь десятых."""
    in_halves = in_halves and can_halve(number)
    if in_halves and number.whole == 1:
        return ("полторы" if gender is Gender.FEMININE else "полтора") if case in DIRECT else "полутора"
    if in_halves:
        return f"{cardinal(number.whole, case, gender)} {_HALF}"
    if len(number.fraction) > len(_PARTS):
        return f"{cardinal(number.whole, case)} запятая {spell_digits(number.fraction)}"
    count = int(number.fraction)
    part = _PARTS[len(number.fraction) - 1]
    return f"{_of_parts(number.whole, 'целый', case)} {_of_parts(count, part, case)}"


def _of_parts(count: int, part: str, case: Case) -> str:
    """Return "двадцать одна целая", "трём десятым"."""
    is_one = count % 10 == 1 and count % 100 != 11
    if is_one:
        form = inflect_adjective(part, case, Gender.FEMININE)
    else:
        form = inflect_adjective(part, Case.GENITIVE if case in DIRECT else case, None)
    return f"{cardinal(count, case, Gender.FEMININE)} {form}"


_QUARTERS = {2: ("половина", "половины"), 3: ("треть", "трети"), 4: ("четверть", "четверти")}


def vulgar(numerator: int, denominator: int) -> str:
    """Return three quarters: три четверти, пять восьмых."""
    if denominator in _QUARTERS and numerator in (1, 2, 3):
        one, few = _QUARTERS[denominator]
        return one if numerator == 1 else f"{cardinal(numerator, gender=Gender.FEMININE)} {few}"
    gender = Gender.FEMININE if numerator % 10 == 1 and numerator % 100 != 11 else None
    case = Case.NOMINATIVE if gender else Case.GENITIVE
    return f"{cardinal(numerator, gender=Gender.FEMININE)} {ordinal(denominator, case, gender)}"


def spell_digits(digits: str) -> str:
    """Return the digits one by one."""
    return " ".join(cardinal(int(digit)) for digit in digits)


def spell_group(digits: str) -> str:
    """Return a group of a telephone number: ноль пять, сто двадцать три."""
    zeros = len(digits) - len(digits.lstrip("0"))
    said = ["ноль"] * zeros + ([cardinal(int(digits))] if digits[zeros:] else [])
    return " ".join(said)
