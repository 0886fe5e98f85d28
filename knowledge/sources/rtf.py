"""Rich Text Format, what old word processors save."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.errors import SourceError
from knowledge.models import Document, Kind, Section
from knowledge.reasons import Reason

if TYPE_CHECKING:
    from pathlib import Path


class RtfSource:
    """Reads .rtf files as one section."""

    kind = Kind.DOCUMENT
    extensions = frozenset({".rtf"})

    def read(self, path: Path) -> list[Document]:
        """Return the file as one document.

        Raises: SourceError for a damaged file.
        """
        from striprtf.striprtf import rtf_to_text  # noqa: PLC0415  a source's library loads only when a file needs it

        raw = path.read_bytes()
        if not raw.lstrip().startswith(b"{\\rtf"):
            raise SourceError(Reason.BROKEN)
        try:
            text = rtf_to_text(raw.decode("latin-1"), errors="ignore")  # type: ignore[no-untyped-call]
        except (IndexError, KeyError, LookupError, ValueError) as err:
            raise SourceError(Reason.BROKEN) from err
        lines = (" ".join(line.replace("|", " ").split()) for line in text.splitlines())
        body = "\n".join(filter(None, lines))
        return [Document(title="", sections=(Section(body),))] if body else []


SOURCE = RtfSource()
