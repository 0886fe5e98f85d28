"""Readers of file formats, one module each; a module with a `SOURCE` joins by being here."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from knowledge.lectures.files import is_lecture
from knowledge.models import FILE_KINDS, Kind

if TYPE_CHECKING:
    from pathlib import Path, PurePosixPath

    from knowledge.models import Document

VERSION = "4"
"""Part of a file's recipe: raise it when a source reads more or better than before."""


class Source(Protocol):
    """Reads one family of formats."""

    kind: Kind
    extensions: frozenset[str]
    """Ends of names in lower case, with the dot."""

    def read(self, path: Path) -> list[Document]:
        """Return what the file holds; a file without text gives an empty list.

        Blocking; called in the parser process.

        Raises: SourceError with a reason for the file's owner.
        """
        ...


@cache
def all_sources() -> tuple[Source, ...]:
    """Return every source of this folder. Their heavy libraries load only when a file is read."""
    modules = (import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    return tuple(cast("Source", module.SOURCE) for module in modules if hasattr(module, "SOURCE"))


def kind_of(path: PurePosixPath) -> Kind:
    """Return the kind of a file by the top-level folder it is in, and its format: notes among films are documents."""
    if is_lecture(path):
        return Kind.LECTURE
    folder = path.parts[0] if len(path.parts) > 1 else ""
    kind = next((kind for kind in FILE_KINDS if kind.folder == folder), Kind.DOCUMENT)
    return kind if _find(path, kind) is not None else Kind.DOCUMENT


def source_for(path: PurePosixPath) -> Source | None:
    """Return the source that reads this file, given its path inside the knowledge folder; none reads lectures."""
    return _find(path, kind_of(path))


def _find(path: PurePosixPath, kind: Kind) -> Source | None:
    """Return the source whose extension fits best: "title.basics.tsv" is more than a table."""
    name = path.name.lower()
    fitting = [
        (len(extension), source)
        for source in all_sources()
        if source.kind is kind
        for extension in source.extensions
        if name.endswith(extension) and name != extension
    ]
    return max(fitting, key=lambda one: one[0])[1] if fitting else None
