"""Text to search terms: the same for passages and questions, and for all three languages at once.

LanceDB's own tokenizers know one language per column and no Chinese, so the terms are made here and stored in a column
that LanceDB splits at blanks. Russian and English words become Snowball stems, Chinese becomes characters and pairs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING

import snowballstemmer

from knowledge.text.stopwords import NOISE_WORDS, STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = "2"
"""Part of a file's recipe: raise it when the terms change, and every file is indexed again."""

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_HAN}]+|\d+(?:[.,]\d+)+|(?:(?![{_HAN}])[^\W_])+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_IS_HAN = re.compile(rf"[{_HAN}]")
# People say and write it in all these ways, and a house's manual is asked for its password more than for anything else.
_WIFI = re.compile(r"\b(?:wi|вай|ваи|уай)[\s\-‑]?(?:fi|фа(?:й|и|я|ю|е|ем))\b")
_SHORT_COMPOUND = re.compile(r"\b([a-z]{1,2})[\-‑]([a-z]+)\b")
_CHINESE_ASKING = re.compile(
    r"请问|告诉我|为什么|什么时候|什么|怎么样|怎么|怎样|如何|多少|多久|哪里|哪儿|哪年|在哪|哪|谁|几|应该|的|了|是|吗|呢|吧|我"
)
_APOSTROPHE = re.compile(r"(?<=[a-z])['’](?:s|re|ve|ll|d|m|t)\b")

_russian = snowballstemmer.stemmer("russian")
_english = snowballstemmer.stemmer("english")
_stemming = Lock()  # a stemmer holds the word in work: two threads would mix theirs up


def terms(text: str) -> list[str]:
    """Return the search terms of a text, in order, without stop words."""
    return [term for word in _words(text) if word not in STOP_WORDS for term in _terms_of_word(word)]


def question_terms(question: str) -> list[str]:
    """Return the terms of a question, in order and once each, without the words people merely ask with.

    Empty for a question of nothing else: "what time is it" is not for the documents, whatever hours they mention.
    """
    return list(dict.fromkeys(term for word in _question_words(question) for term in _terms_of_word(word)))


def grams(text: str) -> list[str]:
    """Return the groups of three letters of a text's words, in order, their borders marked.

    A word that was misheard or misspelt shares most of them with the right one. Chinese terms are as short themselves.
    """
    return [gram for word in _words(text) if word not in STOP_WORDS for gram in _grams_of_word(word)]


def question_grams(question: str) -> list[str]:
    """Return the groups of a question, once each, without the words people merely ask with.

    Empty for a Chinese one: the few foreign words in it would outweigh the rest.
    """
    if _IS_HAN.search(question):
        return []
    return list(dict.fromkeys(gram for word in _question_words(question) for gram in _grams_of_word(word)))


def title_terms(text: str) -> list[str]:
    """Return words in order with stop words kept, Chinese by characters: to find a title inside a question.

    A title may consist of stop words ("It", «Она»).
    """
    return [term for word in _words(text) for term in (word if is_chinese(word) else _terms_of_word(word))]


def plain_words(text: str) -> list[str]:
    """Return the words of a text as they are written, folded; Chinese in runs of characters."""
    return _words(text)


def is_cyrillic(word: str) -> bool:
    """Say whether a word is written in Cyrillic letters."""
    return _CYRILLIC.search(word) is not None


def is_chinese(term: str) -> bool:
    """Say whether a term is of Chinese characters, which are not words."""
    return _IS_HAN.match(term) is not None


def _question_words(question: str) -> Iterator[str]:
    words = _words(_CHINESE_ASKING.sub(" ", question))
    return (word for word in words if word not in STOP_WORDS and word not in NOISE_WORDS)


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    folded = _APOSTROPHE.sub("", folded)
    folded = _SHORT_COMPOUND.sub(r"\1\2", _WIFI.sub("wifi", folded))
    return _TOKEN.findall(folded)


def _terms_of_word(word: str) -> list[str]:
    if is_chinese(word):
        return [*word, *(left + right for left, right in pairwise(word))]
    return [_stem(word)]


def _grams_of_word(word: str) -> list[str]:
    if is_chinese(word):
        return []
    marked = f"_{word}_"
    return [marked[start : start + 3] for start in range(len(marked) - 2)]


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    if word[0].isdigit():
        return word.replace(",", ".")
    with _stemming:
        if _CYRILLIC.search(word):
            return str(_russian.stemWord(word))
        return str(_english.stemWord(_without_accents(word)))


def _without_accents(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
