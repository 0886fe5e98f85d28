"""What the store keeps of a lecture beside its transcript and content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from knowledge.lectures.models import LectureState, Maker
    from knowledge.models import Language
    from knowledge.reasons import Problem

_ID_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Found:
    """A lecture's file as the folder has it."""

    sha256: str
    path: str
    file_mark: str
    title: str
    held_on: date
    has_media: bool

    @property
    def id(self) -> str:
        """The lecture's id."""
        return self.sha256[:_ID_DIGITS]


@dataclass(frozen=True, slots=True)
class Entry:
    """A lecture as the store has it."""

    id: str
    sha256: str
    path: str
    file_mark: str
    """What the file's state was when its content was known; another one may have other content."""
    title: str
    held_on: date
    has_media: bool
    state: LectureState
    problem: Problem | None
    language: Language | None
    duration: float | None
    done_until: float
    """Where the next piece begins, in seconds."""
    is_transcribed: bool
    """To the end."""
    transcriber: str
    transcript_mark: str
    """Name, size and time of the file that the transcript is from; empty where it is from an engine."""
    template: str
    """Empty for the one of the settings."""
    is_complete: bool
    """A model wrote the content."""
    ready_at: str | None
    version: int
    summary_by: Maker | None
    terms: int
    edition: int
    """Grows when the index has to be brought up to date, which is more seldom than the version does."""
