"""The questions of the demo, and the run through all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo import steps
from demo.errors import DemoError
from demo.house import DROPPED
from demo.steps import Question
from demo.timeline import Outcome

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from demo.house import House
    from demo.steps import Result

_MANUAL, _MANUAL_IN_RUSSIAN = "documents/house-manual.md", "documents/инструкция-по-дому.md"
_FILMS = "films/films.csv"
_LECTURE = "lectures/2026-11-17 How the body remembers a virus.srt"
_LECTURE_IN_RUSSIAN = "lectures/2026-11-18 Звук и слух.srt"
RADIATOR = Question("how do i bleed a radiator", _MANUAL, "half a turn", "House manual", "House manual")
FILM = Question("who directed solaris", _FILMS, "Tarkovsky", "film list", "Solaris")
RADIATOR_IN_RUSSIAN = Question(
    "Как спустить воздух из радиатора?",
    _MANUAL_IN_RUSSIAN,
    "пол-оборота",
    "Инструкция по дому",
    "Инструкция по дому",
)
FILM_IN_RUSSIAN = Question("Кто снял фильм «Солярис»?", _FILMS, "Тарковск", "списка фильмов", "Солярис")
LECTURE = Question(
    "what is a vaccine",
    _LECTURE,
    "harmless piece or a weakened form of a microbe",
    "the lecture How the body remembers a virus, minute 4",
    "How the body remembers a virus",
)
LECTURE_IN_RUSSIAN = Question(
    "Что такое реверберация?",
    _LECTURE_IN_RUSSIAN,
    "затихание звука в помещении",
    "лекции «Звук и слух», на 4-й минуте",
    "Звук и слух",
)
LECTURE_OF_A_DAY = Question(
    "О чём была лекция 18 ноября 2026 года?",
    _LECTURE_IN_RUSSIAN,
    "частот",
    "конспекта лекции «Звук и слух»",
    "Звук и слух",
)
DACHA = Question("Где лежит ключ от дачи?", "dacha.md", "синей коробке", "Дача", "Дача")

STEPS: tuple[tuple[str, Callable[[House], Awaitable[Result]]], ...] = (
    ("1 a command, spoken", steps.switch_by_voice),
    ("2 a document, spoken", lambda house: steps.ask_by_voice(house, RADIATOR, "2-document")),
    ("2 a film, spoken", lambda house: steps.ask_by_voice(house, FILM, "2-film")),
    ("2 a lecture, spoken", lambda house: steps.ask_by_voice(house, LECTURE, "2-lecture")),
    ("3 a document, Russian", lambda house: steps.ask_in_writing(house, RADIATOR_IN_RUSSIAN, "3-document")),
    ("3 a film, Russian", lambda house: steps.ask_in_writing(house, FILM_IN_RUSSIAN, "3-film")),
    ("3 a lecture, Russian", lambda house: steps.ask_in_writing(house, LECTURE_IN_RUSSIAN, "3-lecture")),
    ("3 a lecture by its day", lambda house: steps.ask_in_writing(house, LECTURE_OF_A_DAY, "3-lecture-of-a-day")),
    ("4 a file just dropped", lambda house: steps.drop_a_file(house, DACHA, DROPPED)),
)


async def run(house: House, show: Callable[[Outcome], None]) -> list[Outcome]:
    """Try every step, show each as it ends, and return them all.

    Raises: ProcessFailedError when one of the servers has ended: the steps after it could prove nothing.
    """
    outcomes = []
    for title, step in STEPS:
        try:
            outcome = Outcome(title, await step(house))
        except DemoError as err:
            house.require_running()
            outcome = Outcome(title, failure=str(err))
        show(outcome)
        outcomes.append(outcome)
    return outcomes
