"""Commands in a running Home Assistant: what happens, on whose behalf, and what is said about it."""

from typing import Any

import pytest
from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import intent

from bench.commands import EVALS, Result, read_cases, run_set
from custom_components.voice_rag.commands.index import async_get_command_index
from custom_components.voice_rag.fastpath.model import Action, Command, Situation
from custom_components.voice_rag.fastpath.sentence import read_sentence
from tests.fakes.knowledge_server import KnowledgeServer
from tests.fakes.lamp import async_add_entry
from tests.fakes.russian_house import RussianHouse, async_set_up_russian_house

AGENT = "conversation.voice_rag"


@pytest.fixture
async def home(hass: HomeAssistant, knowledge: KnowledgeServer) -> RussianHouse:
    """A furnished house with our agent."""
    house = await async_set_up_russian_house(hass)
    await async_add_entry(hass, "voice_rag", {"url": knowledge.url})
    return house


async def say(
    hass: HomeAssistant, home: RussianHouse, text: str, *, conversation_id: str | None = None, language: str = "ru"
) -> conversation.ConversationResult:
    """Say something to the satellite in the living room."""
    result = await conversation.async_converse(
        hass,
        text,
        conversation_id,
        Context(),
        language=language,
        agent_id=AGENT,
        device_id=home.satellites["living_room"],
    )
    await hass.async_block_till_done()
    return result


def heard(result: conversation.ConversationResult) -> str:
    """Return what is spoken."""
    return str(result.response.speech["plain"]["speech"])


async def make_unavailable(hass: HomeAssistant, home: RussianHouse, entity_id: str) -> None:
    """Take a device off the network."""
    entity = next(entity for entity in home.entities if entity.entity_id == entity_id)
    entity._attr_available = False
    entity.async_write_ha_state()


async def test_most_of_what_people_say_is_executed_rightly(hass: HomeAssistant, home: RussianHouse) -> None:
    results = await run_set(hass, home, read_cases(EVALS / "commands_ru.txt"), AGENT, "ru")
    wrong: list[Result] = [result for result in results if not result.is_right]
    assert len(wrong) <= 0.03 * len(results), [result.case.text for result in wrong]


async def test_what_people_say_to_each_other_switches_nothing(hass: HomeAssistant, home: RussianHouse) -> None:
    index = await async_get_command_index(hass).async_get("ru")
    assert index is not None
    situation = Situation("living_room", lambda _: "on")
    cases = [case for path in sorted(EVALS.glob("non_commands*_ru.txt")) for case in read_cases(path)]
    readings = {case.text: read_sentence(case.text, index, situation) for case in cases}
    executed = {text: reading for text, reading in readings.items() if isinstance(reading, tuple) and _acts(reading)}
    assert len(cases) > 800
    assert len(executed) < len(cases) / 200, executed


def _acts(commands: tuple[Command, ...]) -> bool:
    return any(command.action is not Action.NEVERMIND and not command.action.startswith("ask_") for command in commands)


async def test_success_is_said_with_what_was_set(hass: HomeAssistant, home: RussianHouse) -> None:
    assert heard(await say(hass, home, "включи торшер")) == "Свет включён."
    assert heard(await say(hass, home, "поставь громкость на двадцать один процент")) == "21 процент."
    assert heard(await say(hass, home, "сделай двадцать два с половиной градуса")) == "22,5 градуса."
    assert heard(await say(hass, home, "закрой шторы")) == "Готово."


async def test_a_device_that_does_not_respond_is_named(hass: HomeAssistant, home: RussianHouse) -> None:
    await make_unavailable(hass, home, "light.living_lamp")
    result = await say(hass, home, "выключи свет и закрой шторы")
    assert heard(result) == "Готово. Не отвечает: Торшер."
    assert [target.id for target in result.response.failed_results] == ["light.living_lamp"]
    assert home.take_journal() == ["living close", "living_main off"]


async def test_nothing_done_is_an_error(hass: HomeAssistant, home: RussianHouse) -> None:
    await make_unavailable(hass, home, "cover.living")
    result = await say(hass, home, "закрой шторы")
    assert result.response.error_code is intent.IntentResponseErrorCode.FAILED_TO_HANDLE
    assert heard(result) == "Не отвечает: Шторы."


async def test_a_device_that_fails_is_told(
    hass: HomeAssistant, home: RussianHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(self: Any, **kwargs: Any) -> None:
        raise HomeAssistantError("the motor is blocked")

    monkeypatch.setattr("tests.fakes.noting_devices.HouseCover.async_close_cover", refuse)
    assert heard(await say(hass, home, "закрой шторы")) == "Не получилось: Шторы."


@pytest.mark.parametrize(("answer", "expected"), [("да", ["front unlock"]), ("нет", []), ("да нет, не надо", [])])
async def test_a_door_opens_after_a_plain_yes_only(
    hass: HomeAssistant, home: RussianHouse, answer: str, expected: list[str]
) -> None:
    asked = await say(hass, home, "открой входную дверь")
    assert heard(asked) == "Открыть входную дверь — точно?"
    assert home.take_journal() == []
    await say(hass, home, answer, conversation_id=asked.conversation_id)
    assert home.take_journal() == expected


async def test_a_question_that_is_said_again_still_waits(hass: HomeAssistant, home: RussianHouse) -> None:
    asked = await say(hass, home, "открой входную дверь")
    again = await say(hass, home, "повтори", conversation_id=asked.conversation_id)
    assert heard(again) == heard(asked)
    assert again.continue_conversation
    await say(hass, home, "да", conversation_id=asked.conversation_id)
    assert home.take_journal() == ["front unlock"]


async def test_a_yes_out_of_the_blue_opens_nothing(hass: HomeAssistant, home: RussianHouse) -> None:
    await say(hass, home, "открой входную дверь")
    await say(hass, home, "да")
    assert home.take_journal() == []


async def test_home_assistants_own_sentences_open_no_door_unasked(hass: HomeAssistant, home: RussianHouse) -> None:
    await say(hass, home, "öffne Гаражные ворота", language="de")
    await say(hass, home, "entriegle Входная дверь", language="de")
    assert home.take_journal() == []
    await say(hass, home, "schalte Чайник ein", language="de")
    assert home.take_journal() == ["kettle on"]


async def test_what_is_unclear_is_asked_and_the_answer_completes_it(hass: HomeAssistant, home: RussianHouse) -> None:
    asked = await say(hass, home, "включи подсветку")
    assert heard(asked) == "Что именно: Кухня или Ванная?"
    await say(hass, home, "в ванной", conversation_id=asked.conversation_id)
    assert home.take_journal() == ["mirror on"]


async def test_half_a_sentence_goes_on_with_the_command_before_it_and_only_in_its_conversation(
    hass: HomeAssistant, home: RussianHouse
) -> None:
    first = await say(hass, home, "включи свет в ванной")
    await say(hass, home, "и на кухне", conversation_id=first.conversation_id)
    await say(hass, home, "теперь выключи", conversation_id=first.conversation_id)
    assert home.take_journal() == [
        *("bathroom on", "kitchen_main off", "kitchen_main on", "kitchen_strip off", "kitchen_strip on")
    ]
    await say(hass, home, "и на кухне")
    assert home.take_journal() == []


async def test_half_a_sentence_that_opens_a_door_is_asked_about(hass: HomeAssistant, home: RussianHouse) -> None:
    first = await say(hass, home, "запри входную дверь")
    asked = await say(hass, home, "теперь открой", conversation_id=first.conversation_id)
    assert heard(asked) == "Открыть входную дверь — точно?"
    assert home.take_journal() == ["front lock"]


async def test_a_new_name_is_known_at_once(hass: HomeAssistant, home: RussianHouse) -> None:
    er.async_get(hass).async_update_entity("light.living_lamp", name="Жирафик")
    await hass.async_block_till_done()
    await say(hass, home, "включи жирафика")
    assert home.take_journal() == ["living_lamp on"]


async def test_what_is_not_exposed_is_left_alone(hass: HomeAssistant, home: RussianHouse) -> None:
    async_expose_entity(hass, "conversation", "light.living_lamp", False)
    await say(hass, home, "включи свет")
    assert home.take_journal() == ["living_main on"]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("какая температура в спальне", "21,5 градуса."),
        ("какая температура на улице", "5 градусов."),
        ("какая погода", "Облачно, 5 градусов."),
        ("включён ли телевизор", "Да."),
        ("закрыта ли входная дверь", "Да."),
        ("открыто ли окно на кухне", "Нет."),
        ("закрыты ли ворота", "Нет."),
        ("где горит свет", "Кухня, Гостиная, Спальня."),
        ("какие окна открыты", "Нигде."),
        ("какой свет горит на кухне", "Да: Люстра."),
        ("работает ли пылесос", "Нет, на базе."),
        ("какая влажность в ванной", "22 процента."),
        ("какая влажность на улице", "80 процентов."),
        ("какая громкость у телевизора", "50 процентов."),
        ("какая яркость в гостиной", "50 процентов."),
        ("выключен ли торшер", "Да."),
    ],
)
async def test_questions_are_answered_from_the_states(
    hass: HomeAssistant, home: RussianHouse, question: str, answer: str
) -> None:
    assert heard(await say(hass, home, question)) == answer
    assert home.take_journal() == []


async def test_a_command_and_a_question_are_both_answered(hass: HomeAssistant, home: RussianHouse) -> None:
    assert heard(await say(hass, home, "закрой шторы и скажи какая температура в спальне")) == "Готово. 21,5 градуса."
    await make_unavailable(hass, home, "sensor.bedroom_temperature")
    await make_unavailable(hass, home, "climate.bedroom")
    assert heard(await say(hass, home, "закрой шторы и скажи какая температура в спальне")) == (
        "Готово. Этого я не знаю."
    )


async def test_timers_belong_to_the_satellite(hass: HomeAssistant, home: RussianHouse) -> None:
    assert heard(await say(hass, home, "поставь таймер на полторы минуты")) == "Таймер на 1 минуту 30 секунд."
    assert heard(await say(hass, home, "сколько осталось")).startswith("Осталось 1 минут")
    assert heard(await say(hass, home, "отмени таймер")) == "Таймер отменён."
    assert heard(await say(hass, home, "сколько осталось на таймере")) == "Таймеров нет."


async def test_all_timers_end_together_and_one_more_minute_is_for_a_timer(
    hass: HomeAssistant, home: RussianHouse
) -> None:
    assert heard(await say(hass, home, "добавь ещё минуту")) == "Таймеров нет."
    await say(hass, home, "поставь таймер на три минуты")
    assert heard(await say(hass, home, "добавь ещё минуту")) == "Таймер изменён."
    assert heard(await say(hass, home, "сколько осталось")).startswith(("Осталось 4 минуты", "Осталось 3 минуты"))
    assert heard(await say(hass, home, "отмени все таймеры")) == "Таймеры отменены."


async def test_a_list_is_filled_read_and_ticked_off_in_one_sentence_each(
    hass: HomeAssistant, home: RussianHouse
) -> None:
    assert heard(await say(hass, home, "добавь яйца и масло в список покупок")) == "Добавлено в список: яйца, масло."
    assert home.take_journal() == ["shopping add=масло", "shopping add=яйца"]
    for question in ("что в списке покупок", "прочитай список покупок", "что нам надо купить"):
        assert heard(await say(hass, home, question)) == "В списке: Хлеб."
    assert heard(await say(hass, home, "вычеркни хлеб и мёд из списка покупок")) == (
        "Вычеркнуто: хлеб. В списке этого нет: мёд."
    )
    assert home.take_journal() == ["shopping complete=хлеб"]


async def test_an_empty_list_and_one_that_cannot_be_read_are_told_apart(
    hass: HomeAssistant, home: RussianHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    shopping = next(entity for entity in home.entities if entity.entity_id == "todo.shopping")
    shopping._attr_todo_items = []
    assert heard(await say(hass, home, "что в списке покупок")) == "Список пуст."
    await make_unavailable(hass, home, "todo.shopping")
    assert heard(await say(hass, home, "что в списке покупок")) == "Не отвечает: Список покупок."


async def test_music_that_no_player_can_search_is_not_understood(hass: HomeAssistant, home: RussianHouse) -> None:
    assert heard(await say(hass, home, "поставь песню группы кино")) == "Этого я не понимаю."
