"""Russian abbreviations in full."""

import re

from ..rules import Reading, Rule, ends_here
from .context import governed_cases, preposition
from .grammar import Case, inflect_noun

_FIXED = {
    r"т\.\s?е\.": "то есть",
    r"т\.\s?к\.": "так как",
    r"т\.\s?н\.": "так называемый",
    r"в\s+т\.\s?ч\.": "в том числе",
    r"и\s+т\.\s?д\.": "и так далее",
    r"и\s+т\.\s?п\.": "и тому подобное",
    r"и\s+др\.": "и другие",
    r"и\s+пр\.": "и прочее",
    r"до\s+н\.\s?э\.": "до нашей эры",
    r"н\.\s?э\.": "нашей эры",
    r"т\.\s?о\.": "таким образом",
    r"напр\.": "например",
    r"см\.(?=\s*(?:[А-ЯЁа-яё«]|$))": "смотри",
    r"ср\.(?=\s)": "сравни",
    r"им\.(?=\s)": "имени",
    r"макс\.": "максимум",
    r"мин\.(?=\s+[а-яё])": "минимум",
    r"прибл\.": "приблизительно",
    r"ок\.(?=\s?\d)": "около",
    r"кол-во": "количество",
    r"кол-ва": "количества",
    r"г-н": "господин",
    r"г-на": "господина",
    r"г-жа": "госпожа",
    r"г-жи": "госпожи",
    r"проф\.": "профессор",
    r"акад\.": "академик",
    r"тов\.(?=\s)": "товарищ",
    r"гр\.(?=\s+[А-ЯЁ])": "гражданин",
    r"с/х": "сельскохозяйственный",
    r"ж/д": "железнодорожный",
    r"б/у": "бэ-у",
    r"вкл\.": "включено",
    r"выкл\.": "выключено",
    r"эл\.": "электрический",
    r"темп\.": "температура",
    r"сев\.(?=\s)": "северный",
    r"ю-з": "юго-запад",
    r"с-з": "северо-запад",
    r"пн\.?(?!\w)": "понедельник",
    r"вт\.(?!\w)": "вторник",
    r"чт\.?(?!\w)": "четверг",
    r"пт\.?(?!\w)": "пятница",
    r"сб\.?(?!\w)": "суббота",
}
_PLACES = {
    # Nouns that take the case of what stands before them.
    r"ул\.": "улица",
    r"пр-т|просп\.|пр-кт|пр\.(?=\s+[А-ЯЁ])": "проспект",
    r"пер\.": "переулок",
    r"пл\.(?=\s+[А-ЯЁ])": "площадь",
    r"наб\.": "набережная",
    r"б-р|бул\.": "бульвар",
    r"ш\.(?=\s)": "шоссе",
    r"мкр\.|мкр-н|мкрн\.": "микрорайон",
    r"обл\.": "область",
    r"р-н": "район",
    r"пос\.|п\.(?=\s+[А-ЯЁ])": "посёлок",
    r"дер\.|д\.(?=\s+[А-ЯЁ])": "деревня",
    r"с\.(?=\s+[А-ЯЁ])": "село",
    r"г\.(?=\s+[А-ЯЁ])": "город",
    r"о\.(?=\s+[А-ЯЁ])": "остров",
    r"оз\.": "озеро",
    r"д\.(?=\s?\d)": "дом",
    r"корп\.(?=\s?\d)|к\.(?=\s?\d)": "корпус",
    r"кв\.(?=\s?\d)": "квартира",
    r"эт\.": "этаж",
    r"стр\.(?=\s?\d)|с\.(?=\s?\d)": "страница",
    r"рис\.(?=\s?\d)": "рисунок",
    r"табл\.(?=\s?\d)": "таблица",
    r"гл\.(?=\s?[\dIVX])": "глава",
    r"п\.(?=\s?\d)": "пункт",
    r"ст\.(?=\s?\d)": "статья",
    r"т\.(?=\s?[\dIVX])": "том",
    r"тел\.": "телефон",
    r"доб\.(?=\s?\d)": "добавочный",
    r"№|(?<!\w)N(?=\s?\d)": "номер",
    r"§": "параграф",
}
_PLACED = frozenset({"в", "во", "на", "о", "об", "при"})
"""Prepositions that ask "where" before a place."""

_MEASURED = {"рт. ст.": "ртутного столба"}
_COMMON_MEASURES = (
    (r"мм\s?рт\.?\s?ст\.?", "мм.рт.ст."),
    (r"ст\.\s?л\.", "ст.л."),
    (r"ч\.\s?л\.", "ч.л."),
    (r"кв\.\s?м\b\.?", "кв.м"),
    (r"куб\.\s?м\b\.?", "куб.м"),
)


def _fixed(words: str) -> Reading:
    def read(match: re.Match[str]) -> str:
        said = words.capitalize() if match.group()[0].isupper() else words
        return said + ("." if ends_here(match) else "")

    return read


def _placed(noun: str) -> Reading:
    def read(match: re.Match[str]) -> str:
        cases = governed_cases(match.string, match.start())
        where = preposition(match.string, match.start())
        case = Case.PREPOSITIONAL if where in _PLACED else cases[0] if cases else Case.NOMINATIVE
        said = inflect_noun(noun, case, is_plural=False)
        said = said.capitalize() if match.group()[0].isupper() else said
        space = " " if match.string[match.end() : match.end() + 1].isalnum() else ""
        return said + space + ("." if _is_alone(match) else "")

    return read


def _is_alone(match: re.Match[str]) -> bool:
    return match.group().endswith(".") and match.string[match.end() :].strip(" »\"')") == ""


def _keep_stop(symbol: str) -> Reading:
    def read(match: re.Match[str]) -> str:
        return symbol + (" ." if ends_here(match) else "")

    return read


RULES = (
    *(
        Rule(re.compile(rf"(?<=\d)\s?(?:{pattern})(?!\w)", re.IGNORECASE), _keep_stop(symbol))
        for pattern, symbol in _COMMON_MEASURES
    ),
    *(
        Rule(re.compile(rf"(?<![\w\d])(?<!\d\s)(?:{pattern})(?<!\w(?=\w))", re.IGNORECASE), _fixed(words))
        for pattern, words in _FIXED.items()
    ),
    *(
        Rule(re.compile(rf"(?<![\w\d])(?<!\d\s)(?:{pattern})", re.IGNORECASE), _placed(noun))
        for pattern, noun in _PLACES.items()
    ),
)
