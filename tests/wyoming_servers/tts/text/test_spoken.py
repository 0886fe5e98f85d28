"""What is said of what is written."""

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wyoming_servers.tts.text import speakable

TABLES = Path(__file__).parent / "tables"
LANGUAGES = {"ru": "russian.txt"}


def read_table(language: str) -> list[object]:
    rows: list[object] = []
    heading = ""
    for line in (TABLES / LANGUAGES[language]).read_text().splitlines():
        written, arrow, said = line.partition(" =>")
        if arrow:
            rows.append(pytest.param(language, written.replace(r"\n", "\n"), said.strip(), id=f"{heading}: {written}"))
        else:
            heading = line.lstrip("# ") or heading
    return rows


TABLE = [row for language in LANGUAGES for row in read_table(language)]


@pytest.mark.parametrize(("language", "written", "said"), TABLE)
def test_a_text_is_said_as_a_speaker_reads_it(language: str, written: str, said: str) -> None:
    assert speakable(written, language) == said


@pytest.mark.parametrize(("language", "written", "said"), TABLE)
def test_what_is_said_is_not_changed_again(language: str, written: str, said: str) -> None:
    assert speakable(said, language) == said
