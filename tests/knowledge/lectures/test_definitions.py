import pytest

from knowledge.lectures.models import Maker
from knowledge.lectures.writing.definitions import definitions
from knowledge.lectures.writing.glossary import glossary
from knowledge.lectures.writing.spoken import spoken
from knowledge.models import Language
from tests.knowledge.lectures.said import DESCENT, transcript

RUSSIAN = [
    ("Градиент — это вектор самого быстрого роста функции.", "градиент", "вектор самого быстрого роста функции"),
    ("градиентный спуск это способ найти минимум функции", "градиентный спуск", "способ найти минимум функции"),
    ("Под оврагом мы понимаем узкую область с крутыми стенами.", "овраг", "узкая область с крутыми стенами"),
    ("Направление против градиента называется антиградиентом.", "антиградиент", "направление против градиента"),
    ("Звуковой волной называют чередование сжатий воздуха.", "звуковая волна", "чередование сжатий воздуха"),
    ("Окраску звука музыканты называют тембром.", "тембр", "окраска звука"),
    ("Цикл Кальвина представляет собой цепочку реакций в листе.", "цикл Кальвина", "цепочка реакций в листе"),
    ("Так вот, инфляция определяется как устойчивый рост цен.", "инфляция", "устойчивый рост цен"),
    ("Если цены растут каждый день, говорят о гиперинфляции.", "гиперинфляция", "если цены растут каждый день"),
    ("Такой мешочек называют тилакоидом, а стопку граной.", "тилакоид", ""),
    ("Это называется переобучением.", "переобучение", ""),
]
ENGLISH = [
    ("An antigen is a molecule that cells recognise.", "antigen", "a molecule that cells recognise"),
    ("A molecule that cells recognise is called an antigen.", "antigen", "molecule that cells recognise"),
    ("Entropy is defined as the measure of disorder.", "entropy", "the measure of disorder"),
    ("By a vaccine we mean a weakened form of a microbe.", "vaccine", "a weakened form of a microbe"),
    ("So inertia refers to the resistance of mass to change.", "inertia", "the resistance of mass to change"),
    ("This is called overfitting.", "overfitting", ""),
]
CHINESE = [
    ("所谓内存，就是处理器直接读写数据的地方。", "内存", "处理器直接读写数据的地方"),
    ("命中率是指在缓存里找到数据的比例。", "命中率", "在缓存里找到数据的比例"),
    ("处理器里面最快的存储器叫做寄存器。", "寄存器", "处理器里面最快的存储器"),
    ("缓存是一种小容量的高速存储器。", "缓存", "一种小容量的高速存储器"),
]
NOTHING = [
    ("Это очень важно для экзамена.", Language.RUSSIAN),
    ("Что это такое, узнаем завтра.", Language.RUSSIAN),
    ("Мы это уже проходили на прошлой неделе.", Language.RUSSIAN),
    ("Второй способ — хороший пример того, о чём мы говорили.", Language.RUSSIAN),
    ("Меня зовут Анна, и это моя первая лекция.", Language.RUSSIAN),
    ("This is a very good question.", Language.ENGLISH),
    ("It is the reason why we came here.", Language.ENGLISH),
    ("Influenza is a different story.", Language.ENGLISH),
    ("这是一个好问题。", Language.CHINESE),
    ("他是一个很有名的老师。", Language.CHINESE),
]
TABLE = [
    *((*row, Language.RUSSIAN) for row in RUSSIAN),
    *((*row, Language.ENGLISH) for row in ENGLISH),
    *((*row, Language.CHINESE) for row in CHINESE),
]


@pytest.mark.parametrize(("sentence", "term", "text", "language"), TABLE)
def test_a_sentence_says_what_something_is(sentence: str, term: str, text: str, language: Language) -> None:
    assert [(one.term, one.text) for one in definitions(sentence, language)] == [(term, text)]


@pytest.mark.parametrize(("sentence", "language"), NOTHING)
def test_a_sentence_that_defines_nothing_gives_no_term(sentence: str, language: Language) -> None:
    assert list(definitions(sentence, language)) == []


def test_the_glossary_has_definitions_with_their_places_and_marks_what_it_took_from_the_sentences() -> None:
    said = transcript(DESCENT)
    found = {term.term: term for term in glossary(spoken(said.segments), Language.RUSSIAN)}
    assert {"градиентный спуск", "градиент", "скорость обучения", "овраг", "метод моментов"} <= set(found)
    ravine = found["овраг"]
    assert ravine.definition == "область, где функция меняется быстро лишь в одном направлении"
    assert ravine.start == pytest.approx(said.segments[9].start, abs=0.1)
    assert ravine.quote == said.segments[9].text
    assert {term.by for term in found.values()} == {Maker.EXTRACT}
    assert all(term.confidence <= 0.3 for term in found.values() if not term.definition)


def test_what_points_back_is_defined_by_the_sentence_before() -> None:
    said = transcript("Модель запоминает отдельные примеры вместе со странностями.\nЭто называется переобучением.")
    (term,) = glossary(spoken(said.segments), Language.RUSSIAN)
    assert (term.term, term.definition) == (
        "переобучение",
        "модель запоминает отдельные примеры вместе со странностями",
    )


@pytest.mark.parametrize(
    ("said", "definition"),
    [
        ("То есть учиться значит подбирать числа.\nЭти числа ещё называют весами.", ""),
        ("Числа подбирают на примерах.\nЭти числа ещё называют весами.", "числа подбирают на примерах"),
        ("Итак, входы умножают по очереди.\nЭто называют весами.", "входы умножают по очереди"),
        ("Эти числа называют весами.", ""),
    ],
)
def test_words_that_point_back_need_a_sentence_about_what_they_name(said: str, definition: str) -> None:
    (term,) = glossary(spoken(transcript(said).segments), Language.RUSSIAN)
    assert (term.term, term.definition) == ("вес", definition)
    assert definition or term.confidence <= 0.4


def test_what_leads_over_is_no_part_of_a_definition() -> None:
    (found,) = definitions("Вес — это, то есть, число, на которое умножают вход.", Language.RUSSIAN)
    assert found.text == "число, на которое умножают вход"
