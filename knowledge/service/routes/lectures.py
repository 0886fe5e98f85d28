"""Lectures: how far they are, what was said, what was made of it, and what a person changes."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

from knowledge.errors import LectureChangedError
from knowledge.lectures import export
from knowledge.service import lecture_payloads as payloads
from knowledge.service import lecture_requests as requests
from knowledge.service.keys import HOST
from knowledge.service.requests import PayloadError
from knowledge.service.wire import json_body, json_response, preferred_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.lectures.models import Lecture
    from knowledge.lectures.protocols import Lectures
    from knowledge.service.lecture_requests import Correction

routes = web.RouteTableDef()


@routes.get("/lectures")
async def lectures(request: web.Request) -> web.Response:
    """List the lectures, the newest first."""
    found = await request.app[HOST].lectures(lambda all_: all_.all())
    return json_response(payloads.lectures_response(found, preferred_language(request)))


@routes.get("/lectures/{id}")
async def lecture(request: web.Request) -> web.Response:
    """Return a lecture with its transcript, chapters, summary and glossary, as far as they are."""
    id_, language = request.match_info["id"], preferred_language(request)

    def whole(all_: Lectures) -> web.Response:  # hours of speech are a megabyte of JSON
        return json_response(payloads.whole_lecture_response(all_, id_, language))

    return await request.app[HOST].lectures(whole)


@routes.post("/lectures/{id}/pause")
async def pause(request: web.Request) -> web.Response:
    """Stop working on a lecture for now."""
    return await _changed(request, lambda all_, id_: all_.pause(id_))


@routes.post("/lectures/{id}/resume")
async def resume(request: web.Request) -> web.Response:
    """Go on with a lecture."""
    return await _changed(request, lambda all_, id_: all_.resume(id_))


@routes.post("/lectures/{id}/cancel")
async def cancel(request: web.Request) -> web.Response:
    """Give a lecture up; what is transcribed stays."""
    return await _changed(request, lambda all_, id_: all_.cancel(id_))


@routes.post("/lectures/{id}/retry")
async def retry(request: web.Request) -> web.Response:
    """Try a failed lecture again."""
    return await _changed(request, lambda all_, id_: all_.retry(id_))


@routes.post("/lectures/{id}/summary")
async def write_summary(request: web.Request) -> web.Response:
    """Begin to write the summary anew by a template."""
    template = requests.summary_request(await json_body(request))
    return await _changed(request, lambda all_, id_: all_.write(id_, template))


@routes.put("/lectures/{id}/transcript")
async def correct(request: web.Request) -> web.Response:
    """Take a person's corrections; refused when somebody else was quicker."""
    correction = requests.correction_request(await json_body(request, requests.MAX_BODY_BYTES))
    return await _changed(request, lambda all_, id_: _correct(all_, id_, correction))


@routes.get("/lectures/{id}/export")
async def exported(request: web.Request) -> web.Response:
    """Send a lecture as a file for other programs, named after its title."""
    id_, format_ = request.match_info["id"], requests.format_field(request.query)
    name, body = await request.app[HOST].lectures(lambda all_: export.of(all_, id_, format_))
    # RFC 6266: the second name is for whoever knows RFC 5987, which is every browser of today.
    names = f"filename=\"lecture{PurePosixPath(name).suffix}\"; filename*=UTF-8''{quote(name, safe='')}"
    return web.Response(
        body=body,
        headers={
            "Content-Type": export.CONTENT_TYPES[format_],
            "Content-Disposition": f"attachment; {names}",
            "Cache-Control": "private, no-cache",
        },
    )


async def _changed(request: web.Request, change: Callable[[Lectures, str], Lecture]) -> web.Response:
    """Change a lecture in a thread and answer with how it is then."""
    id_ = request.match_info["id"]
    now = await request.app[HOST].lectures(lambda all_: change(all_, id_))
    return json_response(payloads.lecture_response(now, preferred_language(request)))


def _correct(lectures: Lectures, id_: str, correction: Correction) -> Lecture:
    if lectures.lecture(id_).version != correction.version:
        raise LectureChangedError
    transcript = lectures.transcript(id_)
    if max(correction.texts) >= (len(transcript.segments) if transcript else 0):
        raise PayloadError("There is no segment of such a number.")
    return lectures.correct(id_, correction.version, correction.texts)
