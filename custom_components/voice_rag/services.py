"""Actions."""

from collections.abc import Callable, Coroutine
from typing import Any

import probatio
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import service

from .agent.chat import Question
from .answerers import async_collect
from .const import DOMAIN
from .data import VoiceRagConfigEntry
from .errors import KnowledgeAuthError, KnowledgeError
from .lectures import as_dict, details_as_dict, find_lecture, is_in_collection
from .models import Hit, SearchFilters
from .speaking import async_say
from .texts import base_language

ATTR_COLLECTION = "collection"
ATTR_DOCUMENT = "document"
ATTR_KINDS = "kinds"
ATTR_LANGUAGE = "language"
ATTR_LECTURE = "lecture"
ATTR_LIMIT = "limit"
ATTR_MESSAGE = "message"
ATTR_NAME = "name"
ATTR_PATH = "path"
ATTR_QUERY = "query"
ATTR_QUESTION = "question"
ATTR_TEXT = "text"

KINDS = ["document", "film", "lecture"]
MAX_QUESTION_LENGTH = 2000
"""Characters; the knowledge service takes no more."""
MAX_DOCUMENT_LENGTH = 200_000
DEFAULT_LIMIT = 5

_ENTRY = {probatio.Optional(ATTR_CONFIG_ENTRY_ID): cv.string}
_QUESTION = probatio.All(cv.string, probatio.Length(min=1, max=MAX_QUESTION_LENGTH))

ASK_SCHEMA = probatio.Schema(
    {probatio.Required(ATTR_QUESTION): _QUESTION, probatio.Optional(ATTR_LANGUAGE): cv.string, **_ENTRY}
)
SEARCH_SCHEMA = probatio.Schema(
    {
        probatio.Required(ATTR_QUERY): _QUESTION,
        probatio.Optional(ATTR_LIMIT, default=DEFAULT_LIMIT): probatio.All(
            probatio.Coerce(int), probatio.Range(min=1, max=50)
        ),
        probatio.Optional(ATTR_KINDS, default=[]): probatio.All(cv.ensure_list, [probatio.In(KINDS)]),
        probatio.Optional(ATTR_DOCUMENT, default=""): cv.string,
        probatio.Optional(ATTR_LANGUAGE, default=""): probatio.In(["", "ru", "en", "zh"]),
        **_ENTRY,
    }
)
ADD_DOCUMENT_SCHEMA = probatio.Schema(
    {
        probatio.Required(ATTR_NAME): probatio.All(cv.string, probatio.Length(min=1, max=80)),
        probatio.Required(ATTR_TEXT): probatio.All(cv.string, probatio.Length(min=1, max=MAX_DOCUMENT_LENGTH)),
        **_ENTRY,
    }
)
REMOVE_DOCUMENT_SCHEMA = probatio.Schema({probatio.Required(ATTR_PATH): cv.string, **_ENTRY})
LIST_LECTURES_SCHEMA = probatio.Schema({probatio.Optional(ATTR_COLLECTION, default=""): cv.string, **_ENTRY})
GET_LECTURE_SCHEMA = probatio.Schema({probatio.Optional(ATTR_LECTURE, default=""): cv.string, **_ENTRY})
REINDEX_SCHEMA = probatio.Schema(_ENTRY)
SAY_SCHEMA = cv.make_entity_service_schema(
    {
        probatio.Required(ATTR_MESSAGE): probatio.All(cv.string, probatio.Length(min=1, max=MAX_QUESTION_LENGTH)),
        **_ENTRY,
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, action, schema, response in (
        ("ask", _async_ask, ASK_SCHEMA, SupportsResponse.ONLY),
        ("search", _async_search, SEARCH_SCHEMA, SupportsResponse.ONLY),
        ("add_document", _async_add_document, ADD_DOCUMENT_SCHEMA, SupportsResponse.OPTIONAL),
        ("remove_document", _async_remove_document, REMOVE_DOCUMENT_SCHEMA, SupportsResponse.OPTIONAL),
        ("list_lectures", _async_list_lectures, LIST_LECTURES_SCHEMA, SupportsResponse.ONLY),
        ("get_lecture", _async_get_lecture, GET_LECTURE_SCHEMA, SupportsResponse.ONLY),
        ("reindex", _async_reindex, REINDEX_SCHEMA, SupportsResponse.OPTIONAL),
        ("say", _async_say, SAY_SCHEMA, SupportsResponse.OPTIONAL),
    ):
        hass.services.async_register(DOMAIN, name, _explaining(action), schema=schema, supports_response=response)


type _Action = Callable[[ServiceCall, VoiceRagConfigEntry], Coroutine[Any, Any, dict[str, Any]]]


def _explaining(action: _Action) -> Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]:
    """Return the action with its entry found, and its failures in the user's language."""

    async def async_act(call: ServiceCall) -> ServiceResponse:
        entry: VoiceRagConfigEntry = service.async_get_config_entry(
            call.hass, DOMAIN, call.data.get(ATTR_CONFIG_ENTRY_ID)
        )
        try:
            return await action(call, entry)
        except KnowledgeAuthError as err:
            entry.async_start_reauth(call.hass)
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="knowledge_denied") from err
        except KnowledgeError as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="knowledge_unavailable",
                translation_placeholders={"error": str(err)},
            ) from err

    return async_act


async def _async_ask(call: ServiceCall, entry: VoiceRagConfigEntry) -> dict[str, Any]:
    language = base_language(call.data.get(ATTR_LANGUAGE, call.hass.config.language))
    question = Question(call.data[ATTR_QUESTION], language)
    reply = await async_collect(entry.runtime_data.answerer.async_answer(question))
    return {"answer": reply.text, "found": reply.found, "sources": reply.sources_as_list()}


async def _async_search(call: ServiceCall, entry: VoiceRagConfigEntry) -> dict[str, Any]:
    data = call.data
    filters = SearchFilters(tuple(data[ATTR_KINDS]), data[ATTR_DOCUMENT], data[ATTR_LANGUAGE])
    knowledge = entry.runtime_data.coordinator.knowledge
    result = await knowledge.async_search(data[ATTR_QUERY], data[ATTR_LIMIT], filters)
    return {"relevant": result.relevant, "passages": [_passage(hit) for hit in result.hits]}


async def _async_add_document(call: ServiceCall, entry: VoiceRagConfigEntry) -> dict[str, Any]:
    knowledge = entry.runtime_data.coordinator.knowledge
    return {"path": await knowledge.async_add_document(call.data[ATTR_NAME], call.data[ATTR_TEXT])}


async def _async_remove_document(call: ServiceCall, entry: VoiceRagConfigEntry) -> dict[str, Any]:
    await entry.runtime_data.coordinator.knowledge.async_remove_document(call.data[ATTR_PATH])
    return {"path": call.data[ATTR_PATH]}


async def _async_list_lectures(call: ServiceCall, entry: VoiceRagConfigEntry) -> dict[str, Any]:
    lectures = await entry.runtime_data.coordinator.knowledge.async_get_lectures(call.hass.config.language)
    wanted = call.data[ATTR_COLLECTION]
    return {"lectures": [as_dict(lecture) for lecture in lectures if is_in_collection(lecture, wanted)]}


async def _async_get_lecture(call: ServiceCall, entry: VoiceRagConfigEntry) -> dict[str, Any]:
    knowledge, wanted = entry.runtime_data.coordinator.knowledge, call.data[ATTR_LECTURE].strip()
    lecture = find_lecture(await knowledge.async_get_lectures(call.hass.config.language), wanted)
    if lecture is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_such_lecture" if wanted else "no_lecture",
            translation_placeholders={"lecture": wanted},
        )
    return details_as_dict(await knowledge.async_get_lecture(lecture.id))


async def _async_reindex(call: ServiceCall, entry: VoiceRagConfigEntry) -> dict[str, Any]:  # noqa: ARG001
    coordinator = entry.runtime_data.coordinator
    await coordinator.knowledge.async_reindex()
    await coordinator.async_request_refresh()
    return {"status": "started"}


async def _async_say(call: ServiceCall, entry: VoiceRagConfigEntry) -> dict[str, Any]:
    return {"spoken_by": [*await async_say(call, entry, call.data[ATTR_MESSAGE])]}


def _passage(hit: Hit) -> dict[str, Any]:
    return {
        "document": hit.document,
        "kind": hit.kind,
        "title": hit.title,
        "place": hit.place,
        "language": hit.language,
        "text": hit.text,
        "score": hit.score,
        "link": hit.link or None,
    }
