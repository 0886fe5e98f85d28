"""A server with OpenAI's transcription that answers as it is told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.fakes.web_server import serving_in_a_thread
from tests.waiting import PATIENCE_SECONDS


@dataclass
class TranscriptionApi:
    """Serves on loopback in threads while entered."""

    answers: list[tuple[int, Any]] = field(default_factory=list)
    """Status and body, the next first; the last is repeated. Text is sent as it is."""

    models: tuple[str, ...] = ()
    """Listed where there are some."""

    voices: tuple[str, ...] = ()
    """Listed beside them, as a server that also speaks does."""

    is_silent: bool = False
    """Whether it never answers."""

    paths: list[str] = field(default_factory=list)
    headers: list[Message] = field(default_factory=list)
    fields: list[dict[str, list[bytes]]] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)
    _ending: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Yield the address."""
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                heard = [{"id": name, "task": "automatic-speech-recognition"} for name in api.models]
                spoken = [{"id": name, "task": "text-to-speech"} for name in api.voices]
                listed = {"data": heard + spoken if api.voices else [{"id": name} for name in api.models]}
                _send(self, *((200, listed) if api.models else (404, {})))

            def do_POST(self) -> None:
                api._take(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
                pass

        with serving_in_a_thread(Handler) as url:
            try:
                yield url
            finally:
                self._ending.set()

    def _take(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.paths.append(handler.path)
        self.headers.append(handler.headers)
        self.fields.append(_fields(handler.headers["Content-Type"], body))
        self.asked.set()
        if self.is_silent:
            self._ending.wait(PATIENCE_SECONDS)
            return
        status, answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        _send(handler, status, answer)


def _send(handler: BaseHTTPRequestHandler, status: int, answer: Any) -> None:
    content = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def _fields(content_type: str, body: bytes) -> dict[str, list[bytes]]:
    form = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    fields: dict[str, list[bytes]] = {}
    for part in form.get_payload():
        assert isinstance(part, Message)
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(name, str)
        assert isinstance(content, bytes)
        fields.setdefault(name, []).append(content)
    return fields
