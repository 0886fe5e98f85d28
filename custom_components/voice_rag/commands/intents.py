"""Commands that Home Assistant keeps the state of: timers, lists, delayed commands, music searches."""

from homeassistant.components import conversation
from homeassistant.core import HomeAssistant
from homeassistant.helpers import intent

from ..fastpath.model import Action, Command
from .runner import async_run_intent
from .texts import CommandTexts

_INTENTS = {
    Action.TIMER_START: intent.INTENT_START_TIMER,
    Action.TIMER_CANCEL: intent.INTENT_CANCEL_TIMER,
    Action.TIMER_PAUSE: intent.INTENT_PAUSE_TIMER,
    Action.TIMER_RESUME: intent.INTENT_UNPAUSE_TIMER,
    Action.TIMER_MORE: intent.INTENT_INCREASE_TIMER,
    Action.TIMER_LESS: intent.INTENT_DECREASE_TIMER,
    Action.TIMER_STATUS: intent.INTENT_TIMER_STATUS,
    Action.DELAY: intent.INTENT_START_TIMER,
    Action.LIST_ADD: "HassListAddItem",
    Action.LIST_COMPLETE: "HassListCompleteItem",
    Action.PLAY_MEDIA: "HassMediaSearchAndPlay",
    Action.NEVERMIND: intent.INTENT_NEVERMIND,
}
INTENT_ACTIONS = frozenset(_INTENTS)
_ITEM_ACTIONS = frozenset({Action.LIST_ADD, Action.LIST_COMPLETE})
_TIMER_ACTIONS = frozenset(action for action in _INTENTS if action.startswith("timer_")) | {Action.DELAY}


async def async_run_with_intent(
    hass: HomeAssistant, command: Command, user_input: conversation.ConversationInput, texts: CommandTexts
) -> tuple[str, str | None]:
    """Run the intent of a command; return what to say, and the name to put into it, where it has a place for one.

    Raises: UnknownIntent where Home Assistant has no such intent set up.
    """
    intent_type, slots = _intent_of(command)
    try:
        response = await async_run_intent(hass, intent_type, slots, user_input)
    except intent.UnknownIntent:
        raise
    except intent.MatchFailedError as err:
        if command.action is Action.PLAY_MEDIA:
            raise intent.UnknownIntent(str(err)) from err
        return _explain(command, err, texts)
    except intent.IntentError as err:
        return _explain(command, err, texts)
    if command.action in _ITEM_ACTIONS:
        added = command.action is Action.LIST_ADD
        return texts.item_added if added else texts.item_completed, command.text
    return _say(command, response, texts), None


def _intent_of(command: Command) -> tuple[str, dict[str, object]]:
    slots: dict[str, object] = {}
    intent_type = _INTENTS[command.action]
    if command.action in _ITEM_ACTIONS:
        slots["item"] = command.text
        if command.targets:
            slots["name"] = command.targets[0]
        else:
            intent_type = intent_type.replace("HassList", "HassShoppingList")
    elif command.action is Action.PLAY_MEDIA:
        slots["search_query"] = command.text
        if command.targets:
            slots["name"] = command.targets[0]
    elif command.action is Action.TIMER_CANCEL and command.text == "all":
        intent_type = intent.INTENT_CANCEL_ALL_TIMERS
    elif command.value:
        slots |= _time_slots(command)
    if command.action is Action.TIMER_START and command.text:
        slots["name"] = command.text
    if command.action is Action.DELAY:
        slots["conversation_command"] = command.text
    return intent_type, slots


def _time_slots(command: Command) -> dict[str, object]:
    prefix = "start_" if command.action is Action.TIMER_CANCEL else ""
    minutes, seconds = divmod(round(command.value or 0), 60)
    hours, minutes = divmod(minutes, 60)
    parts = {"hours": hours, "minutes": minutes, "seconds": seconds}
    return {f"{prefix}{name}": number for name, number in parts.items() if number}


def _say(command: Command, response: intent.IntentResponse, texts: CommandTexts) -> str:
    if command.action is Action.TIMER_STATUS:
        return _say_timers(response, texts)
    said = {
        Action.TIMER_START: texts.timer_started.format(texts.duration(command.value or 0)),
        Action.DELAY: texts.delayed.format(texts.duration(command.value or 0)),
        Action.TIMER_CANCEL: texts.timers_canceled if command.text == "all" else texts.timer_canceled,
        Action.TIMER_PAUSE: texts.timer_paused,
        Action.TIMER_RESUME: texts.timer_resumed,
        Action.TIMER_MORE: texts.timer_changed,
        Action.TIMER_LESS: texts.timer_changed,
        Action.NEVERMIND: "",
    }
    return said.get(command.action, texts.done)


def _say_timers(response: intent.IntentResponse, texts: CommandTexts) -> str:
    timers = response.speech_slots.get("timers", [])
    left = sorted(timer["total_seconds_left"] for timer in timers)
    if not left:
        return texts.timer_none
    return (
        texts.join.join(
            [texts.timer_left.format(texts.duration(max(left[0], 1))).rstrip(".。"), *map(texts.duration, left[1:])]
        )
        + "."
    )


def _explain(command: Command, err: intent.IntentError, texts: CommandTexts) -> tuple[str, str | None]:
    key = str(getattr(err, "response_key", None))
    if command.action in _TIMER_ACTIONS:
        return texts.timers_unsupported if "support" in key else texts.timer_none, None
    return texts.item_absent if key == "item_not_found" else texts.failed, command.text
