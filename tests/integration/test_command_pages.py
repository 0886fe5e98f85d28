"""The pages that list commands, sentence by sentence, in a furnished house."""

from pathlib import Path

import pytest
from homeassistant.core import HomeAssistant

from custom_components.voice_rag.commands.index import async_get_command_index
from custom_components.voice_rag.fastpath.follow_up import follow_up
from custom_components.voice_rag.fastpath.model import Situation
from custom_components.voice_rag.fastpath.sentence import read_sentence
from tests.fakes.russian_house import async_set_up_russian_house

DOCS = Path(__file__).parents[2] / "docs"
NO_COMMANDS = {"en": "\n## What is no command\n", "ru": "\n## Что командой не считается\n"}


def _sentences(text: str) -> list[str]:
    return [line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")]


def _dialogues(text: str) -> list[list[str]]:
    """Return the sentences that follow each other, from lines like "> one / two"."""
    return [line.removeprefix("> ").split(" / ") for line in text.splitlines() if line.startswith("> ")]


@pytest.mark.parametrize(("language", "page"), [("en", "commands.md"), ("ru", "commands.ru.md")])
async def test_a_page_of_commands_promises_what_is_understood(hass: HomeAssistant, language: str, page: str) -> None:
    await async_set_up_russian_house(hass)
    index = await async_get_command_index(hass).async_get(language)
    assert index is not None
    situation = Situation("living_room", lambda _: "on")
    commands, others = (DOCS / page).read_text(encoding="utf-8").split(NO_COMMANDS[language])
    assert len(_sentences(commands)) > 40
    assert [text for text in _sentences(commands) if not isinstance(read_sentence(text, index, situation), tuple)] == []
    for first, *halves in _dialogues(commands):
        said = first
        assert isinstance(read_sentence(said, index, situation), tuple), first
        for half in halves:
            found = follow_up(said, half, index, situation)
            assert found is not None, half
            assert isinstance(found[1], tuple), half
            said = found[0]
    assert len(_dialogues(commands)) > 1
    assert len(_sentences(others)) > 3
    assert [text for text in _sentences(others) if read_sentence(text, index, situation) is not None] == []
