"""An event for each lecture that is ready, or that could not be transcribed."""

from typing import Any, override

from homeassistant.components.event import EventEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .data import VoiceRagConfigEntry
from .devices import service_device
from .lecture_news import LectureNews
from .lectures import as_dict
from .models import LectureEnd
from .texts import get_texts

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001
    entry: VoiceRagConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event of an entry's lectures."""
    async_add_entities([LectureEvent(entry)])


class LectureEvent(EventEntity):
    """The last lecture that came to its end. Available without the service: an event stays what it was."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _attr_translation_key = "lecture"
    _attr_event_types = [end.value for end in LectureEnd]  # noqa: RUF012

    def __init__(self, entry: VoiceRagConfigEntry) -> None:
        self._lectures = entry.runtime_data.lectures
        self._attr_unique_id = f"{entry.entry_id}_lecture"
        self._attr_device_info = service_device(entry, None)

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the news."""
        self.async_on_remove(self._lectures.async_listen(self._async_tell))

    @callback
    def _async_tell(self, news: LectureNews) -> None:
        self._trigger_event(news.end.value, _attributes(news, self.hass.config.language))
        self.async_write_ha_state()


def _attributes(news: LectureNews, language: str) -> dict[str, Any]:
    """Return the lecture, and a sentence about it in the language of the house that can be spoken as it is."""
    texts = get_texts(language)
    said = texts.lecture_ready if news.end is LectureEnd.READY else texts.lecture_failed
    lecture = {name: value for name, value in as_dict(news.lecture).items() if name not in ("id", "state", "ready_at")}
    return {
        "lecture_id": news.lecture.id,
        **lecture,
        "summary": news.summary,
        "announcement": said.format(title=news.lecture.title, problem=news.lecture.problem).strip(),
    }
