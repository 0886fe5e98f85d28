"""Lectures of the knowledge base in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from knowledge.lectures import export
from knowledge.models import Language
from knowledge.service import lecture_payloads as payloads

if TYPE_CHECKING:
    from knowledge.lectures.models import Lecture
    from knowledge.lectures.protocols import Lectures

Json = dict[str, Any]


class LocalLectures:
    """Answers as the service would."""

    goes_on = False

    def __init__(self, lectures: Lectures) -> None:
        self._lectures = lectures

    def all(self) -> Json:
        """Return the lectures, the newest first."""
        return payloads.lectures_response(self._lectures.all(), Language.ENGLISH)

    def one(self, id_: str) -> Json:
        """Return a lecture with all that is known of it."""
        return payloads.whole_lecture_response(self._lectures, id_, Language.ENGLISH)

    def act(self, id_: str, action: str) -> Json:
        """Pause, resume, cancel or retry."""
        actions = {
            "pause": self._lectures.pause,
            "resume": self._lectures.resume,
            "cancel": self._lectures.cancel,
            "retry": self._lectures.retry,
        }
        return self._now(actions[action](id_))

    def write(self, id_: str, template: str) -> Json:
        """Begin to write the summary anew."""
        return self._now(self._lectures.write(id_, template))

    def export(self, id_: str, format_: str) -> tuple[str, bytes]:
        """Return the name and the content of a file for other programs."""
        return export.of(self._lectures, id_, export.Format(format_))

    def _now(self, lecture: Lecture) -> Json:
        return payloads.lecture_response(lecture, Language.ENGLISH)
