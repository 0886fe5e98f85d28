"""Reviews of films: their text and whether they praise."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.language import detect
from knowledge.models import Language, Section, Sentiment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_TEXT = ("review", "content", "text", "отзыв", "рецензия", "текст отзыва", "影评", "评论")
_TITLE = ("review_title", "title", "заголовок")
_SENTIMENT = ("sentiment", "grade3", "type", "тональность", "тип", "情感")
_WORDS = {
    Sentiment.POSITIVE: ("positive", "pos", "good", "позитивный", "положительный", "положительная", "好评", "1"),
    Sentiment.NEGATIVE: ("negative", "neg", "bad", "негативный", "отрицательный", "отрицательная", "差评", "-1"),
    Sentiment.NEUTRAL: ("neutral", "нейтральный", "нейтральная", "中评", "0"),
}
_SENTIMENTS = {word: sentiment for sentiment, words in _WORDS.items() for word in words}
_MOST_CHARACTERS = 20_000
_HEADINGS = {
    Language.RUSSIAN: {
        Sentiment.POSITIVE: "Положительный отзыв",
        Sentiment.NEUTRAL: "Нейтральный отзыв",
        Sentiment.NEGATIVE: "Отрицательный отзыв",
    },
    Language.ENGLISH: {
        Sentiment.POSITIVE: "Positive review",
        Sentiment.NEUTRAL: "Neutral review",
        Sentiment.NEGATIVE: "Negative review",
    },
    Language.CHINESE: {Sentiment.POSITIVE: "好评", Sentiment.NEUTRAL: "中评", Sentiment.NEGATIVE: "差评"},
}


@dataclass(frozen=True, slots=True)
class Review:
    """What one person says of a film."""

    text: str
    sentiment: Sentiment = Sentiment.NEUTRAL
    title: str = ""


def review_of(row: Mapping[str, object]) -> Review | None:
    """Return the review in a row of a list; None where there is none."""
    named = {str(name).strip().casefold().replace("ё", "е"): value for name, value in row.items()}
    text = _first(named, _TEXT)
    if not text:
        return None
    sentiment = _SENTIMENTS.get(_first(named, _SENTIMENT).casefold(), Sentiment.NEUTRAL)
    is_own_title = "movie_name" in named or ("review" in named and "year" not in named)
    return Review(text[:_MOST_CHARACTERS], sentiment, _first(named, _TITLE if is_own_title else _TITLE[:1]))


def review_sections(reviews: Iterable[Review], title: str) -> Iterator[Section]:
    """Yield a section per review, under a heading that says what kind it is."""
    for review in reviews:
        heading = _HEADINGS[detect(review.text)][review.sentiment]
        headings = (heading, review.title) if review.title and review.title != title else (heading,)
        yield Section(review.text, headings, title=title, sentiment=review.sentiment)


def count(reviews: Iterable[Review]) -> Counter[Sentiment]:
    """Return how many reviews of each kind there are."""
    return Counter(review.sentiment for review in reviews)


def _first(row: Mapping[str, object], names: Sequence[str]) -> str:
    values = (row.get(name) for name in names)
    return next((value.strip() for value in values if isinstance(value, str) and value.strip()), "")
