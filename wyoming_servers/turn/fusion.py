"""The text model, the grammar and, where it is heard, the voice, joined to one calibrated probability. Pure.

Within a state of the grammar the text's logit counts as much as it was found to on held-out turns; the state itself has
a weight as well. `bench/turn_fusion.py` fits both. What a voice tells is a further logit.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .detector import Pause, TurnDetector
from .grammar.reading import CommandReader, GrammarState, Reading
from .judgement import Bound, Judgement
from .text import normalize
from .whole_turns import whole_turns

STOP_WORDS = frozenset(
    {
        *("стоп", "стой", "отмена", "хватит", "замолчи", "тихо"),
        *("stop", "cancel", "never mind", "nevermind", "enough", "shut up"),
        *("停", "停止", "取消", "停下", "别说了", "闭嘴", "算了"),
    }
)
"""Whole turns of somebody who does not want to wait."""

_STOP = Judgement(0.99, Bound.AT_ONCE)

_HARD_WAIT = ("ru", "en")
"""Where a beginning of a command is no whole turn but once in hundreds; in Chinese it is once in eight."""

_AGREED = 0.5
"""From this probability on a command that no template continues is believed: "stop the music" may go on."""

_FURTHEST = 30.0

Logit = Callable[[Pause], float]
"""What a text model makes of a pause."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a logit becomes: factor * z + offset."""

    factor: float = 1.0
    offset: float = 0.0

    def __call__(self, logit: float) -> float:
        """Return the logit after it."""
        return self.factor * logit + self.offset


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """What the signals count."""

    lines: Mapping[str, Mapping[str, Line]]
    """By language and key of a reading, see `key_of`. Where there is none the text's logit stays as it is."""

    prosody: float = 0.5
    """What the logit of the voice counts."""

    @classmethod
    def from_json(cls, data: Any) -> "FusionWeights":
        """Return the weights of a JSON value. Raises: KeyError, TypeError, ValueError."""
        lines = {
            language: {key: Line(float(factor), float(offset)) for key, (factor, offset) in by_key.items()}
            for language, by_key in data["lines"].items()
        }
        return cls(lines, float(data["prosody"]))


def key_of(reading: Reading) -> str:
    """Return what the weights tell readings apart by: the state, and whether words had to be guessed."""
    if reading.is_last_guessed:
        return "guessed"
    return f"{reading.state}?" if reading.guessed_words else str(reading.state)


class FusedDetector:
    """Judges a pause by all that is known. The grammars may be replaced while others ask."""

    def __init__(
        self,
        text: Logit,
        weights: FusionWeights,
        grammars: Mapping[str, CommandReader] | None = None,
        voice: TurnDetector | None = None,
    ) -> None:
        """`grammars` by language; without one for a language, and without a voice, the text decides alone."""
        self.grammars = grammars or {}
        self._text = text
        self._weights = weights
        self._voice = voice

    def completeness(self, pause: Pause) -> float:
        """Return the calibrated probability that the speaker has finished."""
        return self.judge(pause).probability

    def judge(self, pause: Pause) -> Judgement:
        """Return the probability, and what bounds the pause."""
        text = normalize(pause.text)
        if text in STOP_WORDS:
            return _STOP
        logit, reading = self._read(text, pause)
        if self._voice is not None and pause.audio is not None:
            logit += self._weights.prosody * _logit(self._voice.completeness(pause))
        probability = 1.0 / (1.0 + math.exp(-max(-_FURTHEST, min(_FURTHEST, logit))))
        return Judgement(probability, _bound(reading, pause.language, probability))

    def _read(self, text: str, pause: Pause) -> tuple[float, Reading | None]:
        """Return the logit of the words, and what the grammar makes of them where it counts."""
        # With somebody to answer a short word mostly begins a turn; a satellite that was just woken hears it alone.
        if not pause.context and (whole := whole_turns(pause.language).get(text)):
            return max(_logit(whole), self._text(pause)), None
        grammar = self.grammars.get(pause.language)
        reading = grammar.read(text) if grammar and text else None
        if reading is None:
            return self._text(pause), None
        lines = self._weights.lines.get(pause.language, {})
        return lines.get(key_of(reading), Line())(self._text(pause)), reading


def _bound(reading: Reading | None, language: str, probability: float) -> Bound | None:
    if reading is None or reading.guessed_words:
        return None
    if reading.state is GrammarState.FINAL:
        return Bound.WHOLE if probability >= _AGREED else None
    is_beginning = reading.state is GrammarState.INCOMPLETE and language in _HARD_WAIT
    return Bound.UNFINISHED if is_beginning else None


def _logit(probability: float) -> float:
    kept = min(max(probability, 0.001), 0.999)
    return math.log(kept / (1 - kept))
