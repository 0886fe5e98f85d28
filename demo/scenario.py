"""The questions of the demo, and the run through all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo import steps
from demo.errors import DemoError
from demo.steps import Question
from demo.timeline import Outcome

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from demo.house import House
    from demo.steps import Result

MANUAL = Question("how do I bleed a radiator", "documents/house-manual.md", "half a turn", "House manual")
FILM = Question("who directed solaris", "films/films.csv", "Tarkovsky", "Solaris")
MANUAL_IN_RUSSIAN = Question("Как развоздушить радиатор?", "documents/house-manual-ru.md", "пол-оборота", "Дом")
DROPPED = Question("Где лежит ключ от дачи?", "dacha.md", "синей коробке", "Дача")
DROPPED_CONTENT = "# Дача\n\n## Ключ\n\nЗапасной ключ от дачи лежит в синей коробке на верхней полке в прихожей.\n"

STEPS: tuple[tuple[str, Callable[[House], Awaitable[Result]]], ...] = (
    ("1 a command, spoken", steps.switch_by_voice),
    ("2 a document, spoken", lambda house: steps.ask_by_voice(house, MANUAL, "2-document")),
    ("2 a film, spoken", lambda house: steps.ask_by_voice(house, FILM, "2-film")),
    ("3 in Russian, written", lambda house: steps.ask_in_writing(house, MANUAL_IN_RUSSIAN, "3-russian")),
    ("4 a file just dropped", lambda house: steps.drop_a_file(house, DROPPED, DROPPED_CONTENT)),
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
