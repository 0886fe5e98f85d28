"""Who writes chapters, summaries and glossaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.lectures.models import Content, Transcript


class ContentWriter(Protocol):
    """Makes something of a transcript. Blocking; one caller at a time."""

    def names(self) -> list[str]:
        """Return the names of the templates for summaries, the default first."""
        ...

    def is_model_there(self) -> bool:
        """Say whether there is a language model that could be asked now."""
        ...

    def write(
        self,
        transcript: Transcript,
        title: str,
        template: str,
        report: Callable[[float, float], None],
        should_stop: Callable[[], bool],
    ) -> Content:
        """Return what a template asks for, by the model or without one.

        `report` is told the seconds of the recording that are done, and all of them. Raises: KnowledgeError.
        """
        ...
