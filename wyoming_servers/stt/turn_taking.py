"""What decides about the end of a turn, shared by all clients."""

import asyncio
import json
import logging
from dataclasses import dataclass, field
from pathlib import Path

from wyoming_servers.runtime.errors import ServerError
from wyoming_servers.runtime.inference import InferenceQueue
from wyoming_servers.runtime.vocabulary import Vocabulary
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.endpoint import Signal
from wyoming_servers.turn.judgement import Judgement
from wyoming_servers.turn.judging import Judging
from wyoming_servers.turn.policy import pause_ms
from wyoming_servers.turn.rules import RuleTurnDetector
from wyoming_servers.turn.settings import TurnSettings
from wyoming_servers.turn.survival import PauseHistory

_LOGGER = logging.getLogger(__name__)


class PauseBook:
    """The pauses of the speakers of each language; see docs/adr/0012 for why not of each satellite."""

    def __init__(self, path: Path | None) -> None:
        """Pauses are kept in the file; None forgets them at the end."""
        self._path = path
        self._histories = _read(path) if path else {}

    def of(self, language: str) -> PauseHistory:
        """Return the pauses in a language."""
        return self._histories.setdefault(language, PauseHistory())

    def save(self) -> None:
        """Keep the pauses. Blocking; a failure is logged."""
        if self._path is None or not self._histories:
            return
        part = self._path.with_suffix(".part")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps({language: one.to_json() for language, one in self._histories.items()}))
            part.replace(self._path)
        except OSError as err:
            _LOGGER.warning("What was learned of the speakers' pauses can't be kept in %s: %s", self._path, err)


@dataclass(frozen=True, slots=True)
class TurnTaking:
    """The detector, the policy and what it has learned."""

    settings: TurnSettings
    judging: Judging
    pauses: PauseBook
    queue: InferenceQueue
    """For the voice activity detector: it must not wait behind a decode."""

    rules: RuleTurnDetector = field(default_factory=RuleTurnDetector)
    """Judge while the detector loads, and where it fails."""

    async def judge(self, pause: Pause) -> Judgement:
        """Return what the words before a pause tell."""
        if self.judging.loader.engine is not None:
            try:
                (judgement,) = await self.judging.judge([pause])
            except ServerError as err:
                _LOGGER.warning("The turn detector failed, rules take its place: %s", err)
            else:
                return judgement
        return Judgement(self.rules.completeness(pause))

    def pause_ms(self, judgement: Judgement, language: str) -> float:
        """Return the length of the pause that ends the turn."""
        return pause_ms(judgement, self.pauses.of(language).survival(), self.settings)

    def learn(self, signal: Signal | None, pause_ms: float, judgement: Judgement | None, language: str) -> None:
        """Take the outcome of a pause that was judged: the speaker went on, or was answered."""
        if signal is Signal.RESUMED:
            self.pauses.of(language).resumed(pause_ms / 1000)
        elif signal is Signal.END and judgement is not None:
            self.pauses.of(language).ended(pause_ms / 1000, judgement.probability)

    async def tell(self, vocabulary: Vocabulary) -> None:
        """Let the detector know the names of the house."""
        try:
            await self.judging.set_vocabulary(vocabulary)
        except ServerError as err:
            _LOGGER.warning("The turn detector can't be told the names of the house: %s", err)

    async def stop(self) -> None:
        """Let the detector go and keep what was learned."""
        await self.judging.stop()
        self.queue.close()
        await asyncio.to_thread(self.pauses.save)


def _read(path: Path) -> dict[str, PauseHistory]:
    try:
        data = json.loads(path.read_bytes())
        return {language: PauseHistory(one["resumed"], one["lasted"]) for language, one in data.items()}
    except FileNotFoundError:
        return {}
    except (OSError, AttributeError, KeyError, TypeError, ValueError, RecursionError) as err:
        _LOGGER.warning("The pauses in %s can't be read and are learned anew: %s", path, err)
        return {}
