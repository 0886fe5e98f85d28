"""Text as a recogniser would deliver it: what detectors are trained on and what they read. Pure."""

import re
import unicodedata
from collections.abc import Sequence

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_DELETED = re.compile(r"['’ʼ`´\u0300-\u036f]")
"""Apostrophes inside words, and stress marks: without them the word is still one."""

_NOT_WORD = re.compile(r"[\W_]+")
_HAN_GAP = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")
_TOKEN = re.compile(rf"[{_HAN}]|[^\s{_HAN}]+")


def normalize(text: str) -> str:
    """Return the text in lower case, "е" for "ё", without punctuation, with single spaces; none between Han."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower()).replace("ё", "е")
    return _HAN_GAP.sub("", _NOT_WORD.sub(" ", _DELETED.sub("", folded)).strip())


def tokenize(text: str) -> Sequence[str]:
    """Return the words of a normalized text; each Han character is one."""
    return _TOKEN.findall(text)


def language_of(text: str) -> str:
    """Return "ru", "zh" or "en" by the script that most letters are of; "en" where there are none."""
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in text)
    han = sum("\u3400" <= letter <= "\u9fff" for letter in text)
    latin = sum(letter.isascii() and letter.isalpha() for letter in text)
    if 2 * han >= max(cyrillic, latin) and han:
        return "zh"
    return "ru" if cyrillic and cyrillic >= latin else "en"
