"""English text in words."""

import re

from wyoming_servers.tts.text.addresses import HOST, MAIL, URL
from wyoming_servers.tts.text.numbers import Number, parse_number, parse_roman
from wyoming_servers.tts.text.rules import Rule, alternatives, ends_here, rewrite, tidy
from wyoming_servers.tts.text.spellout import spell_out

from .tables import ENDING, MONEY, MONTH, MONTH_SHORT, MONTHS, PARTS, RULERS, SCALES, SHORT, UNITS

_NUMBER = r"\d+(?:\.\d+)?"
_LARGEST_DENOMINATOR = 100


def spoken(text: str) -> str:
    """Return plain English text as it is said."""
    return tidy(rewrite(text, _RULES))


def _cardinal(number: int) -> str:
    return spell_out(number, "en", "spellout-cardinal")


def _ordinal(number: int) -> str:
    return spell_out(number, "en", "spellout-ordinal")


def _year(number: int) -> str:
    if 2000 <= number < 2010:
        return _cardinal(number)
    if 1100 <= number < 2100 and 0 < number % 100 < 10:
        return f"{_cardinal(number // 100)} oh {_cardinal(number % 100)}"
    return spell_out(number, "en", "spellout-numbering-year")


def _digits(digits: str) -> str:
    return " ".join(_cardinal(int(digit)) for digit in digits)


def _say(number: Number | None, written: str) -> str:
    if number is None:
        return _digits(re.sub(r"\D", "", written))
    whole = _cardinal(number.whole)
    return f"{whole} point {_digits(number.fraction)}" if number.fraction else whole


def _low(match: re.Match[str]) -> str:
    return f"{_say(parse_number(match['low']), match['low'])} to " if match["low"] else ""


def _sign(match: re.Match[str]) -> str:
    return {"-": "minus ", "+": "plus ", "±": "plus or minus "}.get((match["sign"] or " ")[0], "")


def _read_number(match: re.Match[str]) -> str:
    return _sign(match) + _low(match) + _say(parse_number(match["number"]), match["number"])


def _read_amount(match: re.Match[str]) -> str | None:
    number = parse_number(match["number"])
    one, _, many = UNITS[match["unit"]].partition(" | ")
    said = one if number == Number(1) else many or f"{one}s"
    stop = "." if ends_here(match) and not match["unit"].endswith(".") else ""
    return f"{_read_number(match)} {said}{stop}"


def _read_money(match: re.Match[str]) -> str:
    number = parse_number(match["number"])
    main, part = MONEY[match["unit"]]
    plural = main if main == "yen" else main + "s"
    if match["scale"]:
        return f"{_say(number, match['number'])} {SCALES[match['scale']]} {plural}"
    if number is None or len(number.fraction) != 2 or not part:
        return f"{_say(number, match['number'])} {main if number == Number(1) else plural}"
    whole = f"{_cardinal(number.whole)} {main if number.whole == 1 else plural}"
    rest = int(number.fraction)
    coins = {"penny": "pence"}.get(part, part + "s") if rest != 1 else part
    return f"{whole} and {_cardinal(rest)} {coins}" if rest else whole


def _read_time(match: re.Match[str]) -> str | None:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = " ".join(match["half"].lower().replace(".", "")) if match["half"] else ""
    if hour > 24 or (match["minute"] is None and not half):
        return None
    if match["second"]:
        parts = ((hour, "hour"), (minute, "minute"), (int(match["second"]), "second"))
        return " ".join(f"{_cardinal(number)} {name}{'s' * (number != 1)}" for number, name in parts if number)
    said = _cardinal(hour)
    if minute:
        said += f" oh {_cardinal(minute)}" if minute < 10 else f" {_cardinal(minute)}"
    elif not half:
        said += " o'clock" if 1 <= hour <= 12 else " hundred"
    return f"{said} {half}".rstrip() + ("." if half and ends_here(match) else "")


def _month(name: str) -> str:
    return MONTH_SHORT.get(name.rstrip("."), name)


def _read_month_day(match: re.Match[str]) -> str:
    year = f", {_year(int(match['year']))}" if match["year"] else ""
    return f"{_month(match['month'])} {_ordinal(int(match['day']))}{year}"


def _read_day_month(match: re.Match[str]) -> str:
    year = f", {_year(int(match['year']))}" if match["year"] else ""
    return f"the {_ordinal(int(match['day']))} of {_month(match['month'])}{year}"


def _read_figures(match: re.Match[str]) -> str | None:
    month, day = int(match["month"]), int(match["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{MONTHS[month - 1]} {_ordinal(day)}, {_year(int(match['year']))}"


def _read_fraction(match: re.Match[str]) -> str:
    upper, lower = int(match["upper"]), int(match["lower"])
    if (upper, lower) == (24, 7):
        return "twenty-four seven"
    if not 0 < upper < lower <= _LARGEST_DENOMINATOR:
        return f"{_cardinal(upper)} over {_cardinal(lower)}"
    one, many = PARTS.get(lower, (_ordinal(lower), _ordinal(lower) + "s"))
    return f"{_cardinal(upper)} {one if upper == 1 else many}"


def _read_part(match: re.Match[str]) -> str | None:
    number = parse_roman(match["roman"])
    return f"{match['word']} {_cardinal(number)}" if number else None


def _read_ruler(match: re.Match[str]) -> str | None:
    """Read "Louis XIV" as the Fourteenth, "Rocky II" as two; an I behind another word is a person."""
    number, word = parse_roman(match["roman"]), match["word"]
    if number is None or (word not in RULERS and len(match["roman"]) == 1):
        return None
    return f"{word} the {_ordinal(number).capitalize()}" if word in RULERS else f"{word} {_cardinal(number)}"


def _read_version(match: re.Match[str]) -> str:
    return match["word"] + " point ".join(_cardinal(int(part)) for part in match["version"].split("."))


def _read_phone(match: re.Match[str]) -> str:
    plus = "plus " if match.group().startswith("+") else ""
    return plus + ", ".join(_digits(group) for group in re.findall(r"\d+", match.group()))


def _read_decade(match: re.Match[str]) -> str:
    number = match["number"]
    century = f"{_cardinal(int(number[:2]))} " if len(number) == 4 else ""
    return f"{century}{_cardinal(int(number[-2:]))[:-1]}ies" if number[-2:] != "00" else f"{century}hundreds"


def _host(host: str) -> str:
    return host.removeprefix("www.").replace(".", " dot ")


def _short(said: str) -> Rule:
    pattern = next(pattern for pattern, each in SHORT.items() if each == said)

    def read(match: re.Match[str]) -> str:
        can_end = said in ENDING or not match.string[match.end() :].strip()
        return said.rstrip(",") + "." if can_end and ends_here(match) else said

    return Rule(re.compile(rf"(?<![\w.]){pattern}"), read)


_BEFORE_YEAR = (
    r"(?<=\b[Ii]n )|(?<=\b[Oo]f )|(?<=\b[Bb]y )|(?<=[Ss]ince )|(?<=[Ff]rom )|(?<=[Uu]ntil )|(?<=year )|(?<=to )"
)
_SIGN = r"(?P<sign>(?<![\w.,)-])[-−+±]\s?)?"
_AMOUNT = rf"{_SIGN}(?<![\w.,])(?:(?P<low>{_NUMBER})\s?[-–—]\s?)?(?P<number>{_NUMBER})"
_RULES = (
    Rule(URL, lambda match: _host(match["host"])),
    Rule(MAIL, lambda match: f"{match['name'].replace('.', ' dot ')} at {_host(match['host'])}"),
    Rule(HOST, lambda match: _host(match["host"])),
    *(_short(said) for said in SHORT.values()),
    Rule(re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?!\d)"), lambda match: match.group().replace(",", "")),
    Rule(re.compile(r"(?<![\w.-])(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?![\w-])"), _read_figures),
    Rule(re.compile(r"(?<![\w./])(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})(?![\w/])"), _read_figures),
    Rule(
        re.compile(r"(?<![\w.,-])(?:\+\d{1,3}[\s-])?\(?\d{3}\)?[\s-]\d{3}[\s-]\d{4}(?!\w)|\+\d[\d\s-]{8,16}\d(?!\w)"),
        _read_phone,
    ),
    Rule(re.compile(r"(?<![\w.,-])\d{3}-\d{4}(?!\w)"), _read_phone),
    Rule(
        re.compile(
            r"(?<![\d.,:])(?P<hour>\d{1,2})(?::(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?)?\s?(?P<half>[AaPp]\.?[Mm]\b\.?)?(?![\d:])(?=\W|$)"
        ),
        _read_time,
    ),
    Rule(
        re.compile(
            rf"\b{MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\w|[.,]\d|:)(?:,?\s+(?P<year>[12]\d{{3}})(?!\d))?"
        ),
        _read_month_day,
    ),
    Rule(
        re.compile(
            rf"\b(?:[Tt]he\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}(?!\w)(?:,?\s+(?P<year>[12]\d{{3}})(?!\d))?"
        ),
        _read_day_month,
    ),
    Rule(
        re.compile(rf"\b(?P<month>{'|'.join(MONTHS)})\s+(?P<year>[12]\d{{3}})(?!\d)"),
        lambda match: f"{match['month']} {_year(int(match['year']))}",
    ),
    Rule(re.compile(r"(?<![\w.])'?(?P<number>(?:1[1-9]|20)\d0|[2-9]0)'?s(?!\w)"), _read_decade),
    Rule(
        re.compile(r"(?<![\w.,])(?P<low>[12]\d{3})\s?[-–—]\s?(?P<year>[12]\d{3})(?![\w%])"),
        lambda match: f"{_year(int(match['low']))} to {_year(int(match['year']))}",
    ),
    Rule(
        re.compile(
            rf"(?:{_BEFORE_YEAR})(?P<year>1[1-9]\d\d|20\d\d)(?![\w%]|[.,]\d|\s+[a-z]+s\b|\s?(?:{alternatives(UNITS)})(?!\w))"
        ),
        lambda match: _year(int(match["year"])),
    ),
    Rule(
        re.compile(
            r"\b(?P<word>[Cc]hapter|[Pp]art|[Vv]olume|[Ss]ection|[Ww]ar|[Aa]ct|[Pp]hase|[Tt]ype|[Ll]evel|[Ss]eason|[Ee]pisode)\s+(?P<roman>[IVX]{1,6})\b"
        ),
        _read_part,
    ),
    Rule(
        re.compile(r"\b(?P<word>[A-Z][a-z]{2,})\s+(?P<roman>[IVX]{1,6})\b(?!['’])"),
        _read_ruler,
    ),
    Rule(re.compile(r"(?<![\w.,/])(?P<upper>\d{1,3})\s?[/⁄]\s?(?P<lower>\d{1,3})(?![\w/]|[.,]\d)"), _read_fraction),
    Rule(re.compile(r"½"), lambda _: " one half"),
    Rule(re.compile(r"(?<![\w.,])(?P<number>\d{1,9})(?:st|nd|rd|th)\b"), lambda match: _ordinal(int(match["number"]))),
    Rule(
        re.compile(rf"(?P<unit>[$€£¥₽])\s?(?P<number>{_NUMBER})(?:\s?(?P<scale>{alternatives(SCALES)})\b)?"),
        _read_money,
    ),
    Rule(re.compile(rf"(?P<number>(?<![\w.,]){_NUMBER})\s?(?P<unit>[$€£¥₽]|USD|EUR)(?P<scale>)(?!\w)"), _read_money),
    Rule(re.compile(r"(?<=\d)\s?[×x*]\s?(?=\d)"), lambda _: " by "),
    Rule(
        re.compile(r"(?<![\w,])\d{1,6}(?:\.\d{1,6}){2,}(?!\w)"),
        lambda match: " point ".join(_cardinal(int(part)) for part in match.group().split(".")),
    ),
    Rule(re.compile(rf"{_AMOUNT}\s?(?P<unit>{alternatives(UNITS)})(?![\w²³/])\.?(?<!\s)"), _read_amount),
    Rule(re.compile(r"~\s?(?=\d)|≈\s?(?=\d)"), lambda _: "about "),
    Rule(
        re.compile(
            r"(?P<word>\b(?:[Vv]ersion|[Uu]pdate|v|Python|Bluetooth|USB|HDMI)\s?)(?P<version>\d{1,6}\.\d{1,6})(?!\w)"
        ),
        _read_version,
    ),
    Rule(re.compile(r"(?<=[\dA-Za-z])\.(?=\d)(?<!\d\.)"), lambda _: " point "),
    Rule(re.compile(r"(?<=\d):(?=\d)"), lambda _: " to "),
    Rule(re.compile(_AMOUNT), _read_number),
    Rule(
        re.compile(r"\d+"),
        lambda match: f" {_cardinal(int(match.group())) if len(match.group()) < 7 else _digits(match.group())} ",
    ),
    Rule(re.compile(r"\s&\s"), lambda _: " and "),
    Rule(re.compile(r"(?<=[a-z]{2})/(?=[a-z]{2})"), lambda _: " or "),
    Rule(re.compile(r"°"), lambda _: " degrees "),
    Rule(re.compile(r"%"), lambda _: " percent "),
    Rule(re.compile(r"[<>{}\\^|~#*_`=\[\]]"), lambda _: " "),
)
