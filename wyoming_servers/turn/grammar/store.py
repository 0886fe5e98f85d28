"""Compiled templates on disk: compiled once for each version of them."""

import json
import logging
import os
from contextlib import suppress
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from .templates import Templates

_LOGGER = logging.getLogger(__name__)

_FILES = {"en": "en", "ru": "ru", "zh": "zh-CN"}
LANGUAGES = tuple(_FILES)

_FORMAT = "2"
"""Raised when the compiled form or the way to it changes."""


def load_templates(language: str, folder: Path | None) -> Templates:
    """Return the templates of one of `LANGUAGES`, compiled before or now. Blocking, half a second at the first time.

    Raises: ImportError where the packages that have and read the templates are not installed.
    """
    source = (files("home_assistant_intents") / "data" / f"{_FILES[language]}.json").read_bytes()
    if folder is None:
        return _compile(language, source)
    path = folder / f"{language}-{sha256(_FORMAT.encode() + source).hexdigest()[:16]}.json"
    return _read(path) or _keep(_compile(language, source), path)


def _compile(language: str, source: bytes) -> Templates:
    from .compiler import compile_templates  # noqa: PLC0415 (a second to import, and rarely needed)

    return compile_templates(language, source)


def _read(path: Path) -> Templates | None:
    try:
        return Templates.from_json(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, KeyError, TypeError, ValueError, RecursionError) as err:
        _LOGGER.warning("The compiled commands in %s can't be read and are compiled anew: %s", path, err)
        return None


def _keep(templates: Templates, path: Path) -> Templates:
    """Write the templates for the next start; without a place for them that start takes longer."""
    part = path.with_suffix(f".{os.getpid()}.part")  # two servers may start at once
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(templates.to_json(), ensure_ascii=False), encoding="utf-8")
        part.replace(path)
    except OSError as err:
        _LOGGER.warning("The compiled commands can't be kept in %s: %s", path, err)
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return templates
