"""Sensors: what the knowledge service has, and how fast the assistant is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .coordinator import KnowledgeCoordinator
from .data import VoiceRagConfigEntry
from .devices import service_device
from .figures import Figures
from .models import Health

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class KnowledgeSensorDescription(SensorEntityDescription):
    """A figure of the knowledge service's health."""

    value: Callable[[Health], int | datetime | None]


@dataclass(frozen=True, kw_only=True)
class FigureSensorDescription(SensorEntityDescription):
    """A figure over the last turns."""

    value: Callable[[Figures], float | None]


KNOWLEDGE_SENSORS = (
    KnowledgeSensorDescription(
        key="documents",
        translation_key="documents",
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda health: health.documents,
    ),
    KnowledgeSensorDescription(
        key="passages",
        translation_key="passages",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda health: health.passages,
    ),
    KnowledgeSensorDescription(
        key="pending",
        translation_key="pending",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda health: health.pending,
    ),
    KnowledgeSensorDescription(
        key="failed",
        translation_key="failed",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda health: health.failed,
    ),
    KnowledgeSensorDescription(
        key="last_indexed",
        translation_key="last_indexed",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda health: health.last_indexed,
    ),
)
FIGURE_SENSORS = (
    FigureSensorDescription(
        key="answer_time_median",
        translation_key="answer_time_median",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=2,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda figures: figures.turn_seconds(50),
    ),
    FigureSensorDescription(
        key="answer_time_p95",
        translation_key="answer_time_p95",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=2,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda figures: figures.turn_seconds(95),
    ),
    FigureSensorDescription(
        key="prefix_hits",
        translation_key="prefix_hits",
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda figures: figures.prefix_hit_percent,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001
    entry: VoiceRagConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of an entry; those about a model where there is one."""
    async_add_entities(KnowledgeSensor(entry, description) for description in KNOWLEDGE_SENSORS)
    async_add_entities(
        FigureSensor(entry, description)
        for description in FIGURE_SENSORS
        if description.key != "prefix_hits" or entry.runtime_data.ollama is not None
    )


class KnowledgeSensor(CoordinatorEntity[KnowledgeCoordinator], SensorEntity):
    """Follows the knowledge service; unavailable while it is away."""

    _attr_has_entity_name = True
    entity_description: KnowledgeSensorDescription

    def __init__(self, entry: VoiceRagConfigEntry, description: KnowledgeSensorDescription) -> None:
        super().__init__(entry.runtime_data.coordinator)
        self.entity_description = description
        self._attr_unique_id = f"{entry.entry_id}_{description.key}"
        health = self.coordinator.health
        self._attr_device_info = service_device(entry, health.version if health else None)

    @property
    @override
    def native_value(self) -> int | datetime | None:
        """The figure; unknown until the service was first reached."""
        return self.entity_description.value(self.coordinator.health) if self.coordinator.health else None


class FigureSensor(SensorEntity):
    """Follows the turns; unknown before the first one."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    entity_description: FigureSensorDescription

    def __init__(self, entry: VoiceRagConfigEntry, description: FigureSensorDescription) -> None:
        self._figures = entry.runtime_data.figures
        self.entity_description = description
        self._attr_unique_id = f"{entry.entry_id}_{description.key}"
        self._attr_device_info = service_device(entry, None)

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the figures."""
        self.async_on_remove(self._figures.listen(self.async_write_ha_state))

    @property
    @override
    def native_value(self) -> float | None:
        """The figure over the remembered turns."""
        return self.entity_description.value(self._figures)
