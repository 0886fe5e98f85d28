"""A hub of models as Hugging Face serves it, or a mirror: what a repository has, and downloads that are checked.

Every byte is checked against the hub's own list: the SHA-256 of a large file, git's blob hash of a small one. The
downloads are from the commit that the list is of, so that the two can't differ.
"""

import hashlib
import json
import logging
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from wyoming_servers import __version__

PART = ".part"
"""Ending of a file that is not complete."""

_LOGGER = logging.getLogger(__name__)
_TIMEOUT_SECONDS = 20.0
_BLOCK = 256 * 1024
_LONGEST_LIST = 32 * 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_WORTH_ANOTHER_TRY = frozenset({408, 429, 500, 502, 503, 504})


class HubError(Exception):
    """The hub did not give what was asked for; the message is for people."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{reason} ({address})")


class _CutError(Exception):
    """The connection failed in a way that may pass."""


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a repository, as the hub describes it."""

    name: str
    """Path inside the repository."""

    size: int
    """Bytes."""

    digest: str
    """Hexadecimal: SHA-256 of a file in large file storage, git's blob hash (SHA-1) of another."""

    def is_intact(self, path: Path) -> bool:
        """Return whether `path` has this file's content. Blocking: reads all of it."""
        if path.stat().st_size != self.size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, self._new_hash).hexdigest() == self.digest

    def _new_hash(self) -> "hashlib._Hash":
        if len(self.digest) == 64:
            return hashlib.sha256()
        return hashlib.sha1(b"blob %d\0" % self.size, usedforsecurity=False)


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a repository at one commit."""

    commit: str
    files: Sequence[HubFile]


class ModelHub:
    """One hub. Blocking; called in a worker thread."""

    def __init__(
        self, endpoint: str, waits: Sequence[float] = (1.0, 2.0, 4.0, 8.0), *, token: str | None = None
    ) -> None:
        """`waits` are the seconds before each new try; a try that brought something starts them anew.

        `token` is for models that the hub does not give to everybody.
        """
        self.endpoint = endpoint.rstrip("/")
        self._token = token
        self._waits = waits

    def list_files(self, repository: str, revision: str) -> Listing:
        """Return what the repository has. Raises: HubError."""
        address = f"{self.endpoint}/api/models/{quote(repository)}/revision/{quote(revision, safe='')}?blobs=true"
        body = self._patiently(address, lambda: _get(address, self._headers()))
        try:
            answer = json.loads(body)
            return Listing(str(answer["sha"]), [_file(entry) for entry in answer["siblings"]])
        except (KeyError, TypeError, ValueError) as err:
            raise HubError(address, "what answers there is not a model hub with checksums") from err

    def download(
        self, repository: str, commit: str, file: HubFile, target: Path, received: Callable[[int], None]
    ) -> None:
        """Put the file at `target`; `received` is told how many bytes of it are there.

        A download that was cut goes on where it stopped, from a `.part` beside the target, also after a restart.
        Raises: HubError, OSError when it can't be written.
        """
        address = f"{self.endpoint}/{quote(repository)}/resolve/{quote(commit, safe='')}/{quote(file.name)}"
        part = target.with_name(f"{target.name}.{file.digest[:12]}{PART}")
        target.parent.mkdir(parents=True, exist_ok=True)
        part.touch()
        if _usable_size(part, file) < file.size:
            self._patiently(
                address,
                lambda: _append(address, self._headers(), file, part, received),
                lambda: _usable_size(part, file),
            )
        if not file.is_intact(part):
            part.unlink()
            raise HubError(address, "the file came damaged: its checksum is not the hub's; it was deleted, try again")
        part.replace(target)

    def _advice(self, status: int) -> str:
        if status not in (401, 403):
            return ""
        if self._token:
            return ". Accept the model's terms on its page with the account of HF_TOKEN"
        return ". If the model is not open to everybody, accept its terms on its page and set HF_TOKEN"

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    def _patiently(self, address: str, attempt: Callable[[], Any], progress: Callable[[], int] = lambda: 0) -> Any:
        """Return the attempt's result, trying again while the failure may pass. Raises: HubError."""
        waits, before = list(self._waits), progress()
        while True:
            try:
                return attempt()
            except HTTPError as err:
                err.close()
                raise HubError(address, f"the hub answers {err.code} {err.reason}{self._advice(err.code)}") from err
            except _CutError as err:
                if (now := progress()) != before:
                    waits, before = list(self._waits), now
                if not waits:
                    raise HubError(address, f"the connection fails: {err}") from err
                _LOGGER.warning("The connection failed (%s); trying again: %s", err, address)
                time.sleep(waits.pop(0))


class _SameHostRedirects(HTTPRedirectHandler):
    """Follows redirects, and keeps the token from other hosts: large files come from a content network."""

    def redirect_request(self, req: Request, *answer: Any) -> Request | None:
        followed = super().redirect_request(req, *answer)
        if followed is not None and urlsplit(followed.full_url)[:2] != urlsplit(req.full_url)[:2]:
            followed.remove_header("Authorization")
        return followed


_OPENER = build_opener(_SameHostRedirects)


def _file(entry: Mapping[str, Any]) -> HubFile:
    large = entry.get("lfs")
    digest = str(large["sha256"] if large else entry["blobId"]).lower()
    if not _DIGEST.fullmatch(digest):  # it becomes part of a file's name
        raise ValueError("not a checksum")
    return HubFile(str(entry["rfilename"]), int(large["size"] if large else entry["size"]), digest)


def _usable_size(part: Path, file: HubFile) -> int:
    """Return how many bytes are there already; a part that is too long is of no use and is emptied."""
    if (size := part.stat().st_size) > file.size:
        os.truncate(part, 0)
        return 0
    return size


def _append(
    address: str, headers: Mapping[str, str], file: HubFile, part: Path, received: Callable[[int], None]
) -> None:
    """Add what is missing. Raises: HTTPError, _CutError when the connection did not carry all of it."""
    begin = _usable_size(part, file)
    with _open(address, {**headers, **({"Range": f"bytes={begin}-"} if begin else {})}) as response:
        is_continued = response.status == 206
        there = begin if is_continued else 0
        with part.open("ab" if is_continued else "wb") as out:
            while block := _read(response):
                out.write(block)
                there += len(block)
                received(there)
            out.flush()
            os.fsync(out.fileno())  # the rename that follows must not reach the disk before the content
    if there < file.size:
        raise _CutError(f"it ended after {there} of {file.size} bytes")


def _get(address: str, headers: Mapping[str, str]) -> bytes:
    with _open(address, headers) as response:
        body = b""
        while (block := _read(response)) and len(body) < _LONGEST_LIST:
            body += block
        return body


def _open(address: str, headers: Mapping[str, str]) -> HTTPResponse:
    """Raises: HTTPError for an answer that will not change, _CutError."""
    request = Request(address, headers={"User-Agent": f"voice-rag/{__version__}", **headers})  # noqa: S310 (http only, see endpoint)
    try:
        response: HTTPResponse = _OPENER.open(request, timeout=_TIMEOUT_SECONDS)
    except HTTPError as err:
        if err.code in _WORTH_ANOTHER_TRY:
            raise _CutError(f"the hub answers {err.code} {err.reason}") from err
        raise
    except (OSError, HTTPException) as err:
        raise _CutError(str(getattr(err, "reason", None) or err)) from err
    return response


def _read(response: HTTPResponse) -> bytes:
    try:
        return response.read(_BLOCK)
    except (OSError, HTTPException) as err:
        raise _CutError(str(err) or type(err).__name__) from err
