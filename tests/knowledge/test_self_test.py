import pytest

from knowledge.codec import report_from_json, report_to_json
from knowledge.embedders.embedder import Vectors
from knowledge.language import detect
from knowledge.models import Language, SelfTestReport
from knowledge.search import self_test
from tests.fakes.embedders import FakeEmbedder, letters, meaning, noise

understands_russian = meaning(Language.RUSSIAN)


def three_kinds(text: str) -> Vectors:
    """Meaning in Russian, chance in English, spelling in Chinese."""
    match detect(text):
        case Language.RUSSIAN:
            return understands_russian(text)
        case Language.ENGLISH:
            return noise(text)
        case Language.CHINESE:
            return letters(text)


@pytest.fixture(scope="module")
def report() -> SelfTestReport:
    return self_test.run(FakeEmbedder(three_kinds))


def test_an_embedder_is_used_for_the_languages_it_understands_and_for_no_other(report: SelfTestReport) -> None:
    assert set(report.accepted()) == {Language.RUSSIAN}


def test_what_understands_finds_what_words_do_not(report: SelfTestReport) -> None:
    russian = report.accepted()[Language.RUSSIAN]
    assert russian.hybrid_paraphrased > russian.lexical_paraphrased + 0.5
    assert russian.hybrid > russian.lexical
    assert russian.dense > 0.95
    assert all(test.dense < 0.5 for test in report.languages if not test.is_accepted)
    assert 0 < russian.chance < russian.floor < 0.8


def test_a_report_comes_back_from_json_as_it_went(report: SelfTestReport) -> None:
    assert report_from_json(report_to_json(report)) == report


@pytest.mark.parametrize("language", Language)
def test_each_language_has_thirty_topics_and_more_in_its_own_script(language: Language) -> None:
    items = self_test.items(language)
    assert len(items) >= 30
    texts = [text for item in items for text in (item.plain, item.paraphrased, item.passage, item.near_miss)]
    assert len(set(texts)) == len(texts)
    assert {detect(text) for text in texts} == {language}
