"""Cutting a text that still grows into sentences that can be spoken already. Pure."""

import re
from collections.abc import Iterator

from razdel import sentenize

LONGEST_SENTENCE = 300
"""Characters. A longer one is cut at a pause: nobody waits half a minute for a first word."""

_CHINESE_END = re.compile(r"(?<=[。！？])")
_LINE_END = re.compile(r"\n+")
_SPEAKABLE = re.compile(r"\w")
_PAUSE = re.compile(r".*[,;:，；：、—](?=\s|[^\W\d])|.*\s", re.DOTALL)
_SCRIPTS = (("zh", re.compile("[\u4e00-\u9fff]")), ("ru", re.compile("[а-яё]", re.IGNORECASE)))
_LATIN = re.compile("[a-z]", re.IGNORECASE)


def language_of(text: str) -> str | None:
    """Return the language that the text's letters point to; None for a text without letters that tell."""
    for language, script in _SCRIPTS:
        if script.search(text):
            return language
    return "en" if _LATIN.search(text) else None


class SentenceStream:
    """Takes pieces of text and gives whole sentences; the last one waits until it is known to be over."""

    def __init__(self) -> None:
        self._rest = ""

    def add(self, text: str) -> list[str]:
        """Return the sentences that are complete now."""
        *whole, self._rest = _cut(self._rest + text) or [""]
        return _speakable(whole)

    def finish(self) -> list[str]:
        """Return what is left; begins anew."""
        rest, self._rest = self._rest, ""
        return _speakable(_cut(rest))


def _cut(text: str) -> list[str]:
    """Return the text's sentences with the blanks behind them, so that joined they are the text again."""
    return [
        piece
        for line in _lines(text)
        for part in _CHINESE_END.split(line)
        for sentence in _sentences(part)
        for piece in _pieces(sentence)
    ]


def _lines(text: str) -> Iterator[str]:
    """Yield the lines with their ends: a heading or a list item is a sentence whatever it ends with."""
    start = 0
    for match in _LINE_END.finditer(text):
        yield text[start : match.end()]
        start = match.end()
    if start < len(text):
        yield text[start:]


def _sentences(text: str) -> Iterator[str]:
    starts = [sentence.start for sentence in sentenize(text)]
    for start, end in zip([0, *starts[1:]], [*starts[1:], len(text)], strict=False):
        if text[start:end]:
            yield text[start:end]


def _pieces(sentence: str) -> Iterator[str]:
    """Yield a sentence in pieces that are not too long, each cut at its last pause."""
    while len(sentence) > LONGEST_SENTENCE:
        pause = _PAUSE.match(sentence, 0, LONGEST_SENTENCE)
        end = pause.end() if pause else LONGEST_SENTENCE
        yield sentence[:end]
        sentence = sentence[end:]
    yield sentence


def _speakable(sentences: list[str]) -> list[str]:
    return [stripped for sentence in sentences if _SPEAKABLE.search(stripped := sentence.strip())]
