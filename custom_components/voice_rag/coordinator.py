"""Watches the knowledge service."""

import logging
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .api import KnowledgeClient
from .const import DOMAIN, FAILED_POLLS_BEFORE_ISSUE, POLL_INTERVAL, POLL_INTERVAL_WHILE_READING
from .errors import KnowledgeAuthError, KnowledgeError
from .models import Health, KnowledgeVocabulary, Lecture

_LOGGER = logging.getLogger(__name__)


class KnowledgeCoordinator(DataUpdateCoordinator[Health]):
    """Polls the service's health, and fetches its vocabulary and its lectures when they have changed."""

    config_entry: ConfigEntry

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, knowledge: KnowledgeClient) -> None:
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name="Voice RAG knowledge service",
            update_interval=POLL_INTERVAL,
            always_update=False,
        )
        self.knowledge = knowledge
        self.vocabulary: KnowledgeVocabulary | None = None
        """None until the service was first reached."""
        self.lectures: tuple[Lecture, ...] | None = None
        """The newest first; None until the service was first reached, and for one without lectures."""
        self._lectures_version = ""
        self._failed_polls = 0

    @override
    async def _async_update_data(self) -> Health:
        try:
            health = await self.knowledge.async_get_health()
            if self.vocabulary is None or self.vocabulary.version != health.vocabulary_version:
                # This request needs the token, so it also finds one that is wrong.
                self.vocabulary = await self.knowledge.async_get_vocabulary()
            if health.lectures_version not in ("", self._lectures_version):
                self.lectures = await self.knowledge.async_get_lectures(self.hass.config.language)
                self._lectures_version = health.lectures_version
        except KnowledgeAuthError as err:
            raise ConfigEntryAuthFailed(translation_domain=DOMAIN, translation_key="knowledge_denied") from err
        except KnowledgeError as err:
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key="knowledge_unavailable",
                translation_placeholders={"error": str(err)},
            ) from err
        self.update_interval = POLL_INTERVAL_WHILE_READING if health.pending else POLL_INTERVAL
        return health

    @property
    def health(self) -> Health | None:
        """The last health that was seen; None until the service was first reached."""
        data: Health | None = self.data
        return data

    @callback
    @override
    def _async_refresh_finished(self) -> None:
        """Raise a repair while the service stays away, and take it back when it returns."""
        self._failed_polls = 0 if self.last_update_success else self._failed_polls + 1
        if self._failed_polls == 0:
            ir.async_delete_issue(self.hass, DOMAIN, self._issue_id)
        elif self._failed_polls == FAILED_POLLS_BEFORE_ISSUE:
            self._async_create_issue()

    @callback
    def _async_create_issue(self) -> None:
        ir.async_create_issue(
            self.hass,
            DOMAIN,
            self._issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key="knowledge_unreachable",
            translation_placeholders={"url": self.knowledge.url},
        )

    @property
    def _issue_id(self) -> str:
        return f"knowledge_unreachable_{self.config_entry.entry_id}"
