"""Latin words in Russian text, as a Russian speaker says them: a table, letters one by one, else by their spelling."""

import re
import unicodedata

from wyoming_servers.tts.text.addresses import HOST, MAIL, URL
from wyoming_servers.tts.text.rules import Rule, replacing

from .latin_words import ACRONYMS, DOMAINS, WITH_FIGURES, WORDS
from .letters import CYRILLIC, LATIN


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    pieces = text.split()
    return tuple(zip(pieces[::2], pieces[1::2], strict=True))


_SPELLING = _pairs("""
    tion шн  sion жн  ture чер  ight айт  ough о  eigh ей  augh о  tch ч  sch ш  dge дж  que к  gei гей  ck к
    ch ч  sh ш  th т  ph ф  wh у  kn н  wr р  qu кв  oo у  ee и  ea и  ie и  ei ей  ai ей  ay ей  ey и  oi ой
    oy ой  ou ау  ow оу  au о  aw о  ew ью  oa оу  ue ью  ui и  ia ия  ya я  yu ю  yo йо  ye е  zh ж  kh х
    ts ц  tz ц  cz ч
""")
"""The usual sounds of English spelling, longer first; whatever is left goes letter by letter."""

_MAGIC = {"a": "ей", "i": "ай", "o": "оу", "u": "ю", "e": "и", "y": "ай"}
_PLAIN = {
    "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "дж", "k": "к",
    "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в",
    "w": "в", "x": "кс", "y": "и", "z": "з",
}  # fmt: skip
_SOFTENED = {"c": "с", "g": "дж"}
_SILENT_E = re.compile(r"([aiouye])([bcdfgklmnprstvz])e(s?)$")
_LETTER = "[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]"
_VOWELS = frozenset("aeiouy")
_LONGEST_ACRONYM = 5


def read_word(word: str) -> str:
    """Read a Latin word; letters with marks are read as those without."""
    word = "".join(letter for letter in unicodedata.normalize("NFKD", word) if letter.isascii()).strip("'-")
    if (said := WORDS.get(word.lower())) is not None:
        return said
    said = "-".join(_read_part(part) for part in re.split(r"[-']", word.removesuffix("'s")) if part)
    return said + "с" if word.endswith("'s") else said


def _read_part(part: str) -> str:
    lower = part.lower()
    if lower in WORDS:
        return WORDS[lower]
    if (part.isupper() and len(part) <= _LONGEST_ACRONYM) or not _VOWELS & set(lower) or len(part) == 1:
        return "-".join(LATIN[letter] for letter in lower)
    return transliterate(lower)


def transliterate(word: str) -> str:
    """Return a Latin word of small letters by the usual sounds of its spelling."""
    magic = _SILENT_E.search(word)
    tail = ""
    if magic:
        consonant = _SOFTENED.get(magic[2], _PLAIN[magic[2]])
        tail = _MAGIC[magic[1]] + consonant + ("с" if magic[3] else "")
        word = word[: magic.start()]
    else:
        word = re.sub(r"(?<=[aeiouynr])([cg])e$", lambda match: {"c": "s", "g": "j"}[match[1]], word)
        word = re.sub(r"^ex(?=[aiou])", "ekz", re.sub(r"(?<=[bcdfgklmnprstvz])e$", "", word) or word)
    said, place = [], 0
    while place < len(word):
        letters, sound = next(
            ((letters, sound) for letters, sound in _SPELLING if word.startswith(letters, place)),
            (word[place], _sound(word, place)),
        )
        said.append(sound)
        place += len(letters)
    return "".join(said) + tail


def _sound(word: str, place: int) -> str:
    letter, following = word[place], word[place + 1 : place + 2]
    if letter in _SOFTENED and following and following in "eiy":
        return _SOFTENED[letter]
    if letter == following:
        return "" if letter not in _VOWELS else _PLAIN[letter]
    if letter == "y" and place == 0:
        return "й"
    if letter == "e" and place == 0:
        return "э"
    return _PLAIN[letter]


def read_address(match: re.Match[str]) -> str:
    """Say an address briefly: its host without what is behind it."""
    return _say_host(match["host"].lower().removeprefix("www."))


def read_mail(match: re.Match[str]) -> str:
    """Say a mail address: инфо собака ..."""
    return f"{_say_host(match['name'])} собака {_say_host(match['host'])}"


def _say_host(host: str) -> str:
    *labels, last = filter(None, host.split("."))
    return " точка ".join([*(_say_label(label) for label in labels), DOMAINS.get(last) or _say_label(last)])


def _say_label(label: str) -> str:
    return re.sub("[A-Za-z]+", lambda match: _read_part(match.group()), re.sub("[-_]", " ", label))


def read_acronym(match: re.Match[str]) -> str | None:
    """Read capitals letter by letter where no vowel makes them a word."""
    word = match.group()
    if word in ACRONYMS:
        return ACRONYMS[word]
    if set(word) & set("АЕЁИОУЭЮЯЫЪЬ"):
        return None
    return "-".join(CYRILLIC[letter] for letter in word.lower())


ADDRESS_RULES = (Rule(URL, read_address), Rule(MAIL, read_mail), Rule(HOST, read_address))
FIGURE_RULES = (replacing(WITH_FIGURES),)
RULES = (
    replacing(WORDS, r"(?<![A-Za-z0-9])(?:{})(?![A-Za-z0-9])", flags=re.IGNORECASE),
    Rule(re.compile(rf"{_LETTER}+(?:['’-]{_LETTER}+)*"), lambda match: read_word(match.group().replace("’", "'"))),
    Rule(re.compile(r"(?<![А-Яа-яЁё-])[А-ЯЁ]{2,5}(?![А-Яа-яЁё])"), read_acronym),
)
