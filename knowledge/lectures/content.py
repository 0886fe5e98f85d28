"""A transcript to chapters, summary and glossary."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.lectures import notes as notes_
from knowledge.lectures.chapters import chapters
from knowledge.lectures.glossary import glossary
from knowledge.lectures.layout import laid_out
from knowledge.lectures.models import Content, Maker, Summary
from knowledge.lectures.notes import Part
from knowledge.lectures.spoken import punctuated, spoken

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.lectures.models import Transcript
    from knowledge.lectures.protocols import LanguageModel
    from knowledge.lectures.templates import Template


def write_content(
    transcript: Transcript,
    title: str,
    model: LanguageModel | None,
    template: Template,
    *,
    report: Callable[[float, float], None],
    should_stop: Callable[[], bool],
) -> Content:
    """Return what a model writes of a lecture; where it is away or errs, what the lecture's own sentences give.

    Blocking: minutes with a model, seconds without. `report` is told the seconds of the recording that are done, and
    all of them. Once `should_stop` says so, the model is asked no more, and the rest is taken from the sentences.

    Raises: LectureTemplateError for a template that fails on this lecture.
    """
    segments = punctuated(transcript.segments)
    parts = [
        Part(chapter, tuple(spoken(segments, chapter.paragraphs[0].first, chapter.paragraphs[-1].end_segment)))
        for chapter in chapters(replace(transcript, segments=segments))
    ]
    language = transcript.language
    written = [notes_.of_chapter(part, template, language) for part in parts]
    sentences = [sentence for part in parts for sentence in part.sentences]
    terms = glossary(sentences, language)
    sections = {
        wanted.name: notes_.section(wanted, sentences, terms, language)
        for wanted in template.sections
        if wanted.of == "lecture"
    }
    named = [(replace(part.chapter, title=one.title), one) for part, one in zip(parts, written, strict=True)]
    text = laid_out(template, title, language, named, sections, terms, Maker.EXTRACT)
    return Content(tuple(chapter for chapter, _ in named), Summary(template.name, text, Maker.EXTRACT), terms)
