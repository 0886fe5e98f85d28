"""The response to what was done: short, and true."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isinf

from homeassistant.core import State
from homeassistant.helpers import intent

from ..fastpath.model import Action, Command, Property
from .runner import Outcome
from .texts import CommandTexts


@dataclass(slots=True)
class Report:
    """Commands with what became of them, and answers to questions."""

    outcomes: list[tuple[Command, Outcome]] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    """Sentences, each with the names that are put into it: two things added to a list are one sentence."""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was done or said."""
        return not self.outcomes and not self.answers

    def say(self, sentence: str, name: str | None = None) -> None:
        """Note a sentence, or one more name for a sentence with a place for names."""
        names = self.answers.setdefault(sentence, [])
        if name is not None:
            names.append(name)

    def add(self, command: Command, outcome: Outcome) -> None:
        """Note a command that was carried out, or was not."""
        self.outcomes.append((command, outcome))


def respond(report: Report, texts: CommandTexts, language: str) -> intent.IntentResponse:
    """Return the response: an error only when nothing at all was done."""
    response = intent.IntentResponse(language=language)
    sentences = list(dict.fromkeys(_sentences(report, texts)))
    speech = " ".join(sentence for sentence in sentences if sentence)
    outcomes = [outcome for _, outcome in report.outcomes]
    if outcomes and not report.answers and not any(outcome.is_success for outcome in outcomes):
        response.async_set_error(intent.IntentResponseErrorCode.FAILED_TO_HANDLE, speech)
        return response
    if report.answers and not outcomes:
        response.response_type = intent.IntentResponseType.QUERY_ANSWER
    response.async_set_results(
        success_results=[_target(state) for outcome in outcomes for state in outcome.done],
        failed_results=[_target(state) for outcome in outcomes for state in (*outcome.silent, *outcome.failed)],
    )
    response.async_set_speech(speech)
    return response


def _sentences(report: Report, texts: CommandTexts) -> list[str]:
    done = [_say_done(command, texts) for command, outcome in report.outcomes if outcome.is_success]
    if len(set(done)) > 1:
        # "Light on. Done." says the same twice.
        done = [said for said in done if said != texts.done] if len(set(done) - {texts.done}) > 1 else [texts.done]
    return [*done, *_say_failures([outcome for _, outcome in report.outcomes], texts), *_say_answers(report, texts)]


def _say_answers(report: Report, texts: CommandTexts) -> list[str]:
    said = report.answers.items()
    return [sentence.format(texts.join.join(names)) if names else sentence for sentence, names in said]


def _say_done(command: Command, texts: CommandTexts) -> str:
    if command.kind == "light" or all(target.startswith("light.") for target in command.targets):
        if command.action is Action.TURN_ON:
            return texts.light_on
        if command.action is Action.TURN_OFF:
            return texts.light_off
    if command.action is Action.SET and command.value is not None and not isinf(command.value):
        if command.prop is Property.TEMPERATURE:
            return f"{texts.degrees(command.value)}."
        if command.prop in {Property.VOLUME, Property.BRIGHTNESS, Property.POSITION, Property.SPEED, Property.HUMIDITY}:
            return f"{texts.percent(command.value)}."
    return texts.done


def _say_failures(outcomes: Sequence[Outcome], texts: CommandTexts) -> list[str]:
    if any(outcome.is_forbidden for outcome in outcomes):
        return [texts.not_allowed]
    said = []
    if silent := [state for outcome in outcomes for state in outcome.silent]:
        said.append(texts.not_responding.format(_names(silent, texts)))
    if failed := [state for outcome in outcomes for state in outcome.failed]:
        said.append(texts.failed.format(_names(failed, texts)))
    if unable := [state for outcome in outcomes for state in outcome.unable]:
        said.append(texts.unable.format(_names(unable, texts)))
    return said


def _names(states: Sequence[State], texts: CommandTexts) -> str:
    return texts.join.join(state.name for state in states)


def _target(state: State) -> intent.IntentResponseTarget:
    return intent.IntentResponseTarget(name=state.name, type=intent.IntentResponseTargetType.ENTITY, id=state.entity_id)
