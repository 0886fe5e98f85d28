"""Memory while a long lecture is transcribed: python -m bench.lecture_memory [--hours N]

The process is what the knowledge service is, without its web server and without any engine: the library of the index,
the store, and the thread that works on lectures. Private is what nobody else has; the rest is code and data of files,
which the system can drop and read again.
"""

import argparse
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from bench.lecture_stand_in import StandIn, become_ready, write
from knowledge.lectures.models import Segment
from knowledge.lectures.protocols import Piece

_READER = "upload_child"
_ROWS = 10


@dataclass(frozen=True, slots=True)
class _Memory:
    """Of a process, in MB."""

    private: float
    whole: float

    def __str__(self) -> str:
        return f"{self.private:.0f}, {self.whole:.0f} MB"


@dataclass
class _Watched(StandIn):
    """Notes the memory at each piece."""

    seen: list[tuple[float, _Memory, _Memory]] = field(default_factory=list)
    """Second of the recording, this process, the one that reads."""

    def transcribe(self, piece: Piece, language: str | None) -> tuple[Segment, ...]:
        """Return sentences at once."""
        with suppress(OSError, KeyError, StopIteration):  # a thread, or the reader, ends just now
            self.seen.append((piece.end, _memory(os.getpid()), _memory(_reader())))
        return StandIn.transcribe(self, piece, language)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--hours", type=float, default=3, help="of sound (%(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lecture-") as name:
        path = Path(name) / "knowledge" / "lectures" / "lecture.flac"
        writing = get_context("spawn").Process(target=write, args=(path, round(options.hours * 3600)))
        writing.start()  # elsewhere: voices and encoder are none of the service's memory
        writing.join()
        watched = _Watched(0.0)
        become_ready(path.parents[1], Path(name) / "data", watched)
    print("| minute | service: private, whole | reader: private, whole |\n|---|---|---|")
    for end, own, reader in watched.seen[:: max(1, len(watched.seen) // _ROWS)]:
        print(f"| {end / 60:.0f} | {own} | {reader} |")


def _memory(process: int) -> _Memory:
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    known = dict(line.split(":", 1) for line in lines)
    private, whole = (int(known[key].split()[0]) * 1024 / 1e6 for key in ("RssAnon", "VmRSS"))
    return _Memory(private, whole)


def _reader() -> int:
    """Return the process that reads the recording."""
    children = [
        int(pid)
        for task in Path("/proc/self/task").iterdir()
        for pid in (task / "children").read_text(encoding="ascii").split()
    ]
    return next(pid for pid in children if _READER in Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
