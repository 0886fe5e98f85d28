"""Ollama's answers, and what happens when it does not give one."""

from collections.abc import AsyncGenerator

import aiohttp
import pytest

from custom_components.voice_rag.agent.chat import ChatSettings, Question
from custom_components.voice_rag.agent.language_model import LanguageModel, LanguageModels
from custom_components.voice_rag.answerers import ExtractiveAnswerer, OllamaAnswerer, Reply, Sources, Speech
from custom_components.voice_rag.api import KnowledgeClient
from custom_components.voice_rag.errors import KnowledgeConnectionError, OllamaResponseError
from custom_components.voice_rag.ollama import OllamaClient, OllamaTimeouts, has_model
from tests.fakes.knowledge_server import KnowledgeServer, contract
from tests.fakes.ollama_server import OllamaFault, OllamaServer

MODEL = "t-tech/T-lite-it-2.1:q4_K_M"
QUESTION = Question("How do I bleed a radiator?", "en")
IN_THEIR_WORDS = contract("ask_response")["spoken"]
BROKE_OFF = "My answer broke off, so I am looking in your documents instead. "


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def answerer(session: aiohttp.ClientSession, knowledge: KnowledgeServer, ollama: OllamaServer) -> OllamaAnswerer:
    client = KnowledgeClient(session, knowledge.url)
    timeouts = OllamaTimeouts(connect=1, first_token=0.3, next_token=0.3, total=5)
    models = LanguageModels([LanguageModel(OllamaClient(session, ollama.url, timeouts), MODEL)])
    return OllamaAnswerer(client, models, ChatSettings(num_ctx=8192), ExtractiveAnswerer(client))


async def spoken_pieces(answerer: OllamaAnswerer, question: Question = QUESTION) -> list[str]:
    """Return the pieces as a loudspeaker gets them."""
    return [part.text async for part in answerer.async_answer(question) if isinstance(part, Speech)]


async def whole_reply(answerer: OllamaAnswerer) -> Reply:
    """Return the answer put together."""
    reply = Reply()
    async for part in answerer.async_answer(QUESTION):
        reply.add(part)
    return reply


async def test_the_sources_are_known_before_the_first_word(answerer: OllamaAnswerer) -> None:
    parts = [part async for part in answerer.async_answer(QUESTION)]
    assert isinstance(parts[0], Sources)
    assert [hit.title for hit in parts[0].hits] == ["House manual"]


async def test_words_come_as_the_model_writes_them(answerer: OllamaAnswerer, ollama: OllamaServer) -> None:
    assert await spoken_pieces(answerer) == ollama.answer
    assert answerer.last_failure is None


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (OllamaFault.SERVER_ERROR, "answered 500"),
        (OllamaFault.HANGS, "in time"),
        (OllamaFault.SILENT, "empty"),
    ],
)
async def test_before_the_first_word_a_failure_is_not_heard(
    answerer: OllamaAnswerer, ollama: OllamaServer, fault: OllamaFault, reason: str
) -> None:
    ollama.fault = fault
    assert await spoken_pieces(answerer) == [IN_THEIR_WORDS]
    assert answerer.last_failure is not None
    assert reason in answerer.last_failure


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (OllamaFault.CUT, "mid-answer"),
        (OllamaFault.HANGS_MIDWAY, "in time"),
        (OllamaFault.ERROR_LINE, "out of memory"),
        (OllamaFault.NOT_JSON, "not JSON"),
    ],
)
async def test_after_the_first_words_a_failure_is_admitted_and_the_documents_speak(
    answerer: OllamaAnswerer, ollama: OllamaServer, fault: OllamaFault, reason: str
) -> None:
    ollama.fault = fault
    parts = [part async for part in answerer.async_answer(QUESTION)]
    assert [part.text for part in parts if isinstance(part, Speech)] == [ollama.answer[0], BROKE_OFF, IN_THEIR_WORDS]
    reply = Reply()
    for part in parts:
        reply.add(part)
    assert reply.text == BROKE_OFF + IN_THEIR_WORDS
    assert [hit.title for hit in reply.hits] == ["House manual"]
    assert answerer.last_failure is not None
    assert reason in answerer.last_failure


async def test_a_model_that_is_missing_is_named_with_what_to_do(answerer: OllamaAnswerer, ollama: OllamaServer) -> None:
    ollama.models = []
    assert await spoken_pieces(answerer) == [IN_THEIR_WORDS]
    assert answerer.last_failure == f"Ollama has no model {MODEL}; run: ollama pull {MODEL}"


async def test_the_next_question_goes_to_the_model_again(answerer: OllamaAnswerer, ollama: OllamaServer) -> None:
    ollama.fault = OllamaFault.SERVER_ERROR
    await spoken_pieces(answerer)
    ollama.fault = None
    assert await spoken_pieces(answerer) == ollama.answer
    assert answerer.last_failure is None


async def test_without_the_documents_the_model_is_not_asked(
    answerer: OllamaAnswerer, knowledge: KnowledgeServer, ollama: OllamaServer
) -> None:
    await knowledge.stop()
    with pytest.raises(KnowledgeConnectionError):
        await spoken_pieces(answerer)
    assert ollama.bodies == []


async def test_passages_that_do_not_fit_are_neither_sent_nor_shown(
    answerer: OllamaAnswerer, knowledge: KnowledgeServer, ollama: OllamaServer
) -> None:
    knowledge.replies["/search"] = contract("search_response") | {"relevant": False}
    reply = await whole_reply(answerer)
    assert reply.hits == ()
    assert not reply.found
    assert b"bleed screw" not in ollama.bodies[0]
    assert b"(nothing was found)" in ollama.bodies[0]


async def test_something_else_than_ollama_is_recognised(
    session: aiohttp.ClientSession, knowledge: KnowledgeServer
) -> None:
    with pytest.raises(OllamaResponseError):
        await OllamaClient(session, knowledge.url).async_list_models()


@pytest.mark.parametrize(
    ("models", "wanted", "expected"),
    [
        (("t-tech/T-lite-it-2.1:q4_K_M",), "t-tech/T-lite-it-2.1:q4_K_M", True),
        (("t-tech/t-lite-it-2.1:q4_k_m",), "t-tech/T-lite-it-2.1:q4_K_M", True),
        (("t-tech/T-lite-it-2.1:q8_0",), "t-tech/T-lite-it-2.1:q4_K_M", False),
        (("qwen3:latest",), "qwen3", True),
        (("registry:5000/qwen3:latest",), "registry:5000/qwen3", True),
        ((), "qwen3", False),
    ],
)
def test_a_model_is_found_by_its_full_name(models: tuple[str, ...], wanted: str, expected: bool) -> None:
    assert has_model(models, wanted) is expected
