"""What a model writes about a lecture: part by part, then of the parts' notes; all of it checked."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from knowledge.errors import ModelAnswerError, ModelError
from knowledge.lectures import prompts
from knowledge.lectures.checks import Evidence, cleaned
from knowledge.lectures.glossary import merged
from knowledge.lectures.models import Maker
from knowledge.lectures.spoken import joined
from knowledge.text import sentences as text_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from knowledge.lectures.models import Term
    from knowledge.lectures.notes import Notes, Part
    from knowledge.lectures.protocols import LanguageModel
    from knowledge.lectures.spoken import Sentence
    from knowledge.lectures.templates import Template, Wanted
    from knowledge.models import Language

_LOGGER = logging.getLogger(__name__)

_ANSWER_SECONDS = 600.0
"""For one part, on a processor without help."""
_ANSWER_TOKENS = 1_500
_ANSWER_SHARE = 0.3
"""Of the model's context that an answer may take, where that is less."""
_PART_TOKENS = 5_000
"""Of the lecture in one request: whoever asks the same model something meanwhile waits for one request."""
_LINE_TOKENS = 8
"""What a line's number and quotation marks take."""
_SPARE_TOKENS = 200
"""For the chat template's own, and for the reminder after a bad answer."""
_FAILURES = 4
"""Requests in a row that get no answer, two parts' worth, before the model is given up for this lecture."""
_TITLE_CHARACTERS = 80
_GIST_CHARACTERS = (600, 300, 150, 75)


class NoteTaker:
    """Asks one model about one lecture."""

    def __init__(self, model: LanguageModel, template: Template, language: Language) -> None:
        self._model = model
        self._language = language
        self._of_chapter = [wanted for wanted in template.sections if wanted.of == "chapter"]
        self._of_whole = [wanted for wanted in template.sections if wanted.of == "lecture"]
        self._answer_tokens = min(_ANSWER_TOKENS, int(model.context_tokens * _ANSWER_SHARE))
        self._failures = 0

    @property
    def is_away(self) -> bool:
        """The model does not answer at all."""
        return self._failures >= _FAILURES

    def chapter(self, part: Part, draft: Notes) -> Notes:
        """Return the notes of a chapter; where the model gives nothing that holds, those of `draft`."""
        pieces = list(self._pieces(part.sentences))
        written = [notes for piece in pieces if (notes := self._piece(piece, draft, len(pieces)))]
        if len(written) < len(pieces):
            return draft
        sections = {
            wanted.name: tuple(entry for notes in written for entry in notes.sections[wanted.name])
            for wanted in self._of_chapter
        }
        terms = merged(term for notes in written for term in notes.terms)
        by = Maker.EXTRACT if any(notes.by is Maker.EXTRACT for notes in written) else Maker.MODEL
        return replace(
            written[0], gist=joined([notes.gist for notes in written]), sections=sections, terms=tuple(terms), by=by
        )

    def whole(
        self, title: str, notes: Sequence[Notes], evidence: Evidence, drafts: Mapping[str, tuple[str, ...]]
    ) -> tuple[dict[str, tuple[str, ...]], Maker]:
        """Return the sections of the whole lecture; `drafts` are taken for those that do not hold."""
        if not self._of_whole:
            return {}, Maker.MODEL
        system = prompts.of_whole(self._of_whole)
        asked = self._gathered(system, title, notes)
        answer = self._answer(system, asked, prompts.whole_schema(self._of_whole))
        return self._sections(self._of_whole, answer, evidence, drafts)

    def _piece(self, sentences: Sequence[Sentence], draft: Notes, pieces: int) -> Notes | None:
        """Return the notes of what fits into one request; None without a usable answer."""
        asked = prompts.lines(sentences, self._language)
        wanted = [replace(one, most=-(-one.most // pieces)) for one in self._of_chapter]
        answer = self._answer(prompts.of_chapter(self._of_chapter), asked, prompts.chapter_schema(wanted))
        if not answer:
            return None
        evidence = Evidence(sentences)
        sections, by = self._sections(wanted, answer, evidence, draft.sections)
        gist = joined(_supported(answer["gist"], evidence))
        title = cleaned(answer["title"])[:_TITLE_CHARACTERS].rstrip(" .。")
        return replace(
            draft,
            title=title if title and evidence.supports(title) else draft.title,
            gist=gist or draft.gist,
            sections=sections,
            terms=tuple(_terms(answer["terms"], evidence)),
            by=by if gist else Maker.EXTRACT,
        )

    def _sections(
        self,
        wanted: Sequence[Wanted],
        answer: Mapping[str, Any],
        evidence: Evidence,
        drafts: Mapping[str, tuple[str, ...]],
    ) -> tuple[dict[str, tuple[str, ...]], Maker]:
        sections, by = {}, Maker.MODEL
        for one in wanted:
            entries = _entries(one, answer[one.name], evidence) if answer else ()
            if not entries:
                by = Maker.EXTRACT
            sections[one.name] = entries or drafts[one.name][: one.most]
        return sections, by

    def _answer(self, system: str, asked: str, schema: dict[str, Any]) -> dict[str, Any]:
        """Return what the model fills in, asked a second time where the first answer is of no use; else nothing."""
        message = asked
        for _ in range(2):
            try:
                answer = self._model.filled(system, message, schema, _ANSWER_SECONDS, self._answer_tokens)
                self._failures = 0
                return _checked(answer, schema)
            except ModelAnswerError as err:
                self._failures = 0
                _LOGGER.info("%s wrote of a lecture what cannot be used: %s", self._model.name, err)
                message = prompts.again(asked, str(err))
            except ModelError as err:
                _LOGGER.info("%s does not write of a lecture: %s", self._model.name, err)
                self._failures += 1
        return {}

    def _pieces(self, sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
        """Yield runs of sentences that fit into one request each; a part has about equally long ones."""
        room = min(self._room(prompts.of_chapter(self._of_chapter)), _PART_TOKENS)
        sizes = [prompts.tokens(sentence.text) + _LINE_TOKENS for sentence in sentences]
        share = sum(sizes) / max(-(-sum(sizes) // room), 1)
        piece: list[Sentence] = []
        length = 0
        for sentence, size in zip(sentences, sizes, strict=True):
            if piece and (length >= share or length + size > room):
                yield piece
                piece, length = [], 0
            piece.append(sentence if size <= room else _cut(sentence, room))
            length += size
        if piece:
            yield piece

    def _gathered(self, system: str, title: str, notes: Sequence[Notes]) -> str:
        """Return the message with as much of each part's notes as the context holds."""
        room = self._room(system)
        step = 1
        while True:
            for characters in _GIST_CHARACTERS:
                asked = prompts.gathered(title, notes[::step], characters, self._language)
                if prompts.tokens(asked) <= room:
                    return asked
            step *= 2

    def _room(self, system: str) -> int:
        """Return the tokens that a message may take."""
        return max(self._model.context_tokens - self._answer_tokens - prompts.tokens(system) - _SPARE_TOKENS, 1)


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
