"""The web page: files that hold nothing of the household's, below any prefix."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from aiohttp import web

from knowledge.service.wire import preferred_language

routes = web.RouteTableDef()

_FOLDER = Path(__file__).parents[1] / "web"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_REVALIDATED = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}


@routes.get("/")
async def page(request: web.Request) -> web.Response:
    """Return the page in the browser's language, if it has it."""
    html = _page().replace("{{language}}", preferred_language(request))
    return web.Response(text=html, content_type="text/html", headers=_REVALIDATED)


@routes.get("/web/{version}/{name}")
async def page_file(request: web.Request) -> web.Response:
    """Return one of its scripts, styles and pictures; a browser that has it of this version asks no more."""
    name = request.match_info["name"]
    if name not in _files() or request.match_info["version"] != _version():
        raise web.HTTPNotFound
    return web.Response(text=_files()[name], content_type=_TYPES[Path(name).suffix], headers=_KEPT)


@cache
def _page() -> str:
    """Return the page, which names all its scripts: else a browser finds out one after the other what it needs."""
    scripts = (name for name in sorted(_files()) if name.endswith(".js"))
    preloads = "\n  ".join(f'<link rel="modulepreload" href="web/{_version()}/{name}">' for name in scripts)
    html = (_FOLDER / "index.html").read_text(encoding="utf-8")
    return html.replace("{{version}}", _version()).replace("{{preloads}}", preloads)


@cache
def _version() -> str:
    """Return what changes with any of the files."""
    return hashlib.sha256(repr(sorted(_files().items())).encode()).hexdigest()[:12]


@cache
def _files() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in _FOLDER.iterdir() if path.suffix in _TYPES}
