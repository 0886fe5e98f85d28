"""A lesson in which pupils ask and answer, summed up without a model."""

import pytest

from knowledge.lectures.writing.definitions import definitions
from knowledge.lectures.writing.extractive import best
from knowledge.lectures.writing.glossary import glossary
from knowledge.lectures.writing.phrases import phrases
from knowledge.lectures.writing.spoken import spoken
from knowledge.models import Language
from tests.knowledge.lectures.said import segments

LESSON = """
Гранит сложен кристаллами кварца, полевого шпата и слюды.
Хороший вопрос, Дима, гранит сложен кристаллами, и кварц в нём самый твёрдый.
Нет, Лена, полевой шпат мягче кварца и царапает слюду в граните.
Кварц царапает полевой шпат, а слюда раскалывается на листочки.
Возьмите кусок гранита, найдите в нём кварц, шпат и слюду.
Минерал — это вещество с постоянным составом и кристаллами, как кварц.
"""


def test_what_is_said_to_one_pupil_is_no_summary() -> None:
    chosen = [one.text for one in best(spoken(segments(LESSON.strip().splitlines())), 2)]
    assert chosen == [LESSON.strip().splitlines()[number] for number in (0, 5)]


def test_what_the_hearers_are_told_to_do_is_no_definition() -> None:
    lines = ["Возьмите лупу, приглядитесь, вот тут отпечаток раковины.", "Такие следы называются окаменелостями."]
    (term,) = [one for one in glossary(spoken(segments(lines)), Language.RUSSIAN) if one.term == "окаменелость"]
    assert term.definition == ""


def test_speakers_who_say_their_names_are_no_topic() -> None:
    lines = [
        "大家好，我是阿杰，今天聊红茶。",
        "阿杰喜欢红茶，不喜欢绿茶。",
        "红茶比绿茶甜，阿杰说。",
        "喝红茶吧，阿杰也喝红茶。",
    ]
    found = [one.text for one in phrases(spoken(segments(lines)), Language.CHINESE)]
    assert "红茶" in found
    assert "阿杰" not in found


@pytest.mark.parametrize(
    ("sentence", "term", "text"),
    [
        ("对，那个感觉就是回甘，回甘是指苦味过去以后出现的甜味。", "回甘", "苦味过去以后出现的甜味"),
        ("在茶里面，发酵指的是茶多酚慢慢氧化。", "发酵", "茶多酚慢慢氧化"),
        ("先让叶子躺着失水，变软，这一步叫做萎凋。", "萎凋", "先让叶子躺着失水，变软"),
        ("这种用小壶泡浓茶的方法叫做功夫茶。", "功夫茶", "用小壶泡浓茶的方法"),
    ],
)
def test_chinese_definitions_stand_without_what_leads_to_them(sentence: str, term: str, text: str) -> None:
    (found,) = definitions(sentence, Language.CHINESE)
    assert (found.term, found.text) == (term, text)
