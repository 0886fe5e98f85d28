"""Text to sentences."""

from __future__ import annotations

import re

from razdel import sentenize

_CHINESE_STOP = re.compile(r"(?<=[。！？；])")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_BLANKS = re.compile(r"[ \t\u00a0]+")


def split(text: str) -> list[str]:
    """Return the sentences of a text in order, without empty ones; a line feed always ends a sentence."""
    sentences: list[str] = []
    for line in text.splitlines():
        clean = _BLANKS.sub(" ", line).strip()
        if clean:
            sentences.extend(piece for part in _split_line(clean) if (piece := part.strip()))
    return sentences


def _split_line(line: str) -> list[str]:
    if _HAN.search(line):
        return _CHINESE_STOP.split(line)
    return [sentence.text for sentence in sentenize(line)]
