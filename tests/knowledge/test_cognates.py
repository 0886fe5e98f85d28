import pytest

from knowledge.text import analyzer
from knowledge.text.cognates import cognates

KNOWN = analyzer.terms(
    "vaccine macrophages lymphocytes pathogens chromosome microbe energy frequency stalker вакцина хромосомы камертон"
)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("вакцину", "vaccines"),
        ("макрофагах", "macrophage"),
        ("лимфоциты", "lymphocyte"),
        ("патогены", "pathogen"),
        ("хромосому", "chromosomes"),
        ("микробах", "microbes"),
        ("энергии", "energy"),
        ("vaccine", "вакцины"),
        ("chromosomes", "хромосома"),
    ],
)
def test_a_word_of_both_languages_is_found_in_the_other_script(said: str, written: str) -> None:
    assert cognates(*analyzer.terms(said), KNOWN) == analyzer.terms(written)


@pytest.mark.parametrize("said", ["частота", "антитела", "вагон", "тест", "抗体", "fork"])
def test_a_word_of_one_language_has_none(said: str) -> None:
    assert cognates(analyzer.terms(said)[0], KNOWN) == []
