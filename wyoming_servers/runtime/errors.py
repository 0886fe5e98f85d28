"""Failures that a Wyoming client is told about: each becomes one `error` event with a code."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path


class ServerError(Exception):
    """Base of every failure that a client can be told; `code` is for programs, the message for people."""

    code = "error"


class FrameError(ServerError):
    """The bytes received are not a Wyoming frame, or one beyond the limits; nothing after them can be read."""

    code = "bad-frame"


class FrameTooLargeError(FrameError):
    """A frame announces more than this server takes."""

    code = "frame-too-large"

    def __init__(self, part: str, size: int, limit: int) -> None:
        super().__init__(
            f"The frame's {part} has {size} bytes; this server takes at most {limit}. Send smaller chunks."
        )


class ProtocolError(ServerError):
    """An event came where the dialogue does not allow it."""

    code = "protocol"


class TextTooLongError(ServerError):
    """More text than a server speaks at once."""

    code = "too-long"

    def __init__(self) -> None:
        super().__init__("The text is too long to be spoken. Send a shorter one.")


class SupersededError(ServerError):
    """The client has asked for another answer before this one was spoken."""

    code = "superseded"

    def __init__(self) -> None:
        super().__init__("The next request came before the answer was spoken, so its rest is left out.")


class StalledError(ServerError):
    """The client does not take what it has asked for."""

    code = "stalled"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"No audio was taken for {seconds:g} s, so the rest of the answer is left out.")


class AudioFormatError(ServerError):
    """Audio in a form that can't be converted."""

    code = "unsupported-audio"


class AudioFault(StrEnum):
    """What is the matter with a file of sound."""

    BROKEN = "broken"
    NO_SOUND = "no-sound"
    TOO_LONG = "too-long"


class AudioFileError(AudioFormatError):
    """A file without sound that can be had."""

    def __init__(self, message: str, fault: AudioFault = AudioFault.BROKEN) -> None:
        super().__init__(message)
        self.fault = fault


class NoAudioError(ServerError):
    """An utterance without a single sample."""

    code = "no-audio"

    def __init__(self) -> None:
        super().__init__(
            "No audio came between audio-start and audio-stop. Check that the microphone is on and not muted."
        )


class BusyError(ServerError):
    """The inference queue is full."""

    code = "busy"

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(f"{name} already has {limit} requests waiting. Try again in a moment.")


class IdleError(ServerError):
    """The client has sent nothing for a long time."""

    code = "idle"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Nothing came for {seconds:.0f} s. Connect again when there is something to do.")


class StoppingError(ServerError):
    """The server is stopping and can't finish its answer."""

    code = "stopping"

    def __init__(self) -> None:
        super().__init__("The server is stopping before the answer is complete. Try again in a moment.")


class NotReadyError(ServerError):
    """The engine is still loading."""

    code = "loading"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is still loading. Try again in a moment.")


class EngineError(ServerError):
    """The engine could not be loaded, or failed at its work."""

    code = "engine"


class StoreError(EngineError):
    """A model is not there and could not be had."""

    def __init__(self, model: str, reason: str, folder: Path, missing: Sequence[str]) -> None:
        files = f" Or put its files ({', '.join(missing)}) into {folder}." if missing else ""
        super().__init__(f"The model {model} is not here and could not be had: {reason}.{files}")


class UnknownNameError(ServerError):
    """A model, voice, language or wake word that this server does not have."""

    code = "unknown-name"

    def __init__(self, kind: str, name: str, known: list[str]) -> None:
        super().__init__(f"There is no {kind} {name!r} here. Available: {', '.join(known) or 'none'}.")


class StartError(Exception):
    """The server can't start; the message says what to do about it."""
