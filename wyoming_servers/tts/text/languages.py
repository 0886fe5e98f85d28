"""Which language a text is in, as far as its letters tell."""

import re

_SCRIPTS = (("zh", re.compile("[\u4e00-\u9fff]")), ("ru", re.compile("[а-яё]", re.IGNORECASE)))
_LATIN = re.compile("[a-z]", re.IGNORECASE)


def language_of(text: str) -> str | None:
    """Return the language that the text's letters point to; None for a text without letters that tell."""
    for language, script in _SCRIPTS:
        if script.search(text):
            return language
    return "en" if _LATIN.search(text) else None
