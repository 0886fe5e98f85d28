"""Lectures are found by words, described and summed up."""

from dataclasses import replace

import pytest

from custom_components.voice_rag.lecture_news import untold
from custom_components.voice_rag.lectures import collection_of, find_lecture, is_in_collection, shorten
from custom_components.voice_rag.models import Lecture

GRADIENT = Lecture("1", "lectures/Физика/a.mp3", "Градиентный спуск", None, 60.0, "ready", "", None, 3, "model", "x")
CELLS = replace(GRADIENT, id="2", path="lectures/Biology/Autumn/b.mkv", title="Cells and their walls")
NEWEST = replace(GRADIENT, id="3", path="lectures/c.mp3", title="Cells, part two", state="transcribing")
LECTURES = (NEWEST, CELLS, GRADIENT)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("", CELLS),
        ("1", GRADIENT),
        ("о градиентном спуске", GRADIENT),
        ("CELLS", CELLS),
        ("cells two", NEWEST),
        ("quantum cells", None),
        ("?", None),
    ],
)
def test_a_lecture_is_found_by_its_id_or_the_words_of_its_title(wanted: str, found: Lecture | None) -> None:
    assert find_lecture(LECTURES, wanted) is found


def test_where_no_lecture_is_ready_there_is_no_latest_one() -> None:
    assert find_lecture((NEWEST,), "") is None


@pytest.mark.parametrize(
    ("path", "collection"),
    [
        ("lectures/a.mp3", ""),
        ("lectures/Физика/Осень/a.mp3", "Физика/Осень"),
        ("lectures/uploads/Физика/a.mp3", "Физика"),
        ("a.mp3", ""),
    ],
)
def test_folders_below_that_of_lectures_are_a_collection(path: str, collection: str) -> None:
    assert collection_of(path) == collection


def test_a_collection_holds_those_below_it_and_no_neighbour_of_a_similar_name() -> None:
    assert [lecture.id for lecture in LECTURES if is_in_collection(lecture, "biology/")] == ["2"]
    assert [lecture.id for lecture in LECTURES if is_in_collection(lecture, "Bio")] == []
    assert [lecture.id for lecture in LECTURES if is_in_collection(lecture, "")] == ["3", "2", "1"]


def test_a_summary_is_shortened_to_whole_sentences_without_markup() -> None:
    summary = "## Коротко\n\nЛекция о **градиенте** и [спуске](#a).\n\n- Шаг: 0.5.\n" + "1. Длинное слово.\n" * 30
    short = shorten(summary)
    assert short.startswith("Лекция о градиенте и спуске. Шаг: 0.5. Длинное слово.")
    assert len(short) <= 300
    assert short.endswith("слово.")


@pytest.mark.parametrize(
    ("summary", "short"),
    [
        ("Ищут минимум.\n\n## По порядку\n\n- **0:01** Градиент\n", "Ищут минимум."),
        ("# Градиентный спуск\n\n## Коротко\n\nИщут минимум.\n", "Ищут минимум."),
        ("# Одни заголовки\n", ""),
        ("", ""),
    ],
)
def test_only_the_beginning_of_a_summary_is_told(summary: str, short: str) -> None:
    assert shorten(summary) == short


@pytest.mark.parametrize(("text", "end"), [("слово " * 100, "слово…"), ("字" * 400, "字…")])
def test_a_summary_of_one_endless_sentence_is_cut(text: str, end: str) -> None:
    assert shorten(text).endswith(end)
    assert len(shorten(text)) <= 300


def test_a_lecture_is_told_of_once_and_a_failure_may_be_followed_by_success() -> None:
    failed = replace(GRADIENT, state="failed")
    assert untold((GRADIENT, CELLS, NEWEST), {}) == [CELLS, GRADIENT]
    assert untold((GRADIENT,), {"1": "ready"}) == []
    assert untold((failed,), {"1": "failed"}) == []
    assert untold((GRADIENT,), {"1": "failed"}) == [GRADIENT]
    assert untold((failed,), {"1": "ready"}) == []
