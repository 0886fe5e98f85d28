"""Numbers in words and digits: "двадцать три с половиной" is 23.5."""

from collections.abc import Sequence

from .lexicon import Vocabulary
from .tokens import Word


def read_number(words: Sequence[Word], start: int, vocabulary: Vocabulary) -> tuple[int, float]:
    """Return how many words from `start` are one number (0: none), and its value."""
    length, value = _read_cardinal(words, start, vocabulary)
    if length:
        return _add_half(words, start, length, value, vocabulary)
    return 0, 0.0


def _read_cardinal(words: Sequence[Word], start: int, vocabulary: Vocabulary) -> tuple[int, float]:
    if (digits := words[start].number) is not None:
        return 1, digits
    total, length, below = 0.0, 0, 1000.0
    while start + length < len(words):
        value = _cardinal(words[start + length], vocabulary)
        if value is None or value >= below or (length and value == 0):
            break
        total += value
        length += 1
        below = 10.0 if value >= 20 and value % 10 == 0 and value < 100 else 100.0 if value >= 100 else 0.0
    return length, total


def _cardinal(word: Word, vocabulary: Vocabulary) -> float | None:
    for lemma in word.lemmas:
        if (value := vocabulary.numbers.get(lemma)) is not None:
            return value
    return None


def _add_half(
    words: Sequence[Word], start: int, length: int, value: float, vocabulary: Vocabulary
) -> tuple[int, float]:
    """Read on over "with a half" and over tenths: "двадцать два и пять"."""
    end = start + length
    if end + 1 < len(words) and words[end].keys & vocabulary.joins and words[end + 1].keys & vocabulary.half_after:
        return length + 2, value + 0.5
    return length, value
