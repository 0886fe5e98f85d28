"""What people say without asking for anything: greetings, thanks, "all is well". Pure."""

from __future__ import annotations

import re

from knowledge.text import analyzer

_RUSSIAN = """
привет приветик здравствуй здравствуйте доброе добрый доброй доброго утро утра день дня вечер ночи спокойной пока до
свидания спасибо благодарю большое тебе вам ты вы я мы мне нам у тебя вас меня нас и а ну как что дела поживаешь все
очень это хорошо плохо отлично прекрасно нормально замечательно ладно понятно ясно да нет не помоги помогите пожалуйста
дома пришел пришла молодец умница люблю скучно грустно умеешь можешь кто такой такая
"""
_ENGLISH = """
hello hi hey good morning afternoon evening night bye goodbye thank thanks you very much a lot so i me my we m am is are
it how what can do does who help please home fine well ok okay great nice everything all right yes no love bored sad the
"""
_WORDS = frozenset(f"{_RUSSIAN} {_ENGLISH}".split())
_CHINESE = re.compile(
    r"(?:你好|您好|大家好|早上好|早安|晚上好|晚安|再见|拜拜|谢谢你?|多谢|好的?|没事|没关系|帮帮?我|救命|我回来了|我到家了|"
    r"我很?无聊|你是谁|你会(?:做)?什么|你好吗|一切都好)[了吗呢吧啊]*"
)


def is_small_talk(text: str) -> bool:
    """Say whether nothing is asked that a document could answer, although it may hold the words by chance."""
    words = analyzer.plain_words(text)
    if any(map(analyzer.is_chinese, words)):
        return _CHINESE.fullmatch("".join(words)) is not None
    return bool(words) and _WORDS.issuperset(words)
