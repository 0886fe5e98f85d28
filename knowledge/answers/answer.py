"""A question to an answer with its sources, written by a model where there is one and quoted otherwise."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.answers.citations import Marks, closest, is_supported
from knowledge.answers.context import excerpts, message
from knowledge.answers.quoting import by_fields
from knowledge.answers.replies import not_found, written_by
from knowledge.answers.small_talk import is_small_talk
from knowledge.errors import ModelError
from knowledge.language import question_language
from knowledge.llm import prompts
from knowledge.models import EVERYTHING, AnswerDone, Kind, SourcesFound, TextWritten
from knowledge.search import retrieval
from knowledge.search.retrieval import WORDS_ALONE, Query, Stages

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from knowledge.answers.context import Excerpt
    from knowledge.answers.lectures import LectureDesk
    from knowledge.llm.ollama import Ollama
    from knowledge.models import Answer, AnswerEvent, Filters, Hit, SearchResult
    from knowledge.store.library import Library

_LOGGER = logging.getLogger(__name__)

_HITS = 6
_WORTH_READING = 0.25
"""Share of a question's weight that a passage must hold for a model to read it: it judges better than words do, but has
to be kept from what merely shares one with the question."""


class Answerer:
    """Answers from a library. Any thread and any event loop may call it."""

    def __init__(
        self,
        library: Library,
        lectures: LectureDesk,
        stages: Stages = WORDS_ALONE,
        model: Ollama | None = None,
        seconds: float = 30.0,
    ) -> None:
        """Take the model's deadline in `seconds`."""
        self._library = library
        self._lectures = lectures
        self._stages = stages
        self._model = model
        self._seconds = seconds

    def ask(self, question: str, hint: str | None, filters: Filters) -> Answer:
        """Return the answer; blocking."""
        if self._model is None:
            return self._told(question, hint, filters) or self._lectures.quoted(self._search(question, hint, filters))
        with ThreadPoolExecutor(1) as thread:  # this one may have an event loop already, as in a notebook
            return thread.submit(asyncio.run, self._last(question, hint, filters)).result()

    async def stream(self, question: str, hint: str | None, filters: Filters) -> AsyncGenerator[AnswerEvent, None]:
        """Yield the answer while it is written; the library is read in other threads."""
        told = await asyncio.to_thread(self._told, question, hint, filters)
        if told is not None:
            for event in _events(told):
                yield event
            return
        result = await asyncio.to_thread(self._search, question, hint, filters)
        readable = [hit for hit in result.hits if hit.is_similar or hit.coverage >= _WORTH_READING]
        if self._model is None or not readable:
            for event in _events(await asyncio.to_thread(self._lectures.quoted, result)):
                yield event
            return
        async with aclosing(self._written(self._model, result, readable)) as events:
            async for event in events:
                yield event

    async def _written(
        self, model: Ollama, result: SearchResult, readable: Sequence[Hit]
    ) -> AsyncGenerator[AnswerEvent, None]:
        """Yield what the model writes, and at the end what of it holds."""
        material = await asyncio.to_thread(excerpts, self._library, readable)
        yield SourcesFound(tuple(excerpt.hit for excerpt in material))
        marks, said = Marks(len(material)), _Said()
        try:
            async with aclosing(
                model.written(prompts.ANSWER, message(result.query, result.language, material))
            ) as pieces:
                deadline = asyncio.get_running_loop().time() + self._seconds
                while (piece := await _next(pieces, deadline)) is not None:
                    if text := said.add(marks.feed(piece)):
                        yield TextWritten(text)
        except ModelError as err:
            _LOGGER.warning("Quoting instead: %s", err)
            yield AnswerDone(await asyncio.to_thread(self._lectures.quoted, result))
            return
        if text := said.end(marks.end()):
            yield TextWritten(text)
        yield AnswerDone(await asyncio.to_thread(self._checked, model.name, result, material, marks, said))

    def _checked(
        self, engine: str, result: SearchResult, material: Sequence[Excerpt], marks: Marks, said: _Said
    ) -> Answer:
        """Return what the model said if the passages say it too; else quote them, or admit that there is nothing."""
        if said.is_not_found:
            return not_found(result.query, result.language)
        without_marks = [material[closest(said.text, [excerpt.text for excerpt in material])]]
        cited = [material[number - 1] for number in marks.cited] or without_marks
        has_support = is_supported(
            said.text,
            result.query,
            [f"{excerpt.hit.passage.title}\n{excerpt.text}" for excerpt in cited],
            has_marks=bool(marks.cited),
            same_language=all(excerpt.hit.passage.language is result.language for excerpt in cited),
        )
        if not said.text or not has_support:
            _LOGGER.info("Quoting instead: the passages do not say what the model wrote")
            return self._lectures.quoted(result)
        text = said.text if marks.cited else f"{said.text} [1]"
        sources = tuple(excerpt.hit for excerpt in cited)
        return written_by(engine, result.query, result.language, text, sources)

    async def _last(self, question: str, hint: str | None, filters: Filters) -> Answer:
        answer: Answer | None = None
        async with aclosing(self.stream(question, hint, filters)) as events:
            async for event in events:
                if isinstance(event, AnswerDone):
                    answer = event.answer
        assert answer is not None  # noqa: S101  a stream ends with it
        return answer

    def _told(self, question: str, hint: str | None, filters: Filters) -> Answer | None:
        """Return what needs no passages: a film's fields, which lectures there are, or that nothing is asked."""
        language = question_language(question, hint)
        told = self._by_fields(question, hint, filters) or self._lectures.told(question, language, filters)
        return not_found(question, language) if told is None and is_small_talk(question) else told

    def _by_fields(self, question: str, hint: str | None, filters: Filters) -> Answer | None:
        has_films = not filters.kinds or Kind.FILM in filters.kinds
        if not has_films or replace(filters, kinds=EVERYTHING.kinds) != EVERYTHING:
            return None
        return by_fields(self._library, question, question_language(question, hint))

    def _search(self, question: str, hint: str | None, filters: Filters) -> SearchResult:
        limit = retrieval.DEFAULT_LIMIT if self._model is None else _HITS
        query = Query(question, limit, filters, hint, may_rephrase=True)
        return self._lectures.search(query, self._stages)


class _Said:
    """What the model has written; held back as long as it may become the words for "not found"."""

    def __init__(self) -> None:
        self.text = ""
        self._is_sure = False

    @property
    def is_not_found(self) -> bool:
        """Whether it says that the passages do not hold the answer."""
        return self.text.strip(" .\n").upper().startswith(prompts.NOT_FOUND)

    def add(self, piece: str) -> str:
        """Return what can be shown now."""
        before = len(self.text) if self._is_sure else 0
        self.text = (self.text + piece).lstrip()
        self._is_sure = self._is_sure or not (prompts.NOT_FOUND.startswith(self.text.upper()) or self.is_not_found)
        return self.text[before:] if self._is_sure else ""

    def end(self, piece: str) -> str:
        """Return the rest that can be shown."""
        shown = self.add(piece)
        self.text = self.text.rstrip()
        return shown.rstrip()


def _events(answer: Answer) -> list[AnswerEvent]:
    sources = [SourcesFound(answer.sources)] if answer.sources else []
    return [*sources, TextWritten(answer.written), AnswerDone(answer)]


async def _next(pieces: AsyncGenerator[str, None], deadline: float) -> str | None:
    """Return the next piece, None at the end; raises ModelError past the deadline, in seconds of the loop's clock."""
    try:
        async with asyncio.timeout_at(deadline):
            return await anext(pieces, None)
    except TimeoutError as err:
        raise ModelError("The answer takes too long.") from err
