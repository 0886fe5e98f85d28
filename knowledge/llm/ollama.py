"""The language model at an Ollama server."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import aiohttp

from knowledge.errors import ModelAnswerError, ModelError
from knowledge.remote.http_json import HttpError, post, post_until
from knowledge.remote.rest import Rest

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from knowledge.settings import ModelSettings

_CONNECT_SECONDS = 3.0
_MOST_TOKENS = 500
_MOST_LINE_BYTES = 1 << 20
_KEEP_LOADED = -1  # as the integration asks for it: two wishes would unload the model between them
_TEMPERATURE = 0.2


class Ollama:
    """One model. It rests for a while after it could not be reached; `Rest(0)` for work that nobody waits for."""

    def __init__(
        self, settings: ModelSettings, rest: Rest | None = None, on_answer: Callable[[], None] = lambda: None
    ) -> None:
        """`on_answer` is called, in any thread, whenever the model has answered."""
        self.name = settings.model
        self.context_tokens = settings.context_tokens
        self._settings = settings
        self._address = f"{settings.url.rstrip('/')}/api/chat"
        self._rest = Rest() if rest is None else rest
        self._on_answer = on_answer

    async def written(self, system: str, asked: str) -> AsyncGenerator[str, None]:
        """Yield the pieces of the model's message as it writes them.

        Raises: ModelError, also in mid-message.
        """
        if self._rest:
            raise ModelError(f"{self.name} was away a moment ago.")
        try:
            async with aclosing(self._pieces(self._body(system, asked, stream=True))) as pieces:
                async for piece in pieces:
                    yield piece
            self._on_answer()
        except TimeoutError as err:
            self._rest.begin()
            raise ModelError(f"{self.name} is late.") from err
        except (aiohttp.ClientError, OSError) as err:
            self._rest.begin()
            raise ModelError(f"{self.name} cannot be reached: {err}") from err
        except (ValueError, KeyError, TypeError, AttributeError) as err:
            raise ModelError(f"{self._address} does not answer as Ollama does.") from err

    def filled(
        self,
        system: str,
        asked: str,
        schema: dict[str, Any],
        seconds: float,
        most_tokens: int = _MOST_TOKENS,
        should_stop: Callable[[], bool] | None = None,
    ) -> Any:
        """Return what the model writes into a JSON schema; blocking, until `should_stop` says so.

        Raises: ModelAnswerError for an answer that is no JSON or was cut, ModelError.
        """
        if self._rest:
            raise ModelError(f"{self.name} was away a moment ago.")
        body = self._body(system, asked, stream=False) | {"format": schema}
        body["options"]["num_predict"] = most_tokens
        try:
            if should_stop is None:
                answered = post(self._address, body, seconds=seconds)
            else:
                answered = post_until(self._address, body, seconds=seconds, should_stop=should_stop)
            written = answered["message"]["content"]
            if answered.get("done_reason") == "length":
                raise ModelAnswerError(f"It was cut after {most_tokens} tokens.")
        except HttpError as err:
            self._rest.begin()
            raise ModelError(str(err)) from err
        except (AttributeError, KeyError, TypeError) as err:
            raise ModelError(f"{self._address} does not answer as Ollama does.") from err
        self._on_answer()
        try:
            return json.loads(written)
        except (ValueError, TypeError) as err:
            raise ModelAnswerError(f"It is no JSON: {err}.") from err

    def is_there(self) -> bool:
        """Say whether the server can be reached and has the model; blocking."""
        try:
            post(f"{self._settings.url.rstrip('/')}/api/show", {"model": self.name}, seconds=_CONNECT_SECONDS)
        except HttpError:
            return False
        return True

    async def _pieces(self, body: dict[str, Any]) -> AsyncGenerator[str, None]:
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout, read_bufsize=_MOST_LINE_BYTES) as session:
            async with asyncio.timeout(self._settings.first_seconds):
                response = await session.post(self._address, json=body)
            async with response:
                if response.status != 200:
                    raise ModelError(f"Ollama answers {response.status}: {(await response.text())[:200]}")
                while True:
                    async with asyncio.timeout(self._settings.first_seconds):
                        line = await response.content.readline()
                    message = json.loads(line)
                    if "error" in message:
                        raise ModelError(f"Ollama fails: {message['error']}")
                    if piece := message["message"]["content"]:
                        yield piece
                    if message.get("done"):
                        return

    def _body(self, system: str, asked: str, *, stream: bool) -> dict[str, Any]:
        options = {"num_ctx": self._settings.context_tokens, "temperature": _TEMPERATURE, "num_predict": _MOST_TOKENS}
        return {
            "model": self.name,
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": asked}],
            "stream": stream,
            "think": False,
            "keep_alive": _KEEP_LOADED,
            "options": options,
        }
