"""Who says what: speakers and texts, in a part to learn from and a part that is kept apart."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import soxr

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples

from .scenes import ANY_NOISE, HOME_NOISE, Decibels, WordScene, has_context, other_scene, word_scene
from .speakers import Speaker
from .texts import sentences

_HELD_OUT = 5
"""Every so many-th speaker and text is kept apart."""

_OWN_LANGUAGE = 0.6
_NEAR = 0.4
_TEXTS_A_SCENE = 4


@dataclass(frozen=True, slots=True)
class Corpus:
    """One part; the other one shares neither speaker nor text with it."""

    language: str
    speakers: Mapping[str, Sequence[Speaker]]
    sentences: Mapping[str, Sequence[str]]
    near_words: Sequence[str]
    """Texts that sound nearly like the word."""

    snr_db: Decibels = ANY_NOISE
    """Of scenes with the word."""

    @classmethod
    def both(
        cls, language: str, speakers: Mapping[str, Sequence[Speaker]], near: Sequence[str]
    ) -> "tuple[Corpus, Corpus]":
        """Return the part to learn from and the one kept apart; `language` is the word's."""

        def part(is_taken: Callable[[int], bool], snr_db: Decibels) -> Corpus:
            return cls(
                language,
                {name: _every(people, is_taken) for name, people in speakers.items()},
                {name: _every(sentences(name), is_taken) for name in speakers},
                _every(near, is_taken),
                snr_db,
            )

        learnt = part(lambda number: number % _HELD_OUT > 0, ANY_NOISE)
        return learnt, part(lambda number: number % _HELD_OUT == 0, HOME_NOISE)

    def said(self, phrase: str, count: int, random: np.random.Generator) -> Iterator[WordScene]:
        """Yield scenes of the phrase, said by all speakers of its language in turn."""
        people = self.speakers[self.language]
        for number in range(count):
            speaker = people[number % len(people)]
            yield self._scene(speaker.say(phrase, random), speaker, random)

    def recorded(self, word: Samples, count: int, random: np.random.Generator) -> Iterator[WordScene]:
        """Yield scenes of one recording, by people of nearly the same size and pace."""
        people = self.speakers[self.language]
        for _ in range(count):
            other = soxr.resample(word.astype(np.float32), SAMPLE_RATE * random.uniform(0.92, 1.08), SAMPLE_RATE)
            speaker = people[int(random.integers(len(people)))]
            yield self._scene(np.clip(other, -32768, 32767).astype(np.int16), speaker, random)

    def others(self, count: int, random: np.random.Generator) -> Iterator[Samples]:
        """Yield scenes without the word, mostly in its language and often with words that sound like it."""
        languages = list(self.speakers)
        for _ in range(count):
            is_own = random.random() < _OWN_LANGUAGE
            language = self.language if is_own else languages[int(random.integers(len(languages)))]
            people = self.speakers[language]
            texts = [self._text(language, random) for _ in range(_TEXTS_A_SCENE)]
            yield other_scene(texts, people[int(random.integers(len(people)))], random)

    def _scene(self, word: Samples, speaker: Speaker, random: np.random.Generator) -> WordScene:
        before = speaker.say(_one_of(self.sentences[self.language], random), random) if has_context(random) else None
        return word_scene(word, before, random, self.snr_db)

    def _text(self, language: str, random: np.random.Generator) -> str:
        is_near = self.near_words and language == self.language and random.random() < _NEAR
        return _one_of(self.near_words if is_near else self.sentences[language], random)


_Item = TypeVar("_Item")


def _every(items: Sequence[_Item], is_taken: Callable[[int], bool]) -> Sequence[_Item]:
    return [item for number, item in enumerate(items) if is_taken(number)]


def _one_of(texts: Sequence[str], random: np.random.Generator) -> str:
    return texts[int(random.integers(len(texts)))]
