"""The words of lectures that the recogniser is told."""

from collections.abc import Sequence

from knowledge.lectures.models import Chapter, Content, Maker, Segment, Term
from knowledge.lectures.passages import prepared
from knowledge.models import FileRecord, Kind, Status
from knowledge.store.topics import MOST_OF_LECTURES, likely_topics

SPEECH = [Segment("Сегодня мы говорим о методах оптимизации.", 0.0, 5.0)]


def term(name: str, confidence: float = 0.9, *, is_supported: bool = True) -> Term:
    return Term(name, f"это {name}", 0.0, f"{name} есть", confidence, is_supported, Maker.MODEL)


def topics_of(chapters: Sequence[str] = (), glossary: Sequence[Term] = ()) -> tuple[str, ...]:
    content = Content(tuple(Chapter(title, 0.0, 5.0, ()) for title in chapters), None, tuple(glossary))
    return prepared("Оптимизация", SPEECH, content).topics


def record(path: str, title: str, kind: Kind = Kind.LECTURE) -> FileRecord:
    return FileRecord(path, kind, title, Status.INDEXED, None, 1, 1, 0, "", 1, "", "2026-11-21T12:00:00Z")


def test_a_lecture_is_named_by_its_title_terms_and_chapters() -> None:
    assert topics_of(["Выбор шага"], [term("градиентный спуск")]) == ("Оптимизация", "градиентный спуск", "Выбор шага")


def test_nobody_says_a_list_of_words_or_a_term_that_the_lecture_does_not_explain() -> None:
    assert topics_of(["Шаг, минимум, функция", "梯度、下降", "Сегодня мы говорим…"]) == ("Оптимизация",)
    assert topics_of([], [term("квазар", is_supported=False)]) == ("Оптимизация",)


def test_of_many_terms_the_surest_are_listened_for() -> None:
    topics = topics_of([], [term(f"слово {number}", number / 100) for number in range(100)])
    assert topics[1] == "слово 99"
    assert len(topics) == 21


def test_fifty_lectures_leave_room_for_the_documents() -> None:
    lectures = [record(f"lectures/Физика/2026-{10 + n // 25}-{n % 25 + 1:02} {n}.srt", f"Тема {n}") for n in range(50)]
    manual = record("documents/a.md", "Котёл", Kind.DOCUMENT)
    topics = {one.path: [one.title, *(f"{one.title} слово {n}" for n in range(20))] for one in (manual, *lectures)}
    likely = likely_topics([manual, *lectures], topics)
    assert len(likely) == MOST_OF_LECTURES + 21
    assert {"Котёл", "Котёл слово 19", "Физика", "Тема 0", "Тема 49", "Тема 49 слово 0"} <= set(likely)
    assert "Тема 0 слово 0" not in likely


def test_a_file_name_that_nobody_could_say_in_one_breath_is_left_out() -> None:
    long = record("lectures/a.srt", "тема " * 40)
    assert likely_topics([long], {long.path: ["градиент"]}) == ["градиент"]
