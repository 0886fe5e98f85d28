"""The files: what there is, what comes in, what goes, and the originals."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web

from knowledge.base import KnowledgeBase
from knowledge.files.uploads import Upload, byte_limit, refusal
from knowledge.models import Kind
from knowledge.service import media, payloads, requests, uploads
from knowledge.service.keys import HOST, SETTINGS
from knowledge.service.requests import UnknownDocumentError
from knowledge.service.wire import json_body, json_response, preferred_language

routes = web.RouteTableDef()

MAX_DOCUMENT_BYTES = 1 << 20
_MAX_FILES = 50


@routes.get("/documents")
async def documents(request: web.Request) -> web.Response:
    """List the files with their status."""
    records = await request.app[HOST].query(KnowledgeBase.documents)
    return json_response(payloads.documents_response(records, preferred_language(request)))


@routes.get("/collections")
async def collections(request: web.Request) -> web.Response:
    """List kinds and collections with their numbers of files."""
    return json_response(payloads.collections_response(await request.app[HOST].query(KnowledgeBase.documents)))


@routes.get("/documents/{path:.+}")
async def document(request: web.Request) -> web.Response:
    """Return one file with its passages, as they are found."""
    path = request.match_info["path"]
    record, passages = await request.app[HOST].query(lambda base: (base.document(path), base.passages(path)))
    if record is None:
        raise UnknownDocumentError(path)
    return json_response(payloads.document_response(record, passages, preferred_language(request)))


@routes.post("/documents")
async def add_documents(request: web.Request) -> web.Response:
    """Take in files, or a text with a name; they are found as soon as they are read."""
    if request.content_type == "multipart/form-data":
        return json_response(payloads.upload_response(await _receive(request)), status=201)
    note = requests.note_request(await json_body(request, MAX_DOCUMENT_BYTES))
    path = await request.app[HOST].query(lambda base: base.add_note(note))
    return json_response(payloads.note_response(path), status=201)


@routes.delete("/documents")
async def remove_note(request: web.Request) -> web.Response:
    """Delete a document that Home Assistant added; the household's own files are refused."""
    path = requests.path_request(await json_body(request))
    await request.app[HOST].query(lambda base: base.remove_note(path))
    return json_response(payloads.note_response(path))


@routes.delete("/documents/{path:.+}")
async def remove_document(request: web.Request) -> web.Response:
    """Delete a file that came in through the service; the household's own files are refused."""
    path = request.match_info["path"]
    await request.app[HOST].query(lambda base: base.remove_file(path))
    return json_response(payloads.note_response(path))


@routes.post("/reindex")
async def reindex(request: web.Request) -> web.Response:
    """Start a full scan that also tries failed files again; with a path, read that file anew."""
    path = requests.path_request(await json_body(request)) if request.can_read_body else None
    if path is not None and await request.app[HOST].query(lambda base: base.document(path)) is None:
        raise UnknownDocumentError(path)
    request.app[HOST].reindex(path)
    return json_response({"status": "accepted"}, status=202)


@routes.get("/sources/{path:.+}")
async def source(request: web.Request) -> web.StreamResponse:
    """Send an original, whole or in ranges, as players ask for it; what a browser could run is only for keeping."""
    path = request.match_info["path"]
    original = await request.app[HOST].query(lambda base: base.locate(path))
    if original is None:
        raise UnknownDocumentError(path)
    return web.FileResponse(
        original,
        headers={
            "Content-Type": media.content_type(original.name),
            "Content-Disposition": f"{media.disposition(original.name)}; filename*=UTF-8''{quote(original.name)}",
            "Content-Security-Policy": media.NOTHING_RUNS,
            "Cache-Control": "private, no-cache",
        },
    )


async def _receive(request: web.Request) -> list[str]:
    """Return the paths of the files of a form: kind?, collection?, file+."""
    kind, collection, paths = Kind.DOCUMENT, "", list[str]()
    async for part in uploads.parts(request):
        match part.name:
            case "kind":
                kind = requests.kind_field(await uploads.field(part))
            case "collection":
                collection = await uploads.field(part)
            case "file" if len(paths) < _MAX_FILES:
                upload = Upload(part.filename or "", kind, collection)
                if reason := refusal(upload):
                    raise requests.UnreadableError(reason)
                pieces = uploads.pieces(part, byte_limit(upload, request.app[SETTINGS].knowledge))
                paths.append(await request.app[HOST].take_in(upload, pieces))
            case _:
                raise requests.PayloadError(f"Send at most {_MAX_FILES} fields 'file', after 'kind' and 'collection'.")
    if not paths:
        raise requests.PayloadError("The form has no field 'file'.")
    return paths
