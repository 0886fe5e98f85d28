"""Words and phrases that a lecture is about, in the form in which a dictionary has them.

Russian noun phrases by pymorphy3, where it is installed. English ones between words that no term holds, as in RAKE
(S. Rose et al., "Automatic keyword extraction from individual documents", 2010). Chinese ones are runs of characters
with various neighbours, as in the detection of new words by their neighbours' entropy.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.lectures.writing import russian
from knowledge.lectures.writing.words import CHINESE_GLUE, COMMON
from knowledge.models import Language
from knowledge.text import analyzer
from knowledge.text.stopwords import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from knowledge.lectures.writing.spoken import Sentence

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_INTRODUCED = re.compile(r"我(?:是|叫)([\u4e00-\u9fff]{2,3})(?![\u4e00-\u9fff])")
"""Speakers who say their names: no topic of theirs."""
_COMMON_HAN = tuple(COMMON[Language.CHINESE])
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")
_MOST_WORDS = 3
_SHORTEST_LETTERS = 4
_TITLE_PHRASES = 2
_TITLE_CHARACTERS = 60
_MANY = 2
_MOST_PHRASES = 400
_VARIOUS_NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase with the sentences that it is in."""

    text: str
    key: tuple[str, ...]
    """Stems: what all its forms have in common."""
    places: tuple[int, ...]
    """Numbers of sentences, in order; one for each occurrence."""

    @property
    def weight(self) -> float:
        """How much it counts: often said, and of several words."""
        return len(self.places) * math.sqrt(
            sum(map(len, self.key)) if analyzer.is_chinese(self.text) else len(self.key)
        )


def phrases(sentences: Sequence[Sentence], language: Language) -> list[Phrase]:
    """Return the phrases that are said more than once, the weightiest first."""
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    texts: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for number, sentence in enumerate(sentences):
        for key, text in _candidates(sentence.text, language):
            places[key].append(number)
            texts[key][text] += 1
    found = [Phrase(texts[key].most_common(1)[0][0], key, tuple(at)) for key, at in places.items() if len(at) >= _MANY]
    found = sorted(found, key=lambda phrase: -phrase.weight)[:_MOST_PHRASES]
    if language is Language.CHINESE:
        names = {name for sentence in sentences for name in _INTRODUCED.findall(sentence.text)}
        found = [phrase for phrase in found if phrase.text not in names]
        found = _free_standing(found, [sentence.text for sentence in sentences])
    return _without_parts(found)


def keywords(parts: Sequence[Sequence[Sentence]], language: Language) -> list[str]:
    """Return for each part of a lecture a title of the phrases that it has and the others have less."""
    found = [phrases(part, language) for part in parts]
    spread: Counter[tuple[str, ...]] = Counter(phrase.key for part in found for phrase in part)
    return [_title(own, spread, len(parts)) or _beginning(part) for part, own in zip(parts, found, strict=True)]


def _title(found: Sequence[Phrase], spread: Counter[tuple[str, ...]], parts: int) -> str:
    def weight(phrase: Phrase) -> float:
        return phrase.weight * (1.0 + math.log(parts / spread[phrase.key]))

    chosen: list[Phrase] = []
    for phrase in sorted(found, key=lambda phrase: -weight(phrase)):
        if all(set(phrase.key).isdisjoint(other.key) for other in chosen):
            chosen.append(phrase)
        if len(chosen) == _TITLE_PHRASES:
            break
    title = (", " if chosen and not analyzer.is_chinese(chosen[0].text) else "、").join(p.text for p in chosen)
    return title[:1].upper() + title[1:]


def _beginning(part: Sequence[Sentence]) -> str:
    """Return the first words of a part that speaks of nothing twice."""
    if not part:
        return ""
    text = part[0].text.rstrip(".。")
    return text if len(text) <= _TITLE_CHARACTERS else f"{text[:_TITLE_CHARACTERS].rsplit(maxsplit=1)[0]}…"


def _candidates(text: str, language: Language) -> Iterator[tuple[tuple[str, ...], str]]:
    if language is Language.CHINESE:
        return _chinese(text)
    if language is Language.RUSSIAN and russian.is_available():
        return russian.noun_phrases(text)
    return _between_stop_words(text, COMMON[language])


def _between_stop_words(text: str, common: frozenset[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    run: list[str] = []
    for piece in re.split(r"[^\w\s'’-]+", text):
        for match in [*_WORD.finditer(piece), None]:
            word = match[0].casefold() if match else ""
            if word and word not in STOP_WORDS and word not in common and len(word) > 2 and not word[0].isdigit():
                run.append(word)
                continue
            yield from _sub_runs(run)
            run = []


def _sub_runs(run: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    for length in range(1, min(len(run), _MOST_WORDS) + 1):
        for start in range(len(run) - length + 1):
            words = run[start : start + length]
            if length > 1 or len(words[0]) >= _SHORTEST_LETTERS:
                yield tuple(term for word in words for term in analyzer.terms(word)), " ".join(words)


def _chinese(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    for match in _HAN_RUN.finditer(text):
        run = match[0]
        for length in (2, 3, 4):
            for start in range(len(run) - length + 1):
                chunk = run[start : start + length]
                is_glued = chunk[0] in CHINESE_GLUE or chunk[-1] in CHINESE_GLUE
                if not is_glued and not chunk.startswith(_COMMON_HAN) and not chunk.endswith(_COMMON_HAN):
                    yield (chunk,), chunk


def _free_standing(found: Iterable[Phrase], texts: Sequence[str]) -> list[Phrase]:
    """Return the runs of characters that stand beside various others on both sides: words, not parts of them."""
    whole = "\n".join(texts)

    def is_free(run: str) -> bool:
        before = {whole[match.start() - 1] for match in re.finditer(run, whole) if match.start()}
        after = {whole[match.end()] for match in re.finditer(run, whole) if match.end() < len(whole)}
        return min(len(before), len(after)) >= _VARIOUS_NEIGHBOURS

    return [phrase for phrase in found if is_free(phrase.text)]


def _without_parts(found: Sequence[Phrase]) -> list[Phrase]:
    """Leave out what is nearly always said as a part of a longer phrase."""
    return [
        phrase
        for phrase in found
        if not any(
            other.key != phrase.key and _holds(other, phrase) and len(other.places) * 2 > len(phrase.places)
            for other in found
        )
    ]


def _holds(whole: Phrase, part: Phrase) -> bool:
    if analyzer.is_chinese(part.text):
        return part.text in whole.text
    size = len(part.key)
    return any(whole.key[at : at + size] == part.key for at in range(len(whole.key) - size + 1))
