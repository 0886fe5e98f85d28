"""The process that reads files; started by `knowledge.reading.parser`, imported by nobody."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

from knowledge.codec import prepared_to_json, problem_to_json
from knowledge.errors import SourceError
from knowledge.reading import frames
from knowledge.reading.prepare import prepare
from knowledge.reasons import Problem, Reason
from knowledge.sources import ocr

if TYPE_CHECKING:
    from knowledge.codec import Json


def serve(requests: IO[bytes], replies: IO[bytes]) -> None:
    """Greet, then answer requests until the owner goes away."""
    frames.send(replies, {})
    while (request := frames.receive(requests)) is not None:
        frames.send(replies, _reply(request))


def _reply(request: Json) -> Json:
    try:
        return prepared_to_json(prepare(Path(request["path"]), request["relative"]))
    except SourceError as err:
        return problem_to_json(err.problem)
    except OSError as err:
        return problem_to_json(Problem(Reason.CANNOT_OPEN, err.strerror or ""))


def _main() -> None:
    memory_bytes, ocr_seconds = int(sys.argv[1]), float(sys.argv[2])
    ocr.allow(ocr_seconds)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints must not break the dialogue
    serve(sys.stdin.buffer, replies)


if __name__ == "__main__":
    _main()
