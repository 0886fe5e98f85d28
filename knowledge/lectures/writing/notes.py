"""What is written of a lecture before it is laid out, and how much of it the lecture's own sentences can give."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from knowledge.lectures.models import Maker
from knowledge.lectures.writing.extractive import best
from knowledge.lectures.writing.glossary import glossary
from knowledge.lectures.writing.spoken import joined
from knowledge.models import Language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from knowledge.lectures.models import Chapter, Term
    from knowledge.lectures.writing.spoken import Sentence
    from knowledge.lectures.writing.templates import Template, Wanted

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


@dataclass(frozen=True, slots=True)
class Draft:
    """All that is written of a lecture, before it is laid out."""

    title: str
    language: Language
    parts: tuple[Part, ...]
    notes: tuple[Notes, ...]
    """One for each part."""
    sections: Mapping[str, tuple[str, ...]]
    """The template's that are about the whole, by name."""
    sections_by: Maker
    glossary: tuple[Term, ...]

    @property
    def by(self) -> Maker:
        """A model, if it wrote all of it."""
        makers = {notes.by for notes in self.notes} | {self.sections_by}
        return Maker.MODEL if makers == {Maker.MODEL} else Maker.EXTRACT

    @property
    def sentences(self) -> list[Sentence]:
        """All that is said."""
        return [sentence for part in self.parts for sentence in part.sentences]

    @property
    def chapters(self) -> list[tuple[Chapter, Notes]]:
        """The chapters under the titles of their notes."""
        pairs = zip(self.parts, self.notes, strict=True)
        return [(replace(part.chapter, title=notes.title), notes) for part, notes in pairs]


def drafted(parts: Sequence[Part], title: str, template: Template, language: Language) -> Draft:
    """Return what the lecture's own sentences give."""
    sentences = [sentence for part in parts for sentence in part.sentences]
    terms = glossary(sentences, language)
    notes = tuple(_of_part(part, terms, template, language) for part in parts)
    sections = _sections("lecture", template, sentences, terms, language)
    return Draft(title, language, tuple(parts), notes, sections, Maker.EXTRACT, terms)


def _of_part(part: Part, terms: Sequence[Term], template: Template, language: Language) -> Notes:
    own = tuple(term for term in terms if part.chapter.start <= term.start < part.chapter.end)
    sections = _sections("chapter", template, part.sentences, own, language)
    gist = joined([sentence.text for sentence in best(part.sentences, _GIST_SENTENCES)])
    return Notes(part.chapter.title, gist, sections, own, Maker.EXTRACT)


def _sections(
    of: str, template: Template, sentences: Sequence[Sentence], terms: Sequence[Term], language: Language
) -> dict[str, tuple[str, ...]]:
    return {
        wanted.name: _section(wanted, sentences, terms, language) for wanted in template.sections if wanted.of == of
    }


def _section(
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
