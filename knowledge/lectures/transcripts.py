"""Transcripts that come as files: subtitles, text with time codes, plain text, and the JSON of recognisers."""

from __future__ import annotations

import json
import re
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
_MARK = re.compile(r"</?[^>\n]*>|\{\\[^}]*\}")
_SKIPPED = re.compile(r"^\s*(?:\d+|WEBVTT.*|NOTE\b.*|STYLE|REGION|Kind:.*|Language:.*)\s*$")
_SPEAKER = re.compile(r"^<v(?:\.[^ >]*)? ([^>]+)>")
_LAST_SECONDS = 5.0
"""How long the last line of a text with time codes is taken to last."""


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
    segments = _of_json(text) if path.suffix.lower() == ".json" else _of_lines(text, is_plain=path.suffix == ".txt")
    if not segments:
        raise SourceError(Reason.NO_TEXT)
    return segments


def is_timed(segments: Iterable[Segment]) -> bool:
    """Say whether a transcript tells when things are said."""
    return any(segment.end > 0 for segment in segments)


def _of_lines(text: str, *, is_plain: bool) -> tuple[Segment, ...]:
    cues = list(_without_repeats(_cues(text)))
    if cues:
        following = [start for _, start, _, _ in cues[1:]] + [cues[-1][1] + _LAST_SECONDS]
        ends = [
            max(start, after if end is None else end) for (_, start, end, _), after in zip(cues, following, strict=True)
        ]
        return tuple(
            Segment(said, start, end, speaker=who) for (said, start, _, who), end in zip(cues, ends, strict=True)
        )
    plain = unwrap(text.strip()) if is_plain else ""
    return tuple(Segment(sentence, 0.0, 0.0) for sentence in sentences.split(plain))


def _cues(text: str) -> Iterator[tuple[str, float, float | None, str]]:
    """Yield (what is said, from when, until when if that is told, by whom), one for each cue or time code."""
    start, end, lines = -1.0, None, list[str]()
    for line in [*text.splitlines(), "0:00 --> 0:00"]:
        cue, stamp = _CUE.match(line), _STAMP.match(line)
        if cue or stamp:
            if start >= 0 and lines:
                yield _said(lines), start, end, _speaker(lines)
            start = _seconds(cue or stamp, 0)
            end, lines = (_seconds(cue, 4), []) if cue else (None, [stamp[5]] if stamp else [])
        elif start >= 0 and not _SKIPPED.match(line):
            lines.append(line)


def _without_repeats(
    cues: Iterator[tuple[str, float, float | None, str]],
) -> Iterator[tuple[str, float, float | None, str]]:
    """Leave out what subtitles that roll repeat of the cue above, and cues that say nothing."""
    previous = ""
    for said, start, end, who in cues:
        if said and said != previous:
            yield said, start, end, who
        previous = said


def _said(lines: list[str]) -> str:
    return " ".join(" ".join(_MARK.sub("", line) for line in lines).split())


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
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as err:
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
        Word(str(word.get("word", word.get("text", ""))).strip(), float(word["start"]), float(word["end"]))
        for word in item.get("words") or ()
    )
    said = " ".join(str(item["text"]).split())
    return Segment(said, float(item["start"]), float(item["end"]), words, str(item.get("speaker") or ""))
