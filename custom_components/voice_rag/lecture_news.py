"""Tells of each lecture once that it is ready or has failed, also of those that did so while we were away."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from homeassistant.core import CALLBACK_TYPE, CoreState, HomeAssistant, callback
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.storage import Store

from .const import DOMAIN
from .coordinator import KnowledgeCoordinator
from .errors import KnowledgeError
from .lectures import shorten
from .models import Lecture, LectureEnd

_LOGGER = logging.getLogger(__name__)

STORAGE_VERSION = 1

type Told = dict[str, str]
"""The id of a lecture -> the state that was told of."""


@dataclass(frozen=True, slots=True)
class LectureNews:
    """A lecture has come to its end."""

    end: LectureEnd
    lecture: Lecture
    summary: str
    """The first sentences of it, without markup; empty where there is none."""


def untold(lectures: tuple[Lecture, ...], told: Told) -> list[Lecture]:
    """Return the lectures to tell of, the oldest first.

    Nothing is told twice. A failure may be followed by success; nothing follows success, whatever is written anew.
    """
    return [
        lecture
        for lecture in reversed(lectures)
        if lecture.state in LectureEnd and told.get(lecture.id) not in (lecture.state, LectureEnd.READY)
    ]


def create_store(hass: HomeAssistant, entry_id: str) -> Store[Told]:
    """Return the storage of one entry."""
    return Store(hass, STORAGE_VERSION, f"{DOMAIN}.lectures.{entry_id}")


class LectureReporter:
    """Compares the service's lectures with what was told, which is kept in Home Assistant's storage.

    What is there at the first look is old: nothing is told of it.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str, coordinator: KnowledgeCoordinator) -> None:
        self._hass = hass
        self._coordinator = coordinator
        self._store = create_store(hass, entry_id)
        self._told: Told | None = None
        """None before the first look."""
        self._listeners: list[Callable[[LectureNews], None]] = []
        self._looking = asyncio.Lock()

    async def async_load(self) -> None:
        """Read what was told."""
        self._told = await self._store.async_load()

    @callback
    def async_start(self) -> None:
        """Look now and whenever something changes, until the entry is unloaded.

        Before Home Assistant has started nothing is told, because no automation would hear it.
        """
        entry = self._coordinator.config_entry

        @callback
        def async_look_soon(_hass: HomeAssistant | None = None) -> None:
            if self._hass.state is CoreState.running and self._coordinator.lectures is not None:
                look = self._async_look(self._coordinator.lectures)
                entry.async_create_background_task(self._hass, look, "voice_rag lectures")

        entry.async_on_unload(self._coordinator.async_add_listener(async_look_soon))
        entry.async_on_unload(async_at_started(self._hass, async_look_soon))

    @callback
    def async_listen(self, listener: Callable[[LectureNews], None]) -> CALLBACK_TYPE:
        """Call `listener` for each lecture that has come to its end until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def _async_look(self, lectures: tuple[Lecture, ...]) -> None:
        async with self._looking:
            if self._told is None:
                await self._async_note(*untold(lectures, {}))
                return
            for lecture in untold(lectures, self._told):
                news = LectureNews(LectureEnd(lecture.state), lecture, await self._async_sum_up(lecture))
                for listener in tuple(self._listeners):
                    listener(news)
                await self._async_note(lecture)

    async def _async_note(self, *lectures: Lecture) -> None:
        self._told = {**(self._told or {}), **{lecture.id: lecture.state for lecture in lectures}}
        # Written at once: after a power cut nothing is told again.
        await self._store.async_save(self._told)

    async def _async_sum_up(self, lecture: Lecture) -> str:
        if lecture.state != LectureEnd.READY:
            return ""
        try:
            return shorten((await self._coordinator.knowledge.async_get_lecture(lecture.id)).summary)
        except KnowledgeError as err:
            _LOGGER.warning("The summary of %s could not be read: %s", lecture.path, err)
            return ""
