from datetime import date

import pytest

from knowledge.lectures.questions import days
from knowledge.lectures.questions.asked import read
from knowledge.text import analyzer

TODAY = date(2026, 11, 21)  # a Saturday


def day(number: int, month: int = 11, year: int = 2026) -> tuple[date, date]:
    return date(year, month, number), date(year, month, number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("о чем была лекция вчера", day(20)),
        ("вчерашняя лекция", day(20)),
        ("лекция позавчера", day(19)),
        ("лекция в среду", day(18)),
        ("лекция в прошлую субботу", day(14)),
        ("лекция в субботу", day(21)),
        ("лекция 18 ноября", day(18)),
        ("лекция восемнадцатого ноября", day(18)),
        ("лекция двадцать пятого декабря", day(25, 12, 2025)),
        ("лекция от 3.11", day(3)),
        ("лекция от 03.11.2025", day(3, 11, 2025)),
        ("лекции на прошлой неделе", (date(2026, 11, 9), date(2026, 11, 15))),
        ("лекции на этой неделе", (date(2026, 11, 16), TODAY)),
        ("лекции в прошлом месяце", (date(2026, 10, 1), date(2026, 10, 31))),
        ("лекция три дня назад", day(18)),
        ("лекция неделю назад", (date(2026, 11, 12), date(2026, 11, 16))),
        ("yesterday's lecture", day(20)),
        ("the lecture on wednesday", day(18)),
        ("last saturday's lecture", day(14)),
        ("the lecture of november 18th", day(18)),
        ("the lecture on the eighteenth of november 2025", day(18, 11, 2025)),
        ("lectures of last week", (date(2026, 11, 9), date(2026, 11, 15))),
        ("the lecture two days ago", day(19)),
        ("昨天的讲座", day(20)),
        ("周三的讲座", day(18)),
        ("上周六的讲座", day(14)),
        ("上周的讲座", (date(2026, 11, 9), date(2026, 11, 15))),
        ("十一月十八号的讲座", day(18)),
        ("11月18日的讲座", day(18)),
    ],
)
def test_days_are_understood_as_people_name_them(text: str, expected: tuple[date, date]) -> None:
    found = days.find(text, TODAY)
    assert found is not None
    assert found[0] == expected


@pytest.mark.parametrize("text", ["лекция о градиентном спуске", "31 февраля", "the lecture about cells", "这个讲座"])
def test_a_text_without_a_day_names_none(text: str) -> None:
    assert days.find(text, TODAY) is None


@pytest.mark.parametrize(
    ("question", "rest", "named", "is_last"),
    [
        ("О чём была лекция в среду?", "", day(18), False),
        ("Расскажи, что было на вчерашней лекции", "", day(20), False),
        ("О чём была последняя лекция по физике?", "физике", None, True),
        ("Перескажи последнюю лекцию", "", None, True),
        ("Краткое содержание лекции 18 ноября", "", day(18), False),
        ("Какие лекции были на прошлой неделе?", "", (date(2026, 11, 9), date(2026, 11, 15)), False),
        ("О чём говорили на последней лекции?", "", None, True),
        ("О чём рассказывали на лекции по биологии вчера?", "биологии", day(20), False),
        ("Дай конспект вчерашней лекции", "", day(20), False),
        ("Расскажи вкратце вчерашнюю лекцию", "", day(20), False),
        ("What was yesterday's lecture about?", "", day(20), False),
        ("Summarize the last physics lecture", "physics", None, True),
        ("What was the lecture on Wednesday about?", "", day(18), False),
        ("昨天的讲座讲了什么？", "", day(20), False),
        ("最近的讲座讲了什么", "", None, True),
        ("上周三的课讲了什么", "", day(11), False),
    ],
)
def test_the_whole_of_a_lecture_is_asked(
    question: str, rest: str, named: tuple[date, date] | None, is_last: bool
) -> None:
    asked = read(question, TODAY)
    assert asked is not None
    assert asked.is_about_whole
    assert (asked.days, asked.is_last) == (named, is_last)
    assert rest in asked.rest if rest else asked.rest == ""


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Что такое градиентный спуск по лекции?", "градиентный спуск"),
        ("Что такое овраг в лекции в среду?", "овраг"),
        ("What is gradient descent in yesterday's lecture?", "gradient descent"),
        ("What is gradient descent, according to the lecture?", "gradient descent"),
        ("讲座里梯度下降是什么？", "梯度下降"),
    ],
)
def test_something_in_a_lecture_is_asked(question: str, rest: str) -> None:
    asked = read(question, TODAY)
    assert asked is not None
    assert not asked.is_about_whole
    assert rest in asked.rest


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("На какой лекции говорили про вакцину?", "вакцину"),
        ("В какой из лекций упоминали макрофаги?", "макрофаги"),
        ("На какой лекции вчера шла речь о вирусах?", "вирусах"),
        ("In which lecture did they talk about antibodies?", "antibodies"),
        ("Which lecture mentioned the macrophage?", "macrophage"),
        ("哪节课讲到了抗体？", "抗体"),
        ("抗体是在哪个讲座里讲的？", "抗体"),
    ],
)
def test_it_is_asked_in_which_lecture_something_was_said(question: str, rest: str) -> None:
    asked = read(question, TODAY)
    assert asked is not None
    assert asked.is_which
    assert (asked.is_list, asked.is_about_whole) == (False, False)
    assert analyzer.question_terms(asked.rest) == analyzer.question_terms(rest)


@pytest.mark.parametrize(
    "question",
    [
        "Когда следующая лекция по физике?",
        "Во сколько завтра лекция?",
        "Когда лекция по физике?",
        "Когда будет последняя лекция?",
        "Когда была битва при Бородино?",
        "When is the lecture on cells?",
        "下次讲座是什么时候？",
        "讲座什么时候开始？",
        "О чём фильм Солярис?",
        "Какое давление в котле?",
        "When is the next lecture?",
        "明天有讲座吗？",
        "Включи свет в лекционном зале",
    ],
)
def test_other_questions_are_left_alone(question: str) -> None:
    assert read(question, TODAY) is None


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Какие есть лекции по экономике?", "экономике"),
        ("Какие у нас лекции?", ""),
        ("Сколько лекций по физике?", "физике"),
        ("Есть ли лекции про вирусы?", "вирусы"),
        ("Перечисли лекции за прошлую неделю", ""),
        ("Покажи список лекций", ""),
        ("Which lectures are there on biology?", "biology"),
        ("What lectures do we have?", ""),
        ("How many lectures are there?", ""),
        ("Are there any lectures about cells?", "cells"),
        ("List my lectures", ""),
        ("有哪些讲座?", ""),
        ("有没有关于物理的讲座?", "物理"),
    ],
)
def test_a_list_of_lectures_is_asked_for(question: str, rest: str) -> None:
    asked = read(question, TODAY)
    assert asked is not None
    assert asked.is_list
    assert asked.rest.strip() == rest


@pytest.mark.parametrize(
    "question",
    [
        "На какой лекции говорили про овраг?",
        "Что такое градиентный спуск по лекции?",
        "О чём была лекция в среду?",
        "What did the lecture say about cells?",
        "What is a pathogen in the lecture?",
    ],
)
def test_a_question_on_what_a_lecture_says_asks_for_no_list(question: str) -> None:
    asked = read(question, TODAY)
    assert asked is None or not asked.is_list


@pytest.mark.parametrize(
    ("question", "rest", "is_last"),
    [
        ("Когда была последняя лекция?", "", True),
        ("Последняя лекция когда была?", "", True),
        ("Когда в последний раз была лекция по физике?", "физике", True),
        ("Когда была лекция про градиентный спуск?", "градиентный спуск", False),
        ("Какого числа читали лекцию о клетке?", "клетке", False),
        ("В какой день проходила лекция по биологии?", "биологии", False),
        ("When was the last lecture?", "", True),
        ("When was the last time we had a physics lecture?", "physics", True),
        ("When was the lecture about gradient descent?", "gradient descent", False),
        ("What day was the lecture on cells?", "cells", False),
        ("上次讲座是什么时候？", "", True),
        ("最近的物理讲座是几号？", "物理", True),
        ("关于梯度下降的讲座是什么时候讲的？", "梯度下降", False),
    ],
)
def test_the_day_of_a_lecture_is_asked(question: str, rest: str, is_last: bool) -> None:
    asked = read(question, TODAY)
    assert asked is not None
    assert (asked.is_when, asked.is_last) == (True, is_last)
    assert rest in asked.rest if rest else asked.rest == ""
