"""A transcript as text, subtitles or JSON. Pure."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .engine import Word
from .transcripts import Segment, Transcript, wrap

_PARAGRAPH_SECONDS = 2.0
"""A pause that begins a new paragraph."""

_SHORTEST_SECONDS = 1.0
_LETTERS_A_SECOND = 20.0
"""That people can read."""


@dataclass(frozen=True, slots=True)
class _Cue:
    """A subtitle."""

    start: float
    end: float
    text: str
    """One or two lines."""


def to_txt(transcript: Transcript) -> str:
    """Return the text, a paragraph on each line."""
    text = ""
    for before, segment in zip((None, *transcript.segments), transcript.segments, strict=False):
        is_new = before is not None and segment.start - before.end >= _PARAGRAPH_SECONDS
        text += ("\n" if is_new else " " if before else "") + segment.text
    return f"{text}\n" if text else ""


def to_srt(transcript: Transcript) -> str:
    """Return SubRip subtitles."""
    cues = enumerate(_cues(transcript), start=1)
    return "\n".join(
        f"{number}\n{_time(cue.start, ',')} --> {_time(cue.end, ',')}\n{cue.text}\n" for number, cue in cues
    )


def to_vtt(transcript: Transcript) -> str:
    """Return WebVTT subtitles."""
    cues = (f"\n{_time(cue.start, '.')} --> {_time(cue.end, '.')}\n{_escaped(cue.text)}\n" for cue in _cues(transcript))
    return "WEBVTT\n" + "".join(cues)


def to_json(transcript: Transcript) -> str:
    """Return everything that is known, times in seconds."""
    body = {
        "language": transcript.language,
        "duration": transcript.duration,
        "text": transcript.text,
        "segments": [
            {
                "start": segment.start,
                "end": segment.end,
                "text": segment.text,
                "words": [word_json(word) | {"probability": word.probability} for word in segment.words],
            }
            for segment in transcript.segments
        ],
    }
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


FORMATS: Mapping[str, Callable[[Transcript], str]] = {"txt": to_txt, "srt": to_srt, "vtt": to_vtt, "json": to_json}
"""By the ending of their files."""


def word_json(word: Word) -> dict[str, Any]:
    """Return a word and its time."""
    return {"word": word.text, "start": word.start, "end": word.end}


def _cues(transcript: Transcript) -> Iterator[_Cue]:
    """Yield the segments, long enough to be read where the next one leaves time for it, none over another."""
    starts = [*(segment.start for segment in transcript.segments), float("inf")]
    for segment, (_, following) in zip(transcript.segments, pairwise(starts), strict=True):
        end = max(segment.end, segment.start + _reading_seconds(segment))
        yield _Cue(segment.start, max(min(end, following), segment.start + 0.001), "\n".join(wrap(segment.text)))


def _reading_seconds(segment: Segment) -> float:
    return max(_SHORTEST_SECONDS, len(segment.text) / _LETTERS_A_SECOND)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _time(seconds: float, mark: str) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, rest = divmod(whole, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}{mark}{milliseconds:03}"
