"""A question in other words, by the language model."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from knowledge.errors import ModelError
from knowledge.llm import prompts
from knowledge.llm.fence import defused

if TYPE_CHECKING:
    from knowledge.llm.ollama import Ollama
    from knowledge.models import Language

_LOGGER = logging.getLogger(__name__)

_MOST = 3
_MOST_CHARACTERS = 200
_SCHEMA = {
    "type": "object",
    "properties": {"queries": {"type": "array", "items": {"type": "string"}, "maxItems": _MOST}},
    "required": ["queries"],
}


class Rephraser:
    """Says questions in other words. Any thread may call it; blocking, up to its deadline."""

    def __init__(self, model: Ollama, seconds: float) -> None:
        self._model = model
        self._seconds = seconds

    def __call__(self, question: str, _language: Language) -> tuple[str, ...]:
        """Return up to three other ways to ask; none if the model is away, late or writes something else."""
        try:
            written = self._model.filled(prompts.REPHRASE, defused(question), _SCHEMA, self._seconds)
        except ModelError as err:
            _LOGGER.info("Not rephrased: %s", err)
            return ()
        queries = written.get("queries") if isinstance(written, dict) else None
        others = [" ".join(query.split()) for query in queries or () if isinstance(query, str)]
        known = question.strip().casefold()
        useful = [query for query in others if query and len(query) <= _MOST_CHARACTERS and query.casefold() != known]
        return tuple(dict.fromkeys(useful))[:_MOST]
