"""Which language a text is in, by its script."""

from __future__ import annotations

import re

from knowledge.models import Language

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_SCRIPTS = {Language.CHINESE: _HAN, Language.RUSSIAN: _CYRILLIC, Language.ENGLISH: _LATIN}
_LETTERS_PER_HAN = 3  # a Chinese character says about as much as three letters of an alphabet


def detect(text: str) -> Language:
    """Return the language whose script carries most of the text; English for a text without letters."""
    weights = {language: len(script.findall(text)) for language, script in _SCRIPTS.items()}
    weights[Language.CHINESE] *= _LETTERS_PER_HAN
    best = max(weights, key=lambda language: weights[language])
    return best if weights[best] else Language.ENGLISH


def question_language(question: str, hint: str | None) -> Language:
    """Return the language to answer in.

    The caller's hint ("ru", "ru-RU") decides as long as the question has a letter of its script: «пароль от Wi-Fi»
    stays Russian. A question typed in another script is answered in the language of that script.
    """
    if hint:
        base = re.split(r"[-_]", hint.casefold(), maxsplit=1)[0]
        if base in set(Language) and _SCRIPTS[Language(base)].search(question):
            return Language(base)
    return detect(question)
