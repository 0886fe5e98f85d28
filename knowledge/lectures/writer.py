"""Who writes chapters, summaries and glossaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from knowledge.lectures.content import write_content
from knowledge.lectures.templates import Templates

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from knowledge.lectures.models import Content, Transcript
    from knowledge.lectures.note_taker import Author


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


class LectureWriter:
    """Writes by the templates of a folder and the shipped ones, with a model where there is one."""

    def __init__(
        self, templates: Path | None, author: Author | None = None, is_there: Callable[[], bool] = lambda: True
    ) -> None:
        """Take a model, and who says whether it can be asked now."""
        self._templates = Templates(templates)
        self._author = author
        self._is_there = is_there

    def names(self) -> list[str]:
        """Return the names of the templates for summaries, the default first."""
        return self._templates.names()

    def is_model_there(self) -> bool:
        """Say whether there is a language model that could be asked now."""
        return self._author is not None and self._is_there()

    def write(
        self,
        transcript: Transcript,
        title: str,
        template: str,
        report: Callable[[float, float], None],
        should_stop: Callable[[], bool],
    ) -> Content:
        """Return what a template asks for; a model that is away is not waited for.

        Raises: UnknownTemplateError, LectureTemplateError.
        """
        wanted = self._templates.get(template)
        author = self._author if self.is_model_there() else None
        return write_content(transcript, title, author, wanted, report=report, should_stop=should_stop)
