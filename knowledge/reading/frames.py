"""The dialogue between the parser process and its owner: greeting, (request, reply)*.

Each is a length in four bytes and that much JSON. JSON and not pickle, because a parser that a file has taken over must
not run code in its parent.
"""

from __future__ import annotations

import json
import struct
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.codec import Json

_LENGTH = struct.Struct(">I")


def send(stream: IO[bytes], message: Json) -> None:
    """Write one message; raises OSError if the other side is gone."""
    data = json.dumps(message).encode()
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> Json | None:
    """Return the next message; None if the other side is gone, also in the middle of one."""
    header = stream.read(_LENGTH.size)
    if len(header) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(header)
    data = stream.read(length)
    message: Json | None = json.loads(data) if len(data) == length else None
    return message
