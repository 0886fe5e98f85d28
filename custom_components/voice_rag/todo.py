"""The remembered facts as a list: people see what was kept, mend it and delete it."""

from typing import override

from homeassistant.components.todo import TodoItem, TodoItemStatus, TodoListEntity, TodoListEntityFeature
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN
from .data import VoiceRagConfigEntry
from .devices import service_device
from .errors import FactsFullError
from .facts import MAX_FACTS

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001
    entry: VoiceRagConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the list of an entry's facts."""
    async_add_entities([FactsList(entry)])


class FactsList(TodoListEntity):
    """Every fact is an item. It is no list to shop by, so it is not exposed to assistants by itself."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _attr_translation_key = "facts"
    _attr_entity_category = EntityCategory.CONFIG
    _attr_supported_features = (
        TodoListEntityFeature.CREATE_TODO_ITEM
        | TodoListEntityFeature.DELETE_TODO_ITEM
        | TodoListEntityFeature.UPDATE_TODO_ITEM
    )

    def __init__(self, entry: VoiceRagConfigEntry) -> None:
        self._facts = entry.runtime_data.facts
        self._attr_unique_id = f"{entry.entry_id}_facts"
        self._attr_device_info = service_device(entry, None)

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the facts."""
        self.async_on_remove(self._facts.async_listen(self.async_write_ha_state))

    @property
    @override
    def todo_items(self) -> list[TodoItem]:
        """The facts, the oldest first."""
        return [
            TodoItem(uid=fact.id, summary=fact.text, status=TodoItemStatus.NEEDS_ACTION) for fact in self._facts.facts
        ]

    @override
    async def async_create_todo_item(self, item: TodoItem) -> None:
        """Remember a fact that was written down."""
        try:
            await self._facts.async_add(item.summary or "")
        except FactsFullError as err:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="facts_full",
                translation_placeholders={"most": str(MAX_FACTS)},
            ) from err

    @override
    async def async_update_todo_item(self, item: TodoItem) -> None:
        """Change a fact; one that is ticked off is forgotten."""
        if item.status == TodoItemStatus.COMPLETED:
            await self._facts.async_remove(item.uid or "")
        elif item.summary:
            await self._facts.async_change(item.uid or "", item.summary)

    @override
    async def async_delete_todo_items(self, uids: list[str]) -> None:
        """Forget facts."""
        await self._facts.async_remove(*uids)
