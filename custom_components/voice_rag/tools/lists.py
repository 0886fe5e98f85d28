"""Shopping and to-do lists: read them, add to them."""

from typing import Any, cast, override

import probatio
from homeassistant.components.todo import DOMAIN as TODO
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import Context, HomeAssistant, State, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import intent
from homeassistant.helpers.llm import LLMContext
from homeassistant.util.json import JsonObjectType

from ..gates.fence import NOTICE, defuse
from .base import ADDS_ONCE, READS, HouseTool
from .targets import async_exposed, async_find_one

_LIST = probatio.Optional("list", description="Name of the list; leave out unless the user named one")


class ReadListTool(HouseTool):
    """Reads what is still open."""

    name = "voice_rag__read_list"
    title = "Read a list"
    description = "Returns the open items of a shopping list or to-do list."
    annotations = READS
    parameters = probatio.Schema({_LIST: cv.string})

    @override
    async def _async_run(self, hass: HomeAssistant, args: dict[str, Any], llm_context: LLMContext) -> JsonObjectType:
        chosen = _async_find_list(hass, llm_context, args.get("list"))
        items = await async_open_items(hass, chosen.entity_id, llm_context.context)
        return {"list": chosen.name, "items": [defuse(item) for item in items], "note": NOTICE}


class AddToListTool(HouseTool):
    """Adds what is not on the list yet."""

    name = "voice_rag__add_to_list"
    title = "Add to a list"
    description = "Adds items to a shopping list or to-do list. Give each item separately, in its base form."
    annotations = ADDS_ONCE
    parameters = probatio.Schema(
        {
            probatio.Required("items", description="One entry for each item"): probatio.All(
                cv.ensure_list, [cv.string], probatio.Length(min=1, max=30)
            ),
            _LIST: cv.string,
        }
    )

    @override
    async def _async_run(self, hass: HomeAssistant, args: dict[str, Any], llm_context: LLMContext) -> JsonObjectType:
        chosen = _async_find_list(hass, llm_context, args.get("list"))
        there = {item.casefold() for item in await async_open_items(hass, chosen.entity_id, llm_context.context)}
        wanted = {item.casefold(): item for item in args["items"]}
        added = [item for key, item in wanted.items() if key not in there]
        for item in added:
            await hass.services.async_call(
                TODO,
                "add_item",
                {ATTR_ENTITY_ID: chosen.entity_id, "item": item},
                context=llm_context.context,
                blocking=True,
            )
        already = [item for key, item in wanted.items() if key in there]
        return {"list": chosen.name, "added": [*added], "already_there": [*already]}


@callback
def async_lists(hass: HomeAssistant, llm_context: LLMContext) -> list[State]:
    """Return the lists of the house."""
    return async_exposed(hass, llm_context, TODO)


@callback
def _async_find_list(hass: HomeAssistant, llm_context: LLMContext, name: str | None) -> State:
    lists = async_lists(hass, llm_context)
    if name is None:
        # Nobody says which one where there is one list, or means the house's shopping list by "the list".
        lists = [state for state in lists if state.entity_id == "todo.shopping_list"] or lists
    constraints = intent.MatchTargetsConstraints(name=name, domains={TODO}, single_target=True)
    return async_find_one(hass, llm_context, constraints, lists)


async def async_open_items(hass: HomeAssistant, entity_id: str, context: Context | None) -> list[str]:
    """Return what is still open on a list, as somebody who may read it.

    Raises: HomeAssistantError.
    """
    response = await hass.services.async_call(
        TODO,
        "get_items",
        {ATTR_ENTITY_ID: entity_id, "status": ["needs_action"]},
        context=context,
        blocking=True,
        return_response=True,
    )
    return [item["summary"] for item in cast(dict[str, Any], response)[entity_id]["items"]]
