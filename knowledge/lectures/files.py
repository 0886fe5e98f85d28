"""Which files are lectures, and what their names say. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from knowledge.places import LECTURES_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable

SOUND = (".mp3", ".m4a", ".aac", ".ogg", ".opus", ".flac", ".wav", ".wma")
VIDEO = (".mp4", ".m4v", ".mkv", ".webm", ".mov", ".avi", ".mpg", ".mpeg", ".ts", ".3gp")
RECORDINGS = frozenset(SOUND + VIDEO)
TRANSCRIPTS = (".srt", ".vtt", ".json", ".txt")
"""What has times comes first."""
SLIDES = (".pdf", ".pptx")
"""What a browser shows comes first."""

_LANGUAGE = re.compile(r"\.[a-z]{2,3}(?:-[a-z0-9]{2,4})?$")
_BETWEEN = r"[-._ ]?"
_MONTHS = {
    month: number
    for number, names in enumerate(
        (
            "января january jan",
            "февраля february feb",
            "марта march mar",
            "апреля april apr",
            "мая may",
            "июня june jun",
            "июля july jul",
            "августа august aug",
            "сентября september sep",
            "октября october oct",
            "ноября november nov",
            "декабря december dec",
        ),
        start=1,
    )
    for month in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATES = (
    re.compile(rf"(?<!\d)(?P<y>20\d\d)(?P<gap>{_BETWEEN})(?P<m>[01]\d)(?P=gap)(?P<d>[0-3]\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>[0-3]?\d)[-._](?P<m>[01]?\d)[-._](?P<y>20\d\d)(?!\d)"),
    re.compile(rf"(?<!\d)(?P<d>[0-3]?\d) (?P<m>{_MONTH})[ ,]+(?P<y>20\d\d)(?: ?г(?:ода|\.)?)?(?!\w)", re.IGNORECASE),
    re.compile(rf"(?<!\w)(?P<m>{_MONTH}) (?P<d>[0-3]?\d),? (?P<y>20\d\d)(?!\d)", re.IGNORECASE),
    re.compile(r"(?P<y>20\d\d)年(?P<m>[01]?\d)月(?P<d>[0-3]?\d)日"),
)


def is_lecture(path: PurePosixPath) -> bool:
    """Say whether a file of the knowledge folder is a recording or a transcript among the lectures."""
    return is_recording(path) or (_is_inside(path) and path.suffix.lower() in TRANSCRIPTS)


def is_recording(path: PurePosixPath) -> bool:
    """Say whether it is a recording among the lectures."""
    return _is_inside(path) and path.suffix.lower() in RECORDINGS


def transcripts_beside(paths: Iterable[str]) -> dict[str, list[str]]:
    """Return the transcripts that stand beside recordings of the same name, the best of each recording first.

    "a.srt" and "a.ru.srt" belong to "a.mp4".
    """
    recordings: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    transcripts: list[PurePosixPath] = []
    for name in paths:
        path = PurePosixPath(name)
        if is_recording(path):
            recordings[str(path.parent), path.stem.casefold()].append(name)
        elif is_lecture(path):
            transcripts.append(path)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(transcripts, key=lambda path: (TRANSCRIPTS.index(path.suffix.lower()), path)):
        stem = path.stem.casefold()
        for key in dict.fromkeys((stem, _LANGUAGE.sub("", stem))):
            for recording in recordings.get((str(path.parent), key), ()):
                found[recording].append(str(path))
    return dict(found)


def slides_beside(lecture: str, paths: Iterable[str]) -> str | None:
    """Return the slides that stand beside a lecture's file under its name; None where there are none."""
    file = PurePosixPath(lecture)
    named = {
        path.suffix.lower(): str(path)
        for path in map(PurePosixPath, paths)
        if path.parent == file.parent and path.stem.casefold() == file.stem.casefold()
    }
    return next((named[ending] for ending in SLIDES if ending in named), None)


def is_slides(path: PurePosixPath) -> bool:
    """Say whether a file of the knowledge folder may be the slides of a lecture: it stays a document."""
    return _is_inside(path) and path.suffix.lower() in SLIDES


def date_of(path: str) -> date | None:
    """Return the day that a file's name tells, None where it tells none."""
    return _dated(_name(path))[0]


def title_of(path: str) -> str:
    """Return the name to be said for a lecture: its file's, without the day."""
    name = _name(path)
    rest = _dated(name)[1]
    return rest if any(map(str.isalpha, rest)) else name


def _name(path: str) -> str:
    return " ".join(unicodedata.normalize("NFC", PurePosixPath(path).stem).replace("_", " ").split())


def _dated(name: str) -> tuple[date | None, str]:
    for pattern in _DATES:
        if found := pattern.search(name):
            month = found["m"].casefold()
            try:
                day = date(int(found["y"]), _MONTHS.get(month) or int(month), int(found["d"]))
            except ValueError:
                continue
            rest = f"{name[: found.start()]} {name[found.end() :]}"
            return day, " ".join(rest.split()).strip(" -–—.,_()[]")
    return None, name


def _is_inside(path: PurePosixPath) -> bool:
    return len(path.parts) > 1 and path.parts[0] == LECTURES_FOLDER
