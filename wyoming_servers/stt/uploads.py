"""Recordings that programs send: kept in a file, read in a process of its own, given piece by piece."""

import asyncio
import logging
import sys
import wave
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import numpy as np

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.runtime.child import child_environment
from wyoming_servers.runtime.errors import AudioFileError

from .pauses import LONGEST_SECONDS, Piece
from .settings import UploadLimits
from .speech_pieces import is_spoken
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

    A short one in our own form needs no reader. The iteration raises AudioFileError for a file that can't be read.
    """
    if (samples := await asyncio.to_thread(_plain, path, limits)) is not None:
        yield _one(Piece(0.0, samples))
        return
    process = await asyncio.create_subprocess_exec(
        *reader_command(path, limits.longest_seconds),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        env=reader_environment(),
        process_group=0,  # Ctrl-C is for the owner, which ends this process
    )
    try:
        yield _pieces(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def _plain(path: Path, limits: UploadLimits) -> Samples | None:
    """Return the sound of a WAV file that is one piece as it stands; None of all others."""
    try:
        with wave.open(str(path), "rb") as file:
            form = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            longest = min(LONGEST_SECONDS, limits.longest_seconds)
            if form != (1, 2, SAMPLE_RATE) or not 0 < file.getnframes() <= longest * SAMPLE_RATE:
                return None
            return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.int16)
    except (OSError, EOFError, ValueError, wave.Error):
        return None


async def _one(piece: Piece) -> AsyncIterator[tuple[Piece, bool]]:
    yield piece, await asyncio.to_thread(is_spoken, piece)


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
