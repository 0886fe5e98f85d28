"""JSON on the wire, as tests/contract pins it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from knowledge.events import Stage
from knowledge.files.uploads import is_removable
from knowledge.films.shelf import in_language
from knowledge.lectures.models import Lecture
from knowledge.models import Language, Status
from knowledge.service.lecture_payloads import lecture_response, lectures_version
from knowledge.texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.files.folder import FolderProblem
    from knowledge.films.query import FoundFilms
    from knowledge.films.shelf import Listed
    from knowledge.models import (
        Answer,
        EmbeddingStatus,
        FileRecord,
        Hit,
        Passage,
        SearchResult,
        SelfTestReport,
        Vocabulary,
    )
    from knowledge.service.news import Item
    from knowledge.settings import ServiceSettings

_Json = dict[str, Any]


def note_response(path: str) -> _Json:
    """Return the body of POST and DELETE /documents."""
    return {"path": path}


def search_response(result: SearchResult) -> _Json:
    """Return the body of POST /search."""
    return {
        "query": result.query,
        "language": result.language,
        "relevant": result.relevant,
        "hits": hits_json(result.hits, result.language),
    }


def ask_response(answer: Answer) -> _Json:
    """Return the body of POST /ask."""
    return {
        "question": answer.question,
        "language": answer.language,
        "found": answer.found,
        "engine": answer.engine,
        "spoken": answer.spoken,
        "written": answer.written,
        "sources": hits_json(answer.sources, answer.language),
    }


def documents_response(records: Sequence[FileRecord], language: Language) -> _Json:
    """Return the body of GET /documents."""
    return {"documents": [record_json(record, language) for record in records]}


def record_json(record: FileRecord, language: Language = Language.ENGLISH) -> _Json:
    """Return a file with its status, the reason for it in a language."""
    return {
        "path": record.path,
        "kind": record.kind,
        "collection": record.collection,
        "title": record.title,
        "status": record.status,
        "reason": record.problem.said(language) if record.problem else None,
        "passages": record.passages,
        "size": record.size,
        "indexed_at": record.indexed_at,
        "is_removable": is_removable(record.path),
    }


def document_response(record: FileRecord, passages: Sequence[Passage], language: Language) -> _Json:
    """Return the body of GET /documents/PATH; places are named in a language."""
    return {
        "document": record_json(record, language),
        "passages": [
            {
                "number": passage.number,
                "page": passage.page,
                "start_seconds": passage.start_seconds,
                "place": TEXTS[language].place(passage),
                "title": passage.title,
                "language": passage.language,
                "text": passage.text,
            }
            for passage in passages
        ],
    }


def collections_response(records: Sequence[FileRecord]) -> _Json:
    """Return the body of GET /collections: kinds and collections with their numbers of files."""
    groups: dict[tuple[str, str], list[FileRecord]] = {}
    for record in records:
        groups.setdefault((record.kind, record.collection), []).append(record)
    return {
        "collections": [
            {
                "kind": kind,
                "name": name,
                "documents": len(group),
                "passages": sum(record.passages for record in group),
                "failed": sum(record.status is Status.FAILED for record in group),
            }
            for (kind, name), group in sorted(groups.items())
        ]
    }


def films_response(found: FoundFilms, language: Language) -> _Json:
    """Return the body of GET /films; their words are in a language, or in another one where it has none."""
    return {"total": found.total, "films": [_film_json(listed, language) for listed in found.films]}


def progress_json(pending: int) -> _Json:
    """Return the data of the event "progress"."""
    return {"pending": pending, "path": ""}


def news_json(item: Item, language: Language) -> tuple[str, _Json]:
    """Return what happened as the name of an event and its data."""
    if isinstance(item, Lecture):
        return "lecture", lecture_response(item, language)
    event = item.event
    if event.stage is Stage.REMOVED:
        return "removed", {"path": event.path}
    if item.record is not None and event.stage is not Stage.READING:
        return "document", record_json(item.record, language)
    return "progress", {"pending": event.total - event.done, "path": event.path}


def settings_response(settings: ServiceSettings, status: EmbeddingStatus) -> _Json:
    """Return the body of GET /settings."""
    knowledge = settings.knowledge
    return {
        "folder": knowledge.folder.name,
        "max_file_bytes": knowledge.ingest.max_file_bytes,
        "model": knowledge.model.model if knowledge.model else None,
        "reranker": f"{knowledge.reranker.engine} {knowledge.reranker.model}".strip() if knowledge.reranker else None,
        "embedding": embedding_json(status),
    }


def upload_response(paths: Sequence[str]) -> _Json:
    """Return the body of POST /documents for files."""
    return {"documents": [{"path": path} for path in paths]}


def rephrase_response(question: str, queries: Sequence[str]) -> _Json:
    """Return the body of POST /rephrase."""
    return {"question": question, "queries": list(queries)}


def embedding_json(status: EmbeddingStatus) -> _Json:
    """Return how far passages have vectors."""
    return {
        "state": status.state,
        "embedder": status.embedder,
        "serving": status.serving,
        "embedded": status.embedded,
        "passages": status.passages,
        "problem": status.problem,
        "report": self_test_response(status.report) if status.report else None,
    }


def self_test_response(report: SelfTestReport) -> _Json:
    """Return the body of POST /settings/self-test."""
    return {
        "embedder": report.embedder,
        "languages": [
            {
                "language": test.language,
                "questions": test.questions,
                "lexical": round(test.lexical, 3),
                "hybrid": round(test.hybrid, 3),
                "lexical_paraphrased": round(test.lexical_paraphrased, 3),
                "hybrid_paraphrased": round(test.hybrid_paraphrased, 3),
                "is_accepted": test.is_accepted,
            }
            for test in report.languages
        ],
    }


def vocabulary_response(vocabulary: Vocabulary) -> _Json:
    """Return the body of GET /vocabulary."""
    return {"version": vocabulary.version, "topics": list(vocabulary.topics), "titles": list(vocabulary.titles)}


@dataclass(frozen=True, slots=True)
class Condition:
    """How the service is."""

    records: Sequence[FileRecord]
    vocabulary: Vocabulary
    lectures: Sequence[Lecture]
    index: str
    pending: int
    folder_problem: FolderProblem | None


def health_response(condition: Condition, version: str) -> _Json:
    """Return the body of GET /health."""
    records = condition.records
    statuses = Counter(record.status for record in records)
    return {
        "status": "ok",
        "service": "voice-rag-knowledge",
        "version": version,
        "index": condition.index,
        "documents": statuses[Status.INDEXED],
        "passages": sum(record.passages for record in records),
        "pending": condition.pending,
        "failed": statuses[Status.FAILED],
        "last_indexed": max((record.indexed_at for record in records if record.indexed_at), default=None),
        "vocabulary_version": condition.vocabulary.version,
        "lectures_version": lectures_version(condition.lectures),
        "folder_problem": condition.folder_problem,
    }


def error_response(code: str, message: str) -> _Json:
    """Return the body of any refusal."""
    return {"error": {"code": code, "message": message}}


def hits_json(hits: Sequence[Hit], language: Language) -> list[_Json]:
    """Return numbered hits; their places are named in a language."""
    return [_hit_json(number, hit, language) for number, hit in enumerate(hits, start=1)]


def _hit_json(number: int, hit: Hit, language: Language) -> _Json:
    link = {"link": f"#lectures/{hit.lecture}?t={hit.passage.start_seconds or 0}"} if hit.lecture else {}
    return {
        "number": number,
        "document": hit.document,
        "kind": hit.passage.kind,
        "title": hit.passage.title,
        "place": TEXTS[language].place(hit.passage),
        "language": hit.passage.language,
        "text": hit.passage.text,
        "page": hit.passage.page,
        "start_seconds": hit.passage.start_seconds,
        "passage": hit.passage.number,
        "score": round(hit.score, 2),
        **link,
    }


def _film_json(listed: Listed, language: Language) -> _Json:
    film, text = listed.film, in_language(listed.film, language)
    return {
        "document": listed.path,
        "entry": listed.entry,
        "title": text.title,
        "original_title": film.original_title,
        "year": film.year,
        "rating": film.rating,
        "countries": list(text.countries),
        "genres": list(text.genres),
        "directors": list(text.directors),
        "actors": list(text.actors),
        "synopsis": text.synopsis,
    }
