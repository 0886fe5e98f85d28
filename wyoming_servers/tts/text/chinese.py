"""Chinese text in words: figures become characters, Latin words stay for the voice."""

import re

from .addresses import HOST, MAIL, URL
from .numbers import Number, parse_number
from .rules import Rule, alternatives, rewrite, table, tidy, words
from .spellout import spell_out

_UNITS = table("""
    °C ℃ = 摄氏度
    °F = 华氏度
    ° = 度
    km/h = 公里每小时
    m/s = 米每秒
    km = 公里
    m = 米
    cm = 厘米
    mm = 毫米
    m² m2 ㎡ = 平方米
    m³ = 立方米
    kg = 公斤
    g = 克
    mg = 毫克
    L l = 升
    ml mL = 毫升
    W = 瓦
    kW = 千瓦
    kWh = 千瓦时
    V = 伏
    A = 安
    mA = 毫安
    Hz = 赫兹
    kHz = 千赫
    MHz = 兆赫
    GHz = 吉赫
    hPa = 百帕
    Pa = 帕
    kPa = 千帕
    bar = 巴
    dB = 分贝
    lx = 勒克斯
    lm = 流明
    K = 开
    h = 小时
    min = 分钟
    s = 秒
    ms = 毫秒
    Mbps = 兆比特每秒
    GB = 吉字节
    MB = 兆字节
    TB = 太字节
    ppm = ppm
""")
_MONEY = {"¥": "元", "￥": "元", "$": "美元", "€": "欧元", "£": "英镑", "₽": "卢布"}
_MEASURES = words(
    """
    个 小时 分钟 分 秒钟 秒 天 周 年 次 盏 台 部 间 张 只 条 位 口
    杯 碗 瓶 本 件 把 块 辆 层 种 段 步 岁 倍 米 公里 厘米 公斤 克
    升 毫升 平方米 度 摄氏度 元 美元 欧元 瓦 千瓦 千瓦时 伏 点钟 点 勺
    片 页 行 项 门 扇 套 份 双 对 名 万 亿 千 百 首 集 家 颗 滴
    """
)
"""Before these, two is 两."""

_DIGITS = "零一二三四五六七八九"
_FULL_WIDTH = str.maketrans("０１２３４５６７８９％", "0123456789%")
_NUMBER = r"\d+(?:\.\d+)?"


def spoken(text: str) -> str:
    """Return plain Chinese text as it is said."""
    return tidy(rewrite(text.translate(_FULL_WIDTH), _RULES))


def _digits(digits: str) -> str:
    return "".join(_DIGITS[int(digit)] for digit in digits)


def _say(number: Number | None, written: str, *, is_counting: bool = False) -> str:
    """Return a number; counting things, two is 两."""
    if number is None:
        return _digits(re.sub(r"\D", "", written))
    is_large = number.whole >= 200 and str(number.whole)[0] == "2"
    rules = (
        "spellout-cardinal-alternate2"
        if is_counting and not number.fraction and (number.whole == 2 or is_large)
        else "spellout-cardinal"
    )
    said = spell_out(number.whole, "zh", rules)
    return f"{said}点{_digits(number.fraction)}" if number.fraction.strip("0") else said


def _low(match: re.Match[str]) -> str:
    return f"{_say(parse_number(match['low']), match['low'], is_counting=True)}到" if match["low"] else ""


def _sign(match: re.Match[str], negative: str = "负") -> str:
    return {"-": negative, "+": "正"}.get((match["sign"] or " ")[0], "")


def _read_number(match: re.Match[str]) -> str:
    is_order = match.string.endswith("第", 0, match.start())
    is_counting = not is_order and match.string.startswith(_MEASURES, match.end())
    return _sign(match) + _low(match) + _say(parse_number(match["number"]), match["number"], is_counting=is_counting)


def _read_amount(match: re.Match[str]) -> str:
    unit = _UNITS[match["unit"]]
    sign = _sign(match, "零下" if unit in {"摄氏度", "度", "华氏度"} else "负")
    return f"{sign}{_low(match)}{_say(parse_number(match['number']), match['number'], is_counting=True)}{unit}"


def _read_percent(match: re.Match[str]) -> str:
    said = _say(parse_number(match["number"]), match["number"])
    if match["low"]:
        return f"百分之{_say(parse_number(match['low']), match['low'])}到百分之{said}"
    return f"{_sign(match)}百分之{said}"


def _read_money(match: re.Match[str]) -> str:
    said = _say(parse_number(match["number"]), match["number"], is_counting=True)
    return f"{said}{match['scale'] or ''}{_MONEY[match['unit']]}"


def _read_time(match: re.Match[str]) -> str | None:
    hour, minute = int(match["hour"]), int(match["minute"])
    if hour > 24:
        return None
    said = f"{_say(Number(hour), '', is_counting=True)}点"
    if minute:
        said += f"{'零' if minute < 10 else ''}{_say(Number(minute), '')}分"
    second = match["second"]
    return said + (f"{_say(Number(int(second)), '')}秒" if second else "")


def _read_date(match: re.Match[str]) -> str | None:
    month, day = int(match["month"]), int(match["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{_digits(match['year'])}年{_say(Number(month), '')}月{_say(Number(day), '')}日"


def _read_fraction(match: re.Match[str]) -> str:
    upper, lower = Number(int(match["upper"])), Number(int(match["lower"]))
    return f"{_say(lower, '')}分之{_say(upper, '')}"


def _read_phone(match: re.Match[str]) -> str:
    return ("加" if match.group().startswith("+") else "") + _digits(re.sub(r"\D", "", match.group()))


def _read_host(match: re.Match[str]) -> str:
    return match["host"].removeprefix("www.").replace(".", "点")


_SIGN = r"(?P<sign>(?<![0-9A-Za-z.,)-])[-−+]\s?)?"
_AMOUNT = rf"{_SIGN}(?<![\d.,])(?:(?P<low>{_NUMBER})\s?[-–—~～至到]\s?)?(?P<number>{_NUMBER})"
_RULES = (
    Rule(URL, _read_host),
    Rule(MAIL, lambda match: f"{match['name']}艾特{_read_host(match)}"),
    Rule(HOST, _read_host),
    Rule(re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?!\d)"), lambda match: match.group().replace(",", "")),
    Rule(re.compile(r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"), _read_date),
    Rule(re.compile(r"(?<!\d)(?P<year>[12]\d{3})\s?年"), lambda match: f"{_digits(match['year'])}年"),
    Rule(
        re.compile(r"(?<![\d.:])(?P<hour>\d{1,2})[:：](?P<minute>[0-5]\d)(?:[:：](?P<second>[0-5]\d))?(?![\d:])"),
        _read_time,
    ),
    Rule(
        re.compile(r"\+\d[\d -]{8,16}\d|(?<![\d.])(?:1\d{10}|\d{3,4}-\d{7,8}|1\d{2}-\d{4}-\d{4})(?!\d)"),
        _read_phone,
    ),
    Rule(re.compile(r"(?<![\d.,/])(?P<upper>\d{1,3})/(?P<lower>\d{1,3})(?![\d/])"), _read_fraction),
    Rule(re.compile(rf"(?P<unit>[{''.join(_MONEY)}])\s?(?P<number>{_NUMBER})(?P<scale>[万亿])?"), _read_money),
    Rule(
        re.compile(rf"(?P<number>(?<![\d.]){_NUMBER})(?P<scale>[万亿])?\s?(?P<unit>[{''.join(_MONEY)}])"), _read_money
    ),
    Rule(re.compile(rf"{_AMOUNT}\s?%"), _read_percent),
    Rule(
        re.compile(r"(?<![\d,])\d{1,6}(?:\.\d{1,6}){2,}(?!\d)"),
        lambda match: "点".join(_say(Number(int(part)), "") for part in match.group().split(".")),
    ),
    Rule(re.compile(rf"{_AMOUNT}\s?(?P<unit>{alternatives(_UNITS)})(?![A-Za-z²³/])"), _read_amount),
    Rule(re.compile(r"(?<=\d)\s?[×x*]\s?(?=\d)"), lambda _: "乘"),
    Rule(re.compile(_AMOUNT), _read_number),
    Rule(re.compile(r"\d+"), lambda match: _digits(match.group())),
    Rule(re.compile(r"%"), lambda _: "百分比"),
    Rule(re.compile(r"[<>{}\\^|~#*_`=\[\]]"), lambda _: " "),
)
