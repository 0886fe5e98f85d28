"""Turn detectors that a test can steer and look into."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.waiting import PATIENCE_SECONDS
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.judgement import Judgement


@dataclass
class FakeTurnJudge:
    """Knows what is made of each text."""

    judgements: dict[str, Judgement] = field(default_factory=dict)

    def completeness(self, pause: Pause) -> float:
        return self.judge(pause).probability

    def judge(self, pause: Pause) -> Judgement:
        return self.judgements.get(pause.text, Judgement(0.5))


@dataclass
class FakeTurnDetector:
    """Knows what each text is worth."""

    values: dict[str, float] = field(default_factory=dict)
    """Text -> probability; 0.5 for others."""
    pauses: list[Pause] = field(default_factory=list)
    """What it was asked."""
    failure: Exception | None = None
    """Raised instead of an answer."""
    gate: threading.Event | None = None
    """Waited for before an answer."""

    def completeness(self, pause: Pause) -> float:
        self.pauses.append(pause)
        if self.gate is not None:
            self.gate.wait(PATIENCE_SECONDS)
        if self.failure is not None:
            raise self.failure
        return self.values.get(pause.text, 0.5)

    def completeness_of_all(self, pauses: Sequence[Pause]) -> Sequence[float]:
        return [self.completeness(pause) for pause in pauses]
