"""Where questions are put: a running service, or the knowledge base itself. Both answer in the service's JSON."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from knowledge.errors import SettingsError
from knowledge.service.tokens import kept_token, running_at

from . import lecture_options
from .local import LocalDesk
from .options import DATA_VARIABLE, FOLDER_VARIABLE, URL_VARIABLE, token
from .remote import RemoteDesk

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator
    from pathlib import Path

Json = dict[str, Any]


class LectureDesk(Protocol):
    """What can be done with lectures; every method blocks and raises KnowledgeError."""

    goes_on: bool
    """The work on lectures goes on when the command has ended."""

    def all(self) -> Json:
        """Return the lectures, the newest first."""
        ...

    def one(self, id_: str) -> Json:
        """Return a lecture with all that is known of it."""
        ...

    def act(self, id_: str, action: str) -> Json:
        """Pause, resume, cancel or retry."""
        ...

    def write(self, id_: str, template: str) -> Json:
        """Begin to write the summary anew by a template."""
        ...

    def export(self, id_: str, format_: str) -> tuple[str, bytes]:
        """Return the name and the content of a file for other programs."""
        ...


class Desk(Protocol):
    """What can be done with the knowledge; every method blocks and raises KnowledgeError."""

    @property
    def lectures(self) -> LectureDesk:
        """Where lectures are asked for."""
        ...

    def documents(self) -> Json:
        """Return the files with their status."""
        ...

    def add(self, file: Path, kind: str, collection: str, on_bytes: Callable[[int], None]) -> Json:
        """Take a file in and return it once it is read; `on_bytes` hears the size of each piece that was sent."""
        ...

    def remove(self, path: str) -> None:
        """Delete a file that was added."""
        ...

    def reindex(self, path: str | None) -> None:
        """Look through the folder again, or read one file anew."""
        ...

    def search(self, query: str, limit: int, filters: Json) -> Json:
        """Return passages."""
        ...

    def ask(self, question: str, language: str | None) -> Json:
        """Return an answer."""
        ...

    def rephrase(self, question: str) -> Json:
        """Return other ways to ask."""
        ...


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Desk]:
    """Open the desk that the options mean.

    Raises: SettingsError if they mean none, and what opening the folder raises.
    """
    if options.url:
        yield RemoteDesk(options.url, token(options) or _kept(options.data))
        return
    address = running_at(options.data) if options.data else None
    if address and (remote := RemoteDesk(address, token(options) or _kept(options.data))).is_there():
        yield remote
        return
    if options.folder is None or options.data is None:
        raise SettingsError(
            f"No service was found. Name one with --url ({URL_VARIABLE}), or the folders with --folder "
            f"({FOLDER_VARIABLE}) and --data ({DATA_VARIABLE})."
        )
    open_local = partial(LocalDesk.opened, options.folder, options.data)
    if hasattr(options, "transcriber"):  # an action that may wait for lectures
        lectures, open_base = lecture_options.lecture_settings(options), lecture_options.opener(options)
        open_local = partial(open_local, lectures=lectures, open_base=open_base)
    with open_local() as local:
        yield local


def _kept(data: Path | None) -> str | None:
    return kept_token(data) if data else None
