"""Words that a recogniser should hear rather than others that sound alike. Pure.

Names stand in the nominative, and people decline them: what counts is the word without its ending, followed by any
short one. Letters are compared, not a model's tokens, so that every vocabulary of tokens can be used.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_NATS_A_LETTER = 0.5
"""What a letter of a hot word adds to the log-probability of a hypothesis."""

_MOST_NATS = 4.0
"""For a word: one that the model is sure not to have heard stays unheard."""

_MOST_WORDS = 3000
_SHORTEST = 3
"""Letters; prepositions and the like gain nothing."""

_LONGEST_ENDING = 3
_ENDING_LETTERS = frozenset("аеёийоуыьэюя")
_CACHED = 16_384


@dataclass(frozen=True, slots=True)
class Progress:
    """What a hypothesis has earned by its hot words."""

    earned: float = 0.0
    """Nats, of the words that are complete."""

    word: str = ""
    """The beginning of the one that is not."""


class HotWords:
    """A set of words with the bonus that each of them is worth."""

    def __init__(self, terms: Iterable[str] = ()) -> None:
        """Take names of one or more words, the important ones first."""
        words = dict.fromkeys(word for term in terms for word in words_of(term) if len(word) >= _SHORTEST)
        self._stems = frozenset(_stem(word) for word in list(words)[:_MOST_WORDS])
        self._beginnings = frozenset(stem[:end] for stem in self._stems for end in range(1, len(stem) + 1))
        self.advance = lru_cache(_CACHED)(self._advance)
        """Return the progress of a hypothesis after its next token."""

    def __len__(self) -> int:
        """Return the number of different words, endings apart."""
        return len(self._stems)

    def total(self, progress: Progress, *, is_last: bool = False) -> float:
        """Return the bonus of a hypothesis; that of a word under way is a loan, kept when the word is completed."""
        is_promising = not is_last and progress.word in self._beginnings
        stem = progress.word if is_promising else self._stem_in(progress.word)
        return progress.earned + min(_MOST_NATS, _NATS_A_LETTER * len(stem))

    def found(self, text: str) -> Counter[str]:
        """Return how often each hot word is in a text."""
        return Counter(stem for word in words_of(text) if (stem := self._stem_in(word)))

    def _advance(self, progress: Progress, token: str) -> Progress:
        for character in _plain(token):
            if character.isalnum():
                progress = Progress(progress.earned, progress.word + character)
            elif progress.word:
                progress = Progress(self.total(progress, is_last=True))
        return progress

    def _stem_in(self, word: str) -> str:
        """Return the hot stem that the word has, followed by a short ending; "" for none."""
        ends = range(len(word), max(_SHORTEST, len(word) - _LONGEST_ENDING) - 1, -1)
        return next((word[:end] for end in ends if word[:end] in self._stems), "")


def words_of(text: str) -> list[str]:
    """Return the words as they are compared: in small letters, ё as е."""
    return "".join(character if character.isalnum() else " " for character in _plain(text)).split()


def _plain(text: str) -> str:
    return text.lower().replace("ё", "е")


def _stem(word: str) -> str:
    """Return the word without up to two letters that an ending may begin with."""
    for _ in range(2):
        if len(word) > _SHORTEST and word[-1] in _ENDING_LETTERS:
            word = word[:-1]
    return word
