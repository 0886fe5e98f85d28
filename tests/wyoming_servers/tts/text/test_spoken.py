"""What is said of what is written."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wyoming_servers.tts.text import speakable

TABLES = Path(__file__).parent / "tables"
FILES = {"russian.txt": "ru", "russian_fresh.txt": "ru", "english.txt": "en", "chinese.txt": "zh"}


def read_table(name: str) -> list[object]:
    """Return language, written and said for each line of a table; its headings are in the names of the tests."""
    rows: list[object] = []
    heading = ""
    for line in (TABLES / name).read_text().splitlines():
        written, arrow, said = line.partition(" =>")
        if arrow:
            row = (FILES[name], written.replace(r"\n", "\n"), said.strip())
            rows.append(pytest.param(*row, id=f"{heading}: {written}"))
        else:
            heading = line.lstrip("# ") or heading
    return rows


TABLE = [row for name in FILES for row in read_table(name)]


@pytest.mark.parametrize(("language", "written", "said"), TABLE)
def test_a_text_is_said_as_a_speaker_reads_it(language: str, written: str, said: str) -> None:
    assert speakable(written, language) == said
    assert speakable(said, language) == said


SCRAPS = re.findall(
    r"\S+",
    """
    5 21 1,5 - – / : . , % °C кг г. № в с до $ ₽ м² XIV т. е. https://a.b ** ` [1] [ ]( | # Wi-Fi <b> &nbsp; ½ ² ① ３ ٣
    10:30 +7 год х × 100500 00 11111111111111111111 млн USB Ж а- ' « » ( ) E5 5x co2 😀 ! ? … .. мм рт. ст. 12.05.2024
    1-й 两 点 1\u00a0000
    """,
)


@pytest.mark.parametrize("language", ["ru", "en", "zh"])
@settings(max_examples=100, deadline=None, derandomize=True)
@given(data=st.data())
def test_whatever_is_written_becomes_words_once_and_for_all(language: str, data: st.DataObject) -> None:
    written = [row.values[1] for row in TABLE if row.values[0] == language]  # type: ignore[attr-defined]
    pieces = st.sampled_from(SCRAPS) | st.sampled_from(written) | st.sampled_from([" ", "\n"]) | st.text(max_size=8)
    text = "".join(data.draw(st.lists(pieces, max_size=14)))
    said = speakable(text, language)
    assert not re.search(r"\d", said)
    assert language != "ru" or not re.search("[A-Za-z]", said)
    assert speakable(said, language) == said
    assert len(said) <= 60 + 14 * len(text)


@pytest.mark.parametrize("piece", ["1", "а.", "[", "5-", "\n", " ", "a@", "1 234 ", "**", "Дом 5. "])
def test_a_text_beyond_all_units_is_read_to_its_end(piece: str) -> None:
    text = "Начало. " + piece * 1000 + " Конец"
    said = speakable(text, "ru")
    assert said.startswith("Начало")
    assert said.endswith("Конец")


@pytest.mark.parametrize("text", ["", " \n", "[1]", "---", "😀", "![](https://example.com/a.png)", "<br>", "**"])
@pytest.mark.parametrize("language", ["ru", "en", "zh", "de"])
def test_what_has_no_words_is_nothing(text: str, language: str) -> None:
    assert speakable(text, language) == ""


def test_another_language_loses_its_markup_only() -> None:
    assert speakable("**Es sind 5 Grad** [1].", "de") == "Es sind 5 Grad."


def test_a_region_is_no_other_language() -> None:
    assert speakable("5 °C", "ru-RU") == speakable("5 °C", "ru")
