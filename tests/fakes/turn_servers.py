"""Remote turn detectors on loopback, which judge by the rules and can misbehave."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.fakes.web_server import serving_in_a_thread
from tests.waiting import PATIENCE_SECONDS
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.messages import parse_request, to_json
from wyoming_servers.turn.rules import RuleTurnDetector
from wyoming_servers.turn.text import language_of


@dataclass
class TurnServer:
    """What a test steers and sees."""

    url: str = ""
    requests: list[tuple[str, Any]] = field(default_factory=list)
    """Path and body of what was asked."""
    headers: list[dict[str, str]] = field(default_factory=list)
    connections: int = 0
    statuses: list[int] = field(default_factory=list)
    """Answers of the coming requests, instead of 200."""
    answers: list[bytes] = field(default_factory=list)
    """Bodies of the coming answers, instead of the right ones."""
    is_hanging: bool = False
    closes: bool = False
    """After each answer, without having said so."""
    release: threading.Event = field(default_factory=threading.Event)


def infer(path: str, body: Any) -> Any:
    """Answer as our own server does."""
    if path != "/infer":
        return None
    answers = [to_json(RuleTurnDetector().completeness(pause)) for pause in parse_request(body)]
    return answers if isinstance(body, list) else answers[0]


@dataclass
class KServeModel:
    """A model called "turn"."""

    inputs: dict[str, tuple[str, list[int]]] = field(default_factory=lambda: {"text": ("BYTES", [-1, 1])})
    """Name -> datatype and shape."""
    output: str = "probabilities"
    judge: Callable[[dict[str, list[Any]]], list[list[float]]] | None = None
    """The values of each input by row -> rows of the output; None judges the texts by the rules."""

    def __call__(self, path: str, body: Any) -> Any:
        if path == "/v2/models/turn":
            inputs = [{"name": name, "datatype": kind, "shape": shape} for name, (kind, shape) in self.inputs.items()]
            return {"name": "turn", "inputs": inputs, "outputs": [{"name": self.output, "datatype": "FP32"}]}
        if path != "/v2/models/turn/infer":
            return None
        rows = (self.judge or _by_rules)({tensor["name"]: _rows(tensor) for tensor in body["inputs"]})
        shape = [len(rows), len(rows[0])]
        data = [value for row in rows for value in row]
        return {"outputs": [{"name": self.output, "datatype": "FP32", "shape": shape, "data": data}]}


def _rows(tensor: Any) -> list[Any]:
    if len(tensor["shape"]) == 1:
        return tensor["data"]
    width = tensor["shape"][1]
    return [tensor["data"][begin : begin + width] for begin in range(0, len(tensor["data"]), width)]


def _by_rules(inputs: dict[str, list[Any]]) -> list[list[float]]:
    (texts,) = inputs.values()
    values = []
    for (text,) in texts:
        words = text.splitlines()[-1] if text else ""
        speak = RuleTurnDetector().completeness(Pause(words, language_of(words)))
        values.append([1 - speak, speak])
    return values


@contextmanager
def serving(answer: Callable[[str, Any], Any] = infer) -> Iterator[TurnServer]:
    """Serve while the context is open; `answer` takes path and body, and returns None for "not found"."""
    server = TurnServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            server.connections += 1
            super().setup()

        def do_GET(self) -> None:
            self._serve(None)

        def do_POST(self) -> None:
            self._serve(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _serve(self, body: Any) -> None:
            server.requests.append((self.path, body))
            server.headers.append(dict(self.headers))
            if server.is_hanging:
                server.release.wait(PATIENCE_SECONDS)
            found = answer(self.path, body)
            status = server.statuses.pop(0) if server.statuses else 200 if found is not None else 404
            self.send_response(status)
            content = server.answers.pop(0) if server.answers else json.dumps(found).encode()
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(ConnectionError):
                self.wfile.write(content)
            self.close_connection = server.closes

        def log_message(self, *_: object) -> None:
            pass

    with serving_in_a_thread(Handler) as server.url:
        try:
            yield server
        finally:
            server.release.set()
