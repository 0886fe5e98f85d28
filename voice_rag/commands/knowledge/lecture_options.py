"""What `serve` and the commands that work in a folder are told about lectures."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from voice_rag.lectures import options as transcribers

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from knowledge import KnowledgeBase
    from knowledge.settings import KnowledgeSettings, LectureSettings


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options: who transcribes, and how lectures are written up."""
    transcribers.add_options(parser)
    group = parser.add_argument_group("notes on lectures")
    group.add_argument("--lecture-language", metavar="CODE", default="", help="what is spoken (default: heard)")
    group.add_argument("--lecture-template", metavar="NAME", help="of the summary (default: the service's own)")
    group.add_argument("--lecture-templates", metavar="FOLDER", type=Path, help="templates of your own")


def lecture_settings(options: argparse.Namespace) -> LectureSettings:
    """Return how lectures are to be written up."""
    from knowledge.settings import LectureSettings  # noqa: PLC0415  its package needs an extra

    named = {"template": options.lecture_template} if options.lecture_template else {}
    return LectureSettings(language=options.lecture_language, templates=options.lecture_templates, **named)


def opener(options: argparse.Namespace) -> Callable[[KnowledgeSettings], KnowledgeBase]:
    """Return what opens the knowledge base, with what opens and transcribes recordings where that is chosen.

    Raises: SettingsError.
    """
    from knowledge import KnowledgeBase  # noqa: PLC0415  its package needs an extra

    chosen = transcribers.settings_from(options)
    if chosen is None:
        return KnowledgeBase
    recordings, transcriber = transcribers.make_recordings(), transcribers.make_transcriber(chosen)
    return partial(KnowledgeBase, recordings=recordings, transcriber=transcriber)
