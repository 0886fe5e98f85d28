"""Questions that ask for films by their fields: "name three films with Solonitsyn after 1975 rated over 8"."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from knowledge.films import names
from knowledge.films.query import FilmQuery
from knowledge.models import Extreme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Period = tuple[int | None, int | None]
"""The first and the last year; None where it is open."""


@dataclass(frozen=True, slots=True)
class FilmRequest:
    """What a question asks for, and which of its words say so."""

    query: FilmQuery
    is_count: bool = False
    """How many there are is asked, and not which."""
    extreme: Extreme | None = None
    """Only the oldest of them is asked for, or the longest."""
    rest: str = ""
    """The words that say nothing about films; a question with any is about something else."""


_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "один одного одну one 一",
            "два двух две two 二 两",
            "три трех three 三",
            "четыре четырех four 四",
            "пять пяти five 五",
            "шесть шести six 六",
            "семь семи seven 七",
            "восемь восьми eight 八",
            "девять девяти nine 九",
            "десять десяти ten 十",
        ),
        start=1,
    )
    for word in words.split()
}
_NUMBER = rf"(\d+(?:[.,]\d+)?|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_YEAR = r"((?:18|19|20)\d\d)"
_OF_YEAR = r"(?:\s*(?:года|году|годов|год|г\.?)(?!\w))?"
_DECADES = {
    word: 1900 + 10 * number
    for number, words in enumerate(
        (
            "двадцатых twenties",
            "тридцатых thirties",
            "сороковых forties",
            "пятидесятых fifties",
            "шестидесятых sixties",
            "семидесятых seventies",
            "восьмидесятых eighties",
            "девяностых nineties",
        ),
        start=2,
    )
    for word in words.split()
}
_FILM = r"(?:фильм|кинофильм|кинокартин|картин|film|movie)\w*|кино|部?(?:电影|影片|片子)"
_ASKS = re.compile(
    r"(?:назов|назва|перечисл|покаж|посовет|порекоменд|подбер|найд|каки|како|каку|сколько)\w*|есть ли|что есть|"
    r"\b(?:name|list|show|find|which|what|recommend|suggest|how many|are there|is there|do i have|give me)\b|"
    r"说出|列出|哪些|什么|多少|几部|推荐|找|有没有"
)
_COUNTS = re.compile(r"сколько|\bhow many\b|多少|几部")
_MENTIONS = re.compile(_FILM)
_RATED = (
    re.compile(
        rf"(?:(?:с|при)\s+)?(?:рейтинг|оценк)\w*\s+(?P<strict>выше|больше|более)?(?:от|не ниже|не меньше)?\s*{_NUMBER}"
        r"(?:\s+балл\w*)?"
    ),
    re.compile(
        r"(?:with\s+)?(?:an?\s+)?(?:rating|rated|score[ds]?)\s+(?:of\s+)?"
        rf"(?P<strict>over|above|higher than|more than|better than)?(?:at least|from)?\s*{_NUMBER}"
    ),
    re.compile(rf"评分(?:在|是)?(?P<strict>高于|超过|大于)?(?:不低于)?\s*{_NUMBER}\s*分?(?:以上)?的?"),
)
_IN = r"(?:в\s+|за\s+|in\s+(?:the\s+)?|of\s+(?:the\s+)?|from\s+(?:the\s+)?)?"
_PERIODS: tuple[tuple[str, Callable[[re.Match[str]], Period]], ...] = (
    (
        rf"(?:между|between)\s+{_YEAR}{_OF_YEAR}\s+(?:и|and)\s+{_YEAR}{_OF_YEAR}",
        lambda years: _period(years[1], years[2]),
    ),
    (
        rf"(?:с|от|from)\s+{_YEAR}{_OF_YEAR}\s+(?:по|до|to|until|till)\s+{_YEAR}{_OF_YEAR}",
        lambda years: _period(years[1], years[2]),
    ),
    (rf"{_YEAR}年?(?:到|至|-|–|—){_YEAR}年?(?:之间)?", lambda years: _period(years[1], years[2])),
    (rf"(?:после|позже|after)\s+{_YEAR}{_OF_YEAR}", lambda years: _period(int(years[1]) + 1, None)),
    (rf"{_YEAR}年?(?:以后|之后|后)", lambda years: _period(int(years[1]) + 1, None)),
    (rf"(?:начиная\s+с|не раньше|с|от|since|from)\s+{_YEAR}{_OF_YEAR}", lambda years: _period(years[1], None)),
    (rf"{_YEAR}年以来", lambda years: _period(years[1], None)),
    (rf"(?:до|раньше|before|until)\s+{_YEAR}{_OF_YEAR}", lambda years: _period(None, int(years[1]) - 1)),
    (rf"{_YEAR}年?(?:以前|之前|前)", lambda years: _period(None, int(years[1]) - 1)),
    (rf"(?:по|не позже)\s+{_YEAR}{_OF_YEAR}", lambda years: _period(None, years[1])),
    (rf"{_IN}((?:18|19|20)?\d0)(?:-?[хx]|-?е|'?s|年代)(?:\s+год\w*)?", lambda years: _decade(int(years[1]))),
    (rf"{_IN}({'|'.join(_DECADES)})(?:\s+год\w*)?", lambda years: _decade(_DECADES[years[1]])),
    (rf"{_IN}{_YEAR}(?:{_OF_YEAR}|年)", lambda years: _period(years[1], years[1])),
)
"""Ways to name years, the longer ones first; a year alone comes last."""
_HOW_MANY = re.compile(
    rf"(?<!\w){_NUMBER}(?=\s+(?:\w+\s+){{0,2}}?(?:фильм|картин|film|movie)|部)|"
    rf"(?:(?<=назови )|(?<=покажи )|(?<=подбери )){_NUMBER}(?!\w)|(?:(?<=name )|(?<=list )|(?<=show )){_NUMBER}(?!\w)"
)
_EXTREMES = {
    Extreme.OLDEST: r"сам\w+\s+(?:стар|древн|ранн)\w+|старейш\w+|\b(?:oldest|earliest)\b|最(?:早|老|旧|古老)的?",
    Extreme.NEWEST: r"сам\w+\s+(?:нов|свеж|последн|поздн)\w+|новейш\w+|\b(?:newest|latest|most recent)\b|最[新近]的?",
    Extreme.LONGEST: r"сам\w+\s+(?:длинн|долг|продолжительн)\w+|\blongest\b|最长的?",
    Extreme.SHORTEST: r"сам\w+\s+(?:коротк|кратк)\w+|\bshortest\b|最短的?",
}
_ACTOR_CUE = re.compile(
    r"(?:в ролях|в главной роли|играе\w+|снимал\w+|снялся|снялась|участием|актер\w*|актрис\w*|где|в котор\w+|"
    r"\bс|\bсо|\bwith|\bstarring|\bstars?|\bfeaturing|\bactors?|\bactress\w*|主演|演)\W*$"
)
_DIRECTOR_CUE = re.compile(r"(?:режиссер\w*|снял|снял[аи]|снятые|поставил\w*|\bby|\bdirected|\bdirectors?|导演)\W*$")
_DIRECTOR_AFTER = re.compile(r"^\s*(?:导演|执导|拍)")
_ACTOR_AFTER = re.compile(r"^\s*(?:主演|演)")
_ROLE_WORDS = re.compile(
    r"\b(?:в ролях|в главной роли|где|играет|играют|играл\w*|снимал\w+|снялся|снялась|снял[аи]?|снятые|участием|"
    r"в котор\w+|режиссер\w*|поставил\w*|актер\w*|актрис\w*|with|starring|featuring|by|directed|director|actors?|"
    r"actress|the|a|и|and|с|со|из|from|в|во|на|in|of|моем|мое[йм]|моих|моей|нашем|каталоге?|списке|коллекции|"
    r"catalogue|catalog|collection|list|my|our|жанр\w*|genre|пожалуйста|please|какой-?нибудь|хорош\w+|good|best|лучш\w+)\b|"
    r"主演|导演|执导|演|拍|的|由|我|里|中"
)
# Adjectives of countries that share too few letters with the names: both by how they begin.
_DEMONYMS = (
    ("советск soviet 苏联", "ссср soviet ussr 苏联"),
    ("российск русск russian 俄", "россия russia 俄罗斯"),
    ("американск american 美", "сша usa united 美国"),
    ("французск french 法", "франция france 法国"),
    ("немецк германск german 德", "германия germany фрг гдр 德国"),
    ("английск британск british english 英", "великобритания united uk england 英国"),
    ("итальянск italian 意", "италия italy 意大利"),
    ("японск japanese 日", "япония japan 日本"),
    ("китайск chinese 中", "китай china 中国"),
    ("корейск korean 韩", "корея korea 韩国"),
    ("испанск spanish", "испания spain 西班牙"),
    ("польск polish", "польша poland 波兰"),
    ("шведск swedish", "швеция sweden 瑞典"),
    ("индийск indian", "индия india 印度"),
)
_LEAST_SHARED = 5
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def read(question: str, values: Callable[[str], list[str]]) -> FilmRequest | None:
    """Return what a question asks of the films; None if it does not ask for films by their fields.

    `values` gives what stands in a field of any film: "directors", "actors", "genres", "countries".
    """
    text = question.casefold().replace("ё", "е")
    is_count = _COUNTS.search(text) is not None
    request = _Reading(text, values)
    extreme = request.extreme()
    if not _ASKS.search(text) and extreme is None:
        return None
    query = request.rating(FilmQuery())
    query = request.period(query)
    query = request.limit(query)
    query = request.people(query)
    query = request.genre(query)
    query = request.country(query)
    if not _MENTIONS.search(text) and not query.genre:
        return None
    if query == FilmQuery() and not is_count and extreme is None:
        return None
    return FilmRequest(query, is_count, extreme, request.rest())


@dataclass(slots=True)
class _Reading:
    """A question from which each field takes the words that are its own."""

    text: str
    values: Callable[[str], list[str]]
    taken: list[tuple[int, int]] = field(default_factory=list)

    def extreme(self) -> Extreme | None:
        return next((extreme for extreme, said in _EXTREMES.items() if self._take(re.compile(said))), None)

    def rating(self, query: FilmQuery) -> FilmQuery:
        for pattern in _RATED:
            if found := self._take(pattern):
                least = _number(found[found.re.groups])
                return replace(query, least_rating=math.nextafter(least, math.inf) if found["strict"] else least)
        return query

    def period(self, query: FilmQuery) -> FilmQuery:
        for pattern, years in _PERIODS:
            if found := self._take(re.compile(rf"{pattern}的?")):
                first, last = years(found)
                query = replace(query, first_year=query.first_year or first, last_year=query.last_year or last)
        return query

    def limit(self, query: FilmQuery) -> FilmQuery:
        found = self._take(_HOW_MANY)
        return replace(query, limit=max(1, int(_number(next(filter(None, found.groups())))))) if found else query

    def people(self, query: FilmQuery) -> FilmQuery:
        actors, directors = self.values("actors"), self.values("directors")
        said: dict[str, list[str]] = {"actor": [], "director": []}
        for start, end in self._names([*actors, *directors]):
            name = self.text[start:end]
            role = self._role(start, end, is_director=any(names.is_like(value, name) for value in directors))
            said[role].append(name)
            self.taken.append((start, end))
        return replace(query, actor=", ".join(said["actor"]), director=", ".join(said["director"]))

    def genre(self, query: FilmQuery) -> FilmQuery:
        return replace(query, genre=self._value(self.values("genres")))

    def country(self, query: FilmQuery) -> FilmQuery:
        return replace(query, country=self._value(self.values("countries")))

    def rest(self) -> str:
        """Return the words that nothing took."""
        kept = list(self.text)
        for start, end in self.taken:
            kept[start:end] = " " * (end - start)
        return _ROLE_WORDS.sub(" ", _MENTIONS.sub(" ", _ASKS.sub(" ", "".join(kept))))

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        for found in pattern.finditer(self.text):
            if not any(start < found.end() and found.start() < end for start, end in self.taken):
                self.taken.append(found.span())
                return found
        return None

    def _value(self, values: Iterable[str]) -> str:
        """Return for each word that means any of the values those values, as FilmQuery writes them."""
        meant: list[str] = []
        known = sorted(set(values))
        for start, end in list(self._words()):
            fitting = [value for value in known if _is_alike(self.text[start:end], value)]
            if fitting:
                self.taken.append((start, end))
                meant.append("|".join(fitting))
        return ", ".join(meant)

    def _names(self, values: list[str]) -> Iterator[tuple[int, int]]:
        """Yield where people are named: neighbouring words that belong to one name, the surname among them."""
        surnames: dict[str, list[str]] = {}
        for value in dict.fromkeys(values):
            for form in names.forms(names.words(value)[-1]) if names.words(value) else ():
                surnames.setdefault(form, []).append(value)
            if value and value in self.text:  # Chinese, which has no blanks
                start = self.text.index(value)
                yield start, start + len(value)
        previous: tuple[int, int] | None = None
        for start, end in self._words():
            word = self.text[start:end]
            known = [value for form in names.forms(word) for value in surnames.get(form, ())]
            if known and len(word) > 2:
                first = previous[0] if previous and self._belongs(previous, known) else start
                yield first, end
            previous = (start, end)

    def _belongs(self, before: tuple[int, int], known: list[str]) -> bool:
        word = self.text[slice(*before)]
        return any(names.is_like(value, word) for value in known)

    def _role(self, start: int, end: int, *, is_director: bool) -> str:
        before, after = self.text[:start], self.text[end:]
        if _DIRECTOR_CUE.search(before) or _DIRECTOR_AFTER.match(after):
            return "director"
        if _ACTOR_CUE.search(before) or _ACTOR_AFTER.match(after):
            return "actor"
        if re.search(r",?\s+(?:и|and|和)\s+$", before) and _ACTOR_CUE.search(before[: before.rfind(" с ") + 2]):
            return "actor"
        return "director" if is_director else "actor"

    def _words(self) -> Iterator[tuple[int, int]]:
        for found in _WORD.finditer(self.text):
            if not any(start < found.end() and found.start() < end for start, end in self.taken):
                yield found.span()


def _is_alike(word: str, value: str) -> bool:
    """Say whether a word of a question means a genre or a country: "французские" is «Франция»."""
    held = names.words(value)
    if any(names.forms(word) & names.forms(one) or _share_a_stem(word, one) for one in held):
        return True
    folded = value.casefold()
    return any(
        any(word.startswith(begin) for begin in adjectives.split())
        and any(folded.startswith(begin) for begin in countries.split())
        for adjectives, countries in _DEMONYMS
    )


def _share_a_stem(word: str, other: str) -> bool:
    shared = 0
    for left, right in zip(word, other, strict=False):
        if left != right:
            break
        shared += 1
    return shared >= max(_LEAST_SHARED, 0.6 * min(len(word), len(other)))


def _number(said: str) -> float:
    return float(_NUMBERS[said]) if said in _NUMBERS else float(said.replace(",", "."))


def _period(first: str | int | None, last: str | int | None) -> Period:
    return int(first) if first else None, int(last) if last else None


def _decade(year: int) -> Period:
    """Return the years of "the 80s" and of "the 1980s"; "20s" without a century are of this one."""
    if year < 100:
        year += 2000 if year < 30 else 1900
    return year, year + 9
