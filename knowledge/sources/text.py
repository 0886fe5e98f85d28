"""Plain text in any encoding."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from charset_normalizer import from_bytes

from knowledge.errors import SourceError
from knowledge.models import Document, Kind, Section
from knowledge.reasons import Reason

if TYPE_CHECKING:
    from pathlib import Path

_CYRILLIC_ENCODINGS = ["cp1251", "koi8_r", "cp866", "mac_cyrillic", "iso8859_5"]
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_SAMPLE_BYTES = 64 << 10
_PARAGRAPH_BORDER = re.compile(r"\n\s*\n")


class TextSource:
    """Reads .txt files as one section; hard-wrapped lines become paragraphs again."""

    kind = Kind.DOCUMENT
    extensions = frozenset({".txt", ".text", ".log"})

    def read(self, path: Path) -> list[Document]:
        """Return the file as one document.

        Raises: SourceError if it is not text.
        """
        text = read_text(path).strip()
        return [Document(title="", sections=(Section(unwrap(text)),))] if text else []


SOURCE = TextSource()


def read_text(path: Path) -> str:
    """Return the file's text, whatever its encoding; UTF-8 is tried first because most files are.

    Raises: SourceError if it is not text.
    """
    raw = path.read_bytes()
    if b"\0" in raw[:_SAMPLE_BYTES] and not raw.startswith(_BOMS):
        raise SourceError(Reason.NOT_TEXT)
    try:
        return _newlines(raw.decode("utf-16" if raw.startswith(_BOMS[1:]) else "utf-8-sig"))
    except UnicodeDecodeError:
        return _newlines(_guess(raw))


def unwrap(text: str) -> str:
    """Join the lines of each paragraph that an editor has wrapped at a fixed width; keep lists and verses."""
    return "\n".join(_unwrap_paragraph(paragraph) for paragraph in _PARAGRAPH_BORDER.split(text))


def _guess(raw: bytes) -> str:
    """Decode by statistics: Cyrillic code pages differ only in what the letters look like in sequence."""
    for encodings in (_CYRILLIC_ENCODINGS, None):
        best = from_bytes(raw[:_SAMPLE_BYTES], cp_isolation=encodings).best()
        if best is not None:
            return raw.decode(best.encoding, errors="replace")
    raise SourceError(Reason.ENCODING)


def _unwrap_paragraph(paragraph: str) -> str:
    lines = [line.strip() for line in paragraph.splitlines()]
    width = max(map(len, lines), default=0)
    joined = lines[:1]
    for previous, line in pairwise(lines):
        # A line that stops well before the margin was ended on purpose.
        if width >= 60 and len(previous) >= width * 0.75 and line[:1].isalnum():
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return "\n".join(joined)


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
