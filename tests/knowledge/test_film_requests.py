import csv
import io
import json
import math
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge import FilmQuery, KnowledgeBase, KnowledgeSettings
from knowledge.films import names, requests
from tests.knowledge.conftest import AT_ONCE

LIST = """
Солярис|Solaris|1972|СССР|фантастика; драма|science fiction; drama|Андрей Тарковский|Донатас Банионис; \
Наталья Бондарчук; Анатолий Солоницын|8.1
Сталкер|Stalker|1979|СССР|фантастика; драма|science fiction; drama|Андрей Тарковский|Александр Кайдановский; \
Анатолий Солоницын; Алиса Фрейндлих|8.0
Бриллиантовая рука|The Diamond Arm|1968|СССР|комедия|comedy|Леонид Гайдай|Юрий Никулин; Андрей Миронов|8.5
Амели|Amelie|2001|Франция|комедия; мелодрама|comedy; romance|Жан-Пьер Жёне|Одри Тоту; Матьё Кассовиц|8.3
Брат|Brother|1997|Россия|боевик; драма|action; drama|Алексей Балабанов|Сергей Бодров|7.8
Легенда №17|Legend No. 17|2012|Россия|драма; спорт|drama; sport|Николай Лебедев|Данила Козловский|7.9
Служебный роман|Office Romance|1977|СССР|комедия; мелодрама|comedy; romance|Эльдар Рязанов|Алиса Фрейндлих; \
Андрей Мягков|8.3
"""
HEAD = ("title", "title_en", "year", "countries", "genres", "genres_en", "directors", "actors", "rating")
REVIEWED = [
    {"title": "Зеркало", "year": 1975, "directors": ["Андрей Тарковский"], "reviews": [
        {"review": "Это лучший фильм о памяти из всех, что я видел.", "sentiment": "positive"},
        {"review": "Красиво, но смотреть было тяжело и скучно.", "sentiment": "negative"},
        {"review": "Прекрасный фильм, буду пересматривать.", "sentiment": "positive"},
    ]},
]  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, probed: Path) -> Iterator[KnowledgeBase]:
    root = tmp_path_factory.mktemp("films")
    folder = root / "knowledge" / "films"
    (folder / "Обзоры").mkdir(parents=True)
    buffer = io.StringIO()
    csv.writer(buffer).writerows([HEAD, *(line.split("|") for line in LIST.strip().splitlines())])
    (folder / "list.csv").write_text(buffer.getvalue())
    (folder / "Обзоры" / "reviews.json").write_text(json.dumps(REVIEWED))
    shutil.copytree(probed, root / "data")
    with KnowledgeBase(KnowledgeSettings(root / "knowledge", root / "data", AT_ONCE)) as base:
        assert base.scan().failed == 0
        yield base


def found(base: KnowledgeBase, query: FilmQuery) -> list[str]:
    return [next(text.title for text in listed.film.texts.values() if text.title) for listed in base.films(query).films]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        (FilmQuery(actor="Солоницыным"), ["Солярис", "Сталкер"]),
        (FilmQuery(actor="Солоницын, Фрейндлих"), ["Сталкер"]),
        (FilmQuery(person="Гайдая"), ["Бриллиантовая рука"]),
        (FilmQuery(person="Бондарчук"), ["Солярис"]),
        (FilmQuery(director="Тарковский", first_year=1975), ["Сталкер", "Зеркало"]),
        (FilmQuery(genre="комедии", last_year=1980), ["Бриллиантовая рука", "Служебный роман"]),
        (FilmQuery(country="Франции"), ["Амели"]),
        (FilmQuery(least_rating=8.3, limit=2), ["Бриллиантовая рука", "Амели"]),
        (FilmQuery(least_rating=8.3, limit=2, offset=2), ["Служебный роман"]),
        (FilmQuery(title="роман"), ["Служебный роман"]),
        (FilmQuery(collection="Обзоры"), ["Зеркало"]),
        (FilmQuery(actor="Неизвестный"), []),
    ],
)
def test_films_are_found_by_their_fields(base: KnowledgeBase, query: FilmQuery, titles: list[str]) -> None:
    assert found(base, query) == titles


def test_a_page_of_films_says_how_many_there_are_on_all(base: KnowledgeBase) -> None:
    assert (base.films(FilmQuery(limit=3)).total, len(base.films(FilmQuery(limit=3)).films)) == (8, 3)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Назови два фильма с актёром Солоницыным после 1975 года", "Подходит «Сталкер»."),
        ("назови фильмы с Анатолием Солоницыным", "Подходят «Солярис» и «Сталкер»."),
        ("назови один фильм с Солоницыным", "Подходит «Солярис»."),
        ("какие комедии есть с Алисой Фрейндлих", "Подходит «Служебный роман»."),
        ("какие фильмы Тарковского сняты после 1974 года", "Подходят «Сталкер» и «Зеркало»."),
        ("сколько фильмов Тарковского в каталоге", "Таких фильмов в списке: 3. «Солярис», «Сталкер» и «Зеркало»."),
        ("посоветуй французскую комедию", "Подходит «Амели»."),
        ("какие советские комедии с рейтингом выше восьми", "Подходят «Бриллиантовая рука» и «Служебный роман»."),
        ("какие фильмы Гайдая есть с Никулиным", "Подходит «Бриллиантовая рука»."),
        ("назови фильмы девяностых", "Подходит «Брат»."),
        ("какие есть фантастические драмы", "Подходят «Солярис» и «Сталкер»."),
        ("какие фильмы 2012 года", "Подходит «Легенда №17»."),
        ("назови фильмы с рейтингом от 8,3", "Подходят «Бриллиантовая рука», «Амели» и «Служебный роман»."),
        ("какие фильмы с Никулиным после 2010 года", "Таких фильмов в списке нет."),
        ("name two comedies made before 1980", "The Diamond Arm and Office Romance fit."),
        ("which films by Андрей Тарковский are rated over 8", "Solaris fits."),
        ("how many dramas do I have", "You have 4 such films: Solaris, Stalker, Legend No. 17 and Brother."),
        ("list films from 1970 to 1978", "Office Romance, Solaris and Зеркало fit."),
        ("list the movies of the seventies with a rating of at least 8.1", "Office Romance and Solaris fit."),
        ("2000年以后的影片有哪些", "符合的有《Амели》、《Легенда №17》。"),
        ("最老的电影是哪部", "最老的是《Бриллиантовая рука》，1968年。"),
        ("评分高于8.3的电影有哪些", "符合的有《Бриллиантовая рука》。"),
    ],
)
def test_a_question_on_fields_is_answered_by_a_query(base: KnowledgeBase, question: str, sentence: str) -> None:
    answer = base.ask(question)
    spoken = answer.spoken.removesuffix(" Это из вашего списка фильмов.").removesuffix(" That is in your film list.")
    assert spoken.removesuffix("这来自您的影片列表。") == sentence


@pytest.mark.parametrize(
    "question",
    [
        "назови цену фильтра для воды после ремонта",
        "сколько стоит билет на фильм Солярис",
        "какие фильмы показывают в кинотеатре завтра",
        "how many films can the projector bulb last",
        "самый длинный фильм",
        "how long is Solaris",
        "самый старый кинотеатр в городе",
        "сколько идёт фильм в кинотеатре",
    ],
)
def test_questions_on_something_else_are_no_queries(base: KnowledgeBase, question: str) -> None:
    assert not base.ask(question).found


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("что пишут о фильме Зеркало", ["хороших 2, плохих 1", "Хвалят: «Это лучший фильм", "Ругают: «Красиво, но"]),
        ("какие плохие отзывы на Зеркало", ["плохих 1", "Ругают"]),
        ("what do people say about the film Зеркало", ["2 good and 1 bad", "In favour", "Against"]),
    ],
)
def test_reviews_are_told_by_their_opinion(base: KnowledgeBase, question: str, parts: list[str]) -> None:
    spoken = base.ask(question, "ru" if question[0] > "z" else "en").spoken
    assert [part for part in parts if part not in spoken] == []
    assert ("Хвалят" in spoken) is ("плохие" not in question and question[0] > "z")


def test_more_than_a_number_is_not_the_number_itself(base: KnowledgeBase) -> None:
    request = requests.read("фильмы с рейтингом выше 8 какие есть", lambda _: [])
    assert request is not None
    assert request.query.least_rating == math.nextafter(8, 9)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Леонид Гайдай", "Гайдая"),
        ("Андрей Тарковский", "андреем тарковским"),
        ("Алиса Фрейндлих", "Алисой Фрейндлих"),
        ("Донатас Банионис", "Банионисом"),
        ("Одри Тоту", "Одри Тоту"),
        ("Клинт Иствуд", "Клинта Иствуда"),
    ],
)
def test_a_name_is_known_in_every_case(name: str, said: str) -> None:
    assert names.is_like(name, said)
    assert not names.is_like(name, f"{said} Младший")
