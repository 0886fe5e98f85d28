import gzip
import json
from pathlib import Path, PurePosixPath

import pytest

from knowledge.errors import SourceError
from knowledge.models import Document, Film, Kind, Language, Sentiment
from knowledge.sources import imdb, kind_of, source_for

NFO = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<movie>
  <title>Сталкер</title><originaltitle>Сталкер</originaltitle><year>1979</year><runtime>161</runtime>
  <ratings><rating name="tmdb" max="10"><value>7.9</value></rating>
  <rating name="imdb" max="100" default="true"><value>81</value><votes>154 000</votes></rating></ratings>
  <plot>Проводник ведёт двоих через Зону.</plot>
  <genre>фантастика</genre><genre>драма</genre><country>СССР</country><director>Андрей Тарковский</director>
  <actor><name>Анатолий Солоницын</name><role>Писатель</role></actor><actor><name>Алиса Фрейндлих</name></actor>
</movie>
https://www.themoviedb.org/movie/1398
"""
EPISODES = """<episodedetails><title>Знакомство</title><showtitle>Шерлок Холмс</showtitle><aired>1980-03-22</aired>
<plot>Ватсон ищет квартиру.</plot></episodedetails><episodedetails><title>Кровавая надпись</title></episodedetails>"""


def read(folder: Path, name: str, content: str | bytes) -> list[Document]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    source = source_for(PurePosixPath(name))
    assert source is not None
    return source.read(path)


def film_of(document: Document) -> Film:
    assert document.film is not None
    return document.film


@pytest.mark.parametrize("content", [NFO, "\ufeff" + NFO, NFO.split("?>\n")[1]])
def test_what_a_media_library_writes_beside_a_video_is_a_film(content: str, tmp_path: Path) -> None:
    (document,) = read(tmp_path, "films/Сталкер/Сталкер.nfo", content)
    film, text = film_of(document), film_of(document).texts[Language.RUSSIAN]
    assert (film.year, film.rating, film.votes, film.original_title) == (1979, 8.1, 154_000, "Сталкер")
    assert film.minutes == 161
    assert (text.genres, text.countries) == (("фантастика", "драма"), ("СССР",))
    assert (text.directors, text.actors) == (("Андрей Тарковский",), ("Анатолий Солоницын", "Алиса Фрейндлих"))
    assert "Проводник ведёт двоих через Зону." in document.sections[0].text


def test_episodes_carry_the_name_of_their_series(tmp_path: Path) -> None:
    documents = read(tmp_path, "films/a.nfo", EPISODES)
    assert [(document.title, film_of(document).year) for document in documents] == [
        ("Шерлок Холмс: Знакомство", 1980),
        ("Кровавая надпись", None),
    ]


@pytest.mark.parametrize("content", ["", "https://www.themoviedb.org/movie/1398", "<movie></movie>", "<movie><title>a"])
def test_an_nfo_without_a_film_says_so(content: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        read(tmp_path, "films/a.nfo", content)


def tsv(*rows: str) -> str:
    return "".join(row.replace(" | ", "\t") + "\n" for row in rows)


BASICS = tsv(
    "tconst | titleType | primaryTitle | originalTitle | isAdult | startYear | endYear | runtimeMinutes | genres",
    "tt1 | movie | Stalker | Сталкер | 0 | 1979 | \\N | 162 | Drama,Sci-Fi",
    "tt2 | movie | Solaris | Солярис | 0 | 1972 | \\N | 167 | Drama",
    "tt3 | videoGame | Myst | Myst | 0 | 1993 | \\N | \\N | Adventure",
    "tt4 | movie | Not for children | \\N | 1 | \\N | \\N | \\N | \\N",
    "tt5 | movie | Mirror | Зеркало | 0 | \\N | \\N | \\N | \\N",
)
RATINGS = tsv("tconst | averageRating | numVotes", "tt2 | 8.0 | 100000", "tt1 | 8.1 | 150000")
PRINCIPALS = tsv(
    "tconst | ordering | nconst | category | job | characters",
    "tt1 | 1 | nm1 | actor | \\N | \\N",
    "tt1 | 2 | nm2 | director | \\N | \\N",
    "tt1 | 3 | nm3 | composer | \\N | \\N",
)
NAMES = tsv("nconst | primaryName", "nm1 | Anatoly Solonitsyn", "nm2 | Andrei Tarkovsky", "nm3 | Eduard Artemyev")


def test_the_files_of_imdb_are_read_together(tmp_path: Path) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    (folder / "title.ratings.tsv").write_text(RATINGS)
    (folder / "title.principals.tsv.gz").write_bytes(gzip.compress(PRINCIPALS.encode()))
    (folder / "name.basics.tsv").write_text(NAMES)
    documents = read(tmp_path, "films/title.basics.tsv.gz", gzip.compress(BASICS.encode()))
    films = [film_of(document) for document in documents]
    assert [document.title for document in documents] == ["Stalker", "Solaris", "Mirror"]
    assert [film.minutes for film in films][:2] == [162, 167]
    assert [(film.year, film.rating, film.votes) for film in films] == [
        (1979, 8.1, 150_000),
        (1972, 8.0, 100_000),
        (None, None, None),
    ]
    text = films[0].texts[Language.ENGLISH]
    assert (text.directors, text.actors, text.genres) == (
        ("Andrei Tarkovsky",),
        ("Anatoly Solonitsyn",),
        ("Drama", "Sci-Fi"),
    )


def test_of_a_long_list_the_best_known_films_are_kept_and_its_owner_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imdb, "MOST_FILMS", 1)
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / "title.ratings.tsv").write_text(RATINGS)
    (document,) = read(tmp_path, "films/title.basics.tsv", BASICS)
    assert document.title == "Stalker"
    assert "Only the 1 films with the most votes are kept" in str(document.problem)


def test_imdbs_other_files_are_no_lists_of_their_own() -> None:
    assert kind_of(PurePosixPath("films/title.basics.tsv")) is Kind.FILM
    assert source_for(PurePosixPath("films/title.basics.tsv")) is not source_for(PurePosixPath("films/mine.tsv"))


REVIEWED = {
    "docs": [
        {
            "name": "Сталкер",
            "alternativeName": "Stalker",
            "year": 1979,
            "rating": {"kp": 8.1, "imdb": 8.0},
            "votes": {"kp": 90000},
            "countries": [{"name": "СССР"}],
            "reviews": [
                {"review": "Великий фильм о вере.", "type": "Позитивный", "title": "Шедевр"},
                {"review": "Скучно и длинно.", "type": "Негативный"},
                {"review": "", "type": "Позитивный"},
            ],
        }
    ]
}


def test_reviews_are_sections_with_their_sentiment(tmp_path: Path) -> None:
    (document,) = read(tmp_path, "films/kinopoisk.json", json.dumps(REVIEWED))
    film = film_of(document)
    assert (film.rating, film.votes, film.original_title) == (8.1, 90_000, "Stalker")
    assert film.reviews == {Sentiment.POSITIVE: 1, Sentiment.NEGATIVE: 1}
    assert [(one.text, one.headings, one.sentiment) for one in document.sections[1:]] == [
        ("Великий фильм о вере.", ("Положительный отзыв", "Шедевр"), Sentiment.POSITIVE),
        ("Скучно и длинно.", ("Отрицательный отзыв",), Sentiment.NEGATIVE),
    ]


def test_a_table_with_a_review_in_each_row_becomes_one_film(tmp_path: Path) -> None:
    table = 'movie_name,grade3,title,content\nЗеркало,Good,Память,Прекрасно.\nЗеркало,Bad,,"Не понял, зачем."\n'
    (document,) = read(tmp_path, "films/reviews.csv", table)
    assert document.title == "Зеркало"
    assert film_of(document).reviews == {Sentiment.POSITIVE: 1, Sentiment.NEGATIVE: 1}
    assert document.sections[1].headings == ("Положительный отзыв", "Память")
