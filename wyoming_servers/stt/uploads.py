"""Recordings that programs send: kept in a file, read in a process of its own, given piece by piece."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import numpy as np

from wyoming_servers.runtime.audio import SAMPLE_RATE
from wyoming_servers.runtime.child import child_environment
from wyoming_servers.runtime.errors import AudioFileError

from .pauses import LONGEST_SECONDS, Piece
from .settings import UploadLimits
from .upload_frames import HEADER, Kind, unpack_failure

_LOGGER = logging.getLogger(__name__)
_CHILD = "wyoming_servers.stt.upload_child"
LARGEST_PAYLOAD = int(LONGEST_SECONDS * SAMPLE_RATE) * 2


def reader_command(path: Path, longest_seconds: float, start: float = 0.0, niceness: int = 0) -> Sequence[str]:
    """Return what starts the process that reads a recording and writes what `upload_frames` says."""
    return [sys.executable, "-m", _CHILD, str(path), str(longest_seconds), str(start), str(niceness)]


def reader_environment() -> Mapping[str, str]:
    """Return the environment of that process."""
    return child_environment(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")


@asynccontextmanager
async def reading(path: Path, limits: UploadLimits) -> AsyncIterator[AsyncIterator[tuple[Piece, bool]]]:
    """Yield the pieces of a recording, each with whether anybody speaks in it; the reader ends with the context.

    The iteration raises AudioFileError for a file that can't be read.
    """
    process = await asyncio.create_subprocess_exec(
        *reader_command(path, limits.longest_seconds),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        env=reader_environment(),
    )
    try:
        yield _pieces(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _pieces(process: asyncio.subprocess.Process) -> AsyncIterator[tuple[Piece, bool]]:
    output = cast("asyncio.StreamReader", process.stdout)  # it was asked for above
    try:
        while True:
            kind, start, is_speech, size = HEADER.unpack(await output.readexactly(HEADER.size))
            if kind == Kind.END:
                return
            if size > LARGEST_PAYLOAD:
                raise AudioFileError("The reader of the recording went wrong.")
            payload = await output.readexactly(size)
            if kind == Kind.FAILURE:
                raise unpack_failure(payload)
            if kind == Kind.PIECE:
                yield Piece(start, np.frombuffer(payload, np.int16)), bool(is_speech)
    except asyncio.IncompleteReadError as err:
        _LOGGER.warning("The reader of an upload ended with exit code %s", await process.wait())
        raise AudioFileError("The recording made its reader fail. Save it anew in another format.") from err
