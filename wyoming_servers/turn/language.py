"""The language of a text by its script, for clients that don't say it. Pure."""

import re

_HAN = re.compile(r"[\u3400-\u9fff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)
_SCRIPTS = (("zh", _HAN), ("ru", _CYRILLIC), ("en", _LATIN))
DEFAULT_LANGUAGE = "ru"
"""For a text without letters."""


def base_language(language: str) -> str:
    """Return the base code of a language tag: "ru" of "ru-RU"."""
    return language.replace("_", "-").split("-")[0].lower()


def language_of(*texts: str) -> str:
    """Return the language of the first text that has letters; most of its letters decide.

    A Han character is a word or half of one, so it weighs more than a letter.
    """
    for text in texts:
        weights = {language: len(script.findall(text)) for language, script in _SCRIPTS}
        weights["zh"] *= 3
        if any(weights.values()):
            return max(weights, key=weights.__getitem__)
    return DEFAULT_LANGUAGE
