"""Lectures of a running service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .remote import RemoteDesk

Json = dict[str, Any]


class RemoteLectures:
    """Asks a service for its lectures."""

    goes_on = True

    def __init__(self, desk: RemoteDesk) -> None:
        self._desk = desk

    def all(self) -> Json:
        """Return the lectures, the newest first."""
        return self._desk.ask_for("GET", "lectures")

    def one(self, id_: str) -> Json:
        """Return a lecture with all that is known of it."""
        return self._desk.ask_for("GET", f"lectures/{id_}")

    def act(self, id_: str, action: str) -> Json:
        """Pause, resume, cancel or retry."""
        return self._desk.ask_for("POST", f"lectures/{id_}/{action}")

    def write(self, id_: str, template: str) -> Json:
        """Begin to write the summary anew."""
        return self._desk.ask_for("POST", f"lectures/{id_}/summary", {"template": template})

    def export(self, id_: str, format_: str) -> tuple[str, bytes]:
        """Return the name and the content of a file for other programs."""
        return self._desk.download(f"lectures/{id_}/export?format={format_}")
