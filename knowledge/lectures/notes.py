"""What is written of a lecture before it is laid out, and how much of it the lecture's own sentences can give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.lectures.extractive import best
from knowledge.lectures.glossary import glossary
from knowledge.lectures.models import Maker
from knowledge.lectures.spoken import joined
from knowledge.models import Language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from knowledge.lectures.models import Chapter, Term
    from knowledge.lectures.spoken import Sentence
    from knowledge.lectures.templates import Template, Wanted

_GIST_SENTENCES = 2
_QUESTIONS = {
    Language.RUSSIAN: "Что такое «{}»?",
    Language.ENGLISH: "What is meant by “{}”?",
    Language.CHINESE: "什么是“{}”？",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter with what is said in it."""

    chapter: Chapter
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """What is written of a chapter."""

    title: str
    gist: str
    """A sentence or three, from which the summary of the whole is made."""
    sections: Mapping[str, tuple[str, ...]]
    """The template's, by name."""
    terms: tuple[Term, ...]
    by: Maker


def of_chapter(part: Part, template: Template, language: Language) -> Notes:
    """Return the notes that a chapter's own sentences give."""
    terms = glossary(part.sentences, language)
    sections = {
        wanted.name: section(wanted, part.sentences, terms, language)
        for wanted in template.sections
        if wanted.of == "chapter"
    }
    gist = joined([sentence.text for sentence in best(part.sentences, _GIST_SENTENCES)])
    return Notes(part.chapter.title, gist, sections, terms, Maker.EXTRACT)


def section(
    wanted: Wanted, sentences: Sequence[Sentence], terms: Sequence[Term], language: Language
) -> tuple[str, ...]:
    """Return the entries of a section that nobody writes."""
    defined = [term for term in terms if term.definition and term.is_supported]
    match wanted.without_model:
        case "sentences":
            return tuple(sentence.text for sentence in best(sentences, wanted.most))
        case "terms":
            return tuple(f"{term.term}: {term.definition}" for term in defined[: wanted.most])
        case "questions":
            return tuple(_QUESTIONS[language].format(term.term) for term in defined[: wanted.most])
    return ()
