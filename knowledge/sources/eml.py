"""Letters saved from a mail program."""

from __future__ import annotations

import email
import email.errors
import email.policy
from typing import TYPE_CHECKING

from knowledge.errors import SourceError
from knowledge.models import Document, Kind
from knowledge.reasons import Reason
from knowledge.sources.html import parse_html, read_into
from knowledge.sources.outline import Outline
from knowledge.sources.text import unwrap

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path


class EmlSource:
    """Reads .eml files; the subject is the title."""

    kind = Kind.DOCUMENT
    extensions = frozenset({".eml"})

    def read(self, path: Path) -> list[Document]:
        """Return the letter as one document: who wrote it and when, its text, the names of what was attached.

        Raises: SourceError if it is none.
        """
        letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if not any(letter.get(name) for name in ("From", "To", "Subject", "Date")):
            raise SourceError(Reason.NO_LETTER)
        outline = Outline(_header(letter, "Subject"))
        outline.paragraph(" ".join(filter(None, (_header(letter, "From"), _header(letter, "Date")))))
        _read_body(outline, letter)
        outline.paragraph(", ".join(filter(None, (part.get_filename() for part in letter.iter_attachments()))))
        return outline.documents()


SOURCE = EmlSource()


def _header(letter: EmailMessage, name: str) -> str:
    return str(letter.get(name, ""))


def _read_body(outline: Outline, letter: EmailMessage) -> None:
    body = letter.get_body(preferencelist=("plain", "html"))
    if body is None:
        return
    try:
        text = str(body.get_content())
    except (LookupError, UnicodeError, AssertionError):  # an unknown or wrong encoding
        payload = body.get_payload(decode=True)
        text = payload.decode("utf-8", errors="replace") if isinstance(payload, bytes) else ""
    if body.get_content_subtype() == "html":
        root = parse_html(text.encode())
        if root is not None:
            read_into(outline, root)
        return
    for line in unwrap(text.replace("\r\n", "\n")).splitlines():
        if not line.startswith(">"):  # what is answered stands in the letter before
            outline.paragraph(line)
