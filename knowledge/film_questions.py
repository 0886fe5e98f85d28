"""Questions on a film's fields: which field is asked of which film, and the sentence that answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from knowledge import analyzer
from knowledge.films import in_language
from knowledge.texts import TEXTS

if TYPE_CHECKING:
    from knowledge.films import FilmShelf, Listed
    from knowledge.models import Film, Language


class Field(StrEnum):
    """What can be asked of a film."""

    ACTORS = "actors"
    DIRECTORS = "directors"
    GENRES = "genres"
    RATING = "rating"
    COUNTRIES = "countries"
    SYNOPSIS = "synopsis"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class FieldAnswer:
    """A sentence and the films it speaks of."""

    sentence: str
    films: tuple[Listed, ...]


# In order of precedence: "кто снимался" is about actors, "кто снимал" about the director.
_ASKED = {
    Field.ACTORS: (
        r"снима(?:л(?:ся|ась|ись)|ется|ются)|снял(?:ся|ась|ись)|игра(?:ет|ют|л|ла|ли)\b|сыгра|в\s+ролях|главн\w+\s+рол",
        r"актер|актрис|\bstar(?:s|red|ring)?\b|\bplay(?:s|ed|ing)?\b|\bact(?:s|ed|ors?|ress(?:es)?|ing)\b|\bcast\b",
        r"主演|演员|谁演",
    ),
    Field.DIRECTORS: (
        r"кто\s+(?:созда|сдела|снял|снима)|кем\s+снят|\bснял\b|режисс|поставил",
        r"\bdirect(?:s|ed|ors?)?\b|\bwho\s+(?:made|makes|shot|filmed)\b|\bdid\b.*\bmake\b",
        r"导演|执导|谁拍",
    ),
    Field.GENRES: (r"жанр|\bgenres?\b|\b(?:kind|sort|type)\s+of\b|类型",),
    Field.RATING: (r"рейтинг|оценк|\brat(?:ed|ings?)\b|\bscore\b|评分",),
    Field.COUNTRIES: (r"стран|\bгде\s+(?:снят|снял|снимал)|\bcountr|\bwhere\s+was\b|国家|哪国",),
    Field.SYNOPSIS: (
        r"о\s*чем|про\s+что|сюжет|расскажи|описани|содержани",
        r"\babout\b|\bplot\b|\bstory\b|\bsynopsis\b",
        r"讲什么|讲的|关于|剧情|内容",
    ),
    Field.YEAR: (
        r"когда|каком\s+году|какого\s+года|год[уа]?\b|\bwhen\b|\byear\b|\brelease",
        r"哪年|哪一年|什么时候|何时|年份",
    ),
}
_FIELDS = {field: re.compile("|".join(patterns)) for field, patterns in _ASKED.items()}
_IS_ABOUT_FILMS = re.compile(r"фильм|кино|\bfilms?\b|\bmovies?\b|影片|电影", re.IGNORECASE)
_FILM_WORDS = frozenset(
    analyzer.title_terms(
        """
        фильм фильма фильмы фильмов фильмах фильме кино картина картины кинокартина киноленту лента вышел вышла выйти
        выходил снят снята сняли снял снимал снимали снимался снималась снимались создали показали премьера называется
        главная главную роль роли ролях герой играет играл играла играют сыграл год году года жанр жанра режиссер
        режиссера режиссером актер актеры актриса актера рейтинг страна стране страны сюжет смысл рассказывается идет
        речь рассказывает выпуск выпустили поставил есть имеются
        film films movie movies picture released release made make makes shot filmed directed director directors direct
        directs actor actors actress star stars starred starring play plays played playing cast acted acts acting year
        genre genres kind sort type rating rated score country countries plot story synopsis come came premiere produced
        have got leading lead main role roles
        """
    )
)
_MOST_FILMS = 2
_MOST_OF_PERSON = 6
_MOST_LISTED = 4
_ASKS_WHICH_FILMS = re.compile(
    r"^(?:а\s+)?(?:какие|что\s+за)\s+фильмы\b|^(?:what|which)\s+(?:films|movies)\b|(?:哪些|什么)(?:电影|影片)",
    re.IGNORECASE,
)


def answer(shelf: FilmShelf, question: str, language: Language) -> FieldAnswer | None:
    """Return what the films' fields say to a question; None if it is not a question on a field."""
    return (
        _of_film(shelf, question, language)
        or _of_person(shelf, question, language)
        or _of_all(shelf, question, language)
    )


def _of_film(shelf: FilmShelf, question: str, language: Language) -> FieldAnswer | None:
    """Answer "who directed Solaris"."""
    named = shelf.named_in(question)
    field = _asked_field(question) if named.films else None
    if field is None or not _is_only_about(question, named.terms):
        return None
    said = [(one, sentence) for one in named.films if (sentence := _sentence(one.film, field, language))]
    said = said[:_MOST_FILMS]
    return FieldAnswer(" ".join(sentence for _, sentence in said), tuple(one for one, _ in said)) if said else None


def _of_person(shelf: FilmShelf, question: str, language: Language) -> FieldAnswer | None:
    """Answer "which films did Tarkovsky make"."""
    if not _IS_ABOUT_FILMS.search(question):
        return None
    found = shelf.credits_in(question)
    field = _asked_field(question)
    if field in {Field.ACTORS, Field.DIRECTORS}:
        found = [credit for credit in found if credit.is_director is (field is Field.DIRECTORS)]
    names = frozenset(term for credit in found for term in analyzer.title_terms(credit.name))
    if not found or _other_words(question, names):
        return None
    films = tuple({id(credit.listed): credit.listed for credit in found}.values())[:_MOST_OF_PERSON]
    titles = [in_language(one.film, language).title for one in films]
    return FieldAnswer(TEXTS[language].films_of(found[0].name, titles), films)


def _of_all(shelf: FilmShelf, question: str, language: Language) -> FieldAnswer | None:
    """Answer "which films do I have"."""
    listed = shelf.all()
    if not listed or not _ASKS_WHICH_FILMS.search(question) or _other_words(question, frozenset()):
        return None
    films = tuple(listed[:_MOST_LISTED])
    titles = [in_language(one.film, language).title for one in films]
    return FieldAnswer(TEXTS[language].films_listed(len(listed), titles), films)


def _asked_field(question: str) -> Field | None:
    folded = question.casefold().replace("ё", "е")
    return next((field for field, pattern in _FIELDS.items() if pattern.search(folded)), None)


def _is_only_about(question: str, title: frozenset[str]) -> bool:
    """Say whether nothing but a film is asked about: "when does my brother come" is not, whatever films are called."""
    return bool(_IS_ABOUT_FILMS.search(question)) or not _other_words(question, title)


def _other_words(question: str, known: frozenset[str]) -> set[str]:
    """Return what a question names besides; Chinese is not told into words, so a title of two characters must do."""
    others = set(analyzer.question_terms(question)) - known - _FILM_WORDS
    if sum(map(analyzer.is_chinese, known)) < 2:
        return others
    return {term for term in others if not analyzer.is_chinese(term)}


def _sentence(film: Film, field: Field, language: Language) -> str:
    """Return the sentence on one field; empty where the film does not have it."""
    text, texts = in_language(film, language), TEXTS[language]
    match field:
        case Field.YEAR:
            return texts.film_year(text.title, film.year) if film.year else ""
        case Field.RATING:
            return texts.film_rating(text.title, film.rating) if film.rating is not None else ""
    say = {
        Field.DIRECTORS: texts.film_directors,
        Field.ACTORS: texts.film_actors,
        Field.GENRES: texts.film_genres,
        Field.COUNTRIES: texts.film_countries,
        Field.SYNOPSIS: texts.film_synopsis,
    }[field]
    return say(text.title, text) if getattr(text, field) else ""
