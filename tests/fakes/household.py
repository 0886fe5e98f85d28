"""A player that can search, a shopping list and a satellite, for tests inside Home Assistant."""

from typing import Any

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.components.media_player import (
    BrowseMedia,
    MediaClass,
    MediaPlayerEntity,
    MediaPlayerEntityFeature,
    MediaType,
    SearchMedia,
    SearchMediaQuery,
)
from homeassistant.components.todo import TodoItem, TodoItemStatus, TodoListEntity, TodoListEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import setup_test_component_platform


class Player(MediaPlayerEntity):
    """Knows a few songs and remembers what it was told to play."""

    _attr_should_poll = False
    _attr_supported_features = MediaPlayerEntityFeature.SEARCH_MEDIA | MediaPlayerEntityFeature.PLAY_MEDIA
    songs = ("Kino: Live", "Kino", "Kino hits")

    def __init__(self, name: str) -> None:
        self._attr_name = name
        self._attr_unique_id = name
        self.played: list[str] = []

    async def async_search_media(self, query: SearchMediaQuery) -> SearchMedia:
        """Return the songs that have the words."""
        return SearchMedia(
            result=[
                BrowseMedia(
                    media_class=MediaClass.ALBUM,
                    media_content_id=f"id:{title}",
                    media_content_type=MediaType.ALBUM,
                    title=title,
                    can_play=True,
                    can_expand=False,
                )
                for title in self.songs
                if query.search_query.casefold() in title.casefold()
            ]
        )

    async def async_play_media(self, media_type: MediaType | str, media_id: str, **kwargs: Any) -> None:
        """Remember it."""
        self.played.append(media_id)


class ShoppingList(TodoListEntity):
    """Keeps what is added."""

    _attr_should_poll = False
    _attr_supported_features = TodoListEntityFeature.CREATE_TODO_ITEM

    def __init__(self, name: str, *items: str) -> None:
        self._attr_name = name
        self._attr_unique_id = name
        self._attr_todo_items = [TodoItem(item, item, TodoItemStatus.NEEDS_ACTION) for item in items]

    async def async_create_todo_item(self, item: TodoItem) -> None:
        """Add an item."""
        assert self._attr_todo_items is not None
        self._attr_todo_items = [*self._attr_todo_items, TodoItem(item.summary, item.summary, item.status)]
        self.async_write_ha_state()

    @property
    def summaries(self) -> list[str | None]:
        """What is on it."""
        return [item.summary for item in self._attr_todo_items or []]


async def async_add_entities(hass: HomeAssistant, domain: str, *entities: Any) -> None:
    """Set up entities of a domain and expose them to conversations."""
    setup_test_component_platform(hass, domain, list(entities))
    assert await async_setup_component(hass, domain, {domain: {"platform": "test"}})
    await hass.async_block_till_done()
    for entity in entities:
        async_expose_entity(hass, "conversation", entity.entity_id, True)
    await hass.async_block_till_done()
