"""Music: find it and play it, in one step."""

from collections.abc import Iterable
from typing import Any, cast, override

import probatio
from homeassistant.components.media_player import (
    ATTR_MEDIA_CONTENT_ID,
    ATTR_MEDIA_CONTENT_TYPE,
    ATTR_MEDIA_SEARCH_QUERY,
    BrowseMedia,
    MediaPlayerEntityFeature,
    SearchMedia,
)
from homeassistant.components.media_player import DOMAIN as MEDIA_PLAYER
from homeassistant.const import ATTR_ENTITY_ID, ATTR_SUPPORTED_FEATURES
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import intent
from homeassistant.helpers.llm import LLMContext, ToolAnnotations
from homeassistant.util.json import JsonObjectType

from ..gates.fence import defuse
from .base import HouseTool, ToolFailedError
from .targets import async_exposed, async_find_one

_FEATURES = MediaPlayerEntityFeature.SEARCH_MEDIA | MediaPlayerEntityFeature.PLAY_MEDIA


class PlayMusicTool(HouseTool):
    """Plays the best result of a player's own search."""

    name = "voice_rag__play_music"
    title = "Play music"
    description = (
        "Finds music by artist, album, song, genre or mood and plays it. Leave the player and the area out unless the "
        "user named one: the player near the user is taken."
    )
    annotations = ToolAnnotations(destructive=False)
    parameters = probatio.Schema(
        {
            probatio.Required("query", description="What to play, in the user's words"): cv.string,
            probatio.Optional("player", description="Name of the player"): cv.string,
            probatio.Optional("area", description="Room to play in"): cv.string,
        }
    )

    @override
    async def _async_run(self, hass: HomeAssistant, args: dict[str, Any], llm_context: LLMContext) -> JsonObjectType:
        player = async_find_one(
            hass,
            llm_context,
            intent.MatchTargetsConstraints(
                name=args.get("player"), area_name=args.get("area"), domains={MEDIA_PLAYER}, single_target=True
            ),
            async_players(hass, llm_context),
        )
        item = best_match(args["query"], await _async_search(hass, llm_context, player, args["query"]))
        if item is None:
            raise ToolFailedError(f"{player.name} finds nothing to play for {args['query']!r}")
        await hass.services.async_call(
            MEDIA_PLAYER,
            "play_media",
            {
                ATTR_ENTITY_ID: player.entity_id,
                ATTR_MEDIA_CONTENT_ID: item.media_content_id,
                ATTR_MEDIA_CONTENT_TYPE: item.media_content_type,
            },
            context=llm_context.context,
            blocking=True,
        )
        return {"playing": defuse(item.title), "kind": item.media_class, "player": player.name}


@callback
def async_players(hass: HomeAssistant, llm_context: LLMContext) -> list[State]:
    """Return the players that can search and play."""
    return [
        state
        for state in async_exposed(hass, llm_context, MEDIA_PLAYER)
        if state.attributes.get(ATTR_SUPPORTED_FEATURES, 0) & _FEATURES == _FEATURES
    ]


def best_match(query: str, items: Iterable[BrowseMedia]) -> BrowseMedia | None:
    """Return the first item whose title is what was asked for, else the player's own first; None without any."""
    playable = [item for item in items if item.can_play]
    wanted = query.casefold().strip()
    return next((item for item in playable if item.title.casefold() == wanted), playable[0] if playable else None)


async def _async_search(
    hass: HomeAssistant, llm_context: LLMContext, player: State, query: str
) -> Iterable[BrowseMedia]:
    response = await hass.services.async_call(
        MEDIA_PLAYER,
        "search_media",
        {ATTR_ENTITY_ID: player.entity_id, ATTR_MEDIA_SEARCH_QUERY: query},
        context=llm_context.context,
        blocking=True,
        return_response=True,
    )
    return cast(dict[str, SearchMedia], response)[player.entity_id].result
