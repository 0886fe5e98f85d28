"""Sentences to an answer: one form for the ear, one for the eye. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.models import Answer, Hit, Language
from knowledge.text import sentences as text_sentences
from knowledge.texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Sequence

SPOKEN_CHARACTERS = 400
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_MARKS = re.compile(r"[*_`#|~<>\[\]{}\\^=•●■►▪]+|\.{4,}")
_CITED = re.compile(r"\s*\[\d+\]")
_BLANKS = re.compile(r"\s+")
_SENTENCE_END = (".", "!", "?", "…", "。", "！", "？")


def not_found(question: str, language: Language) -> Answer:
    """Say that the documents have no answer."""
    said = TEXTS[language].not_found
    return Answer(question, language, found=False, spoken=said, written=said)


def found(question: str, language: Language, sentences: Sequence[str], sources: tuple[Hit, ...]) -> Answer:
    """Return the answer in sentences that all come from the sources."""
    marks = "".join(f" [{number}]" for number in range(1, len(sources) + 1))
    written = _gap(language).join(_ended(sentence) for sentence in sentences) + marks
    return Answer(question, language, True, _spoken(language, sentences, sources), written, sources)


def written_by(engine: str, question: str, language: Language, written: str, sources: tuple[Hit, ...]) -> Answer:
    """Return the answer of a model, whose marks count through the sources."""
    sentences = text_sentences.split(_CITED.sub("", written))
    return Answer(question, language, True, _spoken(language, sentences, sources), written, sources, engine)


def _spoken(language: Language, sentences: Sequence[str], sources: tuple[Hit, ...]) -> str:
    source = TEXTS[language].source(sources[0].passage) if sources else ""
    said = _gap(language).join(filter(None, map(_speakable, sentences)))
    return (_shortened(said, SPOKEN_CHARACTERS - len(source)) + _gap(language) + source).strip()


def _gap(language: Language) -> str:
    return "" if language is Language.CHINESE else " "


def _speakable(sentence: str) -> str:
    """Return a sentence without what a voice cannot say."""
    plain = _BLANKS.sub(" ", _MARKS.sub(" ", _ADDRESS.sub(" ", sentence))).strip()
    return _ended(plain) if any(map(str.isalnum, plain)) else ""


def _ended(sentence: str) -> str:
    stop = "。" if re.search(r"[\u4e00-\u9fff]\W*$", sentence) else "."
    return (
        sentence
        if sentence.endswith((*_SENTENCE_END, *(f"{end}»" for end in ".!?")))
        else sentence.rstrip(" ,;:—-") + stop
    )


def _shortened(text: str, limit: int) -> str:
    """Cut a text at the last sentence, clause or word that fits."""
    if len(text) <= limit:
        return text
    cut = text[:limit]
    for border in (r".*[.!?…。！？](?=\s|$)", r".*(?=[,;:，；])", r".*(?=\s)"):
        match = re.match(border, cut, re.DOTALL)
        if match and len(match[0]) > limit // 3:
            return _ended(match[0])
    return _ended(cut)
