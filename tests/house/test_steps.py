"""A step that did not really happen fails, and says what was expected and what was seen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

from demo import scenario, steps
from demo.audio import write_wav
from demo.conversation import Conversation, Kind, Moment
from demo.errors import ProcessFailedError, StepFailedError
from demo.folders import HouseFolders
from demo.furnishing import Voice
from demo.homeassistant import Owner, Reply
from demo.house import House
from demo.knowledge import Hit
from demo.servers import Addresses
from demo.steps import Question

if TYPE_CHECKING:
    from pathlib import Path

    from demo.speech import Recording
    from demo.timeline import Outcome

QUESTION = Question("how do i bleed a radiator", "manual.md", "half a turn", "House manual", "House manual")
ANSWER = "Turn the key half a turn. That is in House manual."
IN_RUSSIAN = Question("Как спустить воздух?", "manual.md", "на пол-оборота", "Инструкция", "Инструкция")
RUSSIAN_ANSWER = "Поверните ключ на пол-оборота. Это из документа «Инструкция»."
LOUD = np.full(2000, 3000, np.int16)
SILENT = np.zeros(2000, np.int16)


@dataclass
class HomeFake:
    """Home Assistant that switches nothing and answers with the next of the given texts; the last one stays."""

    answers: list[str] = field(default_factory=lambda: [ANSWER])
    states: list[str] = field(default_factory=lambda: ["off", "on"])
    spoken: bytes = b""

    async def call(self, domain: str, service: str, **data: Any) -> None:
        pass

    async def state(self, entity_id: str) -> str:
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]

    async def converse(self, text: str, language: str, agent_id: str) -> Reply:
        return Reply(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0], "query_answer")

    async def speak(self, text: str, engine_id: str, language: str, voice: str) -> bytes:
        return self.spoken


@dataclass
class SatelliteFake:
    """A satellite that hears and says what it is told to."""

    heard: str = QUESTION.text
    reply: str = ANSWER
    wake_word: str = "okay_nabu"
    sound: np.ndarray = field(default_factory=lambda: LOUD)

    async def converse(self, recording: Recording, loudspeaker: Path) -> Conversation:
        write_wav(loudspeaker, self.sound, 16_000)
        return Conversation(
            moments=[
                Moment(Kind.DETECTION, 1, {"name": self.wake_word}),
                Moment(Kind.TRANSCRIPT, 2, {"text": self.heard}),
                Moment(Kind.SYNTHESIZE, 3, {"text": self.reply}),
            ]
        )


@dataclass
class KnowledgeFake:
    """An index with one passage, or none."""

    hits: list[Hit] = field(
        default_factory=lambda: [Hit("manual.md", "House manual", "Turn the key half a turn, на пол-оборота.")]
    )

    async def search(self, query: str) -> list[Hit]:
        return self.hits


@dataclass
class ProcessFake:
    """A server that has ended, or not."""

    failure: ProcessFailedError | None = None

    def require_running(self) -> None:
        if self.failure is not None:
            raise self.failure


@pytest.fixture
def house(tmp_path: Path) -> House:
    folders = HouseFolders(tmp_path)
    for folder in folders.cleared:
        folder.mkdir()
    return House(
        folders=folders,
        addresses=Addresses(1, 2, 3, 4),
        owner=Owner("demo", "secret"),
        home=cast("Any", HomeFake()),
        knowledge=cast("Any", KnowledgeFake()),
        satellite=cast("Any", SatelliteFake()),
        agent_id="conversation.voice_rag",
        russian_voice=Voice("tts.voice_rag", "ru", "espeak-ru"),
        answerer="nobody",
        uses_model=False,
        processes=(),
    )


def with_parts(house: House, **parts: Any) -> House:
    return replace(house, **parts)


async def test_a_spoken_question_reports_what_was_heard_and_where_the_answer_stands(house: House) -> None:
    result = await steps.ask_by_voice(house, QUESTION, "2")
    assert result.asked == "okay nabu ... how do i bleed a radiator"
    assert result.heard == QUESTION.text
    assert result.answer == ANSWER
    assert result.proof == "in the index under manual.md"


@pytest.mark.parametrize(
    ("satellite", "seen"),
    [
        (SatelliteFake(wake_word="hey_jarvis"), "expected the wake word okay_nabu"),
        (SatelliteFake(heard="turn off the light"), "saw 'turn off the light'"),
        (SatelliteFake(reply=""), "expected an answer"),
        (SatelliteFake(sound=SILENT), "expected a spoken answer; saw silence"),
        (SatelliteFake(reply="Sorry, House manual?"), "expected an answer with 'half a turn'"),
        (SatelliteFake(reply="Turn it half a turn."), "names its source, 'House manual'"),
    ],
    ids=["wake word", "transcript", "no answer", "silence", "no fact", "no source"],
)
async def test_a_spoken_question_fails_where_something_did_not_happen(
    house: House, satellite: SatelliteFake, seen: str
) -> None:
    with pytest.raises(StepFailedError, match=seen):
        await steps.ask_by_voice(with_parts(house, satellite=satellite), QUESTION, "2")


@pytest.mark.parametrize(
    "hits", [[], [Hit("other.md", "Other", "half a turn")], [Hit("manual.md", "House manual", "something else")]]
)
async def test_an_answer_that_the_index_does_not_hold_fails(house: House, hits: list[Hit]) -> None:
    with pytest.raises(StepFailedError, match=r"in the index under manual\.md"):
        await steps.ask_by_voice(with_parts(house, knowledge=KnowledgeFake(hits)), QUESTION, "2")


async def test_a_command_after_which_the_light_is_still_off_fails(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "STATE_SECONDS", 0.0)
    broken = with_parts(
        house, home=HomeFake(states=["off"]), satellite=SatelliteFake(heard="turn on the kitchen light")
    )
    with pytest.raises(StepFailedError, match=r"light\.kitchen to be on; saw off"):
        await steps.switch_by_voice(broken)


async def test_a_written_question_is_spoken_with_the_russian_voice(house: House, tmp_path: Path) -> None:
    write_wav(tmp_path / "spoken.wav", LOUD, 22_050)
    home = HomeFake([RUSSIAN_ANSWER], spoken=(tmp_path / "spoken.wav").read_bytes())
    result = await steps.ask_in_writing(with_parts(house, home=home), IN_RUSSIAN, "3")
    assert result.answer == RUSSIAN_ANSWER
    assert "espeak-ru" in result.proof
    assert result.audio is not None
    assert result.audio.read_bytes() == home.spoken


async def test_a_russian_question_that_is_answered_in_english_fails(house: House) -> None:
    answer = "It says на пол-оборота, that is half a turn to the left, in the document Инструкция."
    with pytest.raises(StepFailedError, match="expected an answer in Russian"):
        await steps.ask_in_writing(with_parts(house, home=HomeFake([answer])), IN_RUSSIAN, "3")


async def test_a_dropped_file_is_asked_about_until_it_is_answered_from(house: House, tmp_path: Path) -> None:
    home = HomeFake(["Не знаю.", "Не знаю.", RUSSIAN_ANSWER])
    (tmp_path / "dropped").mkdir()
    (tmp_path / "dropped" / "manual.md").write_text("Поверните на пол-оборота.")
    result = await steps.drop_a_file(with_parts(house, home=home), IN_RUSSIAN, tmp_path / "dropped")
    assert result.answer == RUSSIAN_ANSWER
    assert (house.folders.knowledge / "manual.md").is_file()


async def test_a_file_that_was_answered_from_before_it_was_dropped_proves_nothing(house: House, tmp_path: Path) -> None:
    with pytest.raises(StepFailedError, match="no answer before the file is there"):
        await steps.drop_a_file(with_parts(house, home=HomeFake([RUSSIAN_ANSWER])), IN_RUSSIAN, tmp_path)


async def test_a_dropped_file_that_is_never_answered_from_fails(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "DROPPED_SECONDS", 0.0)
    (tmp_path / "manual.md").write_text("Поверните на пол-оборота.")
    with pytest.raises(StepFailedError, match=r"within 0 s; saw 'Не знаю\.'"):
        await steps.drop_a_file(with_parts(house, home=HomeFake(["Не знаю."])), IN_RUSSIAN, tmp_path)


async def test_a_failed_step_does_not_keep_the_others_from_being_tried(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "DROPPED_SECONDS", 0.0)
    shown: list[Outcome] = []
    outcomes = await scenario.run(
        with_parts(house, satellite=SatelliteFake(wake_word="nobody"), home=HomeFake(["Не знаю."], ["off"])),
        shown.append,
    )
    assert [outcome.title for outcome in outcomes] == [title for title, _ in scenario.STEPS]
    assert all(outcome.failure for outcome in outcomes)
    assert shown == outcomes


async def test_a_run_ends_when_one_of_the_servers_has_ended(house: House, tmp_path: Path) -> None:
    ended = ProcessFake(ProcessFailedError("The speech server", "ended by itself", tmp_path / "log", "boom"))
    broken = with_parts(house, satellite=SatelliteFake(wake_word="nobody"), processes=(ended,))
    with pytest.raises(ProcessFailedError, match="boom"):
        await scenario.run(broken, lambda outcome: None)
