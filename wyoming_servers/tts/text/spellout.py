"""Whole numbers in words by the Unicode CLDR's rules."""

from functools import lru_cache

from unicode_rbnf import RbnfEngine


@lru_cache(maxsize=8)
def _engine(language: str) -> RbnfEngine:
    return RbnfEngine.for_language(language)


@lru_cache(maxsize=4096)
def spell_out(number: int, language: str, ruleset: str) -> str:
    """Return a number below 10^15 by a rule set of the language, such as "spellout-cardinal"."""
    return _engine(language).format_number(number, ruleset_names=[ruleset]).text
