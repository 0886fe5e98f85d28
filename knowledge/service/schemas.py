"""The shapes of JSON on the wire, as JSON Schema; tests hold them against tests/contract and the running service."""

from __future__ import annotations

from typing import Any

from knowledge.files.folder import FolderProblem
from knowledge.lectures.models import LectureState, Maker
from knowledge.models import FILE_KINDS, EmbeddingState, Kind, Language, Sentiment, Status
from knowledge.service import lecture_requests, requests

Schema = dict[str, Any]

_NULL: Schema = {"type": "null"}
_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_NUMBER: Schema = {"type": "number"}
_TRUTH: Schema = {"type": "boolean"}
_TIME: Schema = {"type": ["string", "null"], "format": "date-time"}
_LANGUAGE: Schema = {"enum": list(Language)}
_KIND: Schema = {"enum": list(Kind)}
_YEAR: Schema = {"type": ["integer", "null"], "minimum": 1870, "maximum": 2199}
_DAY: Schema = {"type": ["string", "null"], "format": "date"}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, _NULL]}


def _object(fields: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return {"type": "object", "properties": fields | (optional or {}), "required": list(fields)}


def _said(most: int) -> Schema:
    """Return a text of which more than blanks is expected."""
    return {"type": "string", "minLength": 1, "maxLength": most, "pattern": r"\S"}


def _part() -> Schema:
    return {"type": ["string", "null"], "maxLength": requests.MAX_PART_CHARACTERS}


_QUESTION = _said(requests.MAX_QUESTION_CHARACTERS)
_HINT: Schema = {"type": ["string", "null"], "maxLength": requests.MAX_LANGUAGE_CHARACTERS}

SCHEMAS: dict[str, Schema] = {
    "Error": _object({"error": _object({"code": _TEXT, "message": _TEXT})}),
    "Health": _object(
        {
            "status": {"const": "ok"},
            "service": {"const": "voice-rag-knowledge"},
            "version": _TEXT,
            "index": _TEXT,
            "documents": _COUNT,
            "passages": _COUNT,
            "pending": _COUNT,
            "failed": _COUNT,
            "last_indexed": _TIME,
            "vocabulary_version": _TEXT,
            "lectures_version": _TEXT,
            "folder_problem": {"enum": [*FolderProblem, None]},
        }
    ),
    "Filters": _object(
        {},
        {
            "kinds": {"anyOf": [_list(_KIND), _NULL]},
            "document": _part(),
            "language": {"enum": [*Language, None]},
            "collection": _part(),
            "person": _part(),
            "year_from": _YEAR,
            "year_to": _YEAR,
            "date_from": _DAY,
            "date_to": _DAY,
            "sentiment": {"enum": [*Sentiment, None]},
        },
    ),
    "SearchRequest": _object(
        {"query": _QUESTION},
        {
            "limit": {"type": "integer", "minimum": 1, "maximum": requests.MAX_LIMIT},
            "filters": _or_null(_ref("Filters")),
            "language": _HINT,
        },
    ),
    "Hit": _object(
        {
            "number": _COUNT,
            "document": _TEXT,
            "kind": _KIND,
            "title": _TEXT,
            "place": _TEXT,
            "language": _LANGUAGE,
            "text": _TEXT,
            "page": {"type": ["integer", "null"]},
            "start_seconds": {"type": ["integer", "null"]},
            "passage": _COUNT,
            "score": _NUMBER,
        },
        {"link": {"type": "string", "description": "Of the page, for a lecture: where its player begins"}},
    ),
    "SearchResponse": _object(
        {"query": _TEXT, "language": _LANGUAGE, "relevant": _TRUTH, "hits": _list(_ref("Hit"))},
    ),
    "AskRequest": _object({"question": _QUESTION}, {"language": _HINT, "filters": _or_null(_ref("Filters"))}),
    "Answer": _object(
        {
            "question": _TEXT,
            "language": _LANGUAGE,
            "found": _TRUTH,
            "engine": _TEXT,
            "spoken": _TEXT,
            "written": _TEXT,
            "sources": _list(_ref("Hit")),
        }
    ),
    "RephraseResponse": _object({"question": _TEXT, "queries": _list(_TEXT)}),
    "Record": _object(
        {
            "path": _TEXT,
            "kind": _KIND,
            "collection": _TEXT,
            "title": _TEXT,
            "status": {"enum": list(Status)},
            "reason": {"type": ["string", "null"]},
            "passages": _COUNT,
            "size": _COUNT,
            "indexed_at": _TIME,
            "is_removable": _TRUTH,
        }
    ),
    "Documents": _object({"documents": _list(_ref("Record"))}),
    "Document": _object(
        {
            "document": _ref("Record"),
            "passages": _list(
                _object(
                    {
                        "number": _COUNT,
                        "page": {"type": ["integer", "null"]},
                        "start_seconds": {"type": ["integer", "null"]},
                        "place": _TEXT,
                        "title": _TEXT,
                        "language": _LANGUAGE,
                        "text": _TEXT,
                    }
                )
            ),
        }
    ),
    "Note": _object({"name": _said(requests.MAX_NAME_CHARACTERS), "text": _said(requests.MAX_TEXT_CHARACTERS)}),
    "Upload": {
        **_object(
            {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
            {"kind": {"enum": list(FILE_KINDS)}, "collection": _TEXT},
        ),
        "additionalProperties": False,
    },
    "Path": _object({"path": _said(requests.MAX_PATH_CHARACTERS)}),
    "Added": {"oneOf": [_ref("Path"), _object({"documents": _list(_ref("Path"))})]},
    "Accepted": _object({"status": {"const": "accepted"}}),
    "Collections": _object(
        {
            "collections": _list(
                _object({"kind": _KIND, "name": _TEXT, "documents": _COUNT, "passages": _COUNT, "failed": _COUNT})
            )
        }
    ),
    "Films": _object(
        {
            "total": _COUNT,
            "films": _list(
                _object(
                    {
                        "document": _TEXT,
                        "entry": _COUNT,
                        "title": _TEXT,
                        "original_title": _TEXT,
                        "year": {"type": ["integer", "null"]},
                        "rating": {"type": ["number", "null"]},
                        "countries": _list(_TEXT),
                        "genres": _list(_TEXT),
                        "directors": _list(_TEXT),
                        "actors": _list(_TEXT),
                        "synopsis": _TEXT,
                    }
                )
            ),
        }
    ),
    "Lecture": _object(
        {
            "id": _TEXT,
            "path": _TEXT,
            "title": _TEXT,
            "held_on": _DAY,
            "language": {"enum": [*Language, None]},
            "duration": {"type": ["number", "null"]},
            "state": {"enum": list(LectureState)},
            "progress": _or_null(
                _object({"done": _NUMBER, "total": _NUMBER, "remaining_seconds": {"type": ["number", "null"]}})
            ),
            "problem": {"type": ["string", "null"]},
            "has_media": _TRUTH,
            "transcriber": _TEXT,
            "ready_at": _TIME,
            "version": _COUNT,
            "summary_by": {"enum": [*Maker, None]},
            "terms": _COUNT,
            "can_transcribe": _TRUTH,
        }
    ),
    "Lectures": _object({"lectures": _list(_ref("Lecture"))}),
    "LectureNow": _object({"lecture": _ref("Lecture")}),
    "Chapter": _object(
        {
            "title": _TEXT,
            "start": _NUMBER,
            "end": _NUMBER,
            "paragraphs": _list(
                _object(
                    {
                        "start": _NUMBER,
                        "end": _NUMBER,
                        "segments": _list(
                            _object(
                                {
                                    "number": _COUNT,
                                    "start": _NUMBER,
                                    "end": _NUMBER,
                                    "text": _TEXT,
                                    "speaker": _TEXT,
                                    "is_corrected": _TRUTH,
                                }
                            )
                        ),
                    }
                )
            ),
        }
    ),
    "WholeLecture": _object(
        {
            "lecture": _ref("Lecture"),
            "slides": {"type": ["string", "null"], "description": "The document of the same name beside the lecture"},
            "chapters": _list(_ref("Chapter")),
            "summary": _or_null(_object({"template": _TEXT, "text": _TEXT, "by": {"enum": list(Maker)}})),
            "glossary": _list(
                _object(
                    {
                        "term": _TEXT,
                        "definition": _TEXT,
                        "start": _NUMBER,
                        "quote": _TEXT,
                        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
                        "is_supported": _TRUTH,
                        "by": {"enum": list(Maker)},
                    }
                )
            ),
            "templates": _list(_TEXT),
        }
    ),
    "CorrectionRequest": _object(
        {
            "version": _COUNT,
            "segments": {
                **_list(
                    _object(
                        {
                            "number": _COUNT,
                            "text": {"type": "string", "maxLength": lecture_requests.MAX_SEGMENT_CHARACTERS},
                        }
                    )
                ),
                "minItems": 1,
                "maxItems": lecture_requests.MAX_CORRECTIONS,
            },
        }
    ),
    "SummaryRequest": _object({"template": _said(lecture_requests.MAX_TEMPLATE_CHARACTERS)}),
    "Vocabulary": _object({"version": _TEXT, "topics": _list(_TEXT), "titles": _list(_TEXT)}),
    "SelfTest": _object(
        {
            "embedder": _TEXT,
            "languages": _list(
                _object(
                    {
                        "language": _LANGUAGE,
                        "questions": _COUNT,
                        "lexical": _NUMBER,
                        "hybrid": _NUMBER,
                        "lexical_paraphrased": _NUMBER,
                        "hybrid_paraphrased": _NUMBER,
                        "is_accepted": _TRUTH,
                    }
                )
            ),
        }
    ),
    "Settings": _object(
        {
            "folder": _TEXT,
            "max_file_bytes": _COUNT,
            "model": {"type": ["string", "null"]},
            "reranker": {"type": ["string", "null"]},
            "embedding": _object(
                {
                    "state": {"enum": list(EmbeddingState)},
                    "embedder": _TEXT,
                    "serving": _TEXT,
                    "embedded": _COUNT,
                    "passages": _COUNT,
                    "problem": {"type": ["string", "null"]},
                    "report": _or_null(_ref("SelfTest")),
                }
            ),
        }
    ),
    "Login": _object({"token": _said(requests.MAX_TOKEN_CHARACTERS)}),
    "Session": _object({"authorised": _TRUTH}, {"ingress": _TRUTH, "has_token": _TRUTH}),
    "Message": _object({"jsonrpc": {"const": "2.0"}}, {"id": {}, "method": _TEXT, "params": {}, "result": {}}),
}
