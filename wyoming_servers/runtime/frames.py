"""Reading Wyoming frames with bounds: a JSON line, then `data_length` bytes of JSON, then `payload_length` bytes.

The wyoming library reads frames of any announced size and treats malformed ones as the end of the stream.
"""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from wyoming.event import Event

from .errors import FrameError, FrameTooLargeError


@dataclass(frozen=True, slots=True)
class FrameLimits:
    """The largest parts of a frame that are read, in bytes."""

    line: int = 64 * 1024
    data: int = 1024 * 1024
    payload: int = 4 * 1024 * 1024
    """Two minutes of 16 kHz mono; clients send 10 to 64 ms at a time."""


async def read_frame(reader: asyncio.StreamReader, limits: FrameLimits) -> Event | None:
    """Return the next event, or None at the end of the stream; the reader's own limit must be at least `limits.line`.

    Raises: FrameError for anything that is not a frame, FrameTooLargeError beyond the limits.
    """
    header = await _read_header(reader, limits)
    if header is None:
        return None
    data = header.get("data") or {}
    if size := _length(header, "data_length", limits.data):
        data = {**data, **_parse_object(await _read_exactly(reader, size), "data")}
    size = _length(header, "payload_length", limits.payload)
    payload = await _read_exactly(reader, size) if size else None
    return Event(type=header["type"], data=data, payload=payload)


async def _read_header(reader: asyncio.StreamReader, limits: FrameLimits) -> dict[str, Any] | None:
    try:
        line = await reader.readuntil(b"\n")
    except asyncio.IncompleteReadError as err:
        if not err.partial.strip():
            return None
        raise FrameError("The connection ended in the middle of a frame's first line.") from err
    except asyncio.LimitOverrunError as err:
        raise FrameTooLargeError("first line", err.consumed, limits.line) from err
    if len(line) > limits.line:
        raise FrameTooLargeError("first line", len(line), limits.line)
    header = _parse_object(line, "first line")
    if not isinstance(header.get("type"), str):
        raise FrameError("The frame's first line has no 'type'.")
    if not isinstance(header.get("data"), dict | None):
        raise FrameError("The frame's 'data' is not a JSON object.")
    return header


def _length(header: dict[str, Any], key: str, limit: int) -> int:
    size = header.get(key)
    if size is None:
        return 0
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise FrameError(f"The frame's {key!r} is not a length in bytes: {size!r:.40}.")
    if size > limit:
        raise FrameTooLargeError(key.removesuffix("_length"), size, limit)
    return size


async def _read_exactly(reader: asyncio.StreamReader, size: int) -> bytes:
    try:
        return await reader.readexactly(size)
    except asyncio.IncompleteReadError as err:
        raise FrameError(f"The connection ended after {len(err.partial)} of {size} bytes of a frame.") from err


def _parse_object(raw: bytes, part: str) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as err:
        raise FrameError(f"The frame's {part} is not JSON.") from err
    if not isinstance(value, dict):
        raise FrameError(f"The frame's {part} is not a JSON object.")
    return value
