"""A detector for the event loop: it loads in the background, and its work runs in a bounded queue."""

from collections.abc import Callable, Sequence
from itertools import chain

from wyoming_servers.runtime.inference import InferenceQueue
from wyoming_servers.runtime.loading import EngineLoader

from .detector import Pause, TurnDetector
from .engine import in_parts, judge


class Judging:
    """One detector for all clients."""

    def __init__(self, engine_name: str, load: Callable[[], TurnDetector], *, workers: int = 1) -> None:
        self.engine_name = engine_name
        self.loader = EngineLoader(f"turn detection ({engine_name})", load)
        self._queue = InferenceQueue("turn", workers=workers, limit=64)

    async def judge(self, pauses: Sequence[Pause]) -> Sequence[float]:
        """Return the probability for each pause that its speaker has finished. Raises: ServerError."""
        detector = await self.loader.get()
        answers = [await self._queue.run(judge, detector, part) for part in in_parts(pauses)]
        return list(chain.from_iterable(answers))

    async def stop(self) -> None:
        """Let the detector go."""
        await self.loader.stop()
        self._queue.close()
