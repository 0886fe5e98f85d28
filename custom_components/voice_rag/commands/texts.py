"""What is said after a command, in the languages of the grammar."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..texts import FALLBACK_LANGUAGE, base_language


@dataclass(frozen=True, slots=True)
class CommandTexts:
    """Sentences in one language, ready to be spoken; `{}` takes the name or the number."""

    done: str
    light_on: str
    light_off: str
    timer_started: str
    timer_canceled: str
    timers_canceled: str
    timer_paused: str
    timer_resumed: str
    timer_changed: str
    timer_left: str
    timer_none: str
    timers_unsupported: str
    delayed: str
    item_added: str
    item_completed: str
    item_absent: str
    list_items: str
    list_empty: str
    not_responding: str
    failed: str
    unable: str
    not_allowed: str
    unknown: str
    """To a question that came with commands; alone it goes on to the documents."""
    which_one: str
    which_room: str
    open_what: str
    """What a risky command does, the name in the accusative."""
    yes: str
    no: str
    nowhere: str
    date: str
    weather: str
    value: str
    """Of one of several sensors: its name and its value."""
    join: str
    either: str
    states: Mapping[str, str]
    """What a device does instead of what was asked about. Plain opposites are not among them: "no" says them, and in
    Russian they would have to agree with the device's name."""
    conditions: Mapping[str, str]
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    percent: Callable[[float], str]
    degrees: Callable[[float], str]
    duration: Callable[[float], str]


def plural_ru(number: float, one: str, few: str, many: str) -> str:
    """Return the number with the Russian noun in the form it asks for: 1 градус, 2 градуса, 5 градусов, 2,5 градуса."""
    text = f"{number:g}".replace(".", ",")
    if number != int(number):
        return f"{text} {few}"
    tens, ones = divmod(abs(int(number)) % 100, 10)
    if tens != 1 and ones == 1:
        return f"{text} {one}"
    return f"{text} {few if tens != 1 and 2 <= ones <= 4 else many}"


def _plural_en(number: float, noun: str) -> str:
    return f"{number:g} {noun}" if number == 1 else f"{number:g} {noun}s"


def _split(seconds: float) -> tuple[int, int, int]:
    minutes, rest = divmod(round(seconds), 60)
    return (*divmod(minutes, 60), rest)


def _duration_ru(seconds: float) -> str:
    hours, minutes, rest = _split(seconds)
    parts = [
        plural_ru(hours, "час", "часа", "часов") if hours else "",
        plural_ru(minutes, "минуту", "минуты", "минут") if minutes else "",
        plural_ru(rest, "секунду", "секунды", "секунд") if rest else "",
    ]
    return " ".join(filter(None, parts))


def _duration_en(seconds: float) -> str:
    hours, minutes, rest = _split(seconds)
    parts = [(hours, "hour"), (minutes, "minute"), (rest, "second")]
    return " ".join(_plural_en(number, noun) for number, noun in parts if number)


def _duration_zh(seconds: float) -> str:
    hours, minutes, rest = _split(seconds)
    parts = [(hours, "小时"), (minutes, "分钟"), (rest, "秒")]
    return "".join(f"{number}{noun}" for number, noun in parts if number)


_RU = CommandTexts(
    done="Готово.",
    light_on="Свет включён.",
    light_off="Свет выключен.",
    timer_started="Таймер на {}.",
    timer_canceled="Таймер отменён.",
    timers_canceled="Таймеры отменены.",
    timer_paused="Таймер на паузе.",
    timer_resumed="Таймер снова идёт.",
    timer_changed="Таймер изменён.",
    timer_left="Осталось {}.",
    timer_none="Таймеров нет.",
    timers_unsupported="На этом устройстве таймеров нет.",
    delayed="Хорошо, через {}.",
    item_added="Добавлено в список: {}.",
    item_completed="Вычеркнуто: {}.",
    item_absent="В списке этого нет: {}.",
    list_items="В списке: {}.",
    list_empty="Список пуст.",
    not_responding="Не отвечает: {}.",
    failed="Не получилось: {}.",
    unable="{} так не умеет.",
    unknown="Этого я не знаю.",
    not_allowed="На это нет разрешения.",
    which_one="Что именно: {}?",
    which_room="В какой комнате?",
    open_what="открыть {}",
    yes="Да.",
    no="Нет.",
    nowhere="Нигде.",
    date="{weekday}, {day} {month}.",
    weather="{condition}, {temperature}.",
    value="{}: {}",
    join=", ",
    either=" или ",
    states={
        "opening": "в движении", "closing": "в движении", "playing": "играет", "paused": "на паузе",
        "docked": "на базе", "cleaning": "убирает", "returning": "возвращается на базу", "heat": "греет",
        "cool": "охлаждает", "dry": "осушает", "fan_only": "дует",
    },
    conditions={
        "clear-night": "Ясно", "cloudy": "Облачно", "exceptional": "Необычная погода", "fog": "Туман", "hail": "Град",
        "lightning": "Гроза", "lightning-rainy": "Гроза с дождём", "partlycloudy": "Переменная облачность",
        "pouring": "Ливень", "rainy": "Дождь", "snowy": "Снег", "snowy-rainy": "Снег с дождём", "sunny": "Солнечно",
        "windy": "Ветрено", "windy-variant": "Ветрено и облачно",
    },
    months=("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
        "декабря"),
    weekdays=("Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье"),
    percent=lambda number: plural_ru(number, "процент", "процента", "процентов"),
    degrees=lambda number: plural_ru(number, "градус", "градуса", "градусов"),
    duration=_duration_ru,
)  # fmt: skip

_EN = CommandTexts(
    done="Done.",
    light_on="Turned on the light",
    light_off="Turned off the light",
    timer_started="Timer set for {}.",
    timer_canceled="Timer cancelled.",
    timers_canceled="Timers cancelled.",
    timer_paused="Timer paused.",
    timer_resumed="Timer resumed.",
    timer_changed="Timer changed.",
    timer_left="{} left.",
    timer_none="There are no timers.",
    timers_unsupported="This device has no timers.",
    delayed="All right, in {}.",
    item_added="Added to the list: {}.",
    item_completed="Ticked off: {}.",
    item_absent="Not on the list: {}.",
    list_items="On the list: {}.",
    list_empty="The list is empty.",
    not_responding="Not responding: {}.",
    failed="That did not work: {}.",
    unable="{} cannot do that.",
    unknown="I do not know that.",
    not_allowed="You are not allowed to do that.",
    which_one="Which one: {}?",
    which_room="In which room?",
    open_what="open {}",
    yes="Yes.",
    no="No.",
    nowhere="Nowhere.",
    date="{weekday}, {month} {day}.",
    weather="{condition}, {temperature}.",
    value="{}: {}",
    join=", ",
    either=" or ",
    states={
        "opening": "it is moving", "closing": "it is moving", "playing": "it is playing", "paused": "it is paused",
        "docked": "it is docked", "cleaning": "it is cleaning", "returning": "it is on its way back",
    },
    conditions={
        "clear-night": "Clear", "cloudy": "Cloudy", "exceptional": "Unusual weather", "fog": "Fog", "hail": "Hail",
        "lightning": "Thunderstorm", "lightning-rainy": "Thunderstorm and rain", "partlycloudy": "Partly cloudy",
        "pouring": "Pouring rain", "rainy": "Rain", "snowy": "Snow", "snowy-rainy": "Sleet", "sunny": "Sunny",
        "windy": "Windy", "windy-variant": "Windy and cloudy",
    },
    months=("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December"),
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    percent=lambda number: f"{number:g} percent",
    degrees=lambda number: _plural_en(number, "degree"),
    duration=_duration_en,
)  # fmt: skip

_ZH = CommandTexts(
    done="好的。",
    light_on="灯已打开。",
    light_off="灯已关闭。",
    timer_started="{}的计时器已开始。",
    timer_canceled="计时器已取消。",
    timers_canceled="所有计时器已取消。",
    timer_paused="计时器已暂停。",
    timer_resumed="计时器继续。",
    timer_changed="计时器已更改。",
    timer_left="还剩{}。",
    timer_none="没有计时器。",
    timers_unsupported="此设备不支持计时器。",
    delayed="好的，{}后。",
    item_added="已加入清单：{}。",
    item_completed="已划掉：{}。",
    item_absent="清单上没有：{}。",
    list_items="清单上有：{}。",
    list_empty="清单是空的。",
    not_responding="没有响应：{}。",
    failed="没有成功：{}。",
    unable="{}做不到。",
    unknown="这个我不知道。",
    not_allowed="您没有权限。",
    which_one="是哪一个：{}？",
    which_room="在哪个房间？",
    open_what="打开{}",
    yes="是的。",
    no="没有。",
    nowhere="哪里都没有。",
    date="{month}{day}日，{weekday}。",
    weather="{condition}，{temperature}。",
    value="{}：{}",
    join="、",
    either="还是",
    states={"playing": "正在播放", "paused": "已暂停", "docked": "在充电座上", "cleaning": "正在清扫"},
    conditions={
        "clear-night": "晴", "cloudy": "多云", "exceptional": "异常天气", "fog": "有雾", "hail": "冰雹",
        "lightning": "雷电", "lightning-rainy": "雷雨", "partlycloudy": "局部多云", "pouring": "大雨", "rainy": "下雨",
        "snowy": "下雪", "snowy-rainy": "雨夹雪", "sunny": "晴", "windy": "有风", "windy-variant": "有风多云",
    },
    months=tuple(f"{number}月" for number in range(1, 13)),
    weekdays=("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
    percent=lambda number: f"百分之{number:g}",
    degrees=lambda number: f"{number:g}度",
    duration=_duration_zh,
)  # fmt: skip

_TEXTS = {"ru": _RU, "en": _EN, "zh": _ZH}


def get_command_texts(language: str) -> CommandTexts:
    """Return the sentences of a language; English for one we do not speak."""
    return _TEXTS.get(base_language(language), _TEXTS[FALLBACK_LANGUAGE])
