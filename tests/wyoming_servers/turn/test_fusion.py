"""Text, grammar and voice joined: what each of them changes, and what bounds the pause."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.vocabulary import Name, Vocabulary
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.engine import TurnOptions, UsesVocabulary
from wyoming_servers.turn.engines import fused
from wyoming_servers.turn.fusion import FusedDetector, FusionWeights, Line
from wyoming_servers.turn.grammar.reading import GrammarState, Reading
from wyoming_servers.turn.judgement import Bound, TurnJudge, judge
from wyoming_servers.turn.rules import RuleTurnDetector

WEIGHTS = FusionWeights({"ru": {"final": Line(1.0, 3.0), "incomplete": Line(0.5, -2.0)}}, prosody=1.0)
SILENCE = np.zeros(16_000, np.int16)


class OneReading:
    """A grammar that reads every text alike."""

    def __init__(self, state: GrammarState, guessed_words: int = 0) -> None:
        self._reading = Reading(state, guessed_words)

    def read(self, text: str) -> Reading:
        return self._reading


class Voice:
    """Hears the same in everything."""

    def __init__(self, completeness: float) -> None:
        self._completeness = completeness

    def completeness(self, pause: Pause) -> float:
        return self._completeness


def detector(state: GrammarState, guessed_words: int = 0, language: str = "ru") -> FusedDetector:
    return FusedDetector(lambda _: 0.0, WEIGHTS, {language: OneReading(state, guessed_words)})


def test_the_state_of_the_grammar_moves_the_probability() -> None:
    pause = Pause("включи свет", "ru")
    final, unknown, incomplete = (
        detector(state).completeness(pause)
        for state in (GrammarState.FINAL, GrammarState.DEAD, GrammarState.INCOMPLETE)
    )
    assert incomplete < unknown == 0.5 < final


def test_a_language_without_a_grammar_is_left_to_the_text() -> None:
    assert detector(GrammarState.FINAL).completeness(Pause("schalte das Licht ein", "de")) == 0.5


@pytest.mark.parametrize(
    ("language", "state", "guessed_words", "bound"),
    [
        ("ru", GrammarState.FINAL, 0, Bound.WHOLE),
        ("zh", GrammarState.FINAL, 0, Bound.WHOLE),
        ("ru", GrammarState.FINAL, 1, None),
        ("ru", GrammarState.INCOMPLETE, 0, Bound.UNFINISHED),
        ("en", GrammarState.INCOMPLETE, 0, Bound.UNFINISHED),
        ("zh", GrammarState.INCOMPLETE, 0, None),
        ("en", GrammarState.INCOMPLETE, 2, None),
        ("ru", GrammarState.OPEN, 0, None),
        ("ru", GrammarState.DEAD, 0, None),
    ],
)
def test_only_what_the_grammar_knows_for_certain_bounds_the_pause(
    language: str, state: GrammarState, guessed_words: int, bound: Bound | None
) -> None:
    weights = FusionWeights({language: {"final": Line(1.0, 3.0)}}, prosody=1.0)
    detector = FusedDetector(lambda _: 0.0, weights, {language: OneReading(state, guessed_words)})
    assert detector.judge(Pause("слова", language)).bound is bound


def test_a_command_that_the_text_takes_for_a_beginning_is_not_answered_in_haste() -> None:
    doubtful = FusedDetector(lambda _: -4.0, WEIGHTS, {"ru": OneReading(GrammarState.FINAL)})
    assert doubtful.judge(Pause("окно открыто", "ru")).bound is None


@pytest.mark.parametrize(("text", "language"), [("Стоп!", "ru"), ("отмена", "ru"), ("Never mind.", "en"), ("停", "zh")])
def test_somebody_who_wants_an_end_of_it_gets_one(text: str, language: str) -> None:
    judgement = detector(GrammarState.INCOMPLETE, language=language).judge(Pause(text, language))
    assert judgement.bound is Bound.AT_ONCE
    assert judgement.probability > 0.9


@pytest.mark.parametrize(
    ("text", "language"), [("Спасибо!", "ru"), ("нет", "ru"), ("Какая погода?", "ru"), ("No.", "en"), ("谢谢", "zh")]
)
def test_a_whole_turn_of_the_list_is_one_whatever_the_grammar(text: str, language: str) -> None:
    judgement = detector(GrammarState.INCOMPLETE, language=language).judge(Pause(text, language))
    assert judgement.bound is None
    assert judgement.probability >= 0.9 - 1e-9


def test_what_goes_on_after_a_whole_turn_is_none() -> None:
    assert detector(GrammarState.INCOMPLETE).judge(Pause("нет включи", "ru")).bound is Bound.UNFINISHED


def test_a_voice_that_goes_on_outweighs_the_list() -> None:
    rising = FusedDetector(lambda _: 0.0, WEIGHTS, {}, Voice(0.1))
    assert rising.completeness(Pause("да", "ru", audio=SILENCE)) < 0.6


def test_nothing_recognised_is_no_beginning_of_a_command() -> None:
    assert detector(GrammarState.INCOMPLETE).judge(Pause("…", "ru")).bound is None


def test_a_voice_counts_where_it_is_heard() -> None:
    pause = Pause("включи свет", "ru", audio=SILENCE)
    rising, falling = (FusedDetector(lambda _: 0.0, WEIGHTS, {}, Voice(score)) for score in (0.1, 0.9))
    assert rising.completeness(pause) == pytest.approx(0.1)
    assert falling.completeness(pause) == pytest.approx(0.9)
    assert falling.completeness(Pause("включи свет", "ru")) == 0.5


def test_a_detector_of_a_probability_alone_is_judged_by_it() -> None:
    pause = Pause("turn on the", "en")
    judgement = judge(RuleTurnDetector(), pause)
    assert (judgement.probability, judgement.bound) == (RuleTurnDetector().completeness(pause), None)


@pytest.fixture(scope="module")
def engine() -> fused.FusedEngine:
    return fused.load(TurnOptions())


def test_the_shipped_engine_knows_more_than_a_probability(engine: fused.FusedEngine) -> None:
    assert isinstance(engine, TurnJudge)
    assert isinstance(engine, UsesVocabulary)


@pytest.mark.parametrize(
    ("language", "beginning", "whole"),
    [
        ("ru", "включи свет в", "включи свет в гостиной"),
        ("ru", "поставь таймер на", "поставь таймер на десять минут"),
        ("en", "turn on the", "turn on the kitchen light"),
        ("en", "set a timer for", "set a timer for ten minutes"),
        ("zh", "打开客厅的", "打开客厅的灯"),
    ],
)
def test_a_command_is_likelier_at_its_end(engine: fused.FusedEngine, language: str, beginning: str, whole: str) -> None:
    assert engine.completeness(Pause(beginning, language)) < 0.5 < engine.completeness(Pause(whole, language))


def test_new_names_count_from_the_next_pause_on(engine: fused.FusedEngine) -> None:
    pause = Pause("выключи свет в каминной", "ru")
    assert engine.judge(pause).bound is None
    engine.set_vocabulary(Vocabulary(names=(Name("Самовар", "switch"),), areas=("Каминная",)))
    assert engine.judge(pause).bound is Bound.WHOLE
    engine.set_vocabulary(Vocabulary())
    assert engine.judge(pause).bound is None


def test_the_names_of_the_house_are_there_from_the_start(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.json"
    path.write_text(json.dumps({"areas": ["Каминная"]}))
    engine = fused.load(TurnOptions(vocabulary=path))
    assert engine.judge(Pause("выключи свет в каминной", "ru")).bound is Bound.WHOLE


def test_without_the_packages_of_the_grammar_the_text_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "home_assistant_intents", None)
    engine = fused.load(TurnOptions(models_folder=tmp_path))
    assert engine.grammars == {}
    assert engine.completeness(Pause("включи свет в", "ru")) < 0.5


@pytest.mark.parametrize("content", ["", "{}", '{"lines": {"ru": {"final": [1]}}, "prosody": 1}'])
def test_weights_that_are_none_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    path = tmp_path / "fusion.json"
    path.write_text(content)
    monkeypatch.setattr(fused, "_WEIGHTS", path)
    with pytest.raises(EngineError, match=r"fusion\.json has no weights"):
        fused.load(TurnOptions(models_folder=tmp_path))


def test_a_short_word_that_may_begin_an_answer_is_a_whole_turn_only_where_nothing_was_said_before(
    engine: fused.FusedEngine,
) -> None:
    alone, answering = Pause("да", "ru"), Pause("да", "ru", ("Ты уже поел?", "Ещё нет, а что?"))
    assert engine.completeness(alone) > 0.8 > engine.completeness(answering)
