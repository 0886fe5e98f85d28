"""A knowledge service with lectures, as far as the page needs one: the contract's messages, with a state of its own."""

from __future__ import annotations

import asyncio
import copy
import hashlib
import json
import struct
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

from knowledge.service.middlewares import protect
from knowledge.service.routes import page
from tests.fakes.knowledge_server import contract

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_Json = dict[str, Any]
_STATES = {"pause": "paused", "resume": "transcribing", "cancel": "cancelled", "retry": "waiting"}
_RATE = 8000
_BYTES_PER_SECOND = _RATE * 2


def silent_recording(path: Path, seconds: float) -> None:
    """Write a WAV of silence; however long it is, it takes no room on the disk."""
    length = int(seconds * _BYTES_PER_SECOND)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, _RATE, _BYTES_PER_SECOND, 2, 16)
    header = b"RIFF" + struct.pack("<I", 36 + length) + b"WAVE" + form + b"data" + struct.pack("<I", length)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(header)
        file.truncate(len(header) + length)


def chapters_of(texts: list[tuple[str, list[list[str]]]], seconds: float) -> list[_Json]:
    """Return chapters of paragraphs of sentences that take `seconds` each, as the contract has them."""
    chapters, number = list[_Json](), 0
    for title, paragraphs in texts:
        written = []
        for sentences in paragraphs:
            segments = [segment(number + index, text, seconds) for index, text in enumerate(sentences)]
            number += len(sentences)
            written.append({"start": segments[0]["start"], "end": segments[-1]["end"], "segments": segments})
        chapters.append(
            {"title": title, "start": written[0]["start"], "end": written[-1]["end"], "paragraphs": written}
        )
    return chapters


def segment(number: int, text: str, seconds: float) -> _Json:
    """Return the sentence of a number."""
    start = number * seconds
    return {
        "number": number,
        "start": start,
        "end": start + seconds,
        "text": text,
        "speaker": "",
        "is_corrected": False,
    }


@dataclass
class LectureService:
    """Serves on loopback while its block lasts; `tell` changes a lecture and says so to every page that listens."""

    folder: Path
    details: dict[str, _Json] = field(default_factory=dict)
    """Lecture's id -> the body of GET /lectures/ID."""
    events: _Json = field(default_factory=dict)
    """What POST /ask says: the event's name -> its data."""
    requests: list[tuple[str, Any]] = field(default_factory=list)
    """Method with path, and body, of what changes something."""
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """Uploads stop after their first piece while it is not set."""
    url: str = ""
    _listeners: set[asyncio.Queue[_Json | None]] = field(default_factory=set)

    def add(self, path: str, **changes: Any) -> _Json:
        """Add a lecture that is like the contract's but for the changes, in its lecture or beside it."""
        detail: _Json = copy.deepcopy(contract("lecture")) | {"slides": None}
        own = {name: value for name, value in changes.items() if name in detail["lecture"]}
        id_ = hashlib.sha256(path.encode()).hexdigest()[:16]
        detail["lecture"] |= {"id": id_, "path": path, "title": path.rpartition("/")[2]} | own
        detail |= {name: value for name, value in changes.items() if name not in own}
        self.details[id_] = detail
        return detail

    async def tell(self, id_: str, **changes: Any) -> None:
        """Change a lecture and tell the pages."""
        lecture = self.details[id_]["lecture"]
        lecture.update(changes, version=lecture["version"] + 1)
        for listener in self._listeners:
            listener.put_nowait(copy.deepcopy(lecture))

    async def __aenter__(self) -> Self:
        self.gate.set()
        app = web.Application(client_max_size=1 << 30)
        app.router.add_routes(page.routes)
        app.router.add_get("/session", self._session)
        app.router.add_get("/events", self._events)
        app.router.add_get("/documents", self._documents)
        app.router.add_post("/documents", self._upload)
        app.router.add_delete("/documents/{path:.+}", self._remove)
        app.router.add_post("/ask", self._ask)
        app.router.add_get("/lectures", self._list)
        app.router.add_get("/lectures/{id}", self._lecture)
        app.router.add_get("/lectures/{id}/export", self._export)
        app.router.add_put("/lectures/{id}/transcript", self._correct)
        app.router.add_post("/lectures/{id}/summary", self._write)
        app.router.add_post("/lectures/{id}/{work}", self._steer)
        app.router.add_static("/sources", self.folder)
        app.on_response_prepare.append(protect)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for listener in self._listeners:
            listener.put_nowait(None)
        await self._runner.cleanup()

    async def _session(self, _: web.Request) -> web.Response:
        return web.json_response({"authorised": True, "ingress": False, "has_token": False})

    async def _documents(self, _: web.Request) -> web.Response:
        return web.json_response({"documents": []})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await _send(response, "progress", {"pending": 0, "path": ""})
        listener: asyncio.Queue[_Json | None] = asyncio.Queue()
        self._listeners.add(listener)
        with suppress(ConnectionError):
            while (lecture := await listener.get()) is not None:
                await _send(response, "lecture", {"lecture": lecture})
        self._listeners.discard(listener)
        return response

    async def _remove(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        self.requests.append(("DELETE", path))
        self.details = {id_: one for id_, one in self.details.items() if one["lecture"]["path"] != path}
        return web.json_response({"path": path})

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for name, data in self.events.items():
            await _send(response, name, data)
        return response

    async def _list(self, _: web.Request) -> web.Response:
        return web.json_response({"lectures": [detail["lecture"] for detail in self.details.values()]})

    async def _lecture(self, request: web.Request) -> web.Response:
        detail = self.details.get(request.match_info["id"])
        if detail is None:
            return _refusal(404, "not_found", "There is no such lecture.")
        return web.json_response(detail)

    async def _export(self, request: web.Request) -> web.Response:
        kind = request.query["format"]
        return web.Response(
            text=f"WEBVTT\n\n00:00.000 --> 00:09.000\n{kind}\n",
            content_type="text/vtt",
            headers={"Content-Disposition": f"attachment; filename=lecture.{kind}"},
        )

    async def _steer(self, request: web.Request) -> web.Response:
        self.requests.append((f"POST {request.path}", None))
        id_ = request.match_info["id"]
        await self.tell(id_, state=_STATES[request.match_info["work"]], problem=None)
        return web.json_response({"lecture": self.details[id_]["lecture"]})

    async def _write(self, request: web.Request) -> web.Response:
        self.requests.append((f"POST {request.path}", await request.json()))
        id_ = request.match_info["id"]
        await self.tell(id_, state="writing")
        return web.json_response({"lecture": self.details[id_]["lecture"]})

    async def _correct(self, request: web.Request) -> web.Response:
        body, id_ = await request.json(), request.match_info["id"]
        self.requests.append((f"PUT {request.path}", body))
        detail = self.details[id_]
        if body["version"] != detail["lecture"]["version"]:
            return _refusal(409, "conflict", "The transcript has changed meanwhile.")
        self.replace(id_, {one["number"]: one["text"] for one in body["segments"]})
        await self.tell(id_)
        return web.json_response({"lecture": detail["lecture"]})

    def replace(self, id_: str, texts: dict[int, str]) -> None:
        """Give sentences another text; an empty one removes the sentence."""
        for chapter in self.details[id_]["chapters"]:
            for paragraph in chapter["paragraphs"]:
                for one in paragraph["segments"]:
                    if one["number"] in texts:
                        one.update(text=texts[one["number"]], is_corrected=True)
                paragraph["segments"] = [one for one in paragraph["segments"] if one["text"]]

    async def _upload(self, request: web.Request) -> web.Response:
        fields, path = dict[str, str](), ""
        async for part in await request.multipart():
            if part.name != "file":
                fields[part.name] = await part.text()
                continue
            path = "/".join(filter(None, ("lectures", "uploads", fields["collection"], part.filename)))
            if part.filename.endswith(".exe"):
                return _refusal(415, "unsupported", "This is no recording.")
            while await part.read_chunk(1 << 16):
                await self.gate.wait()
        self.requests.append(("POST /documents", fields))
        detail = self.add(path, state="waiting", duration=None, terms=0, chapters=[], summary=None, glossary=[])
        await self.tell(detail["lecture"]["id"])
        return web.json_response({"documents": [{"path": path}]}, status=201)


async def _send(response: web.StreamResponse, event: str, data: _Json) -> None:
    await response.write(f"event: {event}\ndata: {json.dumps(data)}\n\n".encode())


def _refusal(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status)
