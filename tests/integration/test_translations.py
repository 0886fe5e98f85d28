"""Every text is there in every language, with the same placeholders."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from custom_components.voice_rag import texts

FOLDER = Path(__file__).parents[2] / "custom_components" / "voice_rag"
LANGUAGES = {"ru": re.compile("[а-яё]", re.IGNORECASE), "zh-Hans": re.compile("[\u4e00-\u9fff]")}
NAMES = {"{name}"}


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_in_every_language_with_the_same_placeholders(language: str) -> None:
    english, texts = dict(leaves(read("strings.json"))), dict(leaves(read(f"translations/{language}.json")))
    assert texts.keys() == english.keys()
    assert {key: placeholders(text) for key, text in texts.items()} == {
        key: placeholders(text) for key, text in english.items()
    }


@pytest.mark.parametrize(("language", "script"), LANGUAGES.items())
def test_the_texts_are_written_in_their_language(language: str, script: re.Pattern[str]) -> None:
    texts = leaves(read(f"translations/{language}.json"))
    assert [text for _, text in texts if text not in NAMES and not script.search(text)] == []


def test_what_the_assistant_says_has_the_same_placeholders_in_every_language() -> None:
    english, *others = [asdict(texts.get_texts(language)) for language in ("en", "ru", "zh")]
    for other in others:
        assert {key: placeholders(text) for key, text in other.items()} == {
            key: placeholders(text) for key, text in english.items()
        }


@pytest.mark.parametrize("section", ["entity", "services"])
def test_everything_with_a_name_has_an_icon(section: str) -> None:
    named, icons = read("strings.json")[section], read("icons.json")[section]
    if section == "services":
        assert icons.keys() == named.keys()
    else:
        assert {(domain, key) for domain in icons for key in icons[domain]} == {
            (domain, key) for domain in named for key in named[domain]
        }


@pytest.mark.parametrize(
    ("language", "title"),
    [("ru", "Источники"), ("ru-RU", "Источники"), ("zh_CN", "来源"), ("EN", "Sources"), ("fi", "Sources")],
)
def test_the_assistant_speaks_the_language_it_was_asked_in(language: str, title: str) -> None:
    assert texts.get_texts(language).sources_title == title


def test_addresses_come_in_through_placeholders() -> None:
    assert [text for _, text in leaves(read("strings.json")) if "://" in text] == []
