"""What a model writes about a lecture: part by part, then of the parts' notes; all of it checked."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from knowledge.errors import ModelAnswerError, ModelError
from knowledge.language import detect
from knowledge.lectures.models import Maker
from knowledge.lectures.writing import prompts
from knowledge.lectures.writing.checks import Evidence, cleaned
from knowledge.lectures.writing.glossary import merged
from knowledge.lectures.writing.kept_answers import key
from knowledge.lectures.writing.notes import Notes
from knowledge.lectures.writing.spoken import joined
from knowledge.text import sentences as text_sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from knowledge.lectures.models import Term
    from knowledge.lectures.protocols import Kept, LanguageModel
    from knowledge.lectures.writing.notes import Draft, Part
    from knowledge.lectures.writing.spoken import Sentence
    from knowledge.lectures.writing.templates import Template, Wanted

_LOGGER = logging.getLogger(__name__)

_ANSWER_SECONDS = 600.0
"""For one part, on a processor without help."""
_ANSWER_TOKENS = 1_500
_ANSWER_SHARE = 0.3
"""Of the model's context that an answer may take, where that is less."""
_PART_TOKENS = 5_000
"""Of the lecture in one request: what is written of it is lost when a person asks the same model something."""
_LINE_TOKENS = 8
"""What a line's number and quotation marks take."""
_LEAST_TOKENS = 500
"""A template that asks for so much that less is left for the lecture is not given to the model."""
_FILLED = 0.9
"""How full the room for a request becomes on the average, so that equal pieces fit."""
_SPARE_TOKENS = 200
"""For the chat template's own, and for the reminder after a bad answer."""
_FAILURES = 4
"""Requests in a row that get no answer, two parts' worth, before the model is given up for this lecture."""
_ENOUGH_TO_TELL = 40
"""Characters of an answer whose language can be told."""
_TITLE_CHARACTERS = 80
_GIST_CHARACTERS = (600, 300, 150, 60, 0)


@dataclass(frozen=True, slots=True)
class Author:
    """A model, and who remembers what it wrote."""

    model: LanguageModel
    kept: Kept | None = None


@dataclass(frozen=True, slots=True)
class _Request:
    system: str
    asked: str
    schema: dict[str, Any]

    def key(self, model: LanguageModel) -> str:
        """Return what an answer is remembered by."""
        return key(model.name, self.system, self.asked, self.schema)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What holds of a model's notes on one piece; empty values for what does not."""

    title: str
    gist: list[str]
    sections: dict[str, tuple[str, ...]]
    terms: list[Term]


class NoteTaker:
    """Asks one model about one lecture."""

    def __init__(self, author: Author, template: Template, draft: Draft, should_stop: Callable[[], bool]) -> None:
        self._model = author.model
        self._kept = author.kept
        self._language = draft.language
        self._sentences = draft.sentences
        self._of_chapter = [wanted for wanted in template.sections if wanted.of == "chapter"]
        self._of_whole = [wanted for wanted in template.sections if wanted.of == "lecture"]
        self._answer_tokens = min(_ANSWER_TOKENS, int(author.model.context_tokens * _ANSWER_SHARE))
        self._should_stop = should_stop
        self._failures = 0

    @property
    def is_over(self) -> bool:
        """The model is not to be asked any more: somebody says so, or it does not answer at all."""
        return self._should_stop() or self._failures >= _FAILURES

    def chapter(self, part: Part, draft: Notes) -> Notes:
        """Return the notes of a chapter; where the model gives nothing that holds, those of `draft`."""
        pieces = list(self._pieces(part.sentences))
        answers = [answer for piece in pieces if (answer := self._piece(piece, len(pieces)))]
        if not answers or len(answers) < len(pieces):
            return draft
        gist = joined([sentence for answer in answers for sentence in answer.gist])
        found = {
            wanted.name: tuple(entry for answer in answers for entry in answer.sections[wanted.name])
            for wanted in self._of_chapter
        }
        return Notes(
            title=answers[0].title or draft.title,
            gist=gist or draft.gist,
            sections={name: entries or draft.sections[name] for name, entries in found.items()},
            terms=tuple(merged(term for answer in answers for term in answer.terms)),
            by=Maker.MODEL if gist and all(found.values()) else Maker.EXTRACT,
        )

    def whole(self, draft: Draft) -> tuple[dict[str, tuple[str, ...]], Maker]:
        """Return the sections about the whole lecture, by the notes of `draft`; its own where those do not hold."""
        if not self._of_whole:
            return {}, Maker.MODEL
        system = prompts.of_whole(self._of_whole)
        asked = self._gathered(system, draft.title, draft.notes)
        request = _Request(system, asked, prompts.whole_schema(self._of_whole))
        answer = self._answer(request) if asked else {}
        evidence = Evidence(self._sentences)
        found = _sections(self._of_whole, answer, evidence)
        by = Maker.MODEL if all(found.values()) else Maker.EXTRACT
        if by is Maker.MODEL:
            self._keep(request, answer)
        return {name: entries or draft.sections[name] for name, entries in found.items()}, by

    def _piece(self, sentences: Sequence[Sentence], pieces: int) -> _Answer | None:
        """Return what holds of the notes on one of so many pieces; None without a usable answer."""
        asked = prompts.lines(sentences, self._language)
        wanted = [replace(one, most=-(-one.most // pieces)) for one in self._of_chapter]
        request = _Request(prompts.of_chapter(self._of_chapter), asked, prompts.chapter_schema(wanted))
        answer = self._answer(request)
        if not answer:
            return None
        evidence = Evidence(sentences)
        title = cleaned(answer["title"])[:_TITLE_CHARACTERS].rstrip(" .。")
        found = _Answer(
            title=title if evidence.supports(title) else "",
            gist=_supported(answer["gist"], evidence),
            sections=_sections(wanted, answer, evidence),
            terms=list(_terms(answer["terms"], evidence)),
        )
        if found.gist and all(found.sections.values()):
            self._keep(request, answer)
        return found

    def _keep(self, request: _Request, answer: dict[str, Any]) -> None:
        """Remember an answer that holds; one that does not is to be asked for again some day."""
        if self._kept is not None:
            self._kept.put(request.key(self._model), answer)

    def _answer(self, request: _Request) -> dict[str, Any]:
        """Return what the model fills in, asked a second time where the first answer is of no use; else nothing."""
        if self._kept is not None and (known := self._kept.get(request.key(self._model))):
            return dict(known)
        message = request.asked
        for _ in range(2):
            if self.is_over:
                break
            try:
                answer = self._model.filled(
                    request.system, message, request.schema, _ANSWER_SECONDS, self._answer_tokens, self._should_stop
                )
                self._failures = 0
                return self._in_language(_checked(answer, request.schema))
            except ModelAnswerError as err:
                self._failures = 0
                _LOGGER.info("%s wrote of a lecture what cannot be used: %s", self._model.name, err)
                message = prompts.again(request.asked, str(err))
            except ModelError as err:
                _LOGGER.info("%s does not write of a lecture: %s", self._model.name, err)
                self._failures += 1
        return {}

    def _in_language(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Return an answer in the lecture's language; small models slip into the one of their instructions.

        Raises: ModelAnswerError.
        """
        text = cleaned(" ".join(_texts(answer)))
        if len(text) >= _ENOUGH_TO_TELL and detect(text) is not self._language:
            raise ModelAnswerError(f"It is in another language. {prompts.WRITE_IN[self._language]}")
        return answer

    def _pieces(self, sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
        """Yield runs of sentences that fit into one request each, about equally long; none where there is no room."""
        room = min(self._room(prompts.of_chapter(self._of_chapter)), _PART_TOKENS)
        if room < _LEAST_TOKENS:
            return
        sizes = [prompts.tokens(sentence.text) + _LINE_TOKENS for sentence in sentences]
        share = sum(sizes) / math.ceil(sum(sizes) / (_FILLED * room))
        piece: list[Sentence] = []
        length, border = 0, share
        for sentence, size, total in zip(sentences, sizes, accumulate(sizes), strict=True):
            if piece and (length + size > room or total - size / 2 > border):
                yield piece
                piece, length, border = [], 0, border + share
            piece.append(sentence if size <= room else _cut(sentence, room))
            length += size
        if piece:
            yield piece

    def _gathered(self, system: str, title: str, notes: Sequence[Notes]) -> str:
        """Return the message with as much of the parts' notes as the context holds; empty where it holds none."""
        room = self._room(system)
        for characters in _GIST_CHARACTERS:
            asked = prompts.gathered(title[:_TITLE_CHARACTERS], notes, characters, self._language)
            if prompts.tokens(asked) <= room:
                return asked
        return ""

    def _room(self, system: str) -> int:
        """Return the tokens that a message may take."""
        return self._model.context_tokens - self._answer_tokens - prompts.tokens(system) - _SPARE_TOKENS


def _cut(sentence: Sentence, tokens: int) -> Sentence:
    """Return the beginning of a sentence that alone is too long for a request."""
    return replace(sentence, text=sentence.text[: max(tokens - _LINE_TOKENS, 1)])


def _checked(answer: Any, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer that has the form asked for; servers other than Ollama may not hold a model to it.

    Raises: ModelAnswerError.
    """
    if not isinstance(answer, dict):
        raise ModelAnswerError("It is no JSON object.")
    for name, form in schema["properties"].items():
        if name not in answer:
            raise ModelAnswerError(f"'{name}' is missing.")
        if not isinstance(answer[name], str if form["type"] == "string" else list):
            raise ModelAnswerError(f"'{name}' is no {form['type']}.")
    return answer


def _texts(answer: Mapping[str, Any]) -> Iterator[str]:
    """Yield what an answer says, without its terms: those may well be foreign."""
    for value in answer.values():
        yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))


def _sections(wanted: Sequence[Wanted], answer: Mapping[str, Any], evidence: Evidence) -> dict[str, tuple[str, ...]]:
    return {one.name: _entries(one, answer[one.name], evidence) if answer else () for one in wanted}


def _entries(wanted: Wanted, written: str | list[Any], evidence: Evidence) -> tuple[str, ...]:
    """Return the sentences or entries of a section that the lecture supports."""
    if isinstance(written, str):
        return tuple(_supported(written, evidence, is_free=wanted.is_free))[: wanted.most]
    entries = (cleaned(entry) for entry in written if isinstance(entry, str))
    return tuple(entry for entry in entries if entry and (wanted.is_free or evidence.supports(entry)))[: wanted.most]


def _supported(text: str, evidence: Evidence, *, is_free: bool = False) -> list[str]:
    found = [cleaned(sentence) for sentence in text_sentences.split(text)]
    return [sentence for sentence in found if sentence and (is_free or evidence.supports(sentence))]


def _terms(written: list[Any], evidence: Evidence) -> Iterator[Term]:
    for fields in written[: prompts.MOST_TERMS]:
        if not isinstance(fields, dict):
            continue
        term, definition, quote = (cleaned(str(fields.get(name) or "")) for name in ("term", "definition", "quote"))
        line = fields.get("line")
        found = evidence.term(term[:_TITLE_CHARACTERS], definition, quote, line if isinstance(line, int) else 1)
        if found is not None:
            yield found
