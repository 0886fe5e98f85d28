"""What requests about lectures say, checked field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from knowledge.lectures.export import Format
from knowledge.service.requests import PayloadError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_CORRECTIONS = 5_000
MAX_SEGMENT_CHARACTERS = 5_000
MAX_TEMPLATE_CHARACTERS = 80
MAX_BODY_BYTES = 1 << 20

_Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Correction:
    """The body of PUT /lectures/ID/transcript."""

    version: int
    """Of the lecture as it was read."""
    texts: Mapping[int, str]
    """By the numbers of segments, the last one of a number; an empty one removes its segment."""


def correction_request(body: object) -> Correction:
    """Return the correction; raises PayloadError."""
    match body:
        case {"version": version, "segments": list(segments)} if _is_count(version):
            pass
        case _:
            raise PayloadError("Send 'version', a whole number, and 'segments', a list of 'number' and 'text'.")
    if not 1 <= len(segments) <= MAX_CORRECTIONS:
        raise PayloadError(f"The field 'segments' must have 1 to {MAX_CORRECTIONS} items.")
    return Correction(int(version), dict(map(_segment, segments)))


def summary_request(body: object) -> str:
    """Return the name of the template of POST /lectures/ID/summary; raises PayloadError."""
    match body:
        case {"template": str(name)} if name.strip() and len(name) <= MAX_TEMPLATE_CHARACTERS:
            return name.strip()
    raise PayloadError(
        f"The field 'template' must be the name of a template, at most {MAX_TEMPLATE_CHARACTERS} characters."
    )


def format_field(query: Mapping[str, str]) -> Format:
    """Return the format of GET /lectures/ID/export; raises PayloadError."""
    named = query.get("format", "")
    if named not in tuple(Format) or len(query) > 1:
        raise PayloadError(f"The address ends with ?format= and one of: {', '.join(Format)}.")
    return Format(named)


def _segment(item: object) -> tuple[int, str]:
    match item:
        case {"number": number, "text": str(text)} if _is_count(number) and len(text) <= MAX_SEGMENT_CHARACTERS:
            return int(number), text
    raise PayloadError(
        f"Each of 'segments' needs 'number', counted from 0, and 'text', at most {MAX_SEGMENT_CHARACTERS} characters."
    )


def _is_count(value: Any) -> bool:
    """Say whether a value is a whole number, which JSON may write as 3 or 3.0, and no negative one."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 and value == value // 1
