"""Search in the household's documents."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, override

import probatio
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.llm import LLMContext
from homeassistant.util.json import JsonObjectType

from ..api import KnowledgeClient
from ..gates.fence import NOTICE, defuse
from ..models import Hit, SearchFilters, SearchResult
from .base import READS, HouseTool

KINDS = ("document", "film", "lecture")
MAX_QUERIES = 4
HITS_PER_QUERY = 6
MAX_PASSAGES = 6

_DAY = probatio.All(cv.string, cv.date)
_FUSION_CONSTANT = 60
"""Of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""


class SearchKnowledgeTool(HouseTool):
    """Finds passages for several wordings of one question."""

    name = "voice_rag__search_knowledge"
    title = "Search the household's documents"
    description = (
        "Searches the family's own documents, manuals, films and recorded lectures. Use it for every question about "
        "facts. Give two or three different wordings of the question, in the language of the question, with the words "
        "a document would use. For a lecture by its day, ask what it was about, with the kind lecture and that day. "
        "If nothing relevant is found, say that it is not in the documents."
    )
    annotations = READS
    parameters = probatio.Schema(
        {
            probatio.Required("queries", description="One to four wordings of what is looked for"): probatio.All(
                cv.ensure_list, [cv.string], probatio.Length(min=1)
            ),
            probatio.Optional("kinds", description="Only these kinds; leave out for all"): probatio.All(
                cv.ensure_list, [probatio.In(KINDS)]
            ),
            probatio.Optional("filters", description="Narrows the search; leave out unless the user named one"): {
                probatio.Optional("document", description="Part of a document's title or file name"): cv.string,
                probatio.Optional("language", description="Language of the passages"): probatio.In(["ru", "en", "zh"]),
                probatio.Optional("date_from", description="First day, as YYYY-MM-DD"): probatio.All(
                    cv.string, cv.date
                ),
                probatio.Optional("date_to", description="Last day; the same for a single one"): probatio.All(
                    cv.string, cv.date
                ),
            },
        }
    )

    def __init__(self, knowledge: KnowledgeClient) -> None:
        self._knowledge = knowledge

    @override
    async def _async_run(self, hass: HomeAssistant, args: dict[str, Any], llm_context: LLMContext) -> JsonObjectType:
        queries = list(dict.fromkeys(args["queries"]))[:MAX_QUERIES]
        narrowed = args.get("filters", {})
        filters = SearchFilters(tuple(args.get("kinds", ())), **narrowed)
        results = await asyncio.gather(
            *(self._knowledge.async_search(query, HITS_PER_QUERY, filters=filters) for query in queries)
        )
        found = fuse(results)
        return {
            "relevant": found.relevant,
            "passages": [_as_json(number, hit) for number, hit in enumerate(found.hits, start=1)],
            "note": NOTICE if found.relevant else f"{NOTICE} These passages do not answer the question.",
        }


@dataclass(frozen=True, slots=True)
class Fused:
    """The results of several queries as one."""

    relevant: bool
    hits: tuple[Hit, ...]
    """Best first, each passage once."""


def fuse(results: Iterable[SearchResult]) -> Fused:
    """Merge by reciprocal rank; relevant results alone count where there are some."""
    results = list(results)
    relevant = [result for result in results if result.relevant]
    scores: dict[tuple[str, str], float] = {}
    hits: dict[tuple[str, str], Hit] = {}
    for result in relevant or results:
        for rank, hit in enumerate(result.hits, start=1):
            key = hit.document, hit.text
            scores[key] = scores.get(key, 0.0) + 1 / (_FUSION_CONSTANT + rank)
            hits.setdefault(key, hit)
    best = sorted(scores, key=lambda key: scores[key], reverse=True)[:MAX_PASSAGES]
    return Fused(bool(relevant), tuple(hits[key] for key in best))


def _as_json(number: int, hit: Hit) -> JsonObjectType:
    return {
        "number": number,
        "title": defuse(hit.title),
        "place": defuse(hit.place),
        "kind": hit.kind,
        "text": defuse(hit.text),
    }
