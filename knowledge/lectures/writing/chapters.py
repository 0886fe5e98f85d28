"""Chapters of a lecture: where other words begin, helped by pauses and by what speakers say when they turn to
something else. Pure.

The border between topics is found as by M. Utiyama and H. Isahara, "A statistical model for domain-independent text
segmentation" (ACL 2001): of all divisions the one is taken under which the words of the chapters are most probable,
with a price on each chapter. The length of the lecture sets the price, no training is needed.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from knowledge.lectures.models import Chapter
from knowledge.lectures.writing.paragraphs import paragraphs
from knowledge.lectures.writing.phrases import keywords
from knowledge.lectures.writing.spoken import is_ended, is_punctuated, spoken, weight
from knowledge.lectures.writing.words import TURNS
from knowledge.text import analyzer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.lectures.models import Segment, Transcript
    from knowledge.lectures.writing.spoken import Sentence

# Set on three of the six lectures of bench/lecture_content.py.
_PRICE = 3.0
"""Of a chapter, in logarithms of the lecture's number of words; the paper has 1, which suits written text."""
_TURN_BONUS = 12.0
_PAUSE_BONUS = 2.0
_SHORTEST_SECONDS = 60.0
_SHORTEST_SHARES = 0.03, 0.125
"""Of the lecture: no chapter is shorter than the first, nor than a minute unless the lecture is a matter of minutes."""
_LONGEST_SECONDS = 1_500.0
_BLOCK_LETTERS = 120
_STUMP_PRICE = 20.0
"""Of a last chapter that is too short; the lecture ends where it ends."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A stretch between two places where a chapter may begin."""

    first: int
    """The number of its first segment."""
    start: float
    end: float
    counts: Counter[str]
    bonus: float
    """How much speaks for a border before it."""


def chapters(transcript: Transcript) -> tuple[Chapter, ...]:
    """Return the chapters with their paragraphs, titled by their words; every segment is in one."""
    segments = transcript.segments
    if not segments:
        return ()
    blocks = _blocks(segments)
    starts = [blocks[place].first for place in borders(blocks)]
    parts = [spoken(segments, first, end) for first, end in _pairs(starts, len(segments))]
    titles = keywords(parts, transcript.language)
    return tuple(
        Chapter(title, segments[first].start, segments[end - 1].end, paragraphs(segments, first, end))
        for title, (first, end) in zip(titles, _pairs(starts, len(segments)), strict=True)
    )


def borders(blocks: Sequence[_Block]) -> list[int]:
    """Return the numbers of the blocks that begin a chapter, the first always."""
    words = sum(block.counts.total() for block in blocks)
    vocabulary = len(set().union(*(block.counts for block in blocks)))
    price = _PRICE * math.log(max(words, 2))
    shortest = _shortest(blocks[-1].end - blocks[0].start)
    best = [0.0] + [math.inf] * len(blocks)
    came_from = [0] * (len(blocks) + 1)
    for start in range(len(blocks)):
        if math.isinf(best[start]):
            continue
        cost_so_far = best[start] + price - blocks[start].bonus
        for end, cost in _costs(blocks, start, vocabulary):
            is_short = blocks[end - 1].end - blocks[start].start < shortest
            if is_short and end < len(blocks):
                continue
            whole_cost = cost_so_far + cost + _STUMP_PRICE * is_short
            if whole_cost < best[end]:
                best[end], came_from[end] = whole_cost, start
    return _path(came_from)


def _shortest(seconds: float) -> float:
    """Return the length of the shortest chapter of a lecture."""
    low, high = (share * seconds for share in _SHORTEST_SHARES)
    return min(max(low, _SHORTEST_SECONDS), high)


def _costs(blocks: Sequence[_Block], start: int, vocabulary: int) -> list[tuple[int, float]]:
    """Return for each end the bits that the words from `start` to it take, with one Laplace count per known word."""
    found: list[tuple[int, float]] = []
    counts: defaultdict[str, int] = defaultdict(int)
    total, known = 0, 0.0
    for end in range(start + 1, len(blocks) + 1):
        block = blocks[end - 1]
        if block.start - blocks[start].start > _LONGEST_SECONDS:
            break
        for term, more in block.counts.items():
            before = counts[term]
            counts[term] = before + more
            known += _weighed(before + more) - _weighed(before)
            total += more
        found.append((end, total * math.log(total + vocabulary or 1) - known))
    return found


@cache
def _weighed(count: int) -> float:
    return count * math.log(count + 1)


def _path(came_from: Sequence[int]) -> list[int]:
    places = [len(came_from) - 1]
    while places[-1]:
        places.append(came_from[places[-1]])
    return places[:0:-1]


def _blocks(segments: Sequence[Segment]) -> list[_Block]:
    """Return the stretches between ends of sentences that are ends of segments."""
    firsts = _firsts(segments)
    said_from: dict[int, list[Sentence]] = {}
    for sentence in _sentences(segments):
        said_from.setdefault(sentence.segment, []).append(sentence)
    pauses = [max(segments[first].start - segments[first - 1].end, 0.0) for first in firsts[1:]]
    usual = sorted(pauses)[len(pauses) // 2] if pauses else 0.0
    blocks = []
    for first, end in _pairs(firsts, len(segments)):
        said = [sentence for number in range(first, end) for sentence in said_from.get(number, ())]
        pause = segments[first].start - segments[first - 1].end if first else 0.0
        blocks.append(
            _Block(first, segments[first].start, segments[end - 1].end, _counts(said), _bonus(said, pause, usual))
        )
    return blocks


def _sentences(segments: Sequence[Segment]) -> list[Sentence]:
    """Return what is said, of captions without stops line by line: there a "sentence" goes through a dozen of them."""
    if is_punctuated(segments):
        return spoken(segments)
    return [sentence for number in range(len(segments)) for sentence in spoken(segments, number, number + 1)]


def _firsts(segments: Sequence[Segment]) -> list[int]:
    """Return the segments before which a sentence ends; anywhere in captions without stops and pauses."""
    most = math.inf if is_punctuated(segments) else _BLOCK_LETTERS
    firsts, length = [0], 0
    for number in range(1, len(segments)):
        length += weight(segments[number - 1].text)
        if is_ended(segments[number - 1].text) or length > most:
            firsts.append(number)
            length = 0
    return firsts


def _counts(said: Sequence[Sentence]) -> Counter[str]:
    """Return the terms of sentences; of Chinese the pairs, since single characters are in too many words."""
    return Counter(
        term
        for sentence in said
        for term in sentence.terms
        if len(term) > (1 if analyzer.is_chinese(term) else 2) and not term[0].isdigit()
    )


def _bonus(said: Sequence[Sentence], pause: float, usual: float) -> float:
    turn = _TURN_BONUS if said and TURNS.search(said[0].text) else 0.0
    return turn + _PAUSE_BONUS * min(max(pause - max(2 * usual, 1.0), 0.0), 2.0)


def _pairs(starts: Sequence[int], end: int) -> list[tuple[int, int]]:
    return list(zip(starts, [*starts[1:], end], strict=True))
