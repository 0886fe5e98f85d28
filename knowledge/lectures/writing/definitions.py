"""Sentences that say what something is: patterns of Russian, English and Chinese. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.lectures.writing import russian
from knowledge.lectures.writing.words import CHINESE_GLUE, COMMON
from knowledge.models import Language
from knowledge.text import analyzer
from knowledge.text.stopwords import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST_TERM_WORDS = 4
_MOST_TERM_HAN = 8
_LEAST_DEFINITION_TERMS = 3
_LEAST_IF_CERTAIN = 2
_CERTAIN = 0.8
_MOST_CHARACTERS = 240
_RUSSIAN_LEAD = re.compile(
    r"^(?:(?:и|а|но|так|вот|итак|ну|значит|смотрите|например|ещ[её]|да|же|собственно|то\s+есть|другими\s+словами|"
    r"по\s+сути|напомню,?\s+что|о|об)[\s,]+)+",
    re.IGNORECASE,
)
_ENGLISH_LEAD = re.compile(
    r"^(?:(?:and|so|but|well|now|okay|remember|basically|formally|in other words|also|first|here|then|an?|the)[\s,]+)+",
    re.IGNORECASE,
)
_CHINESE_LEAD = re.compile(r"^(?:那么|首先|其次|另外|这里|我们|而|就|也)+[，,]?")
_TERM_LEAD = re.compile(r"^(?:(?:сам|так|эт)\w*|так\s+называем\w+|an?|the|this|that|such)\s+", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"^(?:(?:и|а|вот|так\s+вот|поэтому)[\s,]+)*(?:это|он[аои]?|так(?:ой|ая|ое|ие|ую)|эт(?:от|а|и|у))(?:\s+\w+){0,2}$|"
    r"^(?:(?:and|so)[\s,]+)*(?:this|that|it|such|these|they)(?:\s+\w+){0,3}$|^(?:这|那|它)\S{0,6}$",
    re.IGNORECASE,
)
_TRAILING = re.compile(r",?\s+(?:котор\w+|что|и|as|which|that|and)$|[，,]这(?:一步|个|种)?\S{0,2}$", re.IGNORECASE)
"""What is left of «число, которое называется ...»."""
_NAMERS = re.compile(
    r",?\s+(?:мы|люди|музыканты|уч[её]ные|экономисты|физики|химики|биологи|врачи|математики|историки|юристы|лингвисты|"
    r"программисты|инженеры|философы|психологи)$",
    re.IGNORECASE,
)
"""Those who call it so, before the verb."""
_POINTING = re.compile(
    r"^(?:так(?:ой|ая|ое|ие|ую)|эт(?:от|а|о|и|у)|this|these|that|such(?:\s+an?)?)\s+|^这[种个些]", re.IGNORECASE
)
_VAGUE = re.compile(
    r"^(?:не|нет|вс[её](?!\s+\w+[еёи]\b)|очень|уже|тоже|важно|хорошо|плохо|просто|правда|интересно|первое|то,?\s+что\s+(?:мы|я|вы)\b|"
    r"(?:совсем\s+)?(?:друг\w+|хорош\w+|отдельн\w+)\s+(?:дело|истори\w|вопрос|пример|тема)|not|very|just|really|"
    r"important|also|what\s+we|(?:an?|the)\s+(?:\w+\s+)?(?:story|question|matter|reason|example|problem|lot|bit|case))\b|"
    r"^(?:不|很|非常)",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"^(?:(?:это(?=,)|то\s+есть|(?:другими|иными)\s+словами|проще\s+говоря|по\s+сути|собственно(?:\s+говоря)?|итак|значит|ну|вот|"
    r"так(?:\s+вот|(?=,))|смотрите|например|напомню,?\s+что|и|а|но|that\s+is|in\s+other\s+words|basically|well|now|okay|"
    r"remember|and|but|so)[\s,]+)+",
    re.IGNORECASE,
)
"""What leads over from what was said before, which a definition does not need."""
_QUOTES = ' ,«»"“”'
_END = ".!?…。！？；;: "


@dataclass(frozen=True, slots=True)
class Definition:
    """A term and what a sentence says that it is."""

    term: str
    text: str
    """Empty where the sentence before says it: «Это называется оврагом»."""
    certainty: float
    """How seldom the pattern errs, 0 to 1; set by hand."""
    pointer: str = ""
    """The words that point back to it, where `text` is empty: «Это», «Эти числа»."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    expression: re.Pattern[str]
    """With the groups `term` and `text`."""
    certainty: float
    is_instrumental: bool = False
    """Russian: the term stands in that case, which tells it from the rest."""


def _pattern(expression: str, certainty: float, *, is_instrumental: bool = False) -> _Pattern:
    return _Pattern(re.compile(expression, re.IGNORECASE), certainty, is_instrumental)


_RUSSIAN = (
    _pattern(
        r"^под\s+(?P<term>.{2,60}?)\s+(?:мы\s+)?(?:(?:будем|обычно|часто)\s+)?"
        r"(?:понима(?:ют|ется|ем|ть)|подразумева(?:ют|ется|ем|ть))\s+(?P<text>.+)$",
        0.9,
    ),
    _pattern(
        r"^(?P<term>.{2,60}?)\s+(?:мы\s+)?(?:называется|называются|называют|назов[её]м|называем|будем\s+называть)\s+"
        r"(?P<text>.+)$",
        0.9,
        is_instrumental=True,
    ),
    _pattern(
        r"^(?P<text>.+?)[\s,]+(?:(?:мы|и|как\s+раз|обычно|часто|ещ[её])\s+)*"
        r"(?:называ(?:ется|ются|ют|ем)|назов[её]м|будем\s+называть|нос[ия]т\s+название|получил[аои]?\s+название)\s+"
        r"(?P<term>[^,.;:!?]{2,60})(?:,.*)?$",
        0.85,
        is_instrumental=True,
    ),
    _pattern(r"^(?P<text>.+?)[\s,]+известн\w+\s+(?:как|под\s+названием)\s+(?P<term>[^,.;:!?]{2,60})$", 0.7),
    _pattern(r"^(?P<text>.+?),\s+(?:то\s+)?говорят\s+об?\s+(?P<term>[^,.;:!?]{2,60})$", 0.6),
    _pattern(r"^(?P<term>.{2,60}?)\s+(?:определяется|определяют)\s+как\s+(?P<text>.+)$", 0.9),
    _pattern(r"^(?P<term>.{2,60}?)\s+(?:представляет|представляют)\s+(?:из\s+)?собой?\s+(?P<text>.+)$", 0.8),
    _pattern(r"^(?P<term>.{2,60}?)\s+(?:означает|обозначает)[,\s]+(?P<text>.+)$", 0.6),
    _pattern(
        r"^(?P<term>.{2,60}?)\s*(?:[—–-]\s*|,\s*)?(?<![\w])(?:это|есть)\s+(?:(?:как\s+раз|и\s+есть|просто|такой|такая|"
        r"такое|такие|всего\s+лишь)\s+)*(?P<text>.+)$",
        0.8,
    ),
    _pattern(r"^(?P<term>.{2,60}?)\s+[—–]\s+(?P<text>[а-яё].+)$", 0.6),
    _pattern(r"^(?:.*\s)?(?P<term>[\w-]{3,}), то\s+есть (?P<text>.+)$", 0.5),
    _pattern(r"^(?:.*\s)?(?P<term>[\w-]{3,}), (?!и\s|а\s|но\s|или\s)(?P<text>\w[^,]{2,50}, котор\w+ .+)$", 0.5),
)
_ENGLISH = (
    _pattern(r"^(?P<term>.{2,50}?) (?:is|are|can be) defined as (?P<text>.+)$", 0.9),
    _pattern(r"^by (?P<term>.{2,50}?),? (?:we|i|people) (?:mean|understand) (?P<text>.+)$", 0.9),
    _pattern(
        r"^(?P<text>.+?),? (?:is|are) (?:usually |often |also )*(?:called|known as|termed) "
        r"(?:an? |the )?(?P<term>[^,.;:!?]{2,50})(?:,.*)?$",
        0.85,
    ),
    _pattern(
        r"^(?P<text>.+?),? (?:which )?(?:we|people|economists|biologists|physicists|scientists) call "
        r"(?:this |that |it |them |these )?(?:an? |the )?(?P<term>[^,.;:!?]{2,50})$",
        0.7,
    ),
    _pattern(r"^(?P<term>.{2,50}?) (?:refers to|means|stands for|describes) (?P<text>.+)$", 0.75),
    _pattern(
        r"^(?P<term>.{2,50}?),? (?:is|are) (?:simply |just |basically )?(?P<text>(?:an?|the|any|one|how|what) .+)$",
        0.7,
    ),
)
_CHINESE = (
    _pattern(r"^.{0,6}?所谓的?(?P<term>[^，,。]{2,8}?)[，,]?(?:其实)?(?:就是|是)指?(?P<text>.+)$", 0.9),
    _pattern(r"^(?:.*[，,])?(?P<term>[^，,。]{2,12}?)[，,]?(?:指的是|就是指|是指)(?P<text>.+)$", 0.9),
    _pattern(r"^(?P<term>[^，,。]{2,12}?)(?:的定义是|被定义为|定义为)(?P<text>.+)$", 0.9),
    _pattern(
        r"^(?P<text>.+?)[，,]?(?:我们)?(?:把它|把这|这)?(?:就)?(?:被?称为|叫做|叫作|称作|称之为)(?P<term>[^，,。；]{2,8})",
        0.85,
    ),
    _pattern(r"^(?:.*[，,])?(?P<term>[^，,。]{2,10}?)[，,]?是(?P<text>(?:一[种个类条套项门段]|由|使).+)$", 0.7),
)


def definitions(sentence: str, language: Language) -> Iterator[Definition]:
    """Yield what a sentence defines; at most one definition."""
    match language:
        case Language.RUSSIAN:
            return _matches(sentence, _RUSSIAN, _RUSSIAN_LEAD, _russian_term)
        case Language.CHINESE:
            return _matches(sentence, _CHINESE, _CHINESE_LEAD, _chinese_term)
    return _matches(sentence, _ENGLISH, _ENGLISH_LEAD, _english_term)


def _matches(
    sentence: str, patterns: tuple[_Pattern, ...], lead: re.Pattern[str], named: Callable[[str, _Pattern], str]
) -> Iterator[Definition]:
    plain = lead.sub("", sentence.strip(_END))
    for pattern in patterns:
        if not (match := pattern.expression.match(plain)):
            continue
        term = named(_TERM_LEAD.sub("", lead.sub("", match["term"].strip(_QUOTES))), pattern)
        text = _NAMERS.sub("", _TRAILING.sub("", match["text"].strip(_END))).strip(" ,—–-")
        if not term:
            continue
        if _POINTS_BACK.match(text):
            yield Definition(term, "", pattern.certainty, text)
            return
        if not _VAGUE.match(text) and _says_enough(term, text, pattern.certainty):
            yield Definition(term, _standing_alone(text), pattern.certainty)
            return


def of_sentence(sentence: str, language: Language) -> str:
    """Return a whole sentence as the definition of what the next one names."""
    text = _ASIDE.sub("", sentence.strip(_END))
    word = text.split(maxsplit=1)[0] if text else ""
    is_small = not _is_proper(word) if language is Language.RUSSIAN else word.casefold() in STOP_WORDS
    return _shortened(text[:1].lower() + text[1:] if is_small else text)


def _standing_alone(text: str) -> str:
    """Return a definition as it can be read without its sentence."""
    plain = _POINTING.sub("", text)
    text = _shortened(_ASIDE.sub("", plain) or plain)
    if _is_proper(text.split(maxsplit=1)[0]):
        return text
    return russian.begun_in_nominative(text[0].lower() + text[1:])


def _is_proper(word: str) -> bool:
    """Say whether a word is written as it is wherever it stands: a name, an abbreviation."""
    return word[1:] != word[1:].lower() or russian.is_name(word)


def _shortened(text: str) -> str:
    """Return a definition that ends where one does; a transcript without stops goes on to the next sentence."""
    if len(text) <= _MOST_CHARACTERS:
        return text
    cut = text[:_MOST_CHARACTERS]
    end = max(cut.rfind(mark) for mark in (" ", "，"))
    return cut[: end if end > 0 else None].rstrip(" ,，") + "…"


def _says_enough(term: str, text: str, certainty: float) -> bool:
    """Say whether a definition has words of its own."""
    own = set(analyzer.terms(text)) - set(analyzer.terms(term))
    return len(own) >= (_LEAST_IF_CERTAIN if certainty >= _CERTAIN else _LEAST_DEFINITION_TERMS)


def _russian_term(text: str, pattern: _Pattern) -> str:
    """Return a term in the nominative; empty for what is none."""
    words = [word.strip(_QUOTES) for word in text.split()]
    if not 0 < len(words) <= _MOST_TERM_WORDS or _is_stopped(words, Language.RUSSIAN) or not russian.is_phrase(words):
        return ""
    if pattern.is_instrumental and russian.is_available() and not russian.is_instrumental(words):
        return ""
    return russian.nominative(words)


def _english_term(text: str, _pattern: _Pattern) -> str:
    words = text.strip(_QUOTES).casefold().split()
    while words and words[0] in ("a", "an", "the"):
        words = words[1:]
    return "" if not 0 < len(words) <= 3 or _is_stopped(words, Language.ENGLISH) else " ".join(words)


def _chinese_term(text: str, _pattern: _Pattern) -> str:
    term = text.strip("“”「」《》，, ")
    while term and term[0] in "的叫这个那而就也":
        term = term[1:]
    is_term = 2 <= len(term) <= _MOST_TERM_HAN and not CHINESE_GLUE & {term[0], term[-1]} and "的" not in term
    return term if is_term and term not in COMMON[Language.CHINESE] else ""


def _is_stopped(words: list[str], language: Language) -> bool:
    folded = [word.casefold().replace("ё", "е") for word in words]
    if any(word in STOP_WORDS for word in folded):
        return True
    return all(word in COMMON[language] for word in folded)
