"""SubRip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.lectures.export.cues import cues, time_code

if TYPE_CHECKING:
    from knowledge.lectures.export.cues import Cue
    from knowledge.lectures.export.material import Material


def write(material: Material) -> bytes:
    """Return the file in UTF-8."""
    numbered = enumerate(cues(material.transcript), start=1)
    return "\n".join(f"{number}\n{_cue(cue)}" for number, cue in numbered).encode()


def _cue(cue: Cue) -> str:
    said = "\n".join(cue.lines).replace("-->", "→")
    speaker = f"{cue.speaker}: " if cue.speaker else ""
    return f"{time_code(cue.start, ',')} --> {time_code(cue.end, ',')}\n{speaker}{said}\n"
