"""The household's own words: names of devices and rooms, and what its documents are about."""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_LOGGER = logging.getLogger(__name__)
MAX_ENTRIES = 5_000
MAX_LENGTH = 200
"""Of an entry, in characters."""


class VocabularyError(ValueError):
    """The vocabulary is not in the agreed form."""


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """What a device is called, and its domain in Home Assistant: sentences differ by it."""

    name: str
    domain: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the house is likely to be told or asked; the wire form is `tests/contract/speech/vocabulary.json`."""

    names: tuple[Name, ...] = ()
    areas: tuple[str, ...] = ()
    floors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    """Headings and titles of documents."""

    titles: tuple[str, ...] = ()
    """Titles of films."""

    @classmethod
    def from_json(cls, data: Any) -> "Vocabulary":
        """Return the vocabulary in a JSON value. Raises: VocabularyError that names the field."""
        if not isinstance(data, Mapping):
            raise VocabularyError("The vocabulary must be a JSON object.")
        names = []
        for entry in _entries(data, "names"):
            if not isinstance(entry, Mapping):
                raise VocabularyError("Each entry of 'names' must be an object with 'name' and 'domain'.")
            names.append(Name(_text(entry.get("name"), "names"), _text(entry.get("domain"), "names")))
        words = {key: _texts(data, key) for key in ("areas", "floors", "topics", "titles")}
        return cls(names=tuple(sorted(set(names))), **words)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)


def load_vocabulary(path: Path) -> Vocabulary:
    """Return the vocabulary kept in a file; an empty one when there is none or it can't be read."""
    try:
        return Vocabulary.from_json(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Vocabulary()
    except (OSError, ValueError, RecursionError) as err:
        _LOGGER.warning("The vocabulary in %s can't be read and waits to be sent again: %s", path, err)
        return Vocabulary()


def save_vocabulary(vocabulary: Vocabulary, path: Path) -> None:
    """Keep the vocabulary, so that a restarted server knows it before anybody tells it again. Raises: OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(vocabulary.to_json(), ensure_ascii=False), encoding="utf-8")
    part.replace(path)


def _entries(data: Mapping[str, Any], key: str) -> list[Any]:
    entries = data.get(key, [])
    if not isinstance(entries, list) or len(entries) > MAX_ENTRIES:
        raise VocabularyError(f"{key!r} must be a list of at most {MAX_ENTRIES} entries.")
    return entries


def _texts(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_text(entry, key) for entry in _entries(data, key)))


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_LENGTH:
        raise VocabularyError(
            f"{key!r} has an entry that is not a text of 1 to {MAX_LENGTH} characters: {value!r:.80}."
        )
    return value.strip()
