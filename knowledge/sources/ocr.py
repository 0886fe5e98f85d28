"""Text in pictures, by Tesseract where it is installed (https://tesseract-ocr.github.io)."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DOTS_PER_INCH = 300
MOST_DOTS = 5_000
"""The longer side of a picture; larger ones only take longer."""
_WANTED = ("rus", "eng", "chi_sim")
_PAGE_SECONDS = 60.0


@dataclass(slots=True)
class _Limit:
    seconds: float = 300.0


_limit = _Limit()  # of this process, which reads files for one owner


class OcrError(Exception):
    """Tesseract failed; the message is its own."""


def is_available() -> bool:
    """Say whether pictures can be read here."""
    return _limit.seconds > 0 and bool(_languages())


def allow(seconds: float) -> None:
    """Set how long the pictures of one file may take; 0 reads none."""
    _limit.seconds = seconds


def texts(pictures: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, str]]:
    """Yield (number, text) for numbered pictures in any format that Tesseract reads, until the time is over; blocking.

    Raises: OcrError.
    """
    deadline = time.monotonic() + _limit.seconds
    for number, picture in pictures:
        left = deadline - time.monotonic()
        if left <= 0:
            return
        yield number, _read(picture, min(left, _PAGE_SECONDS))


def _read(picture: bytes, seconds: float) -> str:
    command = ("tesseract", "stdin", "stdout", "-l", "+".join(_languages()))
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # its threads take longer together than one does
    try:
        result = subprocess.run(  # noqa: S603
            command, input=picture, capture_output=True, timeout=seconds, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        return ""
    except OSError as err:
        raise OcrError(err.strerror) from err
    if result.returncode != 0:
        raise OcrError((result.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"])[-1])
    return result.stdout.decode(errors="replace")


@cache
def _languages() -> tuple[str, ...]:
    if shutil.which("tesseract") is None:
        return ()
    listed = subprocess.run(("tesseract", "--list-langs"), capture_output=True, text=True, check=False)  # noqa: S607
    return tuple(language for language in _WANTED if language in listed.stdout.split())
