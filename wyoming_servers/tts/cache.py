"""Phrases that a house says all day, kept as they were spoken."""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from wyoming_servers.runtime import metrics

LONGEST_PHRASE = 60
"""Characters. Longer texts are seldom said twice."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """What decides how a text sounds."""

    text: str
    voice: Hashable
    """With the version of its files: a replaced voice says the phrase anew."""

    rate: int
    """Hertz."""


class PhraseCache:
    """The phrases said last, up to so many bytes; those not said for longest go first."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._size = 0
        self._phrases: OrderedDict[Phrase, tuple[bytes, ...]] = OrderedDict()

    def get(self, phrase: Phrase) -> Sequence[bytes] | None:
        """Return the phrase's blocks."""
        if len(phrase.text) > LONGEST_PHRASE:
            return None
        blocks = self._phrases.get(phrase)
        metrics.TTS_PHRASES.labels("miss" if blocks is None else "hit").inc()
        if blocks is not None:
            self._phrases.move_to_end(phrase)
        return blocks

    def put(self, phrase: Phrase, blocks: Sequence[bytes]) -> None:
        """Keep a phrase, if it is short."""
        size = _size(blocks)
        if len(phrase.text) > LONGEST_PHRASE or not 0 < size <= self._most_bytes:
            return
        self._size += size - _size(self._phrases.pop(phrase, ()))
        self._phrases[phrase] = tuple(blocks)
        while self._size > self._most_bytes:
            _, dropped = self._phrases.popitem(last=False)
            self._size -= _size(dropped)
        metrics.TTS_PHRASE_BYTES.set(self._size)


def _size(blocks: Sequence[bytes]) -> int:
    return sum(map(len, blocks))
