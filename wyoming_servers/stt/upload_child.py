"""The process that reads one upload; started by `uploads.py`, imported by nobody.

It opens a file that anybody may have made with a large library in C: it may use so much memory and time, and write
nothing.
"""

import os
import resource
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.runtime.errors import AudioFileError

from .audio_files import UPLOADS, opened
from .speech_pieces import is_spoken, pieces_of
from .upload_frames import HEADER, Kind

_LIMITS = {
    resource.RLIMIT_AS: 2 << 30,
    resource.RLIMIT_CPU: 1800,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_NOFILE: 64,
    resource.RLIMIT_CORE: 0,
}


def write_pieces(path: Path, longest_seconds: float, output: IO[bytes]) -> None:
    """Write what `upload_frames` says."""
    try:
        with opened(path, UPLOADS) as audio:
            for piece in pieces_of(_limited(audio.blocks(), longest_seconds)):
                payload = piece.samples.tobytes()
                output.write(HEADER.pack(Kind.PIECE, piece.start, is_spoken(piece), len(payload)) + payload)
        output.write(HEADER.pack(Kind.END, 0.0, False, 0))
    except AudioFileError as err:
        message = str(err).encode()
        output.write(HEADER.pack(Kind.FAILURE, 0.0, False, len(message)) + message)
    output.flush()


def _limited(blocks: Iterable[Samples], longest_seconds: float) -> Iterator[Samples]:
    seconds = 0.0
    for block in blocks:
        seconds += len(block) / SAMPLE_RATE
        if seconds > longest_seconds:
            raise AudioFileError(f"The recording is longer than {longest_seconds / 3600:g} hours. Send it in parts.")
        yield block


def _main() -> None:
    for limit, value in _LIMITS.items():
        hard = resource.getrlimit(limit)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (allowed, allowed))
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints must not break the frames
    with suppress(BrokenPipeError):  # nobody waits for them any more
        write_pieces(Path(sys.argv[1]), float(sys.argv[2]), output)


if __name__ == "__main__":
    _main()
