"""WebVTT: https://www.w3.org/TR/webvtt1/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.lectures.export.cues import cues, time_code

if TYPE_CHECKING:
    from knowledge.lectures.export.cues import Cue
    from knowledge.lectures.export.material import Material


def write(material: Material) -> bytes:
    """Return the file in UTF-8."""
    return ("WEBVTT\n" + "".join(f"\n{_cue(cue)}" for cue in cues(material.transcript))).encode()


def _cue(cue: Cue) -> str:
    voice = f"<v {_escaped(cue.speaker)}>" if cue.speaker else ""
    said = _escaped("\n".join(cue.lines))
    return f"{time_code(cue.start, '.')} --> {time_code(cue.end, '.')}\n{voice}{said}\n"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
