"""What a recogniser without punctuation makes of a lecture that is read out: words, pauses, lines of subtitles."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from knowledge.lectures.models import Segment, Word
from knowledge.models import Language
from wyoming_servers.stt import engine
from wyoming_servers.stt.transcripts import segments_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SECONDS_PER_CHARACTER = {Language.RUSSIAN: 0.07, Language.ENGLISH: 0.06, Language.CHINESE: 0.25}
_WORD = re.compile(r"[\u4e00-\u9fff]{1,2}|[^\W\u4e00-\u9fff]+(?:[-'’][^\W\u4e00-\u9fff]+)*")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_MARK = re.compile(r"[^\w\s]")
_END_PAUSE = -0.6, 0.6
"""Mean and deviation of the logarithm of seconds: half are shorter than 0.55 s, one in ten than 0.25 s."""
_MARK_PAUSE = -1.4, 0.5
_HESITATION = -1.0, 0.6
_MARK_SHARE = 0.5
"""Of commas at which the speaker stops."""
_HESITATION_SHARE = 0.04
"""Of the other words behind which the speaker does."""
_BETWEEN_WORDS = 0.03


@dataclass(frozen=True, slots=True)
class Heard:
    """A transcript with the places of its parts, which are numbers of words."""

    segments: list[Segment]
    segment_firsts: list[int]
    text_firsts: list[int]
    count: int


def heard(texts: Sequence[str], language: Language, seed: int, *, has_pauses: bool = True) -> Heard:
    """Return what is heard of sentences."""
    words: list[engine.Word] = []
    text_firsts = []
    for text in texts:
        text_firsts.append(len(words))
        words += _said(text, language, random.Random(f"{seed} {text}"), words[-1].end if words else 0.0)
    text = "".join(word.text if _HAN.match(word.text) else f" {word.text}" for word in words)
    lines = segments_of(engine.Transcription(text.strip(), language.value, words=tuple(words)), 0.0)
    firsts = [0, *accumulate(len(line.words) for line in lines)]
    segments = [
        Segment(line.text, line.start, line.end, tuple(Word(word.text, word.start, word.end) for word in line.words))
        for line in lines
    ]
    return Heard(segments if has_pauses else _without_pauses(segments), firsts[:-1], text_firsts, len(words))


def _without_pauses(segments: Sequence[Segment]) -> list[Segment]:
    ends = [*(segment.start for segment in segments[1:]), segments[-1].end]
    return [Segment(segment.text, segment.start, end) for segment, end in zip(segments, ends, strict=True)]


def _said(text: str, language: Language, chance: random.Random, start: float) -> Iterator[engine.Word]:
    matches = list(_WORD.finditer(text))
    at = start + chance.lognormvariate(*_END_PAUSE)
    for match in matches:
        end = at + len(match[0]) * SECONDS_PER_CHARACTER[language]
        yield engine.Word(match[0].lower(), round(at, 2), round(end, 2))
        at = end + _pause(_MARK.match(text, match.end()) is not None, chance)


def _pause(is_mark: bool, chance: random.Random) -> float:
    if is_mark and chance.random() < _MARK_SHARE:
        return chance.lognormvariate(*_MARK_PAUSE)
    return chance.lognormvariate(*_HESITATION) if chance.random() < _HESITATION_SHARE else _BETWEEN_WORDS
