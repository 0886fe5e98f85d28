"""Why a word could not be enrolled."""

from pathlib import Path


class EnrolmentError(Exception):
    """Base of every failure; the message is for people and says what to do."""


class RecordingError(EnrolmentError):
    """A recording that can't be used."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


class ExistsError(EnrolmentError):
    """The name is taken already."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is there already. Choose another name, or replace it with --replace.")
