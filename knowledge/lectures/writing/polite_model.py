"""A model that people have first."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from knowledge.errors import ModelAnswerError, ModelError

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.floor import Floor
    from knowledge.lectures.protocols import LanguageModel

_LOGGER = logging.getLogger(__name__)

_LOOK_SECONDS = 0.25


class PoliteModel:
    """Keeps the Protocol `LanguageModel`; it is left as soon as a person asks, and asked again when nobody does."""

    def __init__(self, model: LanguageModel, floor: Floor) -> None:
        self.name = model.name
        self.context_tokens = model.context_tokens
        self._model = model
        self._floor = floor

    def filled(
        self,
        system: str,
        asked: str,
        schema: dict[str, Any],
        seconds: float,
        most_tokens: int,
        should_stop: Callable[[], bool],
    ) -> Any:
        """Return what the model writes into a JSON schema, however often people come between.

        `seconds` are those of one try. Raises: ModelAnswerError, ModelError; not for a try that was broken off.
        """

        def should_leave() -> bool:
            return should_stop() or not self._floor.is_free

        while not should_stop():
            if not self._floor.is_free:
                time.sleep(_LOOK_SECONDS)
                continue
            try:
                return self._model.filled(system, asked, schema, seconds, most_tokens, should_leave)
            except ModelAnswerError:
                raise
            except ModelError:
                if self._floor.is_free:
                    raise
                _LOGGER.info("Somebody asks: %s writes of the lecture later", self.name)
        raise ModelError(f"{self.name} is no longer waited for.")
