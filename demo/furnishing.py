"""What a person does once in a new Home Assistant: integrations, rooms, names, an assistant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from demo.errors import HomeAssistantError
from demo.ports import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from demo.homeassistant import HomeAssistant

WAKE_WORD = "okay_nabu"


@dataclass(frozen=True, slots=True)
class Thing:
    """A device of the house: its room and what the family calls it besides its own name."""

    area_id: str
    aliases: tuple[str, ...]


AREA_ALIASES = {"kitchen": ("Кухня",), "living_room": ("Гостиная", "Зал"), "bedroom": ("Спальня",)}
"""By area id; Home Assistant makes these three rooms in its onboarding."""
THINGS = {
    "light.kitchen": Thing("kitchen", ("Свет на кухне",)),
    "switch.kettle": Thing("kitchen", ("Чайник",)),
    "light.living_room_lamp": Thing("living_room", ("Лампа в гостиной", "Торшер")),
    "cover.living_room_blinds": Thing("living_room", ("Жалюзи",)),
    "climate.living_room_thermostat": Thing("living_room", ("Термостат",)),
    "sensor.living_room_temperature": Thing("living_room", ("Температура в гостиной",)),
    "light.bedroom": Thing("bedroom", ("Свет в спальне",)),
    "fan.bedroom": Thing("bedroom", ("Вентилятор",)),
}


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice of the house as Home Assistant knows it."""

    engine_id: str
    language: str
    voice_id: str


async def arrange_rooms(home: HomeAssistant) -> None:
    """Put every device in its room and give rooms and devices their Russian names."""
    for area_id, aliases in AREA_ALIASES.items():
        await home.command("config/area_registry/update", area_id=area_id, aliases=list(aliases))
    for entity_id, thing in THINGS.items():
        # None stands for the entity's own name, which stays one of its names.
        await home.command(
            "config/entity_registry/update",
            entity_id=entity_id,
            area_id=thing.area_id,
            aliases=[None, *thing.aliases],
        )
    await home.command(
        "homeassistant/expose_entity", assistants=["conversation"], entity_ids=list(THINGS), should_expose=True
    )


async def add_wyoming(home: HomeAssistant, port: int) -> dict[str, str]:
    """Add a Wyoming server or satellite; return the entities it brought, by domain."""
    entry_id = await home.add_integration("wyoming", {"host": LOOPBACK, "port": port})
    return _by_domain(entity for entity in await home.entities() if entity.entry_id == entry_id)


async def add_voice_rag(home: HomeAssistant, answers: Mapping[str, Any]) -> str:
    """Add this project's integration through its config flow; return the entity id of its agent."""
    entry_id = await home.add_integration("voice_rag", answers)
    entities = _by_domain(entity for entity in await home.entities() if entity.entry_id == entry_id)
    if "conversation" not in entities:
        raise HomeAssistantError(f"The voice_rag integration brought no conversation agent, only {entities}.")
    return entities["conversation"]


async def find_voice(home: HomeAssistant, engine_id: str, language: str) -> Voice:
    """Return the first voice of an engine that speaks a language (`ru` finds `ru-RU` too)."""
    engines = (await home.command("tts/engine/list"))["providers"]
    engine = next(row for row in engines if row["engine_id"] == engine_id)
    tag = matching(engine["supported_languages"], language)
    voices = (await home.command("tts/engine/voices", engine_id=engine_id, language=tag))["voices"]
    if not voices:
        raise HomeAssistantError(f"{engine_id} has no voice for {language}.")
    return Voice(engine_id, tag, voices[0]["voice_id"])


async def create_assistant(home: HomeAssistant, agent_id: str, speech: Mapping[str, str], voice: Voice) -> None:
    """Create the Assist pipeline of the house and make it the preferred one."""
    engines = (await home.command("stt/engine/list"))["providers"]
    hearing = next(row for row in engines if row["engine_id"] == speech["stt"])
    pipeline = await home.command(
        "assist_pipeline/pipeline/create",
        name="Voice RAG",
        language="en",
        conversation_engine=agent_id,
        conversation_language="en",
        stt_engine=speech["stt"],
        stt_language=matching(hearing["supported_languages"], "en"),
        tts_engine=voice.engine_id,
        tts_language=voice.language,
        tts_voice=voice.voice_id,
        wake_word_entity=speech["wake_word"],
        wake_word_id=WAKE_WORD,
    )
    await home.command("assist_pipeline/pipeline/set_preferred", pipeline_id=pipeline["id"])


def matching(tags: Iterable[str], language: str) -> str:
    """Return the tag for a language, the plain one before one with a region.

    Raises: HomeAssistantError.
    """
    offered = sorted(tags, key=lambda tag: (len(tag), tag))
    for tag in offered:
        if tag.lower().replace("_", "-").partition("-")[0] == language:
            return tag
    raise HomeAssistantError(f"The language {language} is not offered, only {', '.join(offered) or 'none'}.")


def _by_domain(entities: Iterable[Any]) -> dict[str, str]:
    return {entity.domain: entity.entity_id for entity in entities}
