"""A hub of models on loopback that says what a hub says, and can misbehave."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from tests.fakes.web_server import serving_in_a_thread
from tests.waiting import PATIENCE_SECONDS

LARGE = 1000
"""Bytes from which a file is in large file storage."""


class Redirect(NamedTuple):
    status: int
    location: str


@dataclass
class FakeHub:
    """Serves one repository at the commit "c0ffee"."""

    files: dict[str, bytes]
    repository: str = "house/model"
    url: str = ""
    cuts: list[int] = field(default_factory=list)
    """For each coming download: after how many bytes the connection is closed."""
    statuses: list[int] = field(default_factory=list)
    """Answers of the coming requests, instead of 200."""
    ignores_range: bool = False
    damaged: set[str] = field(default_factory=set)
    """Files that come with other bytes than the list says."""
    listing: bytes | None = None
    """The answer to a request for the list, instead of the right one."""
    release: threading.Event = field(default_factory=threading.Event)
    """Downloads wait for it where `hangs`."""
    hangs: bool = False
    begun: threading.Event = field(default_factory=threading.Event)
    """A download has begun."""
    token: str | None = None
    """Asked for when set."""
    content_host: str = ""
    """Where files are, when not here: downloads are redirected there."""
    tokens: list[str | None] = field(default_factory=list)
    """What was given as authorization with each request."""
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    """Path and Range of what was asked."""

    def list(self) -> bytes:
        return self.listing or json.dumps({"sha": "c0ffee", "siblings": [*map(self._entry, self.files)]}).encode()

    def redirect(self, path: str, token: str | None) -> Redirect | None:
        """Return where else to go, or nowhere with status 401, instead of what was asked for."""
        if self.token and token != f"Bearer {self.token}":
            return Redirect(401, "")
        if self.content_host and "/resolve/" in path:
            return Redirect(302, f"{self.content_host}{path}")
        return None

    def first_byte(self, range_: str | None) -> int:
        return 0 if self.ignores_range or not range_ else int(range_[6:-1])

    def content(self, name: str) -> bytes:
        content = self.files[name]
        return content[:-1] + bytes([content[-1] ^ 1]) if name in self.damaged else content

    def _entry(self, name: str) -> dict[str, object]:
        content = self.files[name]
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        entry: dict[str, object] = {"rfilename": name, "size": len(content), "blobId": blob}
        if len(content) < LARGE:
            return entry
        digest = hashlib.sha256(content).hexdigest()
        return {**entry, "blobId": "of a pointer", "lfs": {"sha256": digest, "size": len(content), "pointerSize": 134}}


@contextmanager
def serving_hub(files: dict[str, bytes]) -> Iterator[FakeHub]:
    hub = FakeHub(files)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, begin = unquote(urlsplit(self.path).path), self.headers.get("Range")
            hub.requests.append((path, begin))
            hub.tokens.append(self.headers.get("Authorization"))
            if redirect := hub.redirect(self.path, hub.tokens[-1]):
                self.send_response(redirect.status)
                self.send_header("Location", redirect.location)
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif hub.statuses and (status := hub.statuses.pop(0)) != 200:
                self.send_error(status)
            elif path.startswith(f"/api/models/{hub.repository}/revision/"):
                self._send(200, hub.list())
            elif (name := path.removeprefix(f"/{hub.repository}/resolve/c0ffee/")) in hub.files:
                self._send_file(name, hub.first_byte(begin))
            else:
                self.send_error(404)

        def _send_file(self, name: str, begin: int) -> None:
            content = hub.content(name)
            hub.begun.set()
            if hub.hangs:
                hub.release.wait(PATIENCE_SECONDS)
            self._send(206 if begin else 200, content[begin:], hub.cuts.pop(0) if hub.cuts else None)

        def _send(self, status: int, body: bytes, cut: int | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(ConnectionError):
                self.wfile.write(body[:cut])

        def log_message(self, *_: object) -> None:
            pass

    with serving_in_a_thread(Handler) as hub.url:
        try:
            yield hub
        finally:
            hub.release.set()
