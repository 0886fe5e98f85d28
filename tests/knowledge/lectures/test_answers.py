"""A household asks about its lectures: files in a folder to the sentence that is spoken."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from knowledge import KnowledgeBase, KnowledgeSettings, Query
from knowledge.models import Filters, Kind, Language
from knowledge.settings import IngestSettings
from knowledge.text import dates
from knowledge.texts import TEXTS
from tests.waiting import wait_until

TODAY = date.today()  # noqa: DTZ011  as the household's calendar has it
YESTERDAY = TODAY - timedelta(1)
LONG_AGO = YESTERDAY - timedelta(60)
DESCENT = """1
00:00:01,000 --> 00:00:06,000
Сегодня мы говорим о методах оптимизации.

2
00:12:10,000 --> 00:12:20,000
Градиентный спуск — это способ найти минимум функции, шагая против градиента.

3
00:12:21,000 --> 00:12:30,000
Шаг спуска выбирают осторожно, иначе метод расходится.
"""
CELLS = """1
00:00:01,000 --> 00:00:06,000
Сегодня тема лекции — деление клетки.

2
00:01:10,000 --> 00:01:20,000
Митоз — это деление клетки, при котором хромосомы расходятся поровну.
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, probed: Path) -> Iterator[KnowledgeBase]:
    root = tmp_path_factory.mktemp("lectures")
    shutil.copytree(probed, root / "data")
    folder = root / "knowledge"
    (folder / "lectures" / "Физика").mkdir(parents=True)
    (folder / "lectures" / "Биология").mkdir()
    (folder / "documents").mkdir()
    (folder / "lectures" / "Физика" / f"{YESTERDAY} Градиентный спуск.srt").write_text(DESCENT)
    (folder / "lectures" / "Биология" / f"{LONG_AGO} Клетка.srt").write_text(CELLS)
    (folder / "documents" / "котёл.md").write_text("# Котёл\nДавление в котле должно быть полтора бара.\n")
    with KnowledgeBase(KnowledgeSettings(folder, root / "data", IngestSettings(settle_seconds=0.0))) as base:
        base.scan()
        wait_until(lambda: all(one.state == "ready" for one in base.lectures.all()))
        base.scan()
        yield base


def test_a_lecture_is_asked_by_its_day(base: KnowledgeBase) -> None:
    answer = base.ask("О чём была вчерашняя лекция?")
    assert answer.found
    assert [hit.passage.kind for hit in answer.sources] == [Kind.SUMMARY]
    assert "градиент" in answer.spoken.casefold()
    assert answer.spoken.endswith("Это из конспекта лекции «Градиентный спуск».")


def test_the_last_lecture_of_a_subject_is_found_by_its_folder(base: KnowledgeBase) -> None:
    assert "«Клетка»" in base.ask("О чём была последняя лекция по биологии?").spoken
    assert "«Градиентный спуск»" in base.ask("Расскажи, о чём была последняя лекция").spoken


def test_a_term_is_explained_with_its_minute(base: KnowledgeBase) -> None:
    answer = base.ask("Что такое градиентный спуск по лекции?")
    assert answer.sources[0].passage.kind is Kind.TERM
    assert answer.spoken.startswith("Градиентный спуск — способ найти минимум функции")
    assert answer.spoken.endswith("Это из лекции «Градиентный спуск», на 13-й минуте.")


def test_a_day_without_a_lecture_is_said_to_be_one(base: KnowledgeBase) -> None:
    answer = base.ask("О чём была лекция позавчера?")
    assert (answer.found, answer.spoken) == (False, "Лекций за это время я не нашёл.")


def test_several_lectures_are_named(base: KnowledgeBase) -> None:
    answer = base.ask("О чём были лекции?")
    assert answer.spoken == "Нашлось 2 лекции: «Градиентный спуск» и «Клетка»."
    assert len(answer.sources) == 2


def test_what_is_asked_of_one_lecture_is_not_looked_for_in_others(base: KnowledgeBase) -> None:
    assert base.ask("Что такое митоз в последней лекции?").found is False
    assert base.ask("Что такое митоз?").found


def test_other_questions_are_answered_as_ever(base: KnowledgeBase) -> None:
    assert "полтора бара" in base.ask("Какое давление в котле?").spoken


def test_a_search_for_lectures_finds_what_is_said_written_and_explained(base: KnowledgeBase) -> None:
    hits = base.search(Query("градиентный спуск", 10, Filters(kinds=frozenset({Kind.LECTURE})))).hits
    assert {hit.passage.kind for hit in hits} == {Kind.LECTURE, Kind.SUMMARY, Kind.TERM}
    terms = base.search(Query("градиентный спуск", 10, Filters(kinds=frozenset({Kind.TERM})))).hits
    assert [(hit.passage.kind, hit.passage.start_seconds) for hit in terms] == [(Kind.TERM, 730)]


def test_a_search_by_days_goes_by_the_day_of_the_lecture(base: KnowledgeBase) -> None:
    found = base.search(Query("сегодня", filters=Filters(dates=(YESTERDAY, TODAY)))).hits
    assert not any("Клетка" in hit.document for hit in found)


def test_a_search_knows_which_lecture_is_meant(base: KnowledgeBase) -> None:
    result = base.search(Query("о чём была лекция вчера"))
    assert result.relevant
    assert {hit.passage.kind for hit in result.hits} == {Kind.SUMMARY}


def test_english_questions_are_answered_in_english(base: KnowledgeBase) -> None:
    answer = base.ask("What was yesterday's lecture about?")
    assert answer.found
    assert answer.spoken.endswith("That is in the summary of the lecture Градиентный спуск.")


@pytest.mark.parametrize("question", ["昨天的讲座讲了什么？"])
def test_chinese_questions_are_answered_in_chinese(base: KnowledgeBase, question: str) -> None:
    assert base.ask(question).spoken.endswith("这出自讲座《Градиентный спуск》的摘要。")


def test_the_place_of_a_hit_is_its_chapter_and_time(base: KnowledgeBase) -> None:
    hits = base.search(Query("шаг спуска выбирают осторожно")).hits
    said = next(hit.passage for hit in hits if hit.passage.kind is Kind.LECTURE)
    assert (said.start_seconds, len(said.headings)) == (1, 1)


def test_the_recogniser_is_told_the_words_of_lectures(base: KnowledgeBase) -> None:
    topics = {topic.casefold() for topic in base.vocabulary().topics}
    assert {"градиентный спуск", "физика", "митоз", "котёл"} <= topics


def test_a_lecture_is_told_in_short_when_asked_so(base: KnowledgeBase) -> None:
    answer = base.ask("Расскажи вкратце вчерашнюю лекцию")
    assert answer.spoken.endswith("Это из конспекта лекции «Градиентный спуск».")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Какие есть лекции?", "Нашлось 2 лекции: «Градиентный спуск» и «Клетка»."),
        ("Какие есть лекции по биологии?", "Нашлась 1 лекция: «Клетка»."),
        ("What lectures do we have?", "I found 2 lectures: "),
    ],
)
def test_the_lectures_are_listed(question: str, expected: str, base: KnowledgeBase) -> None:
    answer = base.ask(question)
    assert answer.found
    assert expected in answer.spoken


def test_a_list_of_lectures_on_what_no_title_says_is_answered_from_what_they_say(base: KnowledgeBase) -> None:
    answer = base.ask("Есть ли лекции про митоз?")
    assert "хромосомы" in answer.spoken
    assert "«Клетка»" in answer.spoken


@pytest.mark.parametrize(
    ("question", "title", "language", "day"),
    [
        ("Когда была последняя лекция?", "Градиентный спуск", Language.RUSSIAN, YESTERDAY),
        ("Когда была лекция про градиентный спуск?", "Градиентный спуск", Language.RUSSIAN, YESTERDAY),
        ("Когда была последняя лекция по биологии?", "Клетка", Language.RUSSIAN, LONG_AGO),
        ("Когда была лекция про митоз?", "Клетка", Language.RUSSIAN, LONG_AGO),
        ("When was the last lecture?", "Градиентный спуск", Language.ENGLISH, YESTERDAY),
        ("上次讲座是什么时候？", "Градиентный спуск", Language.CHINESE, YESTERDAY),
    ],
)
def test_the_day_of_a_lecture_is_told(
    question: str, title: str, language: Language, day: date, base: KnowledgeBase
) -> None:
    answer = base.ask(question)
    said = TEXTS[language].lecture_held(title, dates.said(day, TODAY, language))
    assert (answer.found, answer.spoken) == (True, said)
    assert base.search(Query(question)).hits[0].passage.text == said


def test_the_days_of_several_lectures_are_told(base: KnowledgeBase) -> None:
    spoken = base.ask("Когда были лекции?").spoken
    assert spoken.startswith("Лекция «Градиентный спуск» была вчера. ")
    assert "Лекция «Клетка» была " in spoken


def test_a_lecture_that_was_not_held_has_no_day(base: KnowledgeBase) -> None:
    assert base.ask("Когда была лекция про Наполеона?").found is False


@pytest.mark.parametrize(
    ("question", "spoken"),
    [
        ("На какой лекции говорили про хромосомы?", "Об этом говорили на лекции «Клетка», на 2-й минуте."),
        ("In which lecture did they mention chromosomes?", "That is in the lecture Клетка, minute 2."),
        ("哪节课讲了митоз？", "讲到这个的是讲座《Клетка》第2分钟。"),
    ],
)
def test_the_lecture_and_the_minute_of_something_said_are_told(question: str, spoken: str, base: KnowledgeBase) -> None:
    answer = base.ask(question)
    assert (answer.found, answer.spoken) == (True, spoken)
    assert [hit.passage.title for hit in answer.sources] == ["Клетка"]


def test_what_no_lecture_says_is_not_looked_for_in_documents(base: KnowledgeBase) -> None:
    assert base.ask("На какой лекции говорили про давление в котле?").found is False
