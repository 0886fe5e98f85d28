"""The front door opens after a yes or a code, said to the agent in the same conversation."""

from collections.abc import Callable
from typing import Any

import pytest
from homeassistant.components import conversation
from homeassistant.core import Context, HomeAssistant

from tests.fakes.knowledge_server import KnowledgeServer
from tests.fakes.lamp import async_add_entry
from tests.fakes.russian_house import RussianHouse, async_set_up_russian_house

AGENT = "conversation.voice_rag"
type Say = Callable[[str], Any]


@pytest.fixture
async def home(hass: HomeAssistant) -> RussianHouse:
    return await async_set_up_russian_house(hass)


@pytest.fixture
def talk(hass: HomeAssistant, home: RussianHouse, knowledge: KnowledgeServer) -> Callable[..., Any]:
    """Return a coroutine function that sets up an agent with a rule and returns how to talk to it."""

    async def async_begin(**rule: str) -> Say:
        entry = await async_add_entry(hass, "voice_rag", {"url": knowledge.url})
        hass.config_entries.async_update_subentry(entry, next(iter(entry.subentries.values())), data=rule)
        await hass.async_block_till_done()
        said: list[conversation.ConversationResult] = []

        async def async_say(text: str) -> conversation.ConversationResult:
            conversation_id = said[-1].conversation_id if said else None
            said.append(await conversation.async_converse(hass, text, conversation_id, Context(), "ru", agent_id=AGENT))
            return said[-1]

        return async_say

    return async_begin


def heard(result: conversation.ConversationResult) -> str:
    return str(result.response.speech["plain"]["speech"])


async def test_it_asks_listens_and_opens_after_a_yes(home: RussianHouse, talk: Callable[..., Any]) -> None:
    say = await talk()
    question = await say("открой входную дверь")
    assert heard(question) == "Открыть входную дверь — точно?"
    assert question.continue_conversation
    assert home.take_journal() == []
    assert not (await say("да")).continue_conversation
    assert home.take_journal() == ["front unlock"]


@pytest.mark.parametrize("answer", ["нет", "какая погода", "да нет"])
async def test_anything_but_a_yes_leaves_it_shut(home: RussianHouse, talk: Callable[..., Any], answer: str) -> None:
    say = await talk()
    await say("открой входную дверь")
    await say(answer)
    await say("да")
    assert home.take_journal() == []


async def test_with_a_code_a_yes_is_not_enough(home: RussianHouse, talk: Callable[..., Any]) -> None:
    say = await talk(confirmation="pin", pin="4711")
    assert (await say("открой входную дверь")).continue_conversation
    again = await say("один два три четыре")
    assert heard(again) == "Код неверный. Попробуйте ещё раз."
    assert again.continue_conversation
    assert home.take_journal() == []
    await say("четыре семь один один")
    assert home.take_journal() == ["front unlock"]


async def test_who_switched_it_off_is_not_asked(home: RussianHouse, talk: Callable[..., Any]) -> None:
    say = await talk(confirmation="off")
    await say("открой входную дверь")
    assert home.take_journal() == ["front unlock"]
