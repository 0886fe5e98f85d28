"""Questions about lectures: from their summary where the whole of one is asked, else in the lectures that are meant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from knowledge.answers.quoting import quoted
from knowledge.answers.replies import found
from knowledge.films import names
from knowledge.language import question_language
from knowledge.lectures.models import LectureState
from knowledge.lectures.questions.asked import read
from knowledge.models import EVERYTHING, OF_LECTURES, Hit, Kind, Language, Passage, SearchResult
from knowledge.places import collection_of, is_below
from knowledge.search import retrieval
from knowledge.search.retrieval import Query
from knowledge.text import analyzer, dates, sentences
from knowledge.text.cognates import cognates
from knowledge.texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    from knowledge.lectures.models import Lecture
    from knowledge.lectures.protocols import Lectures
    from knowledge.lectures.questions.asked import Asked
    from knowledge.models import Answer, Filters
    from knowledge.search.retrieval import Stages
    from knowledge.store.library import Library

_MOST_NAMED = 5
_MOST_MENTIONED = 3
_MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Summarised:
    """The summary of the lecture that is asked for."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What to look for, and in which passages."""

    text: str
    filters: Filters
    is_sure: bool
    """These lectures are meant, and nothing else."""


@dataclass(frozen=True, slots=True)
class Told:
    """All that can be said: several lectures, none, or one that is not ready."""

    sentence: str
    hits: tuple[Hit, ...] = ()


class LectureDesk:
    """Finds the lectures that a question means. Any thread may call it."""

    def __init__(self, library: Library, lectures: Lectures, today: Callable[[], date] | None = None) -> None:
        """Take who says which day it is."""
        self._library = library
        self._lectures = lectures
        self._today = today or _today

    def asked(self, question: str, language: Language, filters: Filters) -> Summarised | Narrowed | Told | None:
        """Return what the question comes to; None for one that is not on lectures."""
        asked = read(question, self._today()) if _allows(filters) else None
        known = self._meant(filters) if asked else []
        if asked is None or not known:
            return None
        lectures = [one for one in known if _is_between(one, asked)]
        named = [one for one in lectures if _is_named(one, asked.rest)] if asked.rest else lectures
        if asked.is_last:
            named = named[:1]
        if asked.is_when and (held := named or self._on(asked.rest, lectures, filters)):
            return self._dated(held, language)
        if asked.is_which and asked.rest and (mentions := self._mentions(asked.rest, lectures, filters)):
            return Told(TEXTS[language].lectures_mention([hit.passage for hit in mentions]), tuple(mentions))
        if asked.is_list and (named or not asked.rest):
            return self._listed(named, language)
        if asked.is_about_whole and (named or not asked.rest):
            return self._about(named, language)
        meant = (named or lectures)[:1] if asked.is_last else lectures
        is_of_some = asked.days is not None or asked.is_last
        return Narrowed(asked.rest, _of_lectures(filters, meant if is_of_some else None), is_of_some or asked.is_which)

    def search(self, query: Query, stages: Stages) -> SearchResult:
        """Return the passages for a question, whether it is on lectures or not."""
        language = question_language(query.text, query.language)
        asked = self.asked(query.text, language, query.filters)
        if isinstance(asked, Summarised | Told):
            return SearchResult(query.text, language, bool(asked.hits), asked.hits[: query.limit])
        if asked is not None:
            narrowed = replace(query, text=asked.text, filters=asked.filters)
            result = retrieval.search(self._library, narrowed, stages)
            if result.relevant or asked.is_sure:
                return replace(result, query=query.text)
        return retrieval.search(self._library, query, stages)

    def told(self, question: str, language: Language, filters: Filters) -> Answer | None:
        """Return the answer that needs no model: of several lectures, none, or one that is not ready."""
        asked = self.asked(question, language, filters)
        if not isinstance(asked, Told):
            return None
        answer = found(question, language, [asked.sentence], ())  # what is told names the lectures itself
        return replace(answer, found=bool(asked.hits), sources=asked.hits)

    def quoted(self, result: SearchResult) -> Answer:
        """Return what a search has found in the lectures' own words."""
        asked = read(result.query, self._today())
        if asked is not None and asked.is_about_whole and result.hits and result.hits[0].passage.kind is Kind.SUMMARY:
            return _summarised(result.query, result.language, result.hits)
        text = (asked.rest if asked else "") or result.query
        return replace(quoted(self._library, replace(result, query=text)), question=result.query)

    def _meant(self, filters: Filters) -> list[Lecture]:
        first, last = filters.dates
        return [
            one
            for one in self._lectures.all()
            if is_below(collection_of(one.path), filters.collection)
            and (one.held_on is None or (first or one.held_on) <= one.held_on <= (last or one.held_on))
        ]

    def _about(self, lectures: Sequence[Lecture], language: Language) -> Summarised | Told:
        if len(lectures) != 1:
            return self._listed(lectures, language)
        texts = TEXTS[language]
        hits = tuple(hit for hit in self._passages(lectures[0]) if hit.passage.kind is Kind.SUMMARY)
        if hits:
            return Summarised(hits)
        is_failed = lectures[0].state is LectureState.FAILED
        return Told(
            texts.lecture_failed(lectures[0].title) if is_failed else texts.lecture_not_ready(lectures[0].title)
        )

    def _on(self, subject: str, lectures: Sequence[Lecture], filters: Filters) -> list[Lecture]:
        """Return the lecture that says most of a subject which no title names; none if none says enough."""
        result = retrieval.search(self._library, Query(subject, filters=_of_lectures(filters, lectures)))
        best = result.hits[0].document if subject and result.relevant else None
        return [one for one in lectures if one.path == best]

    def _mentions(self, subject: str, lectures: Sequence[Lecture], filters: Filters) -> list[Hit]:
        """Return for each lecture that speaks of a subject the place that says most of it; of a few lectures."""
        terms = self._in_their_script(analyzer.question_terms(subject))
        within = replace(_of_lectures(filters, lectures), kinds=frozenset({Kind.LECTURE}))
        found = self._library.judged(self._library.search(terms, _MOST_FOUND, within), terms)
        hits: dict[str, Hit] = {}
        for hit in filter(retrieval.is_relevant, retrieval.ranked(found)):
            hits.setdefault(hit.document, hit)
        ids = {one.path: one.id for one in lectures}
        return [self._timed(ids[path], hit, set(terms)) for path, hit in list(hits.items())[:_MOST_MENTIONED]]

    def _in_their_script(self, terms: Sequence[str]) -> list[str]:
        """Return terms with those that nobody says replaced by the same words of the other script."""
        statistics = self._library.statistics
        unknown = {term for term in terms if statistics.is_unknown(term)}
        known = statistics.terms() if unknown else []
        return [other for term in terms for other in (cognates(term, known) if term in unknown else []) or [term]]

    def _timed(self, id_: str, hit: Hit, terms: AbstractSet[str]) -> Hit:
        """Return a hit with the time of the sentence that says most of the terms, and not of the passage around it."""
        transcript = self._lectures.transcript(id_)
        start = hit.passage.start_seconds or 0
        said = [one for one in transcript.segments if one.start >= start] if transcript else []
        said = [one for one in said if one.text in hit.passage.text]
        if not said:
            return hit
        best = max(said, key=lambda one: len(terms & set(analyzer.terms(one.text))))
        return replace(hit, passage=replace(hit.passage, start_seconds=int(best.start)))

    def _dated(self, lectures: Sequence[Lecture], language: Language) -> Told:
        """Tell the days; each is a passage as well, for a model that answers from passages."""
        hits = tuple(self._held(one, one.held_on, language) for one in lectures[:_MOST_NAMED] if one.held_on)
        gap = "" if language is Language.CHINESE else " "
        return Told(gap.join(hit.passage.text for hit in hits), hits)

    def _held(self, lecture: Lecture, day: date, language: Language) -> Hit:
        text = TEXTS[language].lecture_held(lecture.title, dates.said(day, self._today(), language))
        passage = Passage(Kind.LECTURE, lecture.title, (), None, language, text, search_text="")
        return Hit(lecture.path, passage, score=1.0, coverage=1.0)

    def _listed(self, lectures: Sequence[Lecture], language: Language) -> Told:
        if not lectures:
            return Told(TEXTS[language].no_lectures)
        shown = lectures[:_MOST_NAMED]
        hits = tuple(hit for one in shown for hit in self._passages(one)[:1])
        return Told(TEXTS[language].lectures_held(len(lectures), [one.title for one in shown]), hits)

    def _passages(self, lecture: Lecture) -> list[Hit]:
        return [
            Hit(document=lecture.path, passage=passage, score=1.0, coverage=1.0)
            for passage in sorted(
                self._library.passages(lecture.path), key=lambda one: (one.kind is not Kind.SUMMARY, one.number)
            )
        ]


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


def _allows(filters: Filters) -> bool:
    """Say whether lectures may be found, and nothing is filtered for that they do not have."""
    is_plain = replace(filters, kinds=frozenset(), collection="", language=None, dates=(None, None)) == EVERYTHING
    return is_plain and (not filters.kinds or Kind.LECTURE in filters.kinds)


def _of_lectures(filters: Filters, meant: Sequence[Lecture] | None) -> Filters:
    """Let through what is said in lectures, in all of them for None: naming hundreds makes a search slow."""
    within = None if meant is None else dict.fromkeys(one.path for one in meant)
    return replace(filters, kinds=filters.kinds or OF_LECTURES, within=within)


def _is_between(lecture: Lecture, asked: Asked) -> bool:
    if asked.days is None:
        return True
    first, last = asked.days
    return lecture.held_on is not None and first <= lecture.held_on <= last


def _is_named(lecture: Lecture, rest: str) -> bool:
    """Say whether the title or the folder of a lecture says all that the question names it by."""
    wanted = analyzer.question_terms(rest)
    held = f"{lecture.title} {collection_of(lecture.path).replace('/', ' ')}"
    return names.is_like(held, " ".join(_words(rest, wanted)))


def _words(rest: str, terms: Sequence[str]) -> list[str]:
    """Return the words of a text that are not merely asked with."""
    return [word for word in analyzer.plain_words(rest) if set(analyzer.question_terms(word)) & set(terms)]


def _summarised(question: str, language: Language, hits: Sequence[Hit]) -> Answer:
    """Return the beginning of a summary: what comes under further headings is for the eye."""
    first = [hit for hit in hits if hit.passage.headings == hits[0].passage.headings]
    chosen = [sentence for hit in first for sentence in sentences.split(hit.passage.text)]
    return found(question, language, chosen, tuple(hits[:1]))
