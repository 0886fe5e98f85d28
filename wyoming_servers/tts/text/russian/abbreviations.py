"""Russian abbreviations in full."""

import re

from wyoming_servers.tts.text.rules import Reading, Rule, ends_here

from .context import governed_cases, preposition
from .grammar import Case, inflect_noun, is_name
from .letters import CYRILLIC

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
    r"№№": "номера",
    r"кол-во": "количество",
    r"кол-ва": "количества",
    r"г-н": "господин",
    r"г-на": "господина",
    r"г-жа": "госпожа",
    r"г-жи": "госпожи",
    r"проф\.": "профессор",
    r"акад\.": "академик",
    r"тов\.(?=\s)": "товарищ",
    r"гр\.(?=\s+(?-i:[А-ЯЁ]))": "гражданин",
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
    r"пр-т|просп\.|пр-кт|пр\.(?=\s+(?-i:[А-ЯЁ]))": "проспект",
    r"пер\.": "переулок",
    r"пл\.(?=\s+(?-i:[А-ЯЁ]))": "площадь",
    r"наб\.": "набережная",
    r"б-р|бул\.": "бульвар",
    r"ш\.(?=\s)": "шоссе",
    r"мкр\.|мкр-н|мкрн\.": "микрорайон",
    r"обл\.": "область",
    r"р-н": "район",
    r"пос\.|(?-i:п)\.(?=\s+(?-i:[А-ЯЁ]))": "посёлок",
    r"дер\.|(?-i:д)\.(?=\s+(?-i:[А-ЯЁ]))": "деревня",
    r"(?-i:с)\.(?=\s+(?-i:[А-ЯЁ]))": "село",
    r"(?-i:г)\.(?=\s+(?-i:[А-ЯЁ]))": "город",
    r"(?-i:о)\.(?=\s+(?-i:[А-ЯЁ]))": "остров",
    r"оз\.": "озеро",
    r"(?-i:д)\.(?=\s?\d)": "дом",
    r"корп\.(?=\s?\d)|(?-i:к)\.(?=\s?\d)": "корпус",
    r"кв\.(?=\s?\d)": "квартира",
    r"эт\.": "этаж",
    r"стр\.(?=\s?\d)|(?-i:с)\.(?=\s?\d)": "страница",
    r"рис\.(?=\s?\d)": "рисунок",
    r"табл\.(?=\s?\d)": "таблица",
    r"гл\.(?=\s?[\dIVX])": "глава",
    r"(?-i:п)\.(?=\s?\d)": "пункт",
    r"ст\.(?=\s?\d)": "статья",
    r"(?-i:т)\.(?=\s?[\dIVX])": "том",
    r"тел\.": "телефон",
    r"доб\.(?=\s?\d)": "добавочный",
    r"№(?!№)|(?<!\w)N(?=\s?\d)": "номер",
    r"§": "параграф",
}
_PLACED = frozenset({"в", "во", "на", "о", "об", "при"})
"""Prepositions that ask "where" before a place."""

_MEASURES = (
    (r"мм\s?рт\.?\s?ст\.?", "мм.рт.ст."),
    (r"ст\.\s?л\.", "ст.л."),
    (r"ч\.\s?л\.", "ч.л."),
    (r"кв\.\s?м\b\.?", "кв.м"),
    (r"куб\.\s?м\b\.?", "куб.м"),
)
"""Units written with stops, and how `measures` writes them."""


def _read_initials(match: re.Match[str]) -> str | None:
    """Read "А. С. Пушкин" as letters; one letter only before what the dictionary knows as a name."""
    letters = re.findall(r"[А-ЯЁ]", match["letters"])
    if len(letters) < 2 and not is_name(match["name"]):
        return None
    return " ".join([*(CYRILLIC[letter.lower()] for letter in letters), match["name"]])


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


def _not_counted(pattern: str) -> str:
    """Return what keeps "5 г. Потом" from being a town; what a number follows can have one before it: ст. 5 п. 2."""
    return "" if "\\d" in pattern else r"(?<!\d\s)"


RULES = (
    Rule(re.compile(r"(?<!\w)(?P<letters>(?:[А-ЯЁ]\.\s?){1,2})(?P<name>[А-ЯЁ][а-яё]+)"), _read_initials),
    *(
        Rule(re.compile(rf"(?<=\d)\s?(?:{pattern})(?!\w)", re.IGNORECASE), _keep_stop(symbol))
        for pattern, symbol in _MEASURES
    ),
    *(
        Rule(re.compile(rf"(?<!\w){_not_counted(pattern)}(?:{pattern})(?<!\w(?=\w))", re.IGNORECASE), _fixed(words))
        for pattern, words in _FIXED.items()
    ),
    *(
        Rule(re.compile(rf"(?<!\w){_not_counted(pattern)}(?:{pattern})", re.IGNORECASE), _placed(noun))
        for pattern, noun in _PLACES.items()
    ),
)
