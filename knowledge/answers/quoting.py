"""Answers without a language model: sentences of the household's own files, quoted with their source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.answers.extract import extract
from knowledge.answers.replies import SPOKEN_CHARACTERS, found, not_found
from knowledge.films import questions
from knowledge.films.shelf import in_language, sections
from knowledge.models import Answer, Hit, Kind, Language, Passage, SearchResult
from knowledge.search import retrieval
from knowledge.text import analyzer
from knowledge.texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.films.shelf import Listed
    from knowledge.store.library import Library


def by_fields(library: Library, question: str, language: Language) -> Answer | None:
    """Return what the fields of films say to a question; None if it is not a question on a field."""
    by_field = questions.answer(library, question, language)
    if by_field is None:
        return None
    if not by_field.sentence:
        return not_found(question, language)
    sources = tuple(_film_hit(library, listed, language) for listed in by_field.films)
    return found(question, language, [by_field.sentence], sources)


def quoted(library: Library, result: SearchResult) -> Answer:
    """Return the sentences that answer best, or the honest sentence that there are none."""
    question, language = result.query, result.language
    hits = [hit for hit in result.hits if retrieval.is_relevant(hit)] if result.relevant else []
    if not hits:
        return not_found(question, language)
    room = SPOKEN_CHARACTERS - len(TEXTS[language].source(hits[0].passage))
    chosen = extract(question, hits, library.statistics, room)
    return found(question, language, _with_title(chosen.hit.passage, chosen.sentences), (chosen.hit,))


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
