"""What a browser is told of files: what it may show or play by itself, and that nothing in them may run."""

from __future__ import annotations

from pathlib import PurePosixPath

_SHOWN = {
    ".pdf": "application/pdf",
    ".txt": "text/plain",
    ".md": "text/plain",
    ".srt": "text/plain",
    ".vtt": "text/vtt",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
    ".wma": "audio/x-ms-wma",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mkv": "video/x-matroska",
    ".webm": "video/webm",
    ".mov": "video/quicktime",
    ".avi": "video/x-msvideo",
    ".mpg": "video/mpeg",
    ".mpeg": "video/mpeg",
    ".ts": "video/mp2t",
    ".3gp": "video/3gpp",
}
"""Nothing that can run a script with the page's rights."""

_SAVED = "application/octet-stream"

NOTHING_RUNS = (
    "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; object-src 'self'; frame-ancestors 'self'"
)
"""A browser that opens a recording by its address makes a page with a player around it."""


def content_type(name: str) -> str:
    """Return what a file is sent as; whatever is not known to be harmless, as bytes to be saved."""
    return _SHOWN.get(PurePosixPath(name).suffix.lower(), _SAVED)


def disposition(name: str) -> str:
    """Say whether a browser shows or plays a file, or saves it."""
    return "attachment" if content_type(name) == _SAVED else "inline"
