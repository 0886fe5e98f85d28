"""The web page: files that hold nothing of the household's, below any prefix."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from aiohttp import web

from knowledge.service.wire import preferred_language

routes = web.RouteTableDef()

_FOLDER = Path(__file__).parents[1] / "web"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_REVALIDATED = {"Cache-Control": "no-cache"}


@routes.get("/")
async def page(request: web.Request) -> web.Response:
    """Return the page in the browser's language, if it has it."""
    language = preferred_language(request)
    html = _text("index.html").replace("{{language}}", language)
    return web.Response(text=html, content_type="text/html", headers=_REVALIDATED | {"Vary": "Accept-Language"})


@routes.get("/web/{name}")
async def page_file(request: web.Request) -> web.Response:
    """Return one of its scripts, styles and pictures."""
    name = request.match_info["name"]
    if name not in _names():
        raise web.HTTPNotFound
    return web.Response(text=_text(name), content_type=_TYPES[Path(name).suffix], headers=_REVALIDATED)


@cache
def _names() -> frozenset[str]:
    return frozenset(path.name for path in _FOLDER.iterdir() if path.suffix in _TYPES)


@cache
def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
