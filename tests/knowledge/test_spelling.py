import pytest

from knowledge.models import Hit, Kind, Language, Passage
from knowledge.search import retrieval
from knowledge.text import analyzer
from knowledge.text.spelling import readings


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("холадильник", "холодильник"), ("посудамоечн", "посудомоечн"), ("waranty", "warranty"), ("гаранти", "гарант")],
)
def test_a_misspelt_word_is_read_as_the_one_like_it(wrong: str, right: str) -> None:
    assert list(readings([wrong], [right, "стиральн", "вода", "garden"])[wrong]) == [right]


def test_short_words_are_not_guessed() -> None:
    assert readings(["кот"], ["код", "кит"]) == {}
    assert readings(["котик"], ["кот"]) == {"котик": {}}


@pytest.mark.parametrize(("term", "other"), [("молок", "молн"), ("привет", "привлек"), ("кател", "котел")])
def test_a_word_with_nothing_beside_it_has_to_be_long_and_nearly_right(term: str, other: str) -> None:
    assert readings([term], [other])[term]
    assert readings([term], [other], is_alone=True) == {term: {}}
    assert readings(["холадильник"], ["холодильник"], is_alone=True)["холадильник"]


def test_groups_of_letters_mark_the_borders_of_words() -> None:
    assert analyzer.grams("Кот и вода") == ["_ко", "кот", "от_", "_во", "вод", "ода", "да_"]
    assert analyzer.grams("打开") == analyzer.question_grams("打开 netflix") == []


def hit(name: str, score: float) -> Hit:
    return Hit(name, Passage(Kind.DOCUMENT, "", (), None, Language.RUSSIAN, name, ""), score)


def test_two_rankings_join_by_rank_and_share_one_scale() -> None:
    by_terms, by_grams = [hit("a", 10), hit("b", 8)], [hit("b", 100), hit("c", 50), hit("a", 10)]
    joined = retrieval.fused([(by_terms, 1), (by_grams, 1)])
    assert [(one.document, one.score) for one in joined] == [("b", 8), ("a", 10), ("c", 5)]
    assert [one.document for one in retrieval.fused([(by_terms, 1), (by_grams, 0)])][:2] == ["a", "b"]
    assert retrieval.fused([([], 1), (by_grams, 2)]) == by_grams
    assert retrieval.fused([([], 1), ([], 1)]) == []
