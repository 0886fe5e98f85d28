"""Which files their owner does not want read: patterns as in .gitignore."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Self

from pathspec import GitIgnoreSpec

if TYPE_CHECKING:
    from pathlib import Path

_LOGGER = logging.getLogger(__name__)

IGNORE_FILE = ".voiceragignore"
"""At the top of the knowledge folder."""
_MOST_CHARACTERS = 64 << 10


class IgnoreRules:
    """The patterns of one file."""

    def __init__(self, text: str) -> None:
        """Take the file's text; a pattern that makes no sense is said in the log, and none is used then."""
        self._spec = _compiled(text[:_MOST_CHARACTERS])

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Return the rules of a knowledge folder; none where it has no such file."""
        try:
            return cls((folder / IGNORE_FILE).read_text(encoding="utf-8", errors="replace"))
        except OSError:
            return cls("")

    def match(self, relative: str) -> bool:
        """Say whether a path inside the folder is to be passed over."""
        return self._spec.match_file(relative)


@lru_cache(maxsize=4)  # so that a file with a mistake is complained about once and not at every scan
def _compiled(text: str) -> GitIgnoreSpec:
    try:
        return GitIgnoreSpec.from_lines(text.splitlines())
    except (ValueError, re.error) as err:
        _LOGGER.warning("%s is not used: %s", IGNORE_FILE, err)
        return GitIgnoreSpec.from_lines([])
