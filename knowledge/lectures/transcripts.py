"""Transcripts that come as files: subtitles, text with time codes, plain text, and the JSON of recognisers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from html import unescape
from typing import TYPE_CHECKING, Any

from knowledge.errors import SourceError
from knowledge.lectures.models import Segment, Word
from knowledge.reasons import Reason
from knowledge.sources.text import read_text, unwrap
from knowledge.text import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_MOST_BYTES = 32 << 20
_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
_CUE = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}.*$")
_STAMP = re.compile(rf"^\s*[\[(]?{_TIME}[\])]?\s*[-–—:]?\s+(\S.*)$")
_MARK = re.compile(r"</?[^<>\n]*>|\{\\[^{}]*\}")
_NOTE = re.compile(r"NOTE(?:\s|$)")
_SPEAKER = re.compile(r"^<v(?:\.[^ >]*)? ([^>]+)>")
_LAST_SECONDS = 5.0
"""How long the last line of a text with time codes is taken to last."""
_ROLL_SECONDS = 0.1
"""Cues that roll follow each other at once; who says a word again takes a breath."""
_MOST_SECONDS = 3_600_000.0
_END = "0:00 --> 0:00"


@dataclass(frozen=True, slots=True)
class _Cue:
    """What stands under one time."""

    lines: tuple[str, ...]
    start: float
    end: float | None
    """None where it is not told."""
    who: str


def read_transcript(path: Path) -> tuple[Segment, ...]:
    """Return what a file says; all times are 0 where it has none. Blocking.

    Raises: SourceError for what is no transcript, or has nothing in it.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise SourceError(Reason.TOO_LARGE, _MOST_BYTES >> 20)
        text = read_text(path)
    except OSError as err:
        raise SourceError(Reason.CANNOT_OPEN, err.strerror) from err
    suffix = path.suffix.lower()
    segments = _of_json(text) if suffix == ".json" else _of_lines(text, is_plain=suffix == ".txt")
    if not segments:
        raise SourceError(Reason.NO_TEXT)
    return segments


def is_timed(segments: Iterable[Segment]) -> bool:
    """Say whether a transcript tells when things are said."""
    return any(segment.end > 0 for segment in segments)


def _of_lines(text: str, *, is_plain: bool) -> tuple[Segment, ...]:
    cues = list(_without_repeats(_cues(text, is_plain=is_plain)))
    if cues:
        following = [cue.start for cue in cues[1:]] + [cues[-1].start + _LAST_SECONDS]
        return tuple(
            Segment(
                " ".join(cue.lines), cue.start, max(cue.start, after if cue.end is None else cue.end), speaker=cue.who
            )
            for cue, after in zip(cues, following, strict=True)
        )
    plain = unwrap(text.strip()) if is_plain else ""
    return tuple(Segment(sentence, 0.0, 0.0) for sentence in sentences.split(plain))


def _cues(text: str, *, is_plain: bool) -> Iterator[_Cue]:
    """Yield each cue or time code.

    What a plain text says before its first time code is said from the beginning.
    """
    is_web, is_note, has_times = text.startswith("WEBVTT"), False, False
    start, end, lines = 0.0 if is_plain and not is_web else -1.0, None, list[str]()
    for before, line, after in _neighbours(text):
        cue, stamp = _CUE.match(line), _STAMP.match(line)
        is_note = line != "" and (is_note or (is_web and not before and _NOTE.match(line) is not None))
        if cue or stamp:
            if start >= 0 and lines and (has_times or after is not None):
                yield _Cue(_said(lines, is_web=is_web), start, end, _speaker(lines))
            has_times, start = True, _seconds(cue or stamp, 0)
            end, lines = (_seconds(cue, 4), []) if cue else (None, [stamp[5]] if stamp else [])
        elif line and not is_note and not _is_name(before, line, after, is_web=is_web):
            lines.append(line)


def _neighbours(text: str) -> Iterator[tuple[str, str, str | None]]:
    """Yield each line with those around it, and at last a cue with None after it."""
    lines = [line.strip() for line in text.splitlines()]
    yield from zip(["", *lines], lines, [*lines[1:], ""], strict=False)
    yield "", _END, None


def _is_name(before: str, line: str, after: str | None, *, is_web: bool) -> bool:
    """Say whether a line is the number or name of the cue below it, and not said by anybody."""
    return after is not None and _CUE.match(after) is not None and (line.isdigit() or (is_web and not before))


def _without_repeats(cues: Iterator[_Cue]) -> Iterator[_Cue]:
    """Leave out the lines that subtitles which roll repeat of the cue above, and cues that say nothing."""
    above, until = tuple[str, ...](), -_ROLL_SECONDS
    for cue in cues:
        repeated = _repeated(above, cue.lines) if cue.start - until < _ROLL_SECONDS else 0
        if new := cue.lines[repeated:]:
            yield replace(cue, lines=new)
        if cue.lines:
            above, until = cue.lines, cue.start - _ROLL_SECONDS if cue.end is None else cue.end


def _repeated(above: tuple[str, ...], lines: tuple[str, ...]) -> int:
    """Return how many lines begin a cue that have ended the one above."""
    return next((most for most in range(min(len(above), len(lines)), 0, -1) if above[-most:] == lines[:most]), 0)


def _said(lines: list[str], *, is_web: bool) -> tuple[str, ...]:
    """Return the lines without marks; WebVTT writes a few characters as HTML does."""
    plain = (_MARK.sub("", line) for line in lines)
    return tuple(filter(None, (" ".join((unescape(line) if is_web else line).split()) for line in plain)))


def _speaker(lines: list[str]) -> str:
    found = _SPEAKER.match(lines[0].strip())
    return found[1].strip() if found else ""


def _seconds(match: re.Match[str] | None, first: int) -> float:
    hours, minutes, seconds, parts = match.groups()[first : first + 4] if match else (0, 0, 0, 0)
    return int(hours or 0) * 3_600 + int(minutes) * 60 + int(seconds) + float(f"0.{parts or 0}")


def _of_json(text: str) -> tuple[Segment, ...]:
    """Read "segments" as OpenAI's API and Whisper write them, or those of our own exports."""
    try:
        return tuple(_segment(item) for item in _items(json.loads(text)) if str(item["text"]).strip())
    except (ValueError, OverflowError, KeyError, TypeError, AttributeError, RecursionError) as err:
        raise SourceError(Reason.NO_SEGMENTS) from err


def _items(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        yield from data
    elif "segments" in data:
        yield from data["segments"]
    else:
        for chapter in data["chapters"]:
            for paragraph in chapter["paragraphs"]:
                yield from paragraph["segments"]


def _segment(item: dict[str, Any]) -> Segment:
    words = tuple(
        Word(str(word.get("word", word.get("text", ""))).strip(), _moment(word["start"]), _moment(word["end"]))
        for word in item.get("words") or ()
    )
    said, start = " ".join(str(item["text"]).split()), _moment(item["start"])
    return Segment(said, start, max(start, _moment(item["end"])), words, str(item.get("speaker") or ""))


def _moment(value: Any) -> float:
    """Return seconds from the beginning. Raises: ValueError for what is no place in a recording: JSON has NaN."""
    seconds = float(value)
    if not seconds < _MOST_SECONDS:
        raise ValueError(value)
    return max(seconds, 0.0)
