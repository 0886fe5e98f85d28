"""Every text is there in every language, with the same placeholders."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from custom_components.voice_rag import texts

FOLDER = Path(__file__).parents[2] / "custom_components" / "voice_rag"
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def read(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / name).read_text("utf-8"))


def leaves(tree: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}/{key}")
        else:
            yield f"{path}/{key}", value


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def test_the_english_texts_are_the_source() -> None:
    assert read("translations/en.json") == read("strings.json")


def test_the_russian_texts_are_complete() -> None:
    english = dict(leaves(read("strings.json")))
    russian = dict(leaves(read("translations/ru.json")))
    assert russian.keys() == english.keys()
    assert {key: placeholders(text) for key, text in russian.items()} == {
        key: placeholders(text) for key, text in english.items()
    }


def test_the_russian_texts_are_russian() -> None:
    names = {"{name}", "Ollama"}
    assert [
        text for _, text in leaves(read("translations/ru.json")) if text not in names and not CYRILLIC.search(text)
    ] == []


@pytest.mark.parametrize(
    ("language", "title"),
    [("ru", "Источники"), ("ru-RU", "Источники"), ("zh_CN", "来源"), ("EN", "Sources"), ("fi", "Sources")],
)
def test_the_assistant_speaks_the_language_it_was_asked_in(language: str, title: str) -> None:
    assert texts.get_texts(language).sources_title == title


def test_addresses_come_in_through_placeholders() -> None:
    assert [text for _, text in leaves(read("strings.json")) if "://" in text] == []
