"""What a sentence is, judged by its words: a request, a question, a report. Russian, English, Chinese; pure.

These judgements only hold something back (a tool, a claim): what a sentence means is for the grammar and the model.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from itertools import dropwhile

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_CLAUSE_END = re.compile(r"[.!?;,:—。！？；，]+|\s(?:а|но|и|потом|затем|then|and)\s")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


# Longest first; one ending is taken off, and three letters have to remain.
_ENDINGS = sorted(
    word_set(
        "ыми ими ого его ому ему ами ями иях иям ией ая яя ую юю ое ее ые ие ый ий ой ей ом ем ам ям ах ях ым им "
        "ых их ья ье ью ию ия а я о е у ю ы и ь й s"
    ),
    key=len,
    reverse=True,
)


def words(text: str) -> list[str]:
    """Return the words in lower case, "ё" as "е"; a Chinese character is a word."""
    folded = text.casefold().replace("ё", "е")
    return _WORD.findall(_HAN.sub(r" \g<0> ", folded))


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return a word without its ending: "кухне" and "кухня" become the same."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=8192)
def stems(text: str) -> tuple[str, ...]:
    """Return the stems of a text in order, without prepositions and the like."""
    return tuple(stem(word) for word in words(text) if word not in _LITTLE_WORDS)


class Direction(StrEnum):
    """Which way something is changed."""

    ON = "on"
    OFF = "off"
    OPEN = "open"
    CLOSE = "close"
    OTHER = "other"


class Mood(StrEnum):
    """What a sentence wants."""

    REQUEST = "request"
    QUESTION = "question"
    REPORT = "report"
    """Tells what somebody did."""
    REFUSAL = "refusal"
    """Asks for something not to be done."""
    OTHER = "other"


_RUSSIAN_STEMS = {
    Direction.ON: ("включ", "вруб", "зажг", "зажеч", "запус", "запущ"),
    Direction.OFF: ("выключ", "выруб", "погас", "погаш", "потуш", "отключ", "останов"),
    Direction.OPEN: ("откр", "раскр", "приоткр", "подним", "поднят", "отопр", "отпер", "разблокир"),
    Direction.CLOSE: ("закр", "прикр", "опуст", "опуск", "опущ", "запр", "запер", "заблокир"),
    Direction.OTHER: (
        *(
            "постав",
            "установ",
            "сдела",
            "убав",
            "прибав",
            "увелич",
            "уменьш",
            "пониз",
            "пониж",
            "повыс",
            "повыш",
            "добав",
            "измен",
        ),
        *(
            "переключ",
            "настро",
            "сниз",
            "сниж",
            "удал",
            "убер",
            "отмен",
            "засек",
            "напомн",
            "запомн",
            "забуд",
            "приглуш",
        ),
        *("отправ", "позвон", "нагре", "охлад", "сыгра", "проигр", "пропылесос", "перекраш", "снима"),
    ),
}
_ENGLISH_VERBS = {
    Direction.ON: ("turn on", "switch on", "put on", "light up", "activate", "start"),
    Direction.OFF: ("turn off", "switch off", "put out", "shut off", "deactivate", "stop"),
    Direction.OPEN: ("open", "unlock", "raise", "unblock"),
    Direction.CLOSE: ("close", "lock", "shut", "lower"),
    Direction.OTHER: (
        *("set", "make", "dim", "brighten", "increase", "decrease", "add", "remove", "delete", "play", "pause", "mute"),
        *("unmute", "change", "turn up", "turn down", "remember", "forget", "cancel", "remind", "run", "call"),
        *("send", "skip", "resume"),
    ),
}
_CHINESE_VERBS = {
    Direction.ON: ("打开", "开启", "启动", "开"),
    Direction.OFF: ("关闭", "关掉", "关上", "停止", "关"),
    Direction.OPEN: ("打开", "解锁", "拉开", "开"),
    Direction.CLOSE: ("关闭", "关上", "锁", "拉上", "关"),
    Direction.OTHER: ("设置", "调", "设", "播放", "暂停", "加", "删除", "记住", "忘记", "取消"),
}

# A past tense or a participle says what is, not what shall be; so does the third person ("включит").
_RUSSIAN_NOT_ASKED = re.compile(r".*(?:л|ла|ло|ли|лся|лась|лось|лись|н|на|но|ны|т|та|то|ты|тся|ся|ние|ния|нии|ются)$")
_RUSSIAN_PAST = re.compile(r".*(?:л|ла|ло|ли|лся|лась|лось|лись)$")
_RUSSIAN_PARTICIPLE = re.compile(r".*(?:н|на|но|ны|т|та|то|ты)$")
_RUSSIAN_ORDER = re.compile(r"(?!.*(?:ки|ии|ост[ьи]|ый|ий|[ктн]ой|тел[ьи]|телей)$).*(?:[ийь](?:те)?(?:сь|ся)?|чь)$")
"""An imperative or an infinitive, and not «настройки», «закрытый», «выключатель»."""
_RUSSIAN_DONE = re.compile(r"(?!.*тели$).*л[аои]?$")
"""Not of itself: «машина отключилась» may be what a manual knows about."""
_LECTURE = re.compile(r"лекци|конспект|lecture|讲座", re.IGNORECASE)
"""What is made of one is asked for like something to be done: «сделай конспект»."""
_HYPOTHETICAL = frozenset({"ли", "если", "if"})
_RUSSIAN_INFINITIVE = re.compile(r".*(?:ть|чь|ти|ться)$")
_RUSSIAN_QUESTION_WORDS = word_set(
    "кто что чего чему чем как какой какая какое какие какую каком каких каким где куда откуда когда почему "
    "зачем отчего сколько чей чья чье чьи который которая разве неужели правда ли есть"
)
_RUSSIAN_ASKS = word_set(
    "можешь можете можно мог могла могли хочу хочется надо нужно пора пожалуйста прошу давай давайте"
)
_ENGLISH_QUESTION_WORDS = word_set(
    "is are was were am do does did has have had what which who whose where when why how isn aren wasn"
)
_ENGLISH_ASKS = word_set("can could would will please")
_ENGLISH_OBJECT = word_set("the a an my our your this that all every some it on off up down")
_CHINESE_QUESTION = re.compile(r"[吗嗎呢?？]|什么|多少|几[点个度]|怎么|为什么|谁|哪|是不是|有没有|是否|[开关锁]着")
_CHINESE_ORDER = re.compile(
    r"(?:请|麻烦|帮我|帮忙|给我|你|能不能|可以|不要|别)*(?:把.+)?(?:[开关](?=[灯门窗])|打开|开启|启动|关闭|关掉|关上|停止|解锁|拉开|拉上|设置|播放|暂停|"
    r"删除|取消)"
)
_CHINESE_ASKS = re.compile(r"请|帮我|帮忙|能不能|可以|给我|把")

_LITTLE_WORDS = word_set(
    "в во на за к ко у с со из от до по о об и а но не ни же бы ли то мне мой моя мои наш наша the a an in on "
    "at of to for my our please пожалуйста свой все весь всю это этот эта"
)


def mood(text: str) -> Mood:
    """Return what a sentence wants, clause by clause: one that is asked for makes it a request."""
    if _HAN.search(text):
        return _chinese_mood(text)
    moods = [_clause_mood(words(clause)) for clause in _CLAUSE_END.split(text) if clause.strip()]
    if text.rstrip().endswith("?") and Mood.REQUEST not in moods:
        return Mood.QUESTION
    order = (Mood.REQUEST, Mood.QUESTION, Mood.REFUSAL, Mood.REPORT)
    return next((wanted for wanted in order if wanted in moods), Mood.OTHER)


def may_ask(text: str) -> bool:
    """Tell whether a sentence may want to know something; only a plain order and what somebody has done cannot.

    "Отмена крепостного права" and "the start of the war" have the words of orders: their forms and places tell.
    """
    if mood(text) is Mood.QUESTION or _LECTURE.search(text):
        return True
    if _HAN.search(text):
        return _CHINESE_ORDER.match(text) is None
    spoken = words(text)
    if not (_RUSSIAN_QUESTION_WORDS | _ENGLISH_QUESTION_WORDS).isdisjoint(spoken):
        return True
    return not _is_russian_order(spoken) and not _is_english_order(spoken)


def asked_directions(text: str) -> frozenset[Direction]:
    """Return which ways the sentence asks to change something; empty where it does not."""
    found: set[Direction] = set()
    if _HAN.search(text):
        found = {way for way, verbs in _CHINESE_VERBS.items() if any(verb in text for verb in verbs)}
    else:
        for clause in _CLAUSE_END.split(text):
            spoken = words(clause)
            found.update(way for _, way in _asked_verbs(spoken))
    return frozenset(found)


def directions_named(word_list: Iterable[str]) -> frozenset[Direction]:
    """Return the ways that Russian verbs among these words name, in any form."""
    return frozenset(way for word in word_list for way, known in _RUSSIAN_STEMS.items() if word.startswith(known))


def _clause_mood(clause: list[str]) -> Mood:
    if not clause:
        return Mood.OTHER
    asked = _asked_verbs(clause)
    is_question = _is_question(clause)
    if asked and not (is_question and all(_is_unsure(clause, index) for index, _ in asked)):
        return Mood.REQUEST
    if is_question or _states(clause):
        return Mood.QUESTION
    if any(directions_named([word]) and _is_refused(clause, index) for index, word in enumerate(clause)):
        return Mood.REFUSAL
    return Mood.REPORT if directions_named(filter(_RUSSIAN_PAST.match, clause)) else Mood.OTHER


def _states(clause: list[str]) -> bool:
    """Tell whether a Russian participle stands there: a recogniser writes «включён свет» for the question, too."""
    return any(directions_named([word]) and _RUSSIAN_PARTICIPLE.match(word) for word in clause)


def _is_unsure(clause: list[str], index: int) -> bool:
    """Tell whether a verb stands in a question ("how do I turn on", "как включить") and nobody asks for it."""
    if _HYPOTHETICAL & set(clause):
        return clause[index].isascii() or bool(_RUSSIAN_INFINITIVE.match(clause[index]))
    if _ENGLISH_ASKS & set(clause[:index]) or _RUSSIAN_ASKS & set(clause[:index]):
        return clause[0] not in _RUSSIAN_ASKS | _ENGLISH_ASKS
    return clause[index].isascii() or bool(_RUSSIAN_INFINITIVE.match(clause[index]))


def _is_question(clause: list[str]) -> bool:
    return (
        bool(_HYPOTHETICAL & set(clause))
        or clause[0] in _ENGLISH_QUESTION_WORDS
        or any(word in _RUSSIAN_QUESTION_WORDS for word in clause[:2])
    )


def _asked_verbs(clause: list[str]) -> list[tuple[int, Direction]]:
    return [*_russian_asked(clause), *_english_asked(clause)]


def _russian_asked(clause: list[str]) -> list[tuple[int, Direction]]:
    return [
        (index, way)
        for index, word in enumerate(clause)
        for way, prefixes in _RUSSIAN_STEMS.items()
        if word.startswith(prefixes)
        and (not _RUSSIAN_NOT_ASKED.match(word) or word.endswith("ть"))
        and not _is_refused(clause, index)
    ]


def _is_refused(clause: list[str], index: int) -> bool:
    return index > 0 and clause[index - 1] == "не"


def _is_russian_order(spoken: list[str]) -> bool:
    """Tell whether something is ordered, forbidden or done; one may also be reminded of what one wants to know."""
    moved = [word for word in spoken if directions_named([word])]
    if not any(_RUSSIAN_INFINITIVE.match(word) for word in spoken):
        moved = [word for word in moved if not word.startswith("напомн")]
    return any(_RUSSIAN_ORDER.match(word) or _RUSSIAN_DONE.match(word) for word in moved)


def _is_english_order(spoken: list[str]) -> bool:
    """Tell whether a sentence begins with a verb that has an object, unlike "close reading" or "play by Chekhov"."""
    begun = list(dropwhile((_ENGLISH_ASKS | {"you"}).__contains__, spoken))
    first = [verb for index, _ in _english_asked(begun) if index == 0 for verb in begun[1:2]]
    return any(verb not in {"of", "by"} for verb in first) and not _ENGLISH_OBJECT.isdisjoint(begun)


def _english_asked(clause: list[str]) -> list[tuple[int, Direction]]:
    found: list[tuple[int, Direction]] = []
    for way, verbs in _ENGLISH_VERBS.items():
        for verb in verbs:
            first, _, particle = verb.partition(" ")
            for index, word in enumerate(clause):
                if word != first or (particle and particle not in clause[index + 1 :]):
                    continue
                if not {"not", "don", "never", "t"} & set(clause[max(index - 2, 0) : index]):
                    found.append((index, way))
    return found


def _chinese_mood(text: str) -> Mood:
    has_verb = any(verb in text for verbs in _CHINESE_VERBS.values() for verb in verbs)
    if _CHINESE_QUESTION.search(text) and not (has_verb and _CHINESE_ASKS.search(text)):
        return Mood.QUESTION
    if re.search(r"了[。！]?$", text.strip()) and not _CHINESE_ASKS.search(text):
        return Mood.REPORT
    return Mood.REQUEST if has_verb else Mood.OTHER
