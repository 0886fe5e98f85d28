"""The words of a language that carry a command's meaning, and how they are looked up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from .morphology import Form, Morphology
from .tokens import Word, segment, tokenize


class Role(StrEnum):
    """What a word does in a command."""

    VERB = "verb"
    PARTICLE = "particle"
    """English: turn ON, switch the light OFF."""
    KIND = "kind"
    """A class of devices: light, curtains, television."""
    PROPERTY = "property"
    CHANGE = "change"
    """A comparative: louder, a bit darker."""
    LEVEL = "level"
    """A number in a word: half, maximum."""
    UNIT = "unit"
    MODE = "mode"
    COLOR = "color"
    MEDIA = "media"
    """Next, previous, pause: act without a verb."""
    MUSIC = "music"
    """Something to look for and play follows: a song, an album."""
    ALL = "all"
    EXCEPT = "except"
    HERE = "here"
    HOME = "home"
    FLOOR = "floor"
    LITTLE = "little"
    FILLER = "filler"
    ASIDE = "aside"
    """An address or an exclamation, which is one between commas only: "my dear"."""
    TO = "to"
    """Up to a value: the value is a goal, not a step."""
    BY = "by"
    AND = "and"
    TIMER = "timer"
    AFTER = "after"
    """In five minutes."""
    LIST = "list"
    STATE = "state"
    """A state that is asked for: on, open, locked."""
    ASK = "ask"
    """A question word or particle."""
    CLOCK = "clock"
    WEATHER = "weather"
    CANCEL = "cancel"
    SMALL_TALK = "small_talk"
    INSTEAD = "instead"
    """Opens a correction: "no, I meant"."""
    MORE = "more"
    """The same once more."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One meaning of a word or a phrase."""

    role: Role
    value: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of devices that people have a word for."""

    domains: tuple[str, ...]
    device_classes: tuple[str, ...] = ()
    """Devices of these classes are of this kind, whatever they are called."""
    is_generic: bool = False
    """Every device of the domain is one; else only those called so or of the device class."""
    falls_back: bool = False
    """Where nothing is called so, the only device of the domain is meant."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A language's words: role -> value -> words or phrases, separated by commas.

    A word stands for all its forms, one with a leading "=" only for itself; a verb must be in a commanding form.
    """

    roles: Mapping[Role, Mapping[str, str]]
    numbers: Mapping[str, float]
    """Cardinals by lemma."""
    ordinals: Mapping[str, int]
    half_after: frozenset[str]
    """Lemmas that add a half: "with a half"."""
    joins: frozenset[str]
    """Lemmas that may stand inside a number: "two AND a half"."""
    contractions: Mapping[str, str]
    """Words that are two: "half an hour"."""
    prepositions: frozenset[str]
    """Small words that carry no meaning of their own, in sentences and in names."""
    synonyms: Mapping[str, str] = field(default_factory=dict)
    """Lemma -> the lemma that names are written with."""
    has_spaces: bool = True
    """Chinese has none: its sentences are cut into the longest words of the lexicon, and single characters."""


@dataclass(frozen=True, slots=True)
class _Entry:
    keys: tuple[str, ...]
    is_exact: tuple[bool, ...]
    meaning: Meaning


class Lexicon:
    """Phrases of a vocabulary, found in words."""

    def __init__(self, vocabulary: Vocabulary, morphology: Morphology) -> None:
        self.vocabulary = vocabulary
        self.morphology = morphology
        self._by_first: dict[str, list[_Entry]] = {}
        for role, phrases in vocabulary.roles.items():
            for value, text in phrases.items():
                self._add(Meaning(role, value), text)
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry.keys))

    def read(self, text: str) -> list[Word]:
        """Return a sentence's words with their lemmas."""
        contractions = self.vocabulary.contractions
        found = tokenize(text) if self.vocabulary.has_spaces else segment(text, self._by_first)
        tokens = (part for token in found for part in contractions.get(token, token).split())
        return [self.read_word(token) for token in tokens]

    def read_word(self, token: str) -> Word:
        """Return one word with its lemmas."""
        analysis = self.morphology.analyse(token)
        synonyms = {synonym for lemma in analysis.lemmas if (synonym := self.vocabulary.synonyms.get(lemma))}
        return Word(token, analysis.lemmas, frozenset(analysis.lemmas) | synonyms, analysis.is_known)

    def find(self, words: Sequence[Word], start: int) -> tuple[int, tuple[Meaning, ...]]:
        """Return how many words the longest phrase at `start` has (0: none), and its meanings."""
        best = 0
        meanings: list[Meaning] = []
        for key in words[start].keys_in_order:
            for entry in self._by_first.get(key, ()):
                length = len(entry.keys)
                if length >= max(best, 1) and self._fits(entry, words[start : start + length]):
                    if length > best:
                        best, meanings = length, []
                    if entry.meaning not in meanings:
                        meanings.append(entry.meaning)
        return best, tuple(meanings)

    def _add(self, meaning: Meaning, text: str) -> None:
        for phrase in filter(None, (part.strip() for part in text.split(","))):
            parts = phrase.split()
            keys = tuple(part.removeprefix("=") for part in parts)
            exact = tuple(part.startswith("=") for part in parts)
            entry = _Entry(keys, exact, meaning)
            self._by_first.setdefault(keys[0], []).append(entry)

    def _fits(self, entry: _Entry, words: Sequence[Word]) -> bool:
        if len(words) < len(entry.keys):
            return False
        return all(
            _is_form(word, key, is_exact=is_exact, role=entry.meaning.role)
            for word, key, is_exact in zip(words, entry.keys, entry.is_exact, strict=True)
        )


_NEEDED_FORM = {Role.VERB: Form.COMMAND, Role.STATE: Form.RESULT | Form.PRESENT}


def _is_form(word: Word, key: str, *, is_exact: bool, role: Role) -> bool:
    if is_exact:
        return word.text == key
    if key not in word.keys:
        return False
    needed = _NEEDED_FORM.get(role)
    return needed is None or bool(word.lemmas.get(key, Form.OTHER) & needed)
