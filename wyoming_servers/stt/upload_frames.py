"""What the process that reads an upload says to the server: piece* (end | failure), each a header and its payload."""

import struct
from enum import IntEnum

HEADER = struct.Struct("<BdBI")
"""Kind, seconds at which a piece begins, whether anybody speaks in it, bytes of the payload."""


class Kind(IntEnum):
    """What the payload is."""

    PIECE = 1
    """Samples."""

    FAILURE = 2
    """Text for people."""

    END = 3
    """Nothing; without it the process has not come to the end."""
