"""Questions on a film's fields: which field is asked of which film, and the sentence that answers."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from knowledge.films import requests
from knowledge.films.query import DEFAULT_FILMS
from knowledge.films.shelf import in_language
from knowledge.models import Extreme, Sentiment
from knowledge.text import analyzer, sentences
from knowledge.texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.films.query import FilmQuery, FoundFilms
    from knowledge.films.shelf import FilmShelf, Listed
    from knowledge.models import Film, Language, Passage


class Field(StrEnum):
    """What can be asked of a film."""

    ACTORS = "actors"
    DIRECTORS = "directors"
    GENRES = "genres"
    RATING = "rating"
    COUNTRIES = "countries"
    SYNOPSIS = "synopsis"
    LENGTH = "length"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class FieldAnswer:
    """A sentence and the films it speaks of."""

    sentence: str
    """Empty where the films lack what is asked for."""
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
    Field.LENGTH: (
        r"(?:сколько|как\s+долго)\s+(?:\w+\s+){0,2}?(?:идет|длится|минут|часов)|длительност|продолжительност|хронометраж",
        r"\bhow\s+(?:long|many\s+(?:minutes|hours))\b|\brunning\s+time\b|\bruntime\b|\bduration\b",
        r"多长|多久|时长|片长|多少分钟|几个?小时",
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
        речь рассказывает длится минут часов длительность продолжительность хронометраж выпуск выпустили поставил
        есть имеются
        film films movie movies picture released release made make makes shot filmed directed director directors direct
        directs actor actors actress star stars starred starring play plays played playing cast acted acts acting year
        genre genres kind sort type rating rated score country countries plot story synopsis come came premiere produced
        have got long running time runtime duration minutes hours last lasts leading lead main role roles
        отзыв отзывы отзывов рецензия рецензии рецензий пишут говорят думают отзываются оценивают приняли хвалят ругают
        зрители критики люди хорошего плохого хорошие плохие положительные отрицательные
        review reviews people viewers critics say write think praise criticise criticize good bad positive negative
        """
    )
)
_MOST_FILMS = 2
_MOST_OF_PERSON = 6
_MOST_LISTED = 4
_MOST_NAMED = 8
_MOST_QUOTED = 140
_ASKS_FOR_REVIEWS = re.compile(
    r"отзыв|рецензи|что\s+(?:\w+\s+){0,2}?(?:пишут|говорят|думают)|как\s+(?:отзываются|оценивают|приняли)|хвалят|ругают|"
    r"\breviews?\b|\bwhat\s+(?:do|did)\s+(?:people|viewers|critics|they)\s+(?:say|write|think)|\bpraise|\bcritici[sz]e|"
    r"影评|评价|评论|口碑|怎么说"
)
_OPINIONS = {
    Sentiment.POSITIVE: re.compile(r"хорош|положительн|позитивн|хвалят|\b(?:good|positive|praise)|好评"),
    Sentiment.NEGATIVE: re.compile(r"плох|отрицательн|негативн|ругают|\b(?:bad|negative|critici)|差评"),
}
_ASKS_WHICH_FILMS = re.compile(
    r"^(?:а\s+)?(?:какие|что\s+за)\s+фильмы\b|^(?:what|which)\s+(?:films|movies)\b|(?:哪些|什么)(?:电影|影片)",
    re.IGNORECASE,
)


class FilmLibrary(Protocol):
    """Where the films are."""

    def films(self) -> FilmShelf:
        """Return all films."""
        ...

    def find_films(self, query: FilmQuery) -> FoundFilms:
        """Return the films whose fields are as the query wants them."""
        ...

    def film_values(self, field: str) -> list[str]:
        """Return what stands in a field of any film, each value once."""
        ...

    def reviews(self, listed: Listed, sentiment: Sentiment) -> list[Passage]:
        """Return what people write of a film, of one opinion."""
        ...


def answer(library: FilmLibrary, question: str, language: Language) -> FieldAnswer | None:
    """Return what the films' fields say to a question; None if it is not a question on a field."""
    shelf = library.films()
    if not shelf:
        return None
    return (
        _of_reviews(library, question, language)
        or _of_film(shelf, question, language)
        or _of_person(shelf, question, language)
        or _of_fields(library, question, language)
        or _of_all(shelf, question, language)
    )


def _of_reviews(library: FilmLibrary, question: str, language: Language) -> FieldAnswer | None:
    """Answer "what do people write about Solaris"."""
    text = question.casefold().replace("ё", "е")
    if not _ASKS_FOR_REVIEWS.search(text):
        return None
    named = library.films().named_in(question)
    reviewed = next((listed for listed in named.films if listed.film.reviews), None)
    if reviewed is None or not _is_only_about(question, named.terms):
        return None
    asked = [sentiment for sentiment, pattern in _OPINIONS.items() if pattern.search(text)] or list(Sentiment)
    counts = {
        sentiment: reviewed.film.reviews[sentiment] for sentiment in asked if reviewed.film.reviews.get(sentiment)
    }
    quotes = {
        sentiment: quote
        for sentiment in counts
        if sentiment is not Sentiment.NEUTRAL or len(counts) == 1
        if (quote := _quote(library.reviews(reviewed, sentiment)))
    }
    if not counts:
        counts = dict(reviewed.film.reviews)
    title = in_language(reviewed.film, language).title
    return FieldAnswer(TEXTS[language].film_reviews(title, counts, quotes), (reviewed,))


def _quote(reviews: Sequence[Passage]) -> str:
    """Return the first sentence that says something, of the first review that has one."""
    spoken = (sentence.strip() for review in reviews for sentence in sentences.split(review.text))
    fitting = (sentence for sentence in spoken if 15 <= len(sentence) <= _MOST_QUOTED)
    return next(fitting, reviews[0].text[:_MOST_QUOTED] if reviews else "")


def _of_film(shelf: FilmShelf, question: str, language: Language) -> FieldAnswer | None:
    """Answer "who directed Solaris"."""
    named = shelf.named_in(question)
    field = _asked_field(question) if named.films else None
    if field is None or not _is_only_about(question, named.terms):
        return None
    if field is Field.LENGTH and not any(one.film.minutes for one in named.films):
        return FieldAnswer("", named.films)
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


def _of_fields(library: FilmLibrary, question: str, language: Language) -> FieldAnswer | None:
    """Answer "name three films with Solonitsyn after 1975"."""
    request = requests.read(question, library.film_values)
    if request is None or any(not analyzer.is_chinese(term) for term in _other_words(request.rest, frozenset())):
        return None
    if request.extreme is not None:
        return _of_extreme(library, request.query, request.extreme, language)
    found = library.find_films(request.query)
    most = _MOST_LISTED if request.is_count else min(request.query.limit, _MOST_NAMED)
    films = found.films[:most]
    titles = [in_language(one.film, language).title for one in films]
    is_enough = not request.is_count and len(films) == request.query.limit
    total = len(films) if is_enough else found.total
    return FieldAnswer(TEXTS[language].films_found(total, titles, is_count=request.is_count), films)


def _of_extreme(library: FilmLibrary, query: FilmQuery, extreme: Extreme, language: Language) -> FieldAnswer:
    """Answer "which is the oldest Soviet film", and "name the three longest films"."""
    found = library.find_films(replace(query, limit=sys.maxsize)).films
    valued = [(value, listed) for listed in found if (value := _measured(listed.film, extreme))]
    valued.sort(key=lambda one: one[0], reverse=extreme in {Extreme.NEWEST, Extreme.LONGEST})
    if not valued:
        return FieldAnswer("", ())
    has_number, best = query.limit < DEFAULT_FILMS, valued[0][0]
    films = tuple(listed for value, listed in valued if has_number or value == best)[: min(query.limit, _MOST_NAMED)]
    titles = [in_language(one.film, language).title for one in films]
    if len(films) > 1 and has_number:
        return FieldAnswer(TEXTS[language].films_found(len(films), titles, is_count=False), films)
    return FieldAnswer(TEXTS[language].films_first(extreme, titles, best), films)


def _measured(film: Film, extreme: Extreme) -> int | None:
    return film.minutes if extreme in {Extreme.LONGEST, Extreme.SHORTEST} else film.year


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
        case Field.LENGTH:
            return texts.film_length(text.title, film.minutes) if film.minutes else ""
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
