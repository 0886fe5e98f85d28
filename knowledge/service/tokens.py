"""The service's token and address, where the command line on the same machine finds them."""

from __future__ import annotations

import logging
import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from knowledge.errors import FolderError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOGGER = logging.getLogger(__name__)

_TOKEN_FILE = "token"  # noqa: S105
_ADDRESS_FILE = "address"
_TOKEN_BYTES = 24


def kept_token(data: Path) -> str | None:
    """Return the token that was generated for a data folder, None if there is none."""
    return _read(data / _TOKEN_FILE)


def own_token(data: Path) -> str:
    """Return the token of a data folder; the first time it is generated, logged once and kept for its owner alone.

    Raises: FolderError.
    """
    if token := kept_token(data):
        return token
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    try:
        _write_private(data / _TOKEN_FILE, token)
    except OSError as err:
        raise FolderError(data, f"cannot keep the token: {err.strerror}.") from err
    _LOGGER.warning("Clients need this token, kept in %s: %s", data / _TOKEN_FILE, token)
    return token


def running_at(data: Path) -> str | None:
    """Return the address of the service that works with a data folder, None if none does."""
    return _read(data / _ADDRESS_FILE)


@contextmanager
def published(data: Path, address: str) -> Iterator[None]:
    """Keep a service's address in its data folder until the block ends."""
    path = data / _ADDRESS_FILE
    _write_private(path, address)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner ever may read."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(f"{text}\n")
