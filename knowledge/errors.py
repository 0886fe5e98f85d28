"""What can go wrong in the knowledge package, in words that say what to do."""

import errno
import sqlite3
from pathlib import Path

from knowledge.reasons import Problem, Reason

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_SQLITE_NO_ROOM = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE})
"""The second is what opening a database on a full disk ends with."""


def is_no_room(err: object) -> bool:
    """Say whether an error is that the disk is full, or its owner's share of it."""
    return getattr(err, "errno", None) in _NO_ROOM or getattr(err, "sqlite_errorcode", None) in _SQLITE_NO_ROOM


class KnowledgeError(Exception):
    """Base of every error of this package; the message is fit to be shown to a person."""


class SourceError(KnowledgeError):
    """One file cannot be read; the problem is what its owner sees."""

    def __init__(self, reason: Reason, detail: object = "") -> None:
        self.problem = Problem(reason, str(detail))
        super().__init__(str(self.problem))


class FolderError(KnowledgeError):
    """The knowledge folder or the data folder cannot be used."""

    def __init__(self, folder: Path, problem: str) -> None:
        super().__init__(f"The folder {folder} {problem}")
        self.folder = folder


class FolderFullError(FolderError):
    """There is no room for what the data folder needs."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "has no room left on its disk. Free some, then start again; nothing is lost.")


class FolderBusyError(FolderError):
    """Another process works with the same data folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "is used by another knowledge service. Stop it, or choose another data folder.")


class IndexUnavailableError(KnowledgeError):
    """LanceDB cannot run here; the message says what the machine lacks."""


class UnsuitedMachineError(IndexUnavailableError):
    """LanceDB will never run here as it is; another index may."""


class IndexDamagedError(KnowledgeError):
    """What the index has on disk cannot be read; it is made anew from the files by the next scan."""

    def __init__(self, cause: object) -> None:
        super().__init__(f"The index is damaged and is being rebuilt. ({cause})")


class LecturesDamagedError(FolderError):
    """The transcripts cannot be read; nothing is deleted, because nothing could bring them back."""

    def __init__(self, file: Path, cause: object) -> None:
        super().__init__(
            file.parent,
            f"holds transcripts and corrections that cannot be read ({cause}). They cannot be made anew: bring "
            f"{file.name} back from a backup, or move it away to begin without them.",
        )


class LectureStoreError(KnowledgeError):
    """Lectures cannot be read or written for now, as when the disk is full."""

    def __init__(self, cause: object) -> None:
        self.problem = Problem(Reason.NO_ROOM) if is_no_room(cause) else Problem(Reason.CANNOT_STORE, str(cause))
        super().__init__(f"The lectures cannot be stored: {cause}. Check the space on the disk of the data folder.")


class SettingsError(KnowledgeError):
    """The service was asked to run in a way that it refuses."""


class NoteError(KnowledgeError):
    """A document that came in through the service cannot be written or deleted."""


class NoRoomError(NoteError):
    """The disk is full, or its owner's share of it."""

    def __init__(self, path: str) -> None:
        super().__init__(f"There is no room on the disk for {path}. Free some, then add it again.")


class UnknownNoteError(NoteError):
    """There is no such document among those that came in through the service."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} is no document that was added through the service. The household's own files are deleted in "
            "their folder."
        )


class EmbedderError(KnowledgeError):
    """An embedder cannot be loaded or reached, or does not answer as it should."""


class RerankerError(KnowledgeError):
    """A reranker cannot be loaded or reached, or does not answer as it should."""


class ModelError(KnowledgeError):
    """The language model is away, late or broken."""


class ModelAnswerError(ModelError):
    """The language model has answered, but not what it was asked for."""


class UnknownLectureError(KnowledgeError):
    """There is no such lecture."""

    def __init__(self, id_: str) -> None:
        super().__init__(f"There is no lecture '{id_}'. GET /lectures lists them.")


class LectureStateError(KnowledgeError):
    """A lecture is not in a state in which that can be done; the message names the state."""


class LectureChangedError(KnowledgeError):
    """A lecture was changed by somebody else since it was read."""

    def __init__(self) -> None:
        super().__init__("The transcript has changed meanwhile. Load it again and repeat the correction.")


class UnknownTemplateError(KnowledgeError):
    """There is no such template for summaries."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"There is no template '{name}'. Choose one of {', '.join(known)}.")


class LectureTemplateError(KnowledgeError):
    """A template for summaries cannot be used as it is."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(f"{path}, line {line}: {problem}.")
        self.path, self.line = path, line


class TranscriberError(KnowledgeError):
    """A piece of a recording cannot be transcribed."""


class TranscriberUnavailableError(TranscriberError):
    """The speech server is away or busy; later it may work."""
