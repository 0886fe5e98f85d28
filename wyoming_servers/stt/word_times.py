"""Words and their times, made of a model's tokens or of the text alone. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import exp

from .engine import Transcription, Word

_TOKEN_SECONDS = 0.2
"""How long the last token of a word is taken to last: models tell where tokens begin."""

_SHORTEST_SECONDS = 0.04


@dataclass(frozen=True, slots=True)
class SpokenToken:
    """A part of a word, or of several."""

    text: str
    """With a space where a word begins."""

    start: float
    """Seconds."""

    log_probability: float = 0.0


def words_from_tokens(tokens: Sequence[SpokenToken], offset: float, end: float) -> list[Word]:
    """Return the words; token times count from `offset`, and no word lasts beyond `end`.

    As in onnx-asr's texts, punctuation belongs to the word before it.
    """
    groups = _groups(tokens)
    words = []
    for number, group in enumerate(groups):
        start = min(offset + group[0].start, end)
        following = offset + groups[number + 1][0].start if number + 1 < len(groups) else end
        last = offset + group[-1].start + _TOKEN_SECONDS
        mean = sum(token.log_probability for token in group) / len(group)
        text = "".join(token.text for token in group)
        stop = max(min(last, following), start + _SHORTEST_SECONDS)
        words.append(Word(text, round(start, 3), round(stop, 3), round(exp(min(0.0, mean)), 4)))
    return words


def timed(said: Transcription, seconds: float) -> Transcription:
    """Return the transcription with words; the times of an engine that knows none are guessed from their lengths."""
    return said if said.words else replace(said, words=spread(said.text, seconds))


def shifted(words: Sequence[Word], seconds: float) -> tuple[Word, ...]:
    """Return the words later by so much."""
    return tuple(
        replace(word, start=round(word.start + seconds, 3), end=round(word.end + seconds, 3)) for word in words
    )


def spread(text: str, seconds: float) -> tuple[Word, ...]:
    """Return the words of a text spread over the audio by their lengths, where nobody knows their times."""
    texts = text.split()
    seconds_a_letter = seconds / max(1, sum(map(len, texts)))
    ends = [*accumulate(len(word) * seconds_a_letter for word in texts)]
    return tuple(
        Word(word, round(start, 3), round(end, 3)) for word, start, end in zip(texts, [0.0, *ends], ends, strict=False)
    )


def _groups(tokens: Sequence[SpokenToken]) -> list[list[SpokenToken]]:
    """Return the tokens of each word, without spaces."""
    groups: list[list[SpokenToken]] = []
    is_apart = True
    for token in tokens:
        for number, part in enumerate(token.text.split(" ")):
            is_apart = is_apart or number > 0
            if not part:
                continue
            if not groups or (is_apart and (part[0].isalnum() or part[0] == "_")):
                groups.append([])
            groups[-1].append(replace(token, text=part))
            is_apart = False
    return groups
