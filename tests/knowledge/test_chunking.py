import itertools

import pytest

from knowledge.models import Document, Language, Section
from knowledge.reading import chunking
from knowledge.text import sentences

RUSSIAN = "Котёл стоит в подвале дома номер {}, и давление в нём держат около полутора бар. "
CHINESE = "第{}台锅炉在地下室里，压力应该保持在一点五巴左右。"


@pytest.mark.parametrize(("sentence", "language"), [(RUSSIAN, Language.RUSSIAN), (CHINESE, Language.CHINESE)])
def test_long_text_becomes_passages_on_sentence_borders(sentence: str, language: Language) -> None:
    text = "".join(sentence.format(number) for number in range(60))
    pieces = chunking.pack(text)
    limit = chunking.PASSAGE_CHARACTERS[language]
    assert len(pieces) > 3
    assert all(limit / 2 < len(piece) <= limit for piece in pieces[:-1])
    whole = set(sentences.split(text))
    assert all(set(sentences.split(piece)) <= whole for piece in pieces)
    assert {one for piece in pieces for one in sentences.split(piece)} == whole


def test_neighbours_share_one_sentence() -> None:
    pieces = chunking.pack("".join(RUSSIAN.format(number) for number in range(60)))
    for left, right in itertools.pairwise(pieces):
        assert sentences.split(left)[-1] == sentences.split(right)[0]


@pytest.mark.parametrize("text", ["слово " * 2_000, "а" * 5_000, "一" * 2_000, "x, " * 3_000])
def test_text_without_full_stops_is_cut_all_the_same(text: str) -> None:
    pieces = chunking.pack(text)
    assert all(len(piece) <= 900 for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_paragraphs_and_list_items_stay_apart() -> None:
    assert chunking.pack("Закройте кран\nПозвоните мастеру. Подождите.\n") == [
        "Закройте кран\nПозвоните мастеру. Подождите."
    ]


def test_a_passage_knows_its_place_and_is_found_by_it() -> None:
    section = Section("Turn it left.", headings=("Water", "Valve"), page=3)
    (passage,) = chunking.passages(Document("", (section,)), "House manual")
    assert (passage.title, passage.headings, passage.page) == ("House manual", ("Water", "Valve"), 3)
    assert passage.search_text.split() == ["hous", "manual", "water", "valv", "turn", "left"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Давление 1,5 бара, т. е. норма. Готово!", ["Давление 1,5 бара, т. е. норма.", "Готово!"]),
        ("锅炉在地下室。压力正常！", ["锅炉在地下室。", "压力正常！"]),
        (" \n\n ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences.split(text) == expected
