"""A question to an answer in sentences of the household's own files, with their source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge import analyzer, film_questions, retrieval
from knowledge.extract import extract
from knowledge.films import in_language, sections
from knowledge.language import question_language
from knowledge.models import EVERYTHING, Answer, Filters, Hit, Kind, Language, Passage
from knowledge.texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.films import Listed
    from knowledge.library import Library

_SPOKEN_CHARACTERS = 400
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_MARKS = re.compile(r"[*_`#|~<>\[\]{}\\^=•●■►▪]+|\.{4,}")
_BLANKS = re.compile(r"\s+")
_HAN_END = re.compile(r"[\u4e00-\u9fff]\W*$")
_SENTENCE_END = (".", "!", "?", "…", "。", "！", "？")


def answer(library: Library, question: str, hint: str | None = None, filters: Filters = EVERYTHING) -> Answer:
    """Return the answer to a question in its language, or the honest sentence that there is none."""
    language = question_language(question, hint)
    by_field = film_questions.answer(library.films(), question, language) if filters == EVERYTHING else None
    if by_field is not None:
        sources = tuple(_film_hit(library, listed, language) for listed in by_field.films)
        return _found(question, language, [by_field.sentence], sources)
    result = retrieval.search(library, retrieval.Query(question, filters=filters, language=hint))
    hits = [hit for hit in result.hits if retrieval.is_relevant(hit)] if result.relevant else []
    if not hits:
        not_found = TEXTS[language].not_found
        return Answer(question, language, found=False, spoken=not_found, written=not_found)
    room = _SPOKEN_CHARACTERS - len(TEXTS[language].source(hits[0].passage))
    chosen = extract(question, hits, library.statistics, room)
    return _found(question, language, _with_title(chosen.hit.passage, chosen.sentences), (chosen.hit,))


def _found(question: str, language: Language, sentences: Sequence[str], sources: tuple[Hit, ...]) -> Answer:
    marks = "".join(f" [{number}]" for number in range(1, len(sources) + 1))
    source = TEXTS[language].source(sources[0].passage)
    gap = "" if language is Language.CHINESE else " "
    said = gap.join(filter(None, map(_speakable, sentences)))
    spoken = _shortened(said, _SPOKEN_CHARACTERS - len(source)) + gap + source
    written = gap.join(_ended(sentence) for sentence in sentences) + marks
    return Answer(question, language, found=True, spoken=spoken, written=written, sources=sources)


def _with_title(passage: Passage, sentences: Sequence[str]) -> list[str]:
    """Name the film that a sentence of a synopsis speaks of."""
    if passage.kind is Kind.FILM and not any(passage.title in sentence for sentence in sentences):
        return [f"{passage.title}.", *sentences]
    return list(sentences)


def _film_hit(library: Library, listed: Listed, language: Language) -> Hit:
    """Return a film as the hit that a look-up of its title would be."""
    text = in_language(listed.film, language)
    described = sections(listed.film, (language,)) or sections(listed.film)
    passage = Passage(
        kind=Kind.FILM,
        title=text.title,
        headings=(),
        page=None,
        language=language,
        text="\n".join(section.text for section in described),
        search_text="",
    )
    weight = sum(map(library.statistics.weight, analyzer.terms(text.title)))
    return Hit(document=listed.path, passage=passage, score=weight, coverage=1.0)


def _speakable(sentence: str) -> str:
    """Return a sentence without what a voice cannot say."""
    plain = _BLANKS.sub(" ", _MARKS.sub(" ", _ADDRESS.sub(" ", sentence))).strip()
    return _ended(plain) if any(map(str.isalnum, plain)) else ""


def _ended(sentence: str) -> str:
    stop = "。" if re.search(r"[\u4e00-\u9fff]\W*$", sentence) else "."
    return (
        sentence
        if sentence.endswith((*_SENTENCE_END, *(f"{end}»" for end in ".!?")))
        else sentence.rstrip(" ,;:—-") + stop
    )


def _shortened(text: str, limit: int) -> str:
    """Cut a text at the last sentence, clause or word that fits."""
    if len(text) <= limit:
        return text
    cut = text[:limit]
    for border in (r".*[.!?…。！？](?=\s|$)", r".*(?=[,;:，；])", r".*(?=\s)"):
        match = re.match(border, cut, re.DOTALL)
        if match and len(match[0]) > limit // 3:
            return _ended(match[0])
    return _ended(cut)
