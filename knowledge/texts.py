"""Every sentence the service says, in each language.

Spoken sentences are plain words: no marks, no addresses, no abbreviations that a voice would spell out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from knowledge.models import OF_LECTURES, Extreme, Film, FilmText, Kind, Language, Passage, Sentiment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SPOKEN_ACTORS = 4


class Texts(Protocol):
    """What can be said in one language; every method returns whole sentences."""

    @property
    def not_found(self) -> str:
        """Say that the documents have no answer."""
        ...

    def place(self, passage: Passage) -> str:
        """Name where in its document a passage stands; empty where there is nothing to name."""
        ...

    def source(self, passage: Passage) -> str:
        """Name a passage's document and place, for the end of a spoken answer."""
        ...

    @property
    def no_lectures(self) -> str:
        """Say that no lecture was held then."""
        ...

    def lectures_held(self, count: int, titles: Sequence[str]) -> str:
        """Tell which lectures were held: `count` of all, `titles` of some."""
        ...

    def lecture_held(self, title: str, day: str) -> str:
        """Tell on which day a lecture was, given in words."""
        ...

    def lectures_mention(self, passages: Sequence[Passage]) -> str:
        """Tell in which lectures something was said, and in which minute; a passage of each."""
        ...

    def lecture_not_ready(self, title: str) -> str:
        """Say that a lecture is still being written down."""
        ...

    def lecture_failed(self, title: str) -> str:
        """Say that a lecture could not be written down."""
        ...

    def film_facts(self, film: Film, text: FilmText) -> str:
        """Tell everything a film's fields say."""
        ...

    def film_directors(self, title: str, text: FilmText) -> str:
        """Tell who made a film."""
        ...

    def film_actors(self, title: str, text: FilmText) -> str:
        """Tell who plays in it."""
        ...

    def film_year(self, title: str, year: int) -> str:
        """Tell when it was made."""
        ...

    def film_length(self, title: str, minutes: int) -> str:
        """Tell how long it is."""
        ...

    def film_countries(self, title: str, text: FilmText) -> str:
        """Tell where it was made."""
        ...

    def film_genres(self, title: str, text: FilmText) -> str:
        """Tell what kind of film it is."""
        ...

    def film_rating(self, title: str, rating: float) -> str:
        """Tell how it is rated."""
        ...

    def film_synopsis(self, title: str, text: FilmText) -> str:
        """Tell what it is about."""
        ...

    def films_of(self, person: str, titles: Sequence[str]) -> str:
        """List the films of a director or an actor."""
        ...

    def films_listed(self, count: int, titles: Sequence[str]) -> str:
        """Tell how many films there are, and the names of some."""
        ...

    def films_found(self, count: int, titles: Sequence[str], *, is_count: bool) -> str:
        """Tell which films fit what was asked, or how many: `count` on all, `titles` of some."""
        ...

    def films_first(self, extreme: Extreme, titles: Sequence[str], value: int) -> str:
        """Tell which films are the oldest or the longest; `value` is their year or their minutes."""
        ...

    def film_reviews(self, title: str, counts: Mapping[Sentiment, int], quotes: Mapping[Sentiment, str]) -> str:
        """Tell how people write of a film: how many praise it and how many do not, and a sentence of each kind."""
        ...


@dataclass(frozen=True, slots=True)
class _Russian:
    not_found: str = "В ваших документах я этого не нашёл."
    no_lectures: str = "Лекций за это время я не нашёл."

    def place(self, passage: Passage) -> str:
        return _place(passage, {Kind.FILM: "фильм", Kind.SUMMARY: "конспект", Kind.TERM: "термин"}, "страница {}")

    def source(self, passage: Passage) -> str:
        if passage.kind is Kind.FILM:
            return "Это из вашего списка фильмов."
        if passage.kind is Kind.SUMMARY:
            return f"Это из конспекта лекции «{_unquoted(passage.title)}»."
        if passage.kind in OF_LECTURES:
            return f"Это из лекции «{_unquoted(passage.title)}»{_minute(', на {}-й минуте', passage)}."
        parts = [f"Это из документа «{_unquoted(passage.title)}»"]
        if passage.headings:
            parts.append(f"раздел «{_unquoted(passage.headings[-1])}»")
        if passage.page is not None:
            parts.append(f"страница {passage.page}")
        return ", ".join(parts) + "."

    def lectures_held(self, count: int, titles: Sequence[str]) -> str:
        named = _listed([f"«{_unquoted(title)}»" for title in titles], "и")
        found = _russian_plural(count, "Нашлась {} лекция", "Нашлось {} лекции", "Нашлось {} лекций").format(count)
        return f"{found}{':' if count == len(titles) else ', последние из них —'} {named}."

    def lecture_held(self, title: str, day: str) -> str:
        return f"Лекция «{_unquoted(title)}» была {day}."

    def lectures_mention(self, passages: Sequence[Passage]) -> str:
        places = [f"на лекции «{_unquoted(one.title)}»{_minute(', на {}-й минуте', one)}" for one in passages]
        return f"Об этом говорили {'; '.join(places)}."

    def lecture_not_ready(self, title: str) -> str:
        return f"Лекция «{_unquoted(title)}» ещё обрабатывается, конспект пока не готов."

    def lecture_failed(self, title: str) -> str:
        return f"Лекцию «{_unquoted(title)}» не удалось расшифровать. Причина показана в списке лекций."

    def film_facts(self, film: Film, text: FilmText) -> str:
        facts = f"«{text.title}» — фильм" + (f" {film.year} года" if film.year else "")
        facts += f", {', '.join(text.countries)}" if text.countries else ""
        facts += f", {', '.join(text.genres)}." if text.genres else "."
        facts += f" Режиссёр — {', '.join(text.directors)}." if text.directors else ""
        return facts + (f" В ролях: {', '.join(text.actors)}." if text.actors else "")

    def film_directors(self, title: str, text: FilmText) -> str:
        role = "Режиссёр" if len(text.directors) == 1 else "Режиссёры"
        return f"{role} фильма «{title}» — {_listed(text.directors, 'и')}."

    def film_actors(self, title: str, text: FilmText) -> str:
        verb = "играет" if len(text.actors) == 1 else "играют"
        return f"В фильме «{title}» {verb} {_listed(text.actors[:_SPOKEN_ACTORS], 'и')}."

    def film_year(self, title: str, year: int) -> str:
        return f"Фильм «{title}» вышел в {year} году."

    def film_length(self, title: str, minutes: int) -> str:
        return f"Фильм «{title}» идёт {minutes} {_russian_plural(minutes, 'минуту', 'минуты', 'минут')}."

    def film_countries(self, title: str, text: FilmText) -> str:
        noun = "Страна" if len(text.countries) == 1 else "Страны"
        return f"{noun} производства фильма «{title}» — {_listed(text.countries, 'и')}."

    def film_genres(self, title: str, text: FilmText) -> str:
        noun = "Жанр" if len(text.genres) == 1 else "Жанры"
        return f"{noun} фильма «{title}» — {_listed(text.genres, 'и')}."

    def film_rating(self, title: str, rating: float) -> str:
        return f"Рейтинг фильма «{title}» — {f'{rating:g}'.replace('.', ',')} из 10."

    def film_synopsis(self, title: str, text: FilmText) -> str:
        return f"«{title}». {text.synopsis}"

    def films_of(self, person: str, titles: Sequence[str]) -> str:
        named = [f"«{title}»" for title in titles]
        noun = "фильм" if len(titles) == 1 else "фильмы"
        return f"{person}: {noun} {_listed(named, 'и')}."

    def films_listed(self, count: int, titles: Sequence[str]) -> str:
        named = [f"«{title}»" for title in titles]
        if count == len(titles):
            return f"В списке {_listed(named, 'и')}."
        return f"Всего фильмов в списке: {count}. Например, {_listed(named, 'и')}."

    def films_found(self, count: int, titles: Sequence[str], *, is_count: bool) -> str:
        named = _listed([f"«{title}»" for title in titles], "и")
        if not count:
            return "Таких фильмов в списке нет."
        if is_count:
            more = "" if count == len(titles) else "Например, "
            return f"Таких фильмов в списке: {count}. {more}{named}."
        if count > len(titles):
            return f"Например, {named}. Всего таких фильмов в списке: {count}."
        return f"{'Подходит' if count == 1 else 'Подходят'} {named}."

    def films_first(self, extreme: Extreme, titles: Sequence[str], value: int) -> str:
        minutes = f"{value} {_russian_plural(value, 'минута', 'минуты', 'минут')}"
        kind, measure = {
            Extreme.OLDEST: ("старый", f"{value} год"),
            Extreme.NEWEST: ("новый", f"{value} год"),
            Extreme.LONGEST: ("длинный", minutes),
            Extreme.SHORTEST: ("короткий", minutes),
        }[extreme]
        return f"Самый {kind} — {_listed([f'«{title}»' for title in titles], 'и')}, {measure}."

    def film_reviews(self, title: str, counts: Mapping[Sentiment, int], quotes: Mapping[Sentiment, str]) -> str:
        kinds = {Sentiment.POSITIVE: "хороших", Sentiment.NEUTRAL: "спокойных", Sentiment.NEGATIVE: "плохих"}
        counted = [f"{kinds[kind]} {count}" for kind, count in counts.items()]
        said = {Sentiment.POSITIVE: "Хвалят", Sentiment.NEUTRAL: "Пишут спокойно", Sentiment.NEGATIVE: "Ругают"}
        opinions = [f"{said[kind]}: «{_unquoted(quote)}»" for kind, quote in quotes.items()]
        return " ".join((f"Отзывы о фильме «{title}»: {', '.join(counted)}.", *opinions))


@dataclass(frozen=True, slots=True)
class _English:
    not_found: str = "I did not find that in your documents."
    no_lectures: str = "I did not find a lecture of that time."

    def place(self, passage: Passage) -> str:
        return _place(passage, {Kind.FILM: "film", Kind.SUMMARY: "summary", Kind.TERM: "term"}, "page {}")

    def source(self, passage: Passage) -> str:
        if passage.kind is Kind.FILM:
            return "That is in your film list."
        if passage.kind is Kind.SUMMARY:
            return f"That is in the summary of the lecture {passage.title}."
        if passage.kind in OF_LECTURES:
            return f"That is in the lecture {passage.title}{_minute(', minute {}', passage)}."
        page = f"page {passage.page}" if passage.page is not None else ""
        return f"That is in {', '.join(filter(None, (passage.title, *passage.headings[-1:], page)))}."

    def lectures_held(self, count: int, titles: Sequence[str]) -> str:
        named = _listed(titles, "and")
        return (
            f"I found {count} lecture{'s' * (count != 1)}{':' if count == len(titles) else ', the latest are'} {named}."
        )

    def lecture_held(self, title: str, day: str) -> str:
        return f"The lecture {title} was {day}."

    def lectures_mention(self, passages: Sequence[Passage]) -> str:
        return f"That is in {'; '.join(f'the lecture {one.title}' + _minute(', minute {}', one) for one in passages)}."

    def lecture_not_ready(self, title: str) -> str:
        return f"The lecture {title} is still being worked on; its summary is not ready."

    def lecture_failed(self, title: str) -> str:
        return f"The lecture {title} could not be transcribed. The list of lectures says why."

    def film_facts(self, film: Film, text: FilmText) -> str:
        facts = f"{text.title} is a film" + (f" made in {film.year}" if film.year else "")
        facts += f" in {', '.join(text.countries)}" if text.countries else ""
        facts += f": {', '.join(text.genres)}." if text.genres else "."
        facts += f" It was directed by {_listed(text.directors, 'and')}." if text.directors else ""
        return facts + (f" It stars {_listed(text.actors, 'and')}." if text.actors else "")

    def film_directors(self, title: str, text: FilmText) -> str:
        return f"{title} was directed by {_listed(text.directors, 'and')}."

    def film_actors(self, title: str, text: FilmText) -> str:
        return f"{title} stars {_listed(text.actors[:_SPOKEN_ACTORS], 'and')}."

    def film_year(self, title: str, year: int) -> str:
        return f"{title} was released in {year}."

    def film_length(self, title: str, minutes: int) -> str:
        return f"{title} is {minutes} minutes long."

    def film_countries(self, title: str, text: FilmText) -> str:
        return f"{title} was made in {_listed(text.countries, 'and')}."

    def film_genres(self, title: str, text: FilmText) -> str:
        noun = "genre" if len(text.genres) == 1 else "genres"
        verb = "is" if len(text.genres) == 1 else "are"
        return f"The {noun} of {title} {verb} {_listed(text.genres, 'and')}."

    def film_rating(self, title: str, rating: float) -> str:
        return f"{title} is rated {rating:g} out of 10."

    def film_synopsis(self, title: str, text: FilmText) -> str:
        return f"{title}. {text.synopsis}"

    def films_of(self, person: str, titles: Sequence[str]) -> str:
        noun = "film" if len(titles) == 1 else "films"
        return f"{person}: the {noun} {_listed(titles, 'and')}."

    def films_listed(self, count: int, titles: Sequence[str]) -> str:
        if count == len(titles):
            return f"You have {_listed(titles, 'and')}."
        return f"You have {count} films, for example {_listed(titles, 'and')}."

    def films_found(self, count: int, titles: Sequence[str], *, is_count: bool) -> str:
        named = _listed(titles, "and")
        if not count:
            return "There is no such film in your list."
        if is_count:
            more = ": " if count == len(titles) else ", for example "
            return f"You have {count} such {'film' if count == 1 else 'films'}{more}{named}."
        if count > len(titles):
            return f"For example {named}. You have {count} such films."
        return f"{named} {'fits' if count == 1 else 'fit'}."

    def films_first(self, extreme: Extreme, titles: Sequence[str], value: int) -> str:
        measure = f"{value} minutes" if extreme in {Extreme.LONGEST, Extreme.SHORTEST} else f"of {value}"
        return f"The {extreme} {'is' if len(titles) == 1 else 'are'} {_listed(titles, 'and')}, {measure}."

    def film_reviews(self, title: str, counts: Mapping[Sentiment, int], quotes: Mapping[Sentiment, str]) -> str:
        kinds = {Sentiment.POSITIVE: "good", Sentiment.NEUTRAL: "calm", Sentiment.NEGATIVE: "bad"}
        counted = _listed([f"{count} {kinds[kind]}" for kind, count in counts.items()], "and")
        said = {Sentiment.POSITIVE: "In favour", Sentiment.NEUTRAL: "In between", Sentiment.NEGATIVE: "Against"}
        opinions = [f'{said[kind]}: "{quote}"' for kind, quote in quotes.items()]
        return " ".join((f"Reviews of {title}: {counted}.", *opinions))


@dataclass(frozen=True, slots=True)
class _Chinese:
    not_found: str = "我在您的文档里没有找到相关内容。"
    no_lectures: str = "我没有找到那段时间的讲座。"

    def place(self, passage: Passage) -> str:
        return _place(passage, {Kind.FILM: "影片", Kind.SUMMARY: "摘要", Kind.TERM: "术语"}, "第{}页")

    def source(self, passage: Passage) -> str:
        if passage.kind is Kind.FILM:
            return "这来自您的影片列表。"
        if passage.kind is Kind.SUMMARY:
            return f"这出自讲座《{passage.title}》的摘要。"
        if passage.kind in OF_LECTURES:
            return f"这出自讲座《{passage.title}》{_minute('第{}分钟', passage)}。"
        heading = f"“{passage.headings[-1]}”一节" if passage.headings else ""
        page = f"第{passage.page}页" if passage.page is not None else ""
        return f"这出自《{passage.title}》{heading}{page}。"

    def lectures_held(self, count: int, titles: Sequence[str]) -> str:
        named = "、".join(f"《{title}》" for title in titles)
        return f"找到{count}场讲座：{named}{'' if count == len(titles) else '等'}。"

    def lecture_held(self, title: str, day: str) -> str:
        return f"讲座《{title}》的日期是{day}。"

    def lectures_mention(self, passages: Sequence[Passage]) -> str:
        return f"讲到这个的是讲座{'、'.join(f'《{one.title}》' + _minute('第{}分钟', one) for one in passages)}。"

    def lecture_not_ready(self, title: str) -> str:
        return f"讲座《{title}》还在处理中，摘要尚未完成。"

    def lecture_failed(self, title: str) -> str:
        return f"讲座《{title}》无法转写，原因见讲座列表。"

    def film_facts(self, film: Film, text: FilmText) -> str:
        facts = f"《{text.title}》是一部" + (f"{film.year}年的" if film.year else "") + "、".join(text.genres) + "影片"
        facts += f"（{'、'.join(text.countries)}）。" if text.countries else "。"
        facts += f"导演：{'、'.join(text.directors)}。" if text.directors else ""
        return facts + (f"主演：{'、'.join(text.actors)}。" if text.actors else "")

    def film_directors(self, title: str, text: FilmText) -> str:
        return f"《{title}》的导演是{'、'.join(text.directors)}。"

    def film_actors(self, title: str, text: FilmText) -> str:
        return f"《{title}》的主演是{'、'.join(text.actors[:_SPOKEN_ACTORS])}。"

    def film_year(self, title: str, year: int) -> str:
        return f"《{title}》于{year}年上映。"

    def film_length(self, title: str, minutes: int) -> str:
        return f"《{title}》片长{minutes}分钟。"

    def film_countries(self, title: str, text: FilmText) -> str:
        return f"《{title}》的制片国家是{'、'.join(text.countries)}。"

    def film_genres(self, title: str, text: FilmText) -> str:
        return f"《{title}》的类型是{'、'.join(text.genres)}。"

    def film_rating(self, title: str, rating: float) -> str:
        return f"《{title}》的评分是{rating:g}分，满分10分。"

    def film_synopsis(self, title: str, text: FilmText) -> str:
        return f"《{title}》：{text.synopsis}"

    def films_of(self, person: str, titles: Sequence[str]) -> str:
        return f"{person}的影片有{'、'.join(f'《{title}》' for title in titles)}。"

    def films_listed(self, count: int, titles: Sequence[str]) -> str:
        return f"列表里有{count}部影片，例如{'、'.join(f'《{title}》' for title in titles)}。"

    def films_found(self, count: int, titles: Sequence[str], *, is_count: bool) -> str:
        named = "、".join(f"《{title}》" for title in titles)
        if not count:
            return "列表里没有这样的影片。"
        if is_count or count > len(titles):
            return f"这样的影片有{count}部：{named}{'' if count == len(titles) else '等'}。"
        return f"符合的有{named}。"

    def films_first(self, extreme: Extreme, titles: Sequence[str], value: int) -> str:
        kind = {Extreme.OLDEST: "老", Extreme.NEWEST: "新", Extreme.LONGEST: "长", Extreme.SHORTEST: "短"}[extreme]
        unit = "分钟" if extreme in {Extreme.LONGEST, Extreme.SHORTEST} else "年"
        return f"最{kind}的是{'、'.join(f'《{title}》' for title in titles)}，{value}{unit}。"

    def film_reviews(self, title: str, counts: Mapping[Sentiment, int], quotes: Mapping[Sentiment, str]) -> str:
        kinds = {Sentiment.POSITIVE: "好评", Sentiment.NEUTRAL: "中评", Sentiment.NEGATIVE: "差评"}
        counted = "，".join(f"{kinds[kind]}{count}条" for kind, count in counts.items())
        opinions = [f"{kinds[kind]}：“{quote}”" for kind, quote in quotes.items()]
        return "".join((f"《{title}》的影评：{counted}。", *opinions))


TEXTS: Mapping[Language, Texts] = {
    Language.RUSSIAN: _Russian(),
    Language.ENGLISH: _English(),
    Language.CHINESE: _Chinese(),
}


def _place(passage: Passage, kinds: Mapping[Kind, str], page: str) -> str:
    if passage.kind in {Kind.FILM, Kind.SUMMARY}:
        return " › ".join((kinds[passage.kind], *passage.headings))
    numbered = page.format(passage.page) if passage.page is not None else ""
    stands = " › ".join(passage.headings) or kinds.get(passage.kind, "")
    return ", ".join(filter(None, (stands, numbered, _clock(passage.start_seconds))))


def _clock(seconds: int | None) -> str:
    """Return a time code as players show it, "1:02:03" or "2:03"."""
    if seconds is None:
        return ""
    hours, rest = divmod(seconds, 3_600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def _minute(said: str, passage: Passage) -> str:
    return "" if passage.start_seconds is None else said.format(passage.start_seconds // 60 + 1)


def _russian_plural(count: int, one: str, few: str, many: str) -> str:
    if count % 100 in range(11, 15) or count % 10 not in range(1, 5):
        return many
    return one if count % 10 == 1 else few


def _listed(names: Sequence[str], conjunction: str) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}"


def _unquoted(text: str) -> str:
    return text.replace("«", "").replace("»", "").replace('"', "")
