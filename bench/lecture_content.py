"""Chapters and terms without a model: python -m bench.lecture_content [--raw | --heard | --captions] [--show].

Nine lectures of ours, in bench/data/lectures, say where their chapters begin and which terms a reader would want
explained. Three were there to choose weights by, three for the report; three more are of another kind: a lesson with
questions of pupils, a speaker who says "um", two hosts of a podcast. Chapters are measured by Pk and WindowDiff
(errors, less is better) beside cuts at random places and even cuts, which are told the right number of chapters; terms
by precision and recall beside as many of the most frequent phrases. Each sentence is a segment; the pauses between them
are random, so that only words and turns of speech tell where a chapter begins. --raw takes stops, commas and capitals
away, as recognisers do that write words only. --heard does so too and cuts the words into lines of subtitles, as the
speech server does, by pauses that end few sentences and fall into others; places are words then, not sentences, and
the figures are means over some runs of pauses. --captions has the same lines without a pause, one behind the other, as
automatic captions come. --show prints what was found.
"""

from __future__ import annotations

import argparse
import random
import re
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import TYPE_CHECKING

from bench.lecture_hearing import SECONDS_PER_CHARACTER, heard
from knowledge.lectures.models import Segment, Transcript
from knowledge.lectures.writing.chapters import chapters
from knowledge.lectures.writing.content import write_content
from knowledge.lectures.writing.glossary import glossary, key
from knowledge.lectures.writing.phrases import phrases
from knowledge.lectures.writing.spoken import punctuated, spoken
from knowledge.lectures.writing.templates import Templates
from knowledge.models import Language

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from knowledge.lectures.writing.spoken import Sentence

_FOLDER = Path(__file__).parent / "data" / "lectures"
_PAUSES = (0.2, 0.9)
_RANDOM_CUTS = 500
_RUNS = 5
"""Of pauses, with --heard."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A lecture with what is expected of it."""

    name: str
    purpose: str
    transcript: Transcript
    terms: tuple[str, ...]
    borders: tuple[int, ...]
    """The places where a chapter begins, without the first."""
    firsts: tuple[int, ...]
    """The places where the segments begin: the same as their numbers, or words."""
    count: int
    """Of places."""


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", action="store_true")
    parser.add_argument("--heard", action="store_true")
    parser.add_argument("--captions", action="store_true")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    runs = range(_RUNS) if options.heard or options.captions else [None]
    lectures = [
        _read(path, run, is_raw=options.raw, has_pauses=not options.captions)
        for path in sorted(_FOLDER.glob("*.txt"))
        for run in runs
    ]
    for purpose in ("tuning", "report", "fresh"):
        chosen = [lecture for lecture in lectures if lecture.purpose == purpose]
        print(f"\n{purpose}\n")
        _print_chapters(chosen)
        _print_terms(chosen)
        if options.show:
            for lecture in chosen:
                _show(lecture)
    _print_time(lectures[0])


def pk(expected: Collection[int], found: Collection[int], count: int) -> float:
    """Return how often two places half a chapter apart are wrongly held to be in the same chapter or not.

    D. Beeferman, A. Berger, J. Lafferty, "Statistical models for text segmentation" (1999).
    """
    width = _width(expected, count)
    places = range(count - width)
    return fmean((_between(expected, place, width) > 0) != (_between(found, place, width) > 0) for place in places)


def window_diff(expected: Collection[int], found: Collection[int], count: int) -> float:
    """Return how often a window of half a chapter has another number of borders than it should.

    L. Pevzner, M. Hearst, "A critique and improvement of an evaluation metric for text segmentation" (2002).
    """
    width = _width(expected, count)
    places = range(count - width)
    return fmean(_between(expected, place, width) != _between(found, place, width) for place in places)


def _width(expected: Collection[int], count: int) -> int:
    return max(round(count / (len(expected) + 1) / 2), 1)


def _between(borders: Iterable[int], place: int, width: int) -> int:
    return sum(place < border <= place + width for border in borders)


def _print_chapters(lectures: Sequence[Marked]) -> None:
    print("| chapters | expected | found | Pk | WindowDiff | Pk even | WD even | Pk random | WD random |")
    print("|---|---|---|---|---|---|---|---|---|")
    rows = []
    for name, runs in groupby(lectures, lambda lecture: lecture.name):
        figures = [_figures(lecture) for lecture in runs]
        expected, found, *row = (fmean(column) for column in zip(*figures, strict=True))
        rows.append(row)
        print(f"| {name} | {expected:.0f} | {found:.3g} | {_shares(row)} |")
    print(f"| mean | | | {_shares([fmean(column) for column in zip(*rows, strict=True)])} |\n")


def _figures(lecture: Marked) -> list[float]:
    """Return the numbers of chapters, and the errors of ours, of even and of random cuts."""
    count, expected = lecture.count, lecture.borders
    found = [lecture.firsts[chapter.paragraphs[0].first] for chapter in chapters(lecture.transcript)[1:]]
    even = [round(count * n / (len(expected) + 1)) for n in range(1, len(expected) + 1)]
    chance = random.Random(1)
    cuts = [chance.sample(range(1, count), len(expected)) for _ in range(_RANDOM_CUTS)]
    return [
        len(expected) + 1,
        len(found) + 1,
        pk(expected, found, count),
        window_diff(expected, found, count),
        pk(expected, even, count),
        window_diff(expected, even, count),
        fmean(pk(expected, cut, count) for cut in cuts),
        fmean(window_diff(expected, cut, count) for cut in cuts),
    ]


def _print_terms(lectures: Sequence[Marked]) -> None:
    print("| terms | expected | explained | precision | recall | recall with those only used | of frequent phrases |")
    print("|---|---|---|---|---|---|---|")
    for lecture in lectures:
        sentences = _sentences(lecture)
        found = glossary(sentences, lecture.transcript.language)
        wanted = {key(term) for term in lecture.terms}
        explained = {key(term.term) for term in found if term.definition}
        everything = {key(term.term) for term in found}
        heavy = {key(phrase.text) for phrase in phrases(sentences, lecture.transcript.language)[: len(explained)]}
        print(
            f"| {lecture.name} | {len(wanted)} | {len(explained)} | {_share(wanted & explained, explained)} | "
            f"{_share(wanted & explained, wanted)} | {_share(wanted & everything, wanted)} | "
            f"{_share(wanted & heavy, wanted)} |"
        )


def _print_time(lecture: Marked) -> None:
    """Print how long three hours of speech take without a model."""
    once = lecture.transcript.segments
    length = once[-1].end + 1.0
    said = tuple(
        replace(segment, start=segment.start + length * time, end=segment.end + length * time)
        for time in range(int(3 * 3600 / length))
        for segment in once
    )
    begun = perf_counter()
    write_content(
        Transcript(said, lecture.transcript.language),
        lecture.name,
        None,
        Templates().get("study_notes"),
        report=lambda *_: None,
        should_stop=lambda: False,
    )
    print(f"\n{len(said)} sentences, {said[-1].end / 3600:.1f} h: {perf_counter() - begun:.1f} s")


def _show(lecture: Marked) -> None:
    print(f"\n{lecture.name}")
    for chapter in chapters(lecture.transcript):
        segment = chapter.paragraphs[0].first
        first = lecture.firsts[segment]
        mark = " " if first in (0, *lecture.borders) else "!"
        print(f"  {mark} {first:3} {chapter.title}: {lecture.transcript.segments[segment].text[:60]}")
    print(f"    expected at {lecture.borders}")
    wanted = {key(term) for term in lecture.terms}
    for term in glossary(_sentences(lecture), lecture.transcript.language):
        mark = " " if key(term.term) in wanted else "!"
        print(f"  {mark} {term.confidence:.2f} {term.term}: {term.definition}")


def _sentences(lecture: Marked) -> list[Sentence]:
    return spoken(lecture.transcript.segments)


def _read(path: Path, run: int | None, *, is_raw: bool, has_pauses: bool) -> Marked:
    head, _, body = path.read_text().partition("==")
    fields = [line.split(": ", 1) for line in head.strip().splitlines()]
    language = Language(dict(fields)["language"])
    lines = f"=={body}".strip().splitlines()
    borders: list[int] = []
    texts: list[str] = []
    for line in lines:
        if line.startswith("=="):
            borders.append(len(texts))
        else:
            texts.append(re.sub(r"[^\w\s-]+|\s[—-]\s", " ", line).lower() if is_raw else line)
    terms = tuple(value for name, value in fields if name == "term")
    if run is None:
        segments = list(_segments(texts, language))
        firsts = begins = list(range(len(texts)))
        count = len(texts)
    else:
        said = heard(texts, language, run, has_pauses=has_pauses)
        segments, firsts, begins, count = said.segments, said.segment_firsts, said.text_firsts, said.count
    transcript = Transcript(punctuated(segments), language)
    expected = tuple(begins[text] for text in borders[1:])
    return Marked(path.stem, dict(fields)["for"], transcript, terms, expected, tuple(firsts), count)


def _segments(texts: Iterable[str], language: Language) -> list[Segment]:
    chance, start, segments = random.Random(1), 0.0, []
    for text in texts:
        end = start + len(text) * SECONDS_PER_CHARACTER[language]
        segments.append(Segment(text, round(start, 2), round(end, 2)))
        start = end + chance.uniform(*_PAUSES)
    return segments


def _shares(values: Iterable[float]) -> str:
    return " | ".join(f"{value:.2f}" for value in values)


def _share(part: Collection[object], whole: Collection[object]) -> str:
    return f"{len(part) / len(whole):.0%}" if whole else "-"


if __name__ == "__main__":
    main()
