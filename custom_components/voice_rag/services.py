"""Actions."""

import probatio
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import service
from homeassistant.util.json import JsonValueType

from .answerers import async_collect
from .chat import Question
from .const import DOMAIN
from .data import VoiceRagConfigEntry
from .errors import KnowledgeError
from .texts import base_language

ATTR_LANGUAGE = "language"
ATTR_QUESTION = "question"
SERVICE_ASK = "ask"

MAX_QUESTION_LENGTH = 2000
"""Characters; the knowledge service takes no more."""

_ASK_SCHEMA = probatio.Schema(
    {
        probatio.Required(ATTR_QUESTION): probatio.All(cv.string, probatio.Length(min=1, max=MAX_QUESTION_LENGTH)),
        probatio.Optional(ATTR_LANGUAGE): cv.string,
        probatio.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    hass.services.async_register(
        DOMAIN, SERVICE_ASK, _async_ask, schema=_ASK_SCHEMA, supports_response=SupportsResponse.ONLY
    )


async def _async_ask(call: ServiceCall) -> ServiceResponse:
    entry: VoiceRagConfigEntry = service.async_get_config_entry(call.hass, DOMAIN, call.data.get(ATTR_CONFIG_ENTRY_ID))
    language = base_language(call.data.get(ATTR_LANGUAGE, call.hass.config.language))
    question = Question(call.data[ATTR_QUESTION], language)
    try:
        reply = await async_collect(entry.runtime_data.answerer.async_answer(question))
    except KnowledgeError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="knowledge_unavailable",
            translation_placeholders={"error": str(err)},
        ) from err
    sources: list[JsonValueType] = [*reply.sources_as_list()]
    return {"answer": reply.text, "found": reply.found, "sources": sources}
