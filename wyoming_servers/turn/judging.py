"""A detector for the event loop: it loads in the background, and its work runs in a bounded queue."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import chain

from wyoming_servers.runtime.inference import InferenceQueue
from wyoming_servers.runtime.loading import EngineLoader
from wyoming_servers.runtime.vocabulary import Vocabulary

from .detector import Pause, TurnDetector
from .engine import UsesVocabulary, in_parts, judge_all
from .judgement import Judgement


class Judging:
    """One detector for all clients."""

    def __init__(self, engine_name: str, load: Callable[[], TurnDetector], *, workers: int = 1) -> None:
        self.engine_name = engine_name
        self.loader = EngineLoader(f"turn detection ({engine_name})", load)
        self._telling = asyncio.Lock()
        self._queue = InferenceQueue("turn", workers=workers, limit=64)

    async def judge(self, pauses: Sequence[Pause]) -> Sequence[Judgement]:
        """Return what the detector makes of each pause. Raises: ServerError."""
        detector = await self.loader.get()
        answers = [await self._queue.run(judge_all, detector, part) for part in in_parts(pauses)]
        return list(chain.from_iterable(answers))

    async def set_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Let the detector know the names of the house, if it can use them; it judges on meanwhile.

        Raises: ServerError.
        """
        detector = await self.loader.get()
        if isinstance(detector, UsesVocabulary):
            async with self._telling:  # the last one told is the one that stays
                await asyncio.to_thread(detector.set_vocabulary, vocabulary)

    async def stop(self) -> None:
        """Let the detector go."""
        await self.loader.stop()
        self._queue.close()
