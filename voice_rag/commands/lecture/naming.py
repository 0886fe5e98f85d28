"""Which lecture the person at the command line means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.errors import KnowledgeError
from knowledge.lectures.questions.finding import meant

if TYPE_CHECKING:
    from voice_rag.commands.knowledge.desk import LectureDesk


def named(desk: LectureDesk, wanted: str) -> str:
    """Return the id of the lecture that is meant; raises KnowledgeError unless it is exactly one."""
    titles: dict[str, str] = {lecture["id"]: lecture["title"] for lecture in desk.all()["lectures"]}
    match meant(wanted, titles):
        case [id_]:
            return id_
        case []:
            raise KnowledgeError(f"There is no lecture '{wanted}'. See: voice-rag lecture list")
        case several:
            choices = "\n".join(f"  {id_}  {titles[id_]}" for id_ in several)
            raise KnowledgeError(f"Several lectures are called so. Name one by its id:\n{choices}")
