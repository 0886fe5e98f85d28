"""JSON with all that is known.

Its segments stand as in the transcripts that the speech server writes, so the file may be put beside a recording.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from knowledge.lectures.writing.spoken import joined

if TYPE_CHECKING:
    from knowledge.lectures.export.material import Material
    from knowledge.lectures.models import Segment

_Json = dict[str, Any]


def write(material: Material) -> bytes:
    """Return the file in UTF-8; times are seconds."""
    lecture, transcript, content = material.lecture, material.transcript, material.content
    body = {
        "language": transcript.language,
        "duration": lecture.duration,
        "text": joined([segment.text for segment in transcript.segments]),
        "segments": [_segment(segment) for segment in transcript.segments],
        "lecture": {
            "id": lecture.id,
            "path": lecture.path,
            "title": lecture.title,
            "held_on": lecture.held_on.isoformat() if lecture.held_on else None,
            "transcriber": lecture.transcriber,
            "slides": material.slides,
            "version": lecture.version,
        },
        **asdict(content),
    }
    return (json.dumps(body, ensure_ascii=False, indent=2) + "\n").encode()


def _segment(segment: Segment) -> _Json:
    return {
        "start": segment.start,
        "end": segment.end,
        "text": segment.text,
        "words": [{"word": word.text, "start": word.start, "end": word.end} for word in segment.words],
        "speaker": segment.speaker,
        "is_corrected": segment.is_corrected,
    }
