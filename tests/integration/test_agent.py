"""The agent: commands, questions, and what people hear when something is away."""

from collections.abc import Callable
from typing import Any

import pytest
from homeassistant.auth.models import User
from homeassistant.components import conversation
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import intent
from homeassistant.helpers.chat_session import async_get_chat_session
from homeassistant.setup import async_setup_component

from tests.fakes.knowledge_server import Fault, KnowledgeServer
from tests.fakes.lamp import Lamp
from tests.fakes.ollama_server import OllamaFault, OllamaServer

AGENT = "conversation.voice_rag"
MODEL = "t-tech/T-lite-it-2.1:q4_K_M"
SPOKEN = "Turn the bleed screw half a turn and close it when water comes. That is in House manual, Bleeding a radiator."


async def say(
    hass: HomeAssistant, text: str, language: str = "en", *, conversation_id: str | None = None, user: str | None = None
) -> conversation.ConversationResult:
    """Say something to our agent."""
    return await conversation.async_converse(
        hass, text, conversation_id, Context(user_id=user), language=language, agent_id=AGENT
    )


def heard(result: conversation.ConversationResult) -> str:
    """Return what is spoken."""
    return str(result.response.speech["plain"]["speech"])


@pytest.mark.parametrize(
    ("sentence", "language"),
    [("turn on the kitchen light", "en"), ("включи свет на кухне", "ru")],
)
async def test_a_command_switches_the_lamp_on_behalf_of_who_spoke(
    hass: HomeAssistant,
    house: Lamp,
    add_entry: Callable[..., Any],
    knowledge: KnowledgeServer,
    hass_admin_user: User,
    *,
    sentence: str,
    language: str,
) -> None:
    await add_entry()
    result = await say(hass, sentence, language, user=hass_admin_user.id)
    assert house.is_on
    assert house.switched_by is not None
    assert house.switched_by.user_id == hass_admin_user.id
    assert result.response.response_type is intent.IntentResponseType.ACTION_DONE
    assert heard(result)
    assert "/ask" not in [path for path, _ in knowledge.requests]


async def test_somebody_who_may_only_look_switches_nothing(
    hass: HomeAssistant, house: Lamp, add_entry: Callable[..., Any], hass_read_only_user: User
) -> None:
    await add_entry()
    result = await say(hass, "turn on the kitchen light", user=hass_read_only_user.id)
    assert not house.is_on
    assert result.response.error_code is intent.IntentResponseErrorCode.FAILED_TO_HANDLE


async def test_a_question_is_answered_with_its_source_in_words_and_on_the_card(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer
) -> None:
    await add_entry()
    result = await say(hass, "How do I bleed a radiator?")
    assert heard(result) == SPOKEN
    assert result.response.response_type is intent.IntentResponseType.QUERY_ANSWER
    assert result.response.card["simple"] == {
        "title": "Sources",
        "content": "1. House manual, Bleeding a radiator (documents/house-manual.md)",
    }
    assert result.response.speech["plain"]["extra_data"] == {
        "found": True,
        "sources": [
            {
                "number": 1,
                "title": "House manual",
                "place": "Bleeding a radiator",
                "document": "documents/house-manual.md",
                "kind": "document",
                "link": None,
            }
        ],
    }
    assert ("/ask", {"question": "How do I bleed a radiator?", "language": "en"}) in knowledge.requests


async def test_a_russian_question_that_the_documents_do_not_answer_is_told_so_in_russian(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer
) -> None:
    await add_entry()
    result = await say(hass, "Сколько лет слону?", "ru-RU")
    assert heard(result) == "В ваших документах я этого не нашёл."
    assert result.response.card == {}
    assert knowledge.requests[-1] == ("/ask", {"question": "Сколько лет слону?", "language": "ru"})


@pytest.mark.parametrize("text", ["", "  ", "...", "э-э", "Um…", "嗯。"])
async def test_silence_and_hesitations_are_not_answered(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, text: str
) -> None:
    await add_entry()
    assert heard(await say(hass, text)) == ""
    assert "/ask" not in [path for path, _ in knowledge.requests]


async def test_a_sentence_of_an_automation_wins(hass: HomeAssistant, add_entry: Callable[..., Any]) -> None:
    automation = {
        "trigger": {"platform": "conversation", "command": ["good night house"]},
        "action": {"set_conversation_response": "Sleep well"},
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await add_entry()
    assert heard(await say(hass, "good night house")) == "Sleep well"


@pytest.mark.parametrize(
    ("sentence", "language", "answer"),
    [
        ("add apples to my shopping list", "en", "I did not understand that."),
        ("открой кран на минуту", "ru", "Этого я не понимаю."),
        ("不要关灯", "zh", "我没听懂。"),
    ],
)
async def test_a_request_that_nothing_handles_is_not_looked_for_in_the_documents(
    hass: HomeAssistant,
    add_entry: Callable[..., Any],
    knowledge: KnowledgeServer,
    sentence: str,
    language: str,
    answer: str,
) -> None:
    await add_entry()
    result = await say(hass, sentence, language)
    assert heard(result) == answer
    assert result.response.error_code is intent.IntentResponseErrorCode.FAILED_TO_HANDLE
    assert "/ask" not in [path for path, _ in knowledge.requests]


@pytest.mark.parametrize(
    ("sentence", "language", "answer"),
    [
        ("доброе утро", "ru", "Доброе утро."),
        ("Привет!", "ru", "Привет."),
        ("晚安！", "zh", "晚安。"),
        ("повтори", "ru", "Повторять пока нечего."),
        ("помоги", "ru", "Я управляю домом и отвечаю по вашим документам. Спросите, например, где горит свет."),
    ],
)
async def test_small_talk_needs_no_documents(
    hass: HomeAssistant,
    add_entry: Callable[..., Any],
    knowledge: KnowledgeServer,
    sentence: str,
    language: str,
    answer: str,
) -> None:
    await add_entry()
    result = await say(hass, sentence, language)
    assert heard(result) == answer
    assert not result.continue_conversation
    assert "/ask" not in [path for path, _ in knowledge.requests]


async def test_who_asks_for_an_ear_is_listened_to(hass: HomeAssistant, add_entry: Callable[..., Any]) -> None:
    await add_entry()
    result = await say(hass, "ты меня слышишь?", "ru")
    assert heard(result) == "Да, слушаю."
    assert result.continue_conversation


async def test_an_answer_is_said_again_as_often_as_it_is_asked_for(
    hass: HomeAssistant, add_entry: Callable[..., Any]
) -> None:
    await add_entry()
    first = await say(hass, "How do I bleed a radiator?")
    for _ in range(2):
        again = await say(hass, "say that again", conversation_id=first.conversation_id)
        assert heard(again) == heard(first) == SPOKEN


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "I cannot reach your documents right now, so I cannot answer questions. I can still control the house."),
        (
            "ru",
            (
                "Сейчас у меня нет связи с вашими документами, поэтому ответить на вопрос не получится. "
                "Управлять домом я по-прежнему могу."
            ),
        ),
        ("zh-Hans", "我现在连接不上您的文档，无法回答问题，但仍然可以控制家里的设备。"),
        ("fi", "I cannot reach your documents right now, so I cannot answer questions. I can still control the house."),
    ],
)
async def test_without_the_knowledge_service_a_question_gets_one_clear_sentence(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, language: str, sentence: str
) -> None:
    await add_entry()
    await knowledge.stop()
    result = await say(hass, "Как прокачать радиатор?", language)
    assert heard(result) == sentence
    assert result.response.error_code is intent.IntentResponseErrorCode.FAILED_TO_HANDLE


async def test_without_the_knowledge_service_commands_go_on_and_questions_recover(
    hass: HomeAssistant, house: Lamp, add_entry: Callable[..., Any], knowledge: KnowledgeServer
) -> None:
    await knowledge.stop()
    await add_entry()
    await say(hass, "turn on the kitchen light")
    assert house.is_on
    await knowledge.start()
    assert heard(await say(hass, "How do I bleed a radiator?")) == SPOKEN


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault.SERVER_ERROR, "Не получилось найти ответ в ваших документах. Спросите, пожалуйста, чуть позже."),
        (Fault.NOT_JSON, "Не получилось найти ответ в ваших документах. Спросите, пожалуйста, чуть позже."),
        (Fault.WRONG_SHAPE, "Не получилось найти ответ в ваших документах. Спросите, пожалуйста, чуть позже."),
    ],
)
async def test_a_broken_answer_of_the_knowledge_service_is_never_spoken(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, fault: Fault, sentence: str
) -> None:
    await add_entry()
    knowledge.faults["/ask"] = fault
    assert heard(await say(hass, "Как прокачать радиатор?", "ru")) == sentence


async def test_a_refused_token_is_said_and_asks_for_a_new_one(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer
) -> None:
    entry = await add_entry(token="old")
    knowledge.token = "new"
    result = await say(hass, "How do I bleed a radiator?")
    assert heard(result).startswith("I am not allowed to open your documents.")
    await hass.async_block_till_done()
    assert [flow["context"]["source"] for flow in entry.async_get_active_flows(hass, {"reauth"})] == ["reauth"]


async def test_a_model_answers_from_the_passages(
    hass: HomeAssistant, add_entry: Callable[..., Any], ollama: OllamaServer
) -> None:
    await add_entry(ollama_url=ollama.url, ollama_model=MODEL)
    result = await say(hass, "How do I bleed a radiator?")
    assert heard(result) == "Turn the bleed screw half a turn, says House manual."
    assert "House manual" in result.response.card["simple"]["content"]
    assert ollama.requests[0]["options"]["num_ctx"] == 12288


async def test_a_model_that_is_cut_off_is_followed_by_the_words_of_the_documents(
    hass: HomeAssistant, add_entry: Callable[..., Any], ollama: OllamaServer, caplog: pytest.LogCaptureFixture
) -> None:
    await add_entry(ollama_url=ollama.url, ollama_model=MODEL)
    ollama.fault = OllamaFault.CUT
    result = await say(hass, "How do I bleed a radiator?")
    assert heard(result) == f"My answer broke off, so I am looking in your documents instead. {SPOKEN}"
    warnings = [record for record in caplog.records if record.levelname == "WARNING" and "voice_rag" in record.name]
    assert len(warnings) == 1
    assert warnings[0].exc_info is None


async def test_the_next_turn_repeats_the_earlier_ones_as_they_were_said(
    hass: HomeAssistant, add_entry: Callable[..., Any], ollama: OllamaServer
) -> None:
    await add_entry(ollama_url=ollama.url, ollama_model=MODEL)
    first = await say(hass, "How do I bleed a radiator?")
    await say(hass, "turn on the kitchen light", conversation_id=first.conversation_id)
    await say(hass, "And how long?", conversation_id=first.conversation_id)
    before, after = (request["messages"] for request in ollama.requests)
    assert after[0] == before[0]
    assert after[-1]["content"].startswith("And how long?\n\nNOTES")
    assert [message["content"] for message in after[1:-1] if message["role"] != "tool"] == [
        "How do I bleed a radiator?",
        "Turn the bleed screw half a turn, says House manual.",
        "turn on the kitchen light",
        "Turned on the light",
    ]


async def test_the_answer_is_streamed_as_the_model_writes_it(
    hass: HomeAssistant, add_entry: Callable[..., Any], ollama: OllamaServer
) -> None:
    await add_entry(ollama_url=ollama.url, ollama_model=MODEL)
    deltas: list[dict[str, Any]] = []
    with (
        async_get_chat_session(hass, "kitchen") as session,
        conversation.async_get_chat_log(
            hass, session, chat_log_delta_listener=lambda _log, delta: deltas.append(delta)
        ) as chat_log,
    ):
        await say(hass, "How do I bleed a radiator?", conversation_id=session.conversation_id)
        assert chat_log.content[-1].content == "Turn the bleed screw half a turn, says House manual."
    pieces = [delta["content"] for delta in deltas if delta.get("content")]
    assert "".join(pieces) == "".join(ollama.answer)
    assert len(pieces) > 1
