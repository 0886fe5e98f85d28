"""The process that reads one recording; imported by nobody.

Its arguments: the file, how many seconds of it are too many, the second to begin at, and how nice it is to others.
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
from wyoming_servers.runtime.errors import AudioFault, AudioFileError

from .audio_files import UPLOADS, opened
from .speech_pieces import is_spoken, pieces_of
from .upload_frames import Kind, pack, pack_failure

_LEAST_SECONDS = 1800
_SECONDS_A_SECOND = 0.125
"""Of computing, and of those for each second of sound: the slowest machines take a tenth of it for silence."""

_LIMITS = {
    resource.RLIMIT_AS: 2 << 30,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_NOFILE: 64,
    resource.RLIMIT_CORE: 0,
}


def write_pieces(path: Path, longest_seconds: float, start: float, output: IO[bytes]) -> None:
    """Write what `upload_frames` says, of the sound from a second on."""
    try:
        with opened(path, UPLOADS) as audio:
            output.write(pack(Kind.OPENED, audio.duration or 0.0))
            output.flush()
            for piece in pieces_of(_limited(audio.blocks(start), longest_seconds)):
                payload = piece.samples.tobytes()
                output.write(pack(Kind.PIECE, start + piece.start, is_spoken=is_spoken(piece), payload=payload))
                output.flush()
        output.write(pack(Kind.END))
    except AudioFileError as err:
        output.write(pack_failure(err))
    output.flush()


def _limited(blocks: Iterable[Samples], longest_seconds: float) -> Iterator[Samples]:
    seconds = 0.0
    for block in blocks:
        seconds += len(block) / SAMPLE_RATE
        if seconds > longest_seconds:
            message = f"The recording is longer than {longest_seconds / 3600:g} hours. Send it in parts."
            raise AudioFileError(message, AudioFault.TOO_LONG)
        yield block


def _main() -> None:
    path, longest_seconds, start, niceness = sys.argv[1:]
    os.nice(int(niceness))
    _limit(int(max(_LEAST_SECONDS, float(longest_seconds) * _SECONDS_A_SECOND)))
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints must not break the frames
    with suppress(BrokenPipeError):  # nobody waits for them any more
        write_pieces(Path(path), float(longest_seconds), float(start), output)


def _limit(cpu_seconds: int) -> None:
    for limit, value in {**_LIMITS, resource.RLIMIT_CPU: cpu_seconds}.items():
        hard = resource.getrlimit(limit)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (allowed, allowed))


if __name__ == "__main__":
    _main()
