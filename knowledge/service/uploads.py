"""Files that a form brings, piece by piece: none is ever whole in memory."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import BodyPartReader
from aiohttp.http_exceptions import HttpProcessingError

from knowledge.service.requests import PayloadError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from aiohttp import web

_PIECE_BYTES = 256 << 10
_PIECE_SECONDS = 60.0
_MAX_FIELD_BYTES = 2_000


async def parts(request: web.Request) -> AsyncIterator[BodyPartReader]:
    """Yield the fields of a form; raises PayloadError for a body that is none."""
    try:
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            if not isinstance(part, BodyPartReader):
                raise PayloadError("The form has a form in it.")
            yield part
    except (AssertionError, HttpProcessingError, ValueError) as err:  # what aiohttp raises for a form that is none
        raise PayloadError("The form cannot be read.") from err


async def field(part: BodyPartReader) -> str:
    """Return a short field; raises PayloadError."""
    raw = await part.read_chunk(_MAX_FIELD_BYTES + 1)
    if len(raw) > _MAX_FIELD_BYTES:
        raise PayloadError(f"The field '{part.name}' is too long.")
    return raw.decode("utf-8", "replace").strip()


def pieces(part: BodyPartReader, most_bytes: int) -> Iterator[bytes]:
    """Return a file's pieces, to be iterated over in another thread than the event loop's, where this is called.

    The iteration raises TooLargeError, TimeoutError.
    """
    return _pieces(part, most_bytes, asyncio.get_running_loop())


def _pieces(part: BodyPartReader, most_bytes: int, loop: asyncio.AbstractEventLoop) -> Iterator[bytes]:
    room = most_bytes
    while piece := asyncio.run_coroutine_threadsafe(part.read_chunk(_PIECE_BYTES), loop).result(_PIECE_SECONDS):
        room -= len(piece)
        if room < 0:
            raise TooLargeError(part.filename or "", most_bytes)
        yield piece
