"""Dialogues from files of text (turns after "- ", a blank line between dialogues), phrases (a line each) or JSON.

Plain text may be packed with xz. JSON is a list of dialogues, JSON Lines one dialogue a line; a dialogue is a list of
turns, or an object with "turns" or "messages"; a turn is a string, or an object with "text", "content" or "message".
"""

import json
import lzma
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from wyoming_servers.turn.text import language_of, normalize

from .errors import DataError

_TURN = "- "
_SUFFIXES = (".txt", ".txt.xz", ".json", ".jsonl")


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Turns in their order, in original case and punctuation. A phrase without a dialogue is one turn."""

    turns: tuple[str, ...]
    language: str
    source: str
    """Name of the file, without what follows its first point."""

    @property
    def is_phrase(self) -> bool:
        """Return whether it stands alone."""
        return len(self.turns) == 1

    def is_held_out(self, share: float) -> bool:
        """Return whether it is for evaluation. Dialogues that begin alike fall on the same side."""
        beginning = normalize(" ".join(self.turns[:2]))
        return crc32(beginning.encode()) % 1000 < share * 1000


def find_files(paths: Iterable[Path]) -> Sequence[Path]:
    """Return the paths, and instead of folders the files of dialogues in them. Raises: DataError for one without."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        files = [file for file in sorted(path.rglob("*")) if file.name.endswith(_SUFFIXES) and file.is_file()]
        if not files:
            raise DataError(f"There are no dialogues in {path}: no file ends in {', '.join(_SUFFIXES)}.")
        found += files
    return found


def read_dialogues(path: Path) -> Sequence[Dialogue]:
    """Return the dialogues of a file. Raises: DataError."""
    try:
        text = _read_text(path)
        dialogues = _from_json(path, text) if ".json" in path.suffixes[-1] else _from_text(text)
        source = path.name.split(".")[0]
        return [_dialogue(turns, source) for turns in dialogues if turns]
    except (OSError, ValueError, lzma.LZMAError) as err:
        raise DataError(f"{path} can't be read: {err}") from err


def _dialogue(turns: Sequence[str], source: str) -> Dialogue:
    return Dialogue(tuple(turns), language_of("".join(turns)), source)


def _read_text(path: Path) -> str:
    data = path.read_bytes()
    return (lzma.decompress(data) if path.suffix == ".xz" else data).decode()


def _from_text(text: str) -> Iterator[Sequence[str]]:
    if not (text.startswith(_TURN) or f"\n{_TURN}" in text):
        yield from ([line.strip()] for line in text.splitlines() if line.strip())
        return
    for block in text.split("\n\n"):
        lines = (line.removeprefix(_TURN).strip() for line in block.splitlines())
        yield [line for line in lines if line]


def _from_json(path: Path, text: str) -> Iterator[Sequence[str]]:
    lines = text.splitlines() if path.suffix == ".jsonl" else None
    dialogues = [json.loads(line) for line in lines if line.strip()] if lines else json.loads(text)
    if not isinstance(dialogues, list):
        raise ValueError("a list of dialogues is expected")  # noqa: TRY004 (the file's fault, not the caller's)
    for dialogue in dialogues:
        turns = dialogue.get("turns", dialogue.get("messages")) if isinstance(dialogue, Mapping) else dialogue
        if isinstance(turns, str):
            turns = [turns]
        if not isinstance(turns, list):
            raise ValueError("a dialogue is a list of turns")  # noqa: TRY004 (the file's fault, not the caller's)
        yield [turn for turn in map(_turn, turns) if turn]


def _turn(turn: Any) -> str:
    if isinstance(turn, Mapping):
        turn = next((turn[key] for key in ("text", "content", "message") if key in turn), None)
    if not isinstance(turn, str):
        raise ValueError("a turn is a text")  # noqa: TRY004 (the file's fault, not the caller's)
    return turn.strip()
