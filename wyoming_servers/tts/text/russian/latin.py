"""Latin words in Russian text, as a Russian speaker says them: a table, letters one by one, else by their spelling."""

import re

from ..rules import Rule, replacing

_LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", (
    "эй би си ди и эф джи эйч ай джей кей эл эм эн оу пи кью ар эс ти ю ви дабл-ю икс уай зет"
).split(), strict=True))  # fmt: skip
_CYRILLIC = dict(zip("абвгдеёжзийклмнопрстуфхцчшщэюя", (
    "а бэ вэ гэ дэ е ё жэ зэ и ий ка эл эм эн о пэ эр эс тэ у эф ха цэ че ша ща э ю я"
).split(), strict=True))  # fmt: skip

_WORDS = {
    "wi-fi": "вай-фай", "wifi": "вай-фай", "bluetooth": "блютус", "home assistant": "хоум ассистант", "home": "хоум",
    "assistant": "ассистант", "google": "гугл", "youtube": "ютуб", "zigbee": "зигби", "z-wave": "зет-вейв",
    "matter": "мэттер", "thread": "тред", "netflix": "нетфликс", "iphone": "айфон", "ipad": "айпад", "apple": "эппл",
    "android": "андроид", "windows": "виндоус", "linux": "линукс", "alexa": "алекса", "siri": "сири", "python": "пайтон",
    "spotify": "спотифай", "samsung": "самсунг", "xiaomi": "сяоми", "aqara": "акара", "yandex": "яндекс", "sony": "сони",
    "philips": "филипс", "hue": "хью", "ikea": "икея", "bosch": "бош", "lg": "эл-джи", "nest": "нест", "chrome": "хром",
    "ok": "окей", "online": "онлайн", "offline": "офлайн", "smart": "смарт", "email": "имейл", "e-mail": "имейл",
    "pdf": "пэ-дэ-эф", "sms": "эс-эм-эс", "led": "лед", "ram": "рам", "lan": "лан", "pin": "пин", "sim": "сим",
    "tv": "тэ-вэ", "pc": "пи-си", "hi-fi": "хай-фай", "docker": "докер", "ollama": "оллама", "server": "сервер",
    "light": "лайт", "the": "зе", "and": "энд", "of": "оф", "to": "ту", "in": "ин", "is": "из", "you": "ю", "one": "уан",
    "pro": "про", "max": "макс", "mini": "мини", "plus": "плюс", "ultra": "ультра", "air": "эйр", "play": "плей",
    "music": "мьюзик", "update": "апдейт", "reset": "ресет", "wireless": "вайрлесс", "cloud": "клауд", "mail": "мейл",
    "rock": "рок", "jazz": "джаз", "hello": "хеллоу", "world": "уорлд", "love": "лав", "night": "найт", "house": "хаус",
    "game": "гейм", "time": "тайм", "life": "лайф", "black": "блэк", "white": "уайт", "blue": "блю", "star": "стар",
    "wars": "уорз", "disney": "дисней", "tesla": "тесла", "microsoft": "майкрософт", "whatsapp": "вотсап",
    "telegram": "телеграм", "skype": "скайп", "zoom": "зум", "wikipedia": "википедия", "usb-c": "ю-эс-би-си",
    "type-c": "тайп-си", "mp3": "эм-пэ-три", "3d": "три-дэ", "4k": "четыре-ка", "8k": "восемь-ка", "5g": "пять-джи",
    "4g": "четыре-джи", "3g": "три-джи", "full": "фулл", "hd": "эйч-ди", "co2": "це-о-два", "h2o": "аш-два-о", "vs": "против",
}  # fmt: skip
_DOMAINS = {"com": "ком", "org": "орг", "net": "нет", "ru": "ру", "io": "ай-о", "info": "инфо", "рф": "эр-эф"}
_ACRONYMS = {"США": "сэ-шэ-а", "РФ": "эр-эф", "ОАЭ": "о-а-э", "ФСБ": "эф-эс-бэ", "ФРГ": "фэ-эр-гэ", "СНГ": "эс-эн-гэ"}

_SPELLING = (
    # The usual sounds of English spelling, longer first; whatever is left goes letter by letter.
    ("tion", "шн"), ("sion", "жн"), ("ture", "чер"), ("ight", "айт"), ("ough", "о"), ("eigh", "ей"), ("augh", "о"),
    ("tch", "ч"), ("sch", "ш"), ("dge", "дж"), ("que", "к"), ("ck", "к"), ("ch", "ч"), ("sh", "ш"), ("th", "т"),
    ("ph", "ф"), ("wh", "у"), ("kn", "н"), ("wr", "р"), ("qu", "кв"), ("oo", "у"), ("ee", "и"), ("ea", "и"), ("ie", "и"),
    ("ai", "ей"), ("ay", "ей"), ("ey", "и"), ("oi", "ой"), ("oy", "ой"), ("ou", "ау"), ("ow", "оу"), ("au", "о"),
    ("aw", "о"), ("ew", "ью"), ("oa", "оу"), ("ue", "ью"), ("ui", "и"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"),
)  # fmt: skip
_MAGIC = {"a": "ей", "i": "ай", "o": "оу", "u": "ю", "e": "и", "y": "ай"}
_PLAIN = {
    "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "дж", "k": "к",
    "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в",
    "w": "в", "x": "кс", "y": "и", "z": "з",
}  # fmt: skip
_SOFTENED = {"c": "с", "g": "дж"}
_SILENT_E = re.compile(r"([aiouye])([bcdfgklmnprstvz])e(s?)$")
_VOWELS = frozenset("aeiouy")
_LONGEST_ACRONYM = 5


def read_word(match: re.Match[str]) -> str:
    """Read a Latin word."""
    word = match.group().strip("'’-")
    if (said := _WORDS.get(word.lower())) is not None:
        return said
    return "-".join(_read_part(part) for part in re.split(r"[-'’]", word) if part)


def _read_part(part: str) -> str:
    lower = part.lower()
    if lower in _WORDS:
        return _WORDS[lower]
    if (part.isupper() and len(part) <= _LONGEST_ACRONYM) or not _VOWELS & set(lower) or len(part) == 1:
        return "-".join(_LETTERS[letter] for letter in lower)
    return transliterate(lower)


def transliterate(word: str) -> str:
    """Return a Latin word of small letters by the usual sounds of its spelling."""
    magic = _SILENT_E.search(word)
    tail = ""
    if magic:
        consonant = {"c": "с", "g": "дж"}.get(magic[2], _PLAIN[magic[2]])
        tail = _MAGIC[magic[1]] + consonant + ("с" if magic[3] else "")
        word = word[: magic.start()]
    else:
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
    host = match["host"].lower().rstrip(".").removeprefix("www.")
    stop = "." if match.group().endswith(".") else ""
    return _say_host(host) + stop


def read_mail(match: re.Match[str]) -> str:
    """Say a mail address: инфо собака ..."""
    return f"{_say_host(match['name'])} собака {_say_host(match['host'])}"


def _say_host(host: str) -> str:
    *labels, last = [label for label in re.split(r"[.]", host) if label]
    said = [
        re.sub("[A-Za-z]+", lambda match: _read_part(match.group()), label.replace("-", " ").replace("_", " "))
        for label in labels
    ]
    return " точка ".join(
        [*said, _DOMAINS.get(last, re.sub("[A-Za-z]+", lambda match: _read_part(match.group()), last))]
    )


def read_acronym(match: re.Match[str]) -> str | None:
    """Read capitals letter by letter where no vowel makes them a word."""
    word = match.group()
    if word in _ACRONYMS:
        return _ACRONYMS[word]
    if set(word) & set("АЕЁИОУЭЮЯЫЪЬ"):
        return None
    return "-".join(_CYRILLIC[letter] for letter in word.lower())


ADDRESSES = (
    Rule(re.compile(r"\b(?:https?|ftp|file)://(?:[^\s/@]+@)?(?P<host>[^\s/:?#<>()«»\"']+)[^\s<>()«»\"']*?(?=[.,;:!?]*(?:[\s<>()«»\"']|$))"), read_address),
    Rule(re.compile(r"(?<![\w.+-])(?P<name>[\w.+-]+)@(?P<host>[\w-]+(?:\.[\w-]+)+)"), read_mail),
    Rule(
        re.compile(r"(?<![\w@.-])(?P<host>(?:[a-zA-Z0-9][\w-]*\.)+(?:com|org|net|ru|io|info|local|dev|рф))(?:/[^\s<>()«»\"']*?)?(?=[.,;:!?]*(?:[\s<>()«»\"']|$))"),
        read_address,
    ),
)  # fmt: skip
WORDS = (
    replacing(_WORDS, r"(?<![A-Za-z0-9])(?:{})(?![A-Za-z0-9])", flags=re.IGNORECASE),
    Rule(re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*"), read_word),
    Rule(re.compile(r"(?<![А-Яа-яЁё-])[А-ЯЁ]{2,5}(?![А-Яа-яЁё])"), read_acronym),
)
