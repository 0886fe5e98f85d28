"""The names of a house as they are said in a sentence. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from threading import Lock

from snowballstemmer import stemmer

from wyoming_servers.runtime.vocabulary import Vocabulary
from wyoming_servers.turn.text import normalize, tokenize

Key = Callable[[str], str]
"""Returns what the forms of a word have in common."""

Tokens = tuple[str, ...]

_STEMMERS = {"en": stemmer("english"), "ru": stemmer("russian")}
_STEMMING = Lock()
"""A stemmer keeps the word it works on."""

_FLEETING = "ое"
_VOWELS = "аеиоуыэюя"


def key_of(language: str) -> Key:
    """Return the key of a language's words: its forms of «кухня» are one word, «кухне», «кухню»."""
    return {"en": _english_key, "ru": _russian_key}.get(language, str)


def slots_of(vocabulary: Vocabulary) -> Mapping[str, Iterable[Tokens]]:
    """Return the names, not yet as keys, by the slot that they fill; names by `name:` and their domain."""
    slots: defaultdict[str, list[Tokens]] = defaultdict(list)
    for entry in vocabulary.names:
        slots[f"name:{entry.domain}"].append(_tokens(entry.name))
    for slot, texts in (("area", vocabulary.areas), ("floor", vocabulary.floors)):
        slots[slot] += map(_tokens, texts)
    return {slot: [tokens for tokens in entries if tokens] for slot, entries in slots.items()}


def _tokens(text: str) -> Tokens:
    return tuple(tokenize(normalize(text)))


@lru_cache(maxsize=20_000)
def _english_key(word: str) -> str:
    return _stem(word, "en")


@lru_cache(maxsize=20_000)
def _russian_key(word: str) -> str:
    """Return the stem, without the vowel that «потолок» has and «потолке» has not."""
    stem = _stem(word, "ru")
    if len(stem) > 3 and stem[-2] in _FLEETING and stem[-1] not in _VOWELS and stem[-3] not in _VOWELS:
        return stem[:-2] + stem[-1]
    return stem


def _stem(word: str, language: str) -> str:
    with _STEMMING:
        stem: str = _STEMMERS[language].stemWord(word)
    return stem
