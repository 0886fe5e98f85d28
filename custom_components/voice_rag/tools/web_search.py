"""Search in the web."""

from typing import Any, override

import probatio
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.llm import LLMContext
from homeassistant.util.json import JsonObjectType
from yarl import URL

from ..gates.fence import NOTICE, defuse
from ..searxng import SearxngClient
from ..texts import base_language
from .base import READS_OUTSIDE, HouseTool

MAX_PAGES = 5


class WebSearchTool(HouseTool):
    """Asks the household's own search server."""

    name = "voice_rag__web_search"
    title = "Search the web"
    description = (
        "Searches the internet. Use it only for what changes in the world (news, weather elsewhere, prices, opening "
        "hours) or when the user asks for the internet, never for the family's own documents. Name the site you "
        "answer from."
    )
    annotations = READS_OUTSIDE
    parameters = probatio.Schema(
        {probatio.Required("query", description="A few words, without names of family members"): cv.string}
    )

    def __init__(self, search: SearxngClient) -> None:
        self._search = search

    @override
    async def _async_run(self, hass: HomeAssistant, args: dict[str, Any], llm_context: LLMContext) -> JsonObjectType:
        language = base_language(llm_context.language or hass.config.language)
        pages = await self._search.async_search(args["query"], language, MAX_PAGES)
        return {
            "pages": [
                {"title": defuse(page.title), "site": URL(page.url).host or "", "text": defuse(page.text)}
                for page in pages
            ],
            "note": NOTICE,
        }
