"""Transcripts of lectures: subtitles and text with time codes, cut where about a passage has been said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.models import Document, Kind, Section
from knowledge.sources.text import read_text, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CUE = re.compile(r"^\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,]\d{1,3})?\s*-->.*$")
_STAMP = re.compile(r"^\s*[\[(]?(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,]\d{1,3})?[\])]?\s*[-–—:]?\s+(\S.*)$")
_MARK = re.compile(r"</?[^>\n]*>|\{\\[^}]*\}")
_SKIPPED = re.compile(r"^\s*(?:\d+|WEBVTT.*|NOTE\b.*|STYLE|REGION|Kind:.*|Language:.*)\s*$")
_SENTENCE_END = re.compile(r"[.!?…。！？]$")
_ENOUGH_CHARACTERS = 500
_MOST_CHARACTERS = 850


class LectureSource:
    """Reads .srt, .vtt and .txt transcripts in the folder of lectures."""

    kind = Kind.LECTURE
    extensions = frozenset({".srt", ".vtt", ".txt"})

    def read(self, path: Path) -> list[Document]:
        """Return the transcript as one document; its sections begin at time codes, where it has any.

        Raises: SourceError if it is not text.
        """
        text = read_text(path)
        cues = list(_cues(text))
        if not cues and path.suffix.lower() == ".txt":
            plain = text.strip()
            return [Document("", (Section(unwrap(plain)),), Kind.LECTURE)] if plain else []
        sections = tuple(_sections(cues))
        return [Document("", sections, Kind.LECTURE)] if sections else []


SOURCE = LectureSource()


def _cues(text: str) -> Iterator[tuple[int, str]]:
    """Yield (second, what is said from then on)."""
    second: int | None = None
    for line in text.splitlines():
        if match := _CUE.match(line):
            second = _seconds(match)
        elif match := _STAMP.match(line):
            second = _seconds(match)
            yield second, match[4]
        elif second is not None and not _SKIPPED.match(line):
            yield second, line


def _seconds(match: re.Match[str]) -> int:
    return int(match[1] or 0) * 3_600 + int(match[2]) * 60 + int(match[3])


def _sections(cues: list[tuple[int, str]]) -> Iterator[Section]:
    start, said = 0, ""
    previous = ""
    for second, raw in cues:
        line = " ".join(_MARK.sub("", raw).split())
        if not line or line == previous:  # subtitles that roll repeat the line above
            continue
        previous = line
        start = start if said else second
        said = f"{said} {line}" if said else line
        is_over = len(said) >= _ENOUGH_CHARACTERS and _SENTENCE_END.search(said)
        if is_over or len(said) >= _MOST_CHARACTERS:
            yield Section(said, start_seconds=start)
            said = ""
    if said:
        yield Section(said, start_seconds=start)
