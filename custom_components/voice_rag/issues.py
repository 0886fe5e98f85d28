"""What is looked at after set-up and raised as a repair."""

from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.start import async_at_started

from .assistant import ASSIST_PIPELINE, async_find_speech, async_own_pipelines, missing_assistant_issue
from .const import DOMAIN, SUBENTRY_AI_TASK, SUBENTRY_CONVERSATION
from .data import VoiceRagConfigEntry, agent_options, subentries_of
from .errors import OllamaError
from .models import FolderProblem
from .ollama import has_model

CHECK_INTERVAL = timedelta(minutes=10)

_FOLDER_ISSUES = {
    FolderProblem.MISSING: "folder_missing",
    FolderProblem.UNREADABLE: "folder_unreadable",
    FolderProblem.EMPTY: "folder_empty",
    FolderProblem.READ_ONLY: "folder_read_only",
}


@callback
def async_watch_issues(hass: HomeAssistant, entry: VoiceRagConfigEntry) -> None:
    """Look now, at each news of the knowledge service and every few minutes, until the entry is unloaded."""

    async def async_check(_now: HomeAssistant | datetime) -> None:
        async_check_assistant(hass, entry)
        await async_check_models(hass, entry)

    async_check_folder(hass, entry)
    entry.async_on_unload(entry.runtime_data.coordinator.async_add_listener(lambda: async_check_folder(hass, entry)))
    # Other integrations may bring the ears and the voice, and are set up after this one.
    entry.async_on_unload(async_at_started(hass, async_check))
    entry.async_on_unload(async_track_time_interval(hass, async_check, CHECK_INTERVAL))
    entry.async_on_unload(lambda: async_delete_issues(hass, entry))


async def async_check_models(hass: HomeAssistant, entry: VoiceRagConfigEntry) -> None:
    """Raise a repair for each model that Ollama does not have, and take back those it has by now."""
    if (ollama := entry.runtime_data.ollama) is None:
        return
    try:
        offered = await ollama.async_list_models()
    except OllamaError:
        return  # that it is away is another matter, and what it has is not known
    for model in _wanted_models(entry):
        issue_id = f"model_missing_{entry.entry_id}_{model}"
        if has_model(offered, model):
            ir.async_delete_issue(hass, DOMAIN, issue_id)
            continue
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            data={"entry_id": entry.entry_id, "model": model},
            is_fixable=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key="model_missing",
            translation_placeholders={"model": model},
        )


@callback
def async_check_folder(hass: HomeAssistant, entry: VoiceRagConfigEntry) -> None:
    """Raise a repair for what is wrong with the knowledge folder, and take back what no longer is."""
    coordinator = entry.runtime_data.coordinator
    problem = coordinator.health.folder_problem if coordinator.health else ""
    for known, translation_key in _FOLDER_ISSUES.items():
        # An issue of its own for each: who ignores an empty folder still hears that it is gone.
        issue_id = f"{translation_key}_{entry.entry_id}"
        if known != problem:
            ir.async_delete_issue(hass, DOMAIN, issue_id)
            continue
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key=translation_key,
            translation_placeholders={"url": coordinator.knowledge.url},
        )


@callback
def async_check_assistant(hass: HomeAssistant, entry: VoiceRagConfigEntry) -> None:
    """Offer to create the assistant where everything for it is there but nobody has."""
    issue_id = missing_assistant_issue(entry)
    if (
        ASSIST_PIPELINE not in hass.config.components
        or async_own_pipelines(hass, entry)
        or async_find_speech(hass, entry.data) is None
    ):
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        data={"entry_id": entry.entry_id},
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key="no_assistant",
    )


@callback
def async_delete_issues(hass: HomeAssistant, entry: VoiceRagConfigEntry) -> None:
    """Take back what was raised for an entry, also for models that its agents no longer want."""
    for domain, issue_id in list(ir.async_get(hass).issues):
        if domain == DOMAIN and entry.entry_id in issue_id:
            ir.async_delete_issue(hass, DOMAIN, issue_id)


def _wanted_models(entry: VoiceRagConfigEntry) -> set[str]:
    options = [
        agent_options(entry, subentry)
        for kind in (SUBENTRY_CONVERSATION, SUBENTRY_AI_TASK)
        for subentry in subentries_of(entry, kind)
    ]
    second = {option.fallback_model for option in options if option.fallback_model and not option.fallback_url}
    return {option.model for option in options} | second
