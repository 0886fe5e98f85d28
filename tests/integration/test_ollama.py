"""The Ollama client at an address where something else answers, or answers oddly."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from custom_components.voice_rag.errors import OllamaConnectionError, OllamaModelMissingError, OllamaResponseError
from custom_components.voice_rag.ollama import OllamaClient

REQUEST = {"model": "qwen3:1.7b", "messages": []}


@asynccontextmanager
async def answering(body: str, status: int = 200) -> AsyncGenerator[OllamaClient]:
    """Serve the same answer to everything, and yield a client of it."""

    async def handle(_: web.Request) -> web.Response:
        return web.Response(text=body, status=status)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with aiohttp.ClientSession() as session:
            yield OllamaClient(session, f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await runner.cleanup()


async def list_models(client: OllamaClient) -> None:
    await client.async_list_models()


async def chat(client: OllamaClient) -> None:
    async for _ in client.async_chat(REQUEST):
        pass


@pytest.mark.parametrize("ask", [list_models, chat])
@pytest.mark.parametrize(
    ("body", "status", "error", "words"),
    [
        ("<html>hello</html>", 200, OllamaResponseError, "not JSON"),
        ("[1]", 200, OllamaResponseError, "not an object"),
        ('{"error": "out of memory"}', 200, OllamaResponseError, "Ollama reports: out of memory"),
        ("", 200, OllamaConnectionError, "in mid-answer"),
    ],
)
async def test_an_odd_answer_is_an_error_that_names_it(
    ask: Callable[[OllamaClient], object], body: str, status: int, error: type[Exception], words: str
) -> None:
    async with answering(body, status) as client:
        with pytest.raises(error, match=words):
            await ask(client)  # type: ignore[misc]


async def test_another_server_is_not_taken_for_ollama() -> None:
    async with answering('{"message": "Hello"}') as client:
        with pytest.raises(OllamaResponseError, match="answers, but not as Ollama does"):
            await client.async_list_models()


@pytest.mark.parametrize(
    ("body", "words"),
    [('{"error": "invalid option"}', "500: invalid option"), ("<html>", "answered 500$"), ("[]", "answered 500$")],
)
async def test_a_refusal_is_told_with_its_reason_where_there_is_one(body: str, words: str) -> None:
    async with answering(body, 500) as client:
        with pytest.raises(OllamaResponseError, match=words):
            await chat(client)


async def test_a_model_that_the_server_lacks_is_named() -> None:
    async with answering("{}", 404) as client:
        with pytest.raises(OllamaModelMissingError, match=r"qwen3:1\.7b"):
            await chat(client)


@pytest.mark.parametrize(
    "message",
    [
        '"a string"',
        '{"content": 7, "thinking": null, "tool_calls": "none"}',
        '{"content": "", "tool_calls": [7, {}, {"function": {"name": 7}}]}',
    ],
)
async def test_what_a_message_lacks_or_has_of_another_type_is_left_out(message: str) -> None:
    async with answering(f'{{"message": {message}, "done": true, "prompt_eval_count": "many"}}\n') as client:
        pieces = [piece async for piece in client.async_chat(REQUEST)]
    assert [(piece.text, piece.thought, piece.calls) for piece in pieces] == [("", "", ())]
    assert pieces[0].usage is not None
    assert pieces[0].usage.prompt_tokens == 0
