"""Repairs that tell the family what is wrong with the model, with the numbers."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from ..errors import OllamaModelMissingError
from .language_model import LanguageModel

FAILED_ATTEMPTS_BEFORE_ISSUE = 2
"""A server that restarts must not make a repair appear for a few seconds."""


class ModelIssues:
    """The repairs of one agent."""

    def __init__(self, hass: HomeAssistant, agent: str) -> None:
        self._hass = hass
        self._agent = agent

    @callback
    def async_note_health(self, model: LanguageModel) -> None:
        """Raise a repair for a model that stays away, and take it back when it answers.

        For a model that its server lacks there is another one, which fetches it.
        """
        issue_id = f"language_model_away_{self._agent}_{model.name}"
        if not model.breaker.is_open:
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)
        elif model.breaker.attempts >= FAILED_ATTEMPTS_BEFORE_ISSUE and model.last_failure != str(
            OllamaModelMissingError(model.name)
        ):
            self._async_create(
                issue_id,
                "language_model_away",
                {"model": model.name, "url": model.client.url, "error": model.last_failure or ""},
            )

    @callback
    def async_note_length(self, tokens: int, num_ctx: int, devices: int) -> None:
        """Raise a repair with the numbers when a prompt does not fit into the context, and take it back."""
        issue_id = f"prompt_too_long_{self._agent}"
        if tokens <= num_ctx:
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)
            return
        numbers = {"tokens": str(tokens), "num_ctx": str(num_ctx), "devices": str(devices)}
        self._async_create(issue_id, "prompt_too_long", numbers)

    @callback
    def async_clear(self, models: tuple[LanguageModel, ...]) -> None:
        """Take all back."""
        for model in models:
            ir.async_delete_issue(self._hass, DOMAIN, f"language_model_away_{self._agent}_{model.name}")
        ir.async_delete_issue(self._hass, DOMAIN, f"prompt_too_long_{self._agent}")

    @callback
    def _async_create(self, issue_id: str, key: str, placeholders: dict[str, str]) -> None:
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key=key,
            translation_placeholders=placeholders,
        )
