"""Lectures without recordings or a store: as many as a test wants, which change when they are told to."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from knowledge.errors import LectureChangedError, LectureStateError, UnknownLectureError, UnknownTemplateError
from knowledge.lectures.models import (
    Chapter,
    Content,
    Lecture,
    LectureState,
    Maker,
    Paragraph,
    Progress,
    Segment,
    Summary,
    Term,
    Transcript,
)
from knowledge.models import Language
from knowledge.reasons import Problem, Reason

GRADIENT = Lecture(
    id="9f2c41d07ab35e18",
    path="lectures/Физика/2026-11-18 Градиентный спуск.mp3",
    title="Градиентный спуск",
    held_on=date(2026, 11, 18),
    language=Language.RUSSIAN,
    duration=5412.4,
    state=LectureState.READY,
    progress=None,
    problem=None,
    has_media=True,
    transcriber="gigaam",
    ready_at="2026-11-21T10:15:00+00:00",
    version=4,
    summary_by=Maker.MODEL,
    terms=2,
)
CELLS = replace(
    GRADIENT,
    id="04b1c9e2f7d8a356",
    path="lectures/Biology/cells.mkv",
    title="cells",
    held_on=date(2026, 11, 20),
    language=None,
    duration=3600.0,
    state=LectureState.TRANSCRIBING,
    progress=Progress(900.0, 3600.0, 410.0),
    transcriber="faster_whisper",
    ready_at=None,
    version=2,
    summary_by=None,
    terms=0,
)
BROKEN = replace(
    CELLS,
    id="77aa01b2c3d4e5f6",
    path="lectures/broken.mp4",
    title="broken",
    duration=None,
    state=LectureState.FAILED,
    progress=None,
    problem=Problem(Reason.BROKEN),
    transcriber="",
)
SAID = Transcript(
    (
        Segment("Здравствуйте, сегодня поговорим о градиентном спуске.", 0.0, 6.2),
        Segment(
            "Градиентный спуск — это способ найти минимум функции, шагая против градиента.",
            6.9,
            21.4,
            is_corrected=True,
        ),
    ),
    Language.RUSSIAN,
)
MADE = Content(
    chapters=(Chapter("Что такое градиент", 0.0, 612.5, (Paragraph(0, 2),)),),
    summary=Summary("short", "## Коротко\n\nЛекция о том, как искать минимум функции.", Maker.MODEL),
    glossary=(
        Term(
            "градиентный спуск",
            "способ найти минимум функции, шагая против градиента",
            6.9,
            "Градиентный спуск — это способ найти минимум функции, шагая против градиента.",
            0.92,
            is_supported=True,
            by=Maker.MODEL,
        ),
        Term(
            "овраг",
            "область, где функция меняется быстро лишь в одном направлении",
            310.0,
            "В оврагах спуск скачет от стены к стене.",
            0.4,
            is_supported=False,
            by=Maker.MODEL,
        ),
    ),
)


class FakeLectures:
    """Keeps the Protocol `Lectures` in memory."""

    def __init__(self, *lectures: Lecture) -> None:
        self._lectures = {lecture.id: lecture for lecture in lectures or (CELLS, GRADIENT, BROKEN)}
        self._transcripts = {GRADIENT.id: SAID}
        self._contents = {GRADIENT.id: MADE}
        self._slides = {GRADIENT.id: "lectures/Физика/2026-11-18 Градиентный спуск.pdf"}
        self._listeners: list[Callable[[Lecture], None]] = []

    def all(self) -> list[Lecture]:
        return list(self._lectures.values())

    def lecture(self, id_: str) -> Lecture:
        if id_ not in self._lectures:
            raise UnknownLectureError(id_)
        return self._lectures[id_]

    def by_path(self, path: str) -> Lecture | None:
        return next((lecture for lecture in self.all() if lecture.path == path), None)

    def transcript(self, id_: str) -> Transcript | None:
        return self._transcripts.get(self.lecture(id_).id)

    def content(self, id_: str) -> Content:
        return self._contents.get(self.lecture(id_).id, Content())

    def slides(self, id_: str) -> str | None:
        return self._slides.get(self.lecture(id_).id)

    def pause(self, id_: str) -> Lecture:
        return self._moved(id_, LectureState.PAUSED, LectureState.TRANSCRIBING, LectureState.WAITING)

    def resume(self, id_: str) -> Lecture:
        return self._moved(id_, LectureState.TRANSCRIBING, LectureState.PAUSED, LectureState.CANCELLED)

    def cancel(self, id_: str) -> Lecture:
        return self._moved(id_, LectureState.CANCELLED, LectureState.TRANSCRIBING, LectureState.PAUSED)

    def retry(self, id_: str) -> Lecture:
        return self._moved(id_, LectureState.WAITING, LectureState.FAILED)

    def correct(self, id_: str, version: int, texts: Mapping[int, str]) -> Lecture:
        lecture = self.lecture(id_)
        if lecture.version != version:
            raise LectureChangedError
        transcript = self._transcripts[id_]
        segments = tuple(
            replace(segment, text=texts[number], is_corrected=True) if number in texts else segment
            for number, segment in enumerate(transcript.segments)
            if texts.get(number) != ""
        )
        self._transcripts[id_] = replace(transcript, segments=segments)
        return self.change(replace(lecture, version=version + 1))

    def write(self, id_: str, template: str) -> Lecture:
        if template not in self.templates():
            raise UnknownTemplateError(template, self.templates())
        return self._moved(id_, LectureState.WRITING, LectureState.READY)

    def templates(self) -> list[str]:
        return ["short", "study_notes", "lesson_plan"]

    def subscribe(self, listener: Callable[[Lecture], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def change(self, lecture: Lecture) -> Lecture:
        """Make a lecture what a test wants it to be, and tell who listens."""
        self._lectures[lecture.id] = lecture
        for listener in list(self._listeners):
            listener(lecture)
        return lecture

    def _moved(self, id_: str, state: LectureState, *froms: LectureState) -> Lecture:
        lecture = self.lecture(id_)
        if lecture.state not in froms:
            raise LectureStateError(f"The lecture is {lecture.state}.")
        return self.change(replace(lecture, state=state, progress=None))
