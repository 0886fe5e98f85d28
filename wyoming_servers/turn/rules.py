"""A turn detector of a few rules: words that nobody ends a sentence with, and fillers. Pure.

In Russian dialogues such a word closes 28 % of the prefixes that go on and 3.6 % of whole turns.
"""

import re

_WORD = re.compile(r"\w+")

_ENGLISH = (
    "a an the my our your his her their this these of to in at for from with by into about and or but if because "
    "so than as is are was were be been am do does did can could will would should may please set turn switch um "
    "uh er hmm well"
)
_RUSSIAN = (
    "и а но или либо да что чтобы если когда пока хотя потому поэтому как чем в во на с со к ко у о об от до из "
    "за по под над при про для без через между перед не ни же бы это этот эта эти мой моя мой наш наша очень "
    "самый ну эм э ммм значит короче типа включи выключи поставь сделай открой закрой найди расскажи покажи"
)
_CHINESE_ENDINGS = ("的", "和", "在", "把", "跟", "给", "或", "但是", "因为", "如果", "请", "嗯", "那个", "然后")

_UNFINISHED = {"en": frozenset(_ENGLISH.split()), "ru": frozenset(_RUSSIAN.split())}
_VERBS, _PARTICLES = frozenset(("turn", "switch")), frozenset(("on", "off", "up", "down"))
_WAIT = 0.05
_UNKNOWN = 0.3
"""Nothing was recognised: probably somebody who is not through with it."""

_ANSWER = 0.95


class RuleTurnDetector:
    """Waits after a word that must be followed by another, answers otherwise."""

    def completeness(self, text: str, language: str) -> float:
        """Return one of three values."""
        words = _WORD.findall(text.casefold().replace("ё", "е"))
        if not words:
            return _UNKNOWN
        if len(words) == 2 and words[0] in _VERBS and words[1] in _PARTICLES:
            return _WAIT
        if language == "zh":
            return _WAIT if text.rstrip("，,、…").endswith(_CHINESE_ENDINGS) else _ANSWER
        return _WAIT if words[-1] in _UNFINISHED.get(language, ()) else _ANSWER
