"""What people say besides the word: sentences of a household, and words that sound nearly like it."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files

import numpy as np

_VOWELS = "aeiouyаеёиоуыэюя"
_CONSONANTS = "bcdfghklmnprstvzбвгджзклмнпрстфхцчш"
_SAME_SCRIPT = {"zh": "今天你好小明大家北京中国老师朋友电灯音乐"}
_TRIES = 10
LANGUAGES = ("ru", "en", "zh")


@cache
def sentences(language: str) -> Sequence[str]:
    """Return sentences of a language; those of all known languages where there are none of its own."""
    if language not in LANGUAGES:
        return [text for known in LANGUAGES for text in sentences(known)]
    return (files(__package__) / "data" / f"{language}.txt").read_text(encoding="utf-8").splitlines()


def near_words(
    phrase: str, count: int, phonemes: Callable[[str], Sequence[str]], random: np.random.Generator
) -> Sequence[str]:
    """Return up to `count` texts that share much of the phrase's sound, but not all: «домавой» is «домовой», spoken."""
    normal = " ".join(phrase.lower().split())
    sound = phonemes(normal)
    least = max(2, len(sound) // 3)
    found: dict[str, None] = {}
    for candidate in _candidates(normal, random, count * _TRIES):
        if len(found) >= count:
            break
        if candidate not in found and _distance(phonemes(candidate), sound) >= least:
            found[candidate] = None
    return list(found)


def _candidates(phrase: str, random: np.random.Generator, count: int) -> Iterator[str]:
    yield from _parts(phrase)
    for _ in range(count):
        if changed := _changed(phrase, random).strip():
            yield changed


def _parts(phrase: str) -> Sequence[str]:
    """Return the phrase's words, and the beginnings and ends of its longest one."""
    words = phrase.split()
    longest = max(words, key=len)
    if len(longest) < 2:
        return words if len(words) > 1 else ()
    cuts = {max(1, len(longest) * share // 10) for share in (4, 5, 6)}
    pieces = [piece for cut in sorted(cuts) for piece in (longest[:cut], longest[cut:])]
    return [part for part in dict.fromkeys([*(words if len(words) > 1 else ()), *pieces]) if part != phrase]


def _changed(phrase: str, random: np.random.Generator) -> str:
    """Return the phrase with one or two of its letters or characters replaced, left out or swapped."""
    letters = list(phrase)
    for _ in range(int(random.integers(1, 4))):
        place = int(random.integers(len(letters)))
        letters[place] = _another(letters[place], random)
    if len(letters) > 3 and random.random() < 0.3:
        half = len(letters) // 2
        letters = letters[half:] + letters[:half]
    return "".join(letters)


def _another(letter: str, random: np.random.Generator) -> str:
    alphabet = next((letters for letters in (_VOWELS, _CONSONANTS) if letter in letters), None)
    if alphabet is None:
        alphabet = _SAME_SCRIPT["zh"] if ord(letter) > 0x2E80 else letter
    similar = [other for other in alphabet if (ord(other) < 128) == (ord(letter) < 128)]
    return str(random.choice(similar))


def _distance(some: Sequence[str], others: Sequence[str]) -> int:
    """Return how many phonemes have to be put in, left out or replaced (Levenshtein, 1965)."""
    row = list(range(len(others) + 1))
    for number, one in enumerate(some, 1):
        before, row[0] = row[0], number
        for place, other in enumerate(others, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (one != other))
    return row[-1]
