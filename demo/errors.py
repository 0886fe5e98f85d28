"""What can go wrong in the demo house, in words that say what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class DemoError(Exception):
    """Base of every error that the demo reports in one paragraph instead of a traceback."""


def reason(error: Exception) -> str:
    """Return why a request failed; a time-out has no words of its own."""
    return str(error) or "no answer in time"


class PortInUseError(DemoError):
    """A port that was asked for by number belongs to another program."""

    def __init__(self, port: int, option: str) -> None:
        super().__init__(f"Port {port} on 127.0.0.1 is in use. Choose another with {option}, or leave the option out.")


class FolderNotWritableError(DemoError):
    """The house's folder cannot be created or written."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"The folder {folder} cannot be written: {reason}. Choose another with --folder.")


class ForeignFolderError(DemoError):
    """The chosen folder holds something else; clearing it would lose it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"The folder {folder} is not empty and was not made by this demo, so it is left alone. "
            "Choose an empty or a new one with --folder."
        )


class HouseOccupiedError(DemoError):
    """Another run of the demo lives in this folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"A demo house is already running in {folder}. Stop it with Ctrl-C where it runs, "
            "or give this one its own folder with --folder."
        )


class MissingProgramError(DemoError):
    """A program that the house needs is not installed."""

    def __init__(self, program: str, advice: str) -> None:
        super().__init__(f"{program} was not found. {advice}")


class ProcessFailedError(DemoError):
    """A child process ended or did not become ready."""

    def __init__(self, name: str, what: str, log: Path, last_lines: str) -> None:
        super().__init__(f"{name} {what}. The end of its log:\n{last_lines}\nAll of it: {log}")


class UnhealthyError(DemoError):
    """A server runs but says that a part of it has failed."""

    def __init__(self, service: str, health: object) -> None:
        super().__init__(f"{service} has started but does not work: {health}")


class HomeAssistantError(DemoError):
    """Home Assistant refused a request or answered with something unexpected."""


class SatelliteError(DemoError):
    """The conversation between the satellite and Home Assistant broke off."""


class SpeechError(DemoError):
    """The demo's own voice could not be made."""


class StepFailedError(DemoError):
    """A step of the main job did not happen as it should."""

    def __init__(self, expected: str, seen: str) -> None:
        super().__init__(f"expected {expected}; saw {seen}")
        self.expected = expected
        self.seen = seen
