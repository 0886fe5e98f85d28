"""What the process that reads a recording says: opened, piece*, end | failure; each a header and its payload.

A failure may come first.
"""

import struct
from enum import IntEnum

from wyoming_servers.runtime.errors import AudioFault, AudioFileError

HEADER = struct.Struct("<BdBI")
"""Kind, seconds, whether anybody speaks in it, bytes of the payload."""


class Kind(IntEnum):
    """What the payload is."""

    PIECE = 1
    """Samples; the seconds are where the piece begins."""

    FAILURE = 2
    """A failure."""

    END = 3
    """Nothing; without it the process has not come to the end."""

    OPENED = 4
    """Nothing; the seconds are how long the recording says it is, 0 where it does not."""


def pack(kind: Kind, seconds: float = 0.0, *, is_spoken: bool = False, payload: bytes = b"") -> bytes:
    """Return header and payload."""
    return HEADER.pack(kind, seconds, is_spoken, len(payload)) + payload


def pack_failure(err: AudioFileError) -> bytes:
    """Return a failure as the other side finds it."""
    return pack(Kind.FAILURE, payload=f"{err.fault}\n{err}".encode())


def unpack_failure(payload: bytes) -> AudioFileError:
    """Return what went wrong."""
    fault, _, message = payload.decode(errors="replace").partition("\n")
    return AudioFileError(message, AudioFault(fault))
