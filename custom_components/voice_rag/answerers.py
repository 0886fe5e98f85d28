"""Two ways to answer a question by itself, without a conversation: in the documents' own words, or with a model."""

import logging
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import aiohttp

from .agent import chat, prompts
from .agent.chat import ChatSettings, Prefix, Question, Turn, TurnNotes
from .agent.language_model import LanguageModels, create_models
from .agent.streams import ThoughtFilter
from .api import KnowledgeClient
from .const import MAX_PASSAGES
from .errors import OllamaError, OllamaResponseError
from .models import AgentOptions, Hit
from .texts import get_texts

_LOGGER = logging.getLogger(__name__)
_PREFIX = Prefix(prompts.SYSTEM + prompts.SYSTEM_WITHOUT_TOOLS)


class AnswererName(StrEnum):
    """Who answers questions."""

    EXTRACTIVE = "extractive"
    OLLAMA = "ollama"


@dataclass(frozen=True, slots=True)
class Speech:
    """A piece of the answer, to be spoken as it comes."""

    text: str
    starts_message: bool = False
    """What was said before stays said but is no part of the answer."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What the answer stands on; the latest one counts."""

    hits: tuple[Hit, ...]
    found: bool


type AnswerPart = Speech | Sources


class Answerer(Protocol):
    """Answers questions. One instance serves all conversations of an entry."""

    @property
    def name(self) -> AnswererName:
        """Who this is."""

    @property
    def last_failure(self) -> str | None:
        """Why the last question went to the fallback; None when it did not."""

    def async_answer(self, question: Question) -> AsyncGenerator[AnswerPart]:
        """Yield speech and sources as they become known.

        Raises:
            KnowledgeError: the documents cannot be asked.
        """


class ExtractiveAnswerer:
    """Says what the knowledge service says."""

    name = AnswererName.EXTRACTIVE
    last_failure = None

    def __init__(self, knowledge: KnowledgeClient) -> None:
        self._knowledge = knowledge

    async def async_answer(self, question: Question) -> AsyncGenerator[AnswerPart]:
        """Yield the spoken answer in one piece."""
        answer = await self._knowledge.async_ask(question.text, question.language)
        yield Sources(answer.sources, answer.found)
        yield Speech(answer.spoken)


class OllamaAnswerer:
    """Lets a model answer from passages, and falls back where it does not."""

    name = AnswererName.OLLAMA

    def __init__(
        self, knowledge: KnowledgeClient, models: LanguageModels, settings: ChatSettings, fallback: Answerer
    ) -> None:
        self.last_failure: str | None = None
        self._knowledge = knowledge
        self._models = models
        self._settings = settings
        self._fallback = fallback

    async def async_answer(self, question: Question) -> AsyncGenerator[AnswerPart]:
        """Yield the model's words as it writes them; after a failure, the fallback's answer as a new message."""
        search = await self._knowledge.async_search(question.text, MAX_PASSAGES)
        passages = search.hits if search.relevant else ()
        yield Sources(passages, search.relevant)
        has_spoken = False
        try:
            async with aclosing(self._async_generate(question, passages)) as pieces:
                async for piece in pieces:
                    has_spoken = True
                    yield Speech(piece)
        except OllamaError as err:
            self.last_failure = str(err)
            _LOGGER.warning("%s; answering in the words of the documents", err)
        else:
            self.last_failure = None
            return
        if has_spoken:
            yield Speech(get_texts(question.language).answer_interrupted + " ", starts_message=True)
        async with aclosing(self._fallback.async_answer(question)) as parts:
            async for part in parts:
                yield part

    async def _async_generate(self, question: Question, passages: tuple[Hit, ...]) -> AsyncGenerator[str]:
        turn = Turn(question.text, TurnNotes(question.language, passages=passages))
        request = chat.build_request(_PREFIX, turn, self._settings)
        thoughts = ThoughtFilter()
        is_empty = True
        async with aclosing(self._models.async_chat(request)) as pieces:
            async for piece in pieces:
                if said := thoughts.feed(piece.text)[0]:
                    is_empty = False
                    yield said
        if rest := thoughts.finish():
            yield rest
        if is_empty:
            raise OllamaResponseError("Ollama's answer is empty")


def create_answerer(session: aiohttp.ClientSession, knowledge: KnowledgeClient, options: AgentOptions) -> Answerer:
    """Return who answers with an agent's options: its model, or the documents alone where there is no Ollama."""
    extractive = ExtractiveAnswerer(knowledge)
    if not options.url:
        return extractive
    settings = ChatSettings(options.num_ctx, options.thinking)
    return OllamaAnswerer(knowledge, create_models(session, options), settings, fallback=extractive)


@dataclass(slots=True)
class Reply:
    """An answer while it is being put together."""

    text: str = ""
    found: bool = False
    hits: tuple[Hit, ...] = ()
    is_failure: bool = False
    has_acted: bool = False
    """Whether something in the house was changed."""
    awaits_answer: bool = False
    """Whether it is a question of ours that has to be answered."""

    def add(self, part: AnswerPart) -> None:
        """Take the next part."""
        match part:
            case Sources(hits, found):
                self.hits, self.found = hits, found
            case Speech(text, starts_message):
                self.text = text if starts_message else self.text + text

    def fail(self, apology: str) -> None:
        """Replace the answer by an apology."""
        self.text, self.found, self.hits, self.is_failure = apology, False, (), True

    def sources_as_list(self) -> list[dict[str, Any]]:
        """Return the sources for JSON, without the passages' texts."""
        return [
            {
                "number": hit.number,
                "title": hit.title,
                "place": hit.place,
                "document": hit.document,
                "kind": hit.kind,
                "link": hit.link or None,
            }
            for hit in self.hits
        ]

    def sources_as_text(self) -> str:
        """Return the sources for a card, one per line."""
        return "\n".join(
            f"{hit.number}. {', '.join(filter(None, (hit.title, hit.place)))} ({hit.document})" for hit in self.hits
        )


async def async_collect(parts: AsyncIterable[AnswerPart]) -> Reply:
    """Return the whole answer at once."""
    reply = Reply()
    async for part in parts:
        reply.add(part)
    return reply
