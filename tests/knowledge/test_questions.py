"""What a family asks of the shipped samples, and what it has to hear."""

import re

import pytest

from knowledge import KnowledgeBase, Query

MANUAL = "House manual"
RUSSIAN_MANUAL = "Инструкция по дому"
FILMS_EN, FILMS_RU = "That is in your film list.", "Это из вашего списка фильмов."

ENGLISH = [
    ("how do i bleed a radiator", "turn the heating off", "Bleeding a radiator"),
    ("where is the water shut off valve", "in the cellar, behind the white door", "Water shut off valve"),
    ("what is the boiler pressure", "between 1.2 and 1.5 bar", "Boiler pressure"),
    ("What should the boiler pressure be?", "between 1.2 and 1.5 bar", "Boiler pressure"),
    ("what's the Wi-Fi password", "on the bottom of the router", "Wifi"),
    ("what is the guest password", "welcome home", "Guest network"),
    ("when is paper collected", "first Monday", "Collection days"),
    ("what day is the garbage collected", "Tuesday", "Collection days"),
    ("when is the grey bin collected", "every Tuesday", "Collection days"),
    ("how do I test the smoke alarm", "Press the large button", "Smoke alarm"),
    ("how often is the water filter changed", "every six months", "Water filter"),
    ("who do I call when the boiler shows a fault code", "heating engineer on 555 0142", "Boiler reset"),
    ("where is the fuse box", "hall closet", "Fuse box"),
    ("how do i clean the oven", "Pyro", "Oven"),
    ("when do i bring the bins out", "before seven in the morning", "Collection days"),
    ("when was the last boiler service", "12 September 2026", "Boiler service"),
    ("where is the radiator key", "top kitchen drawer", "Bleeding a radiator"),
    ("how long does the quick program take", "thirty minutes", "Dishwasher"),
    ("what does error E18 mean", "cannot drain", "Washing machine guide, page 2"),
    ("how do i clean the lint filter", "small door at the bottom right", "Washing machine guide, page 2"),
]
ENGLISH_FILMS = [
    ("who directed solaris", "Solaris was directed by Andrei Tarkovsky."),
    ("Who directed Stalker?", "Stalker was directed by Andrei Tarkovsky."),
    ("when was stalker released", "Stalker was released in 1979."),
    ("who stars in casablanca", "Casablanca stars Humphrey Bogart, Ingrid Bergman, Paul Henreid and Claude Rains."),
    ("who directed the movie brother", "Brother was directed by Aleksei Balabanov."),
    ("what country is metropolis from", "Metropolis was made in Germany."),
    ("when was irony of fate made", "The Irony of Fate was released in 1975."),
    ("what kind of film is vertigo", "The genres of Vertigo are thriller and mystery."),
    (
        "what films do I have",
        "You have 10 films, for example Solaris, Stalker, Metropolis and Brother.",
    ),
    ("how long is solaris", "Solaris is 166 minutes long."),
    ("what is the oldest film", "The oldest is Battleship Potemkin, of 1925."),
    ("which is the longest film by Tarkovsky", "The longest is Solaris, 166 minutes."),
    ("which films by Tarkovsky do I have", "Andrei Tarkovsky: the films Solaris and Stalker."),
]
RUSSIAN = [
    ("Как спустить воздух из радиатора?", "Выключите отопление", "Как спустить воздух из радиатора"),
    ("какое давление должно быть в котле", "от 1,2 до 1,5 бара", "Давление в котле"),
    ("где перекрыть воду", "в подвале, за белой дверью", "Как перекрыть воду"),
    ("как перекрыть воду в доме", "красную ручку вправо", "Как перекрыть воду"),
    ("какой пароль от вай-фая", "на дне роутера", "Вайфай"),
    ("какой пароль от гостевой сети", "добропожаловать", "Гостевая сеть"),
    ("когда вывозят мусор", "вторник", "Вывоз мусора"),
    ("когда вывозят бумагу", "первый понедельник", "Вывоз мусора"),
    ("как проверить датчик дыма", "держите пять секунд", "Датчик дыма"),
    ("где находится электрощит", "в прихожей", "Электрощит"),
    ("как почистить духовку", "Пиролиз", "Духовка"),
    ("когда менять фильтр для воды", "раз в полгода", "Фильтр для воды"),
    ("кому звонить, если котёл показывает ошибку", "мастеру по отоплению: 555-01-42", "Ошибка котла"),
    ("где лежит ключ от радиаторов", "в верхнем ящике на кухне", "Как спустить воздух из радиатора"),
    ("холодная батарея, что делать", "его надо спустить", "Холодный радиатор"),
    ("до какого числа передавать показания счётчика", "до 25 числа", "Счётчик воды"),
    ("когда обслуживали котёл последний раз", "12 сентября 2026 года", "Обслуживание котла"),
    ("какой телефон у охраны", "555-01-77", "Сигнализация"),
    ("расскажи про садовый кран", "в конце октября", "Садовый кран"),
]
RUSSIAN_FILMS = [
    ("кто снял Солярис", "Режиссёр фильма «Солярис» — Андрей Тарковский."),
    ("кто режиссёр Сталкера?", "Режиссёр фильма «Сталкер» — Андрей Тарковский."),
    ("в каком году вышел фильм Брат", "Фильм «Брат» вышел в 1997 году."),
    ("в каком году вышел солярис", "Фильм «Солярис» вышел в 1972 году."),
    ("сколько идёт солярис", "Фильм «Солярис» идёт 166 минут."),
    ("сколько длится фильм сталкер", "Фильм «Сталкер» идёт 161 минуту."),
    ("самый старый фильм", "Самый старый — «Броненосец «Потёмкин»», 1925 год."),
    ("какой фильм самый новый", "Самый новый — «Брат», 1997 год."),
    ("самый новый советский фильм", "Самый новый — «Сталкер», 1979 год."),
    ("какой самый длинный фильм", "Самый длинный — «Семь самураев», 207 минут."),
    ("самый короткий фильм", "Самый короткий — «Броненосец «Потёмкин»», 74 минуты."),
    ("назови два самых старых фильма", "Подходят «Броненосец «Потёмкин»» и «Метрополис»."),
    ("когда сняли «Иронию судьбы»", "Фильм «Ирония судьбы» вышел в 1975 году."),
    (
        "кто играет в Касабланке",
        "В фильме «Касабланка» играют Хамфри Богарт, Ингрид Бергман, Пол Хенрейд и Клод Рейнс.",
    ),
    (
        "кто снимался в «Летят журавли»",
        "В фильме «Летят журавли» играют Татьяна Самойлова, Алексей Баталов и Василий Меркурьев.",
    ),
    ("какой жанр у фильма Головокружение", "Жанры фильма «Головокружение» — триллер и детектив."),
    ("какие фильмы есть", "Всего фильмов в списке: 10. Например, «Солярис», «Сталкер», «Метрополис» и «Брат»."),
    ("какие фильмы снял Тарковский", "Андрей Тарковский: фильмы «Солярис» и «Сталкер»."),
]
UNRELATED = [
    "what is the capital of france",
    "who won the world cup",
    "how much water is in the pacific ocean",
    "when does my brother arrive",
    "who directed titanic",
    "how old is the elephant",
    "what is the weather tomorrow",
    "how do i bake bread",
    "where is my phone",
    "what is the speed of light",
    "Сколько лет слону?",
    "кто снял Титаник",
    "какая завтра погода",
    "как сварить борщ",
    "когда приедет брат",
    "который час",
    "what day is it today",
    "сколько стоит биткоин",
    "кто президент Франции",
    "какая температура на улице",
    "где находится Эйфелева башня",
    "今天天气怎么样",
    "молоко",
    "привет",
    "всё хорошо",
    "помоги",
    "что ты умеешь",
    "как дела",
    "я дома",
    "milk",
    "help me",
    "thank you",
    "good night",
    "谢谢你",
    "?!",
    "the",
]


def assert_fit_for_the_ear(spoken: str) -> None:
    assert len(spoken) <= 400
    assert not re.search(r"[*_`#|<>\[\]\n]|https?:", spoken)
    assert spoken.endswith((".", "。"))


@pytest.mark.parametrize(("question", "fact", "place"), ENGLISH)
def test_an_english_question_is_answered_from_the_manual(
    sample_base: KnowledgeBase, question: str, fact: str, place: str
) -> None:
    answer = sample_base.ask(question)
    assert answer.found
    assert fact in answer.spoken
    assert answer.spoken.endswith(f"That is in {MANUAL}, {place}." if "page" not in place else f"That is in {place}.")
    assert answer.written.endswith(" [1]")
    assert_fit_for_the_ear(answer.spoken)


@pytest.mark.parametrize(("question", "fact", "place"), RUSSIAN)
def test_a_russian_question_is_answered_from_the_manual(
    sample_base: KnowledgeBase, question: str, fact: str, place: str
) -> None:
    answer = sample_base.ask(question, "ru")
    assert answer.found
    assert fact in answer.spoken
    assert answer.spoken.endswith(f"Это из документа «{RUSSIAN_MANUAL}», раздел «{place}».")
    assert_fit_for_the_ear(answer.spoken)


@pytest.mark.parametrize(("question", "sentence"), ENGLISH_FILMS)
def test_an_english_question_on_a_film_is_answered_from_its_fields(
    sample_base: KnowledgeBase, question: str, sentence: str
) -> None:
    assert sample_base.ask(question).spoken == f"{sentence} {FILMS_EN}"


@pytest.mark.parametrize(("question", "sentence"), RUSSIAN_FILMS)
def test_a_russian_question_on_a_film_is_answered_from_its_fields(
    sample_base: KnowledgeBase, question: str, sentence: str
) -> None:
    assert sample_base.ask(question).spoken == f"{sentence} {FILMS_RU}"


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("what is metropolis about", "Metropolis. In a city of the future"),
        ("о чём фильм «Метрополис»?", "«Метрополис». В городе будущего"),
    ],
)
def test_a_film_s_story_is_told(sample_base: KnowledgeBase, question: str, start: str) -> None:
    answer = sample_base.ask(question)
    assert answer.spoken.startswith(start)
    assert_fit_for_the_ear(answer.spoken)


def test_a_film_s_passage_has_its_title_in_its_own_language(sample_base: KnowledgeBase) -> None:
    assert sample_base.ask("what is solaris").spoken.startswith("Solaris is a film made in 1972")
    assert sample_base.ask("кто такой сталкер").spoken.startswith("«Сталкер» — фильм 1979 года")


def test_a_film_is_found_by_its_story(sample_base: KnowledgeBase) -> None:
    answer = sample_base.ask("в каком фильме крестьяне нанимают самураев")
    assert "Семь самураев" in answer.spoken
    assert answer.sources[0].passage.title == "Семь самураев"


@pytest.mark.parametrize("question", UNRELATED)
def test_an_unrelated_question_gets_an_honest_no(sample_base: KnowledgeBase, question: str) -> None:
    answer = sample_base.ask(question)
    assert not answer.found
    assert answer.sources == ()
    assert answer.spoken in {
        "I did not find that in your documents.",
        "В ваших документах я этого не нашёл.",
        "我在您的文档里没有找到相关内容。",
    }


def test_search_puts_the_language_of_the_question_first(sample_base: KnowledgeBase) -> None:
    for question, language in (("wifi password lighthouse", "en"), ("пароль wifi", "ru")):
        result = sample_base.search(Query(question))
        assert result.relevant
        assert result.hits[0].passage.language == language


def test_search_brings_a_few_passages_of_each_document_only(sample_base: KnowledgeBase) -> None:
    hits = sample_base.search(Query("boiler radiator water valve bin oven garden", limit=50)).hits
    documents = [hit.document for hit in hits]
    assert documents.count("documents/house-manual.md") == 3


@pytest.mark.parametrize(
    ("heard", "document"),
    [
        ("how do i bleed a radiater", "house-manual.md"),
        ("what is the boyler preshure", "house-manual.md"),
        ("как спустить воздух из ботареи", "инструкция-по-дому.md"),
    ],
)
def test_misheard_words_find_their_document(heard: str, document: str, sample_base: KnowledgeBase) -> None:
    found = sample_base.search(Query(heard))
    assert found.hits[0].document == f"documents/{document}"
    assert found.relevant
