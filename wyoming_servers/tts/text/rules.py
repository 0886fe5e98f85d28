"""Rewriting a text by patterns that see what stands around a match."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

Reading = Callable[[re.Match[str]], str | None]
"""Gives the words for a match; None leaves it to later rules. `match.string` is the text around it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and how what it finds is read."""

    pattern: re.Pattern[str]
    read: Reading

    def apply(self, text: str) -> str:
        """Return the text with all matches read."""
        return self.pattern.sub(lambda match: match.group() if (said := self.read(match)) is None else said, text)


def rewrite(text: str, rules: Iterable[Rule]) -> str:
    """Apply rules one after the other; each sees what those before it have left."""
    for rule in rules:
        text = rule.apply(text)
    return text


def words(text: str) -> tuple[str, ...]:
    """Return the words of a table."""
    return tuple(text.split())


def table(text: str) -> dict[str, str]:
    """Return what each symbol of lines "symbol symbol = meaning" means."""
    lines = (line.split(" = ") for line in text.splitlines() if line.strip())
    return {symbol: meaning.strip() for symbols, meaning in lines for symbol in symbols.split()}


def alternatives(symbols: Iterable[str]) -> str:
    """Return a pattern for any of the words, longer ones first."""
    return "|".join(re.escape(word) for word in sorted(symbols, key=len, reverse=True))


def replacing(others: Mapping[str, str], pattern: str = r"(?<!\w)(?:{})(?!\w)", *, flags: int = 0) -> Rule:
    """Return the rule that puts other words for some, as they are written or in lower case."""

    def read(match: re.Match[str]) -> str | None:
        word = match.group()
        return others.get(word) or others.get(word.lower())

    return Rule(re.compile(pattern.format(alternatives(others)), flags), read)


def expanding(pattern: str, template: str) -> Rule:
    """Return the rule that puts a template of `re.Match.expand` for what a pattern finds."""
    return Rule(re.compile(pattern), lambda match: match.expand(template))


def ends_here(match: re.Match[str]) -> bool:
    """Whether a stop at the end of the match ends the sentence too, as in "5 мин. Потом"."""
    rest = match.string[match.end() : match.end() + 8].lstrip(" \"'»”)*_")
    return match.group().endswith(".") and (not rest or rest[0].isupper() or rest[0] == "\n")


_BEFORE_MARK = re.compile(r"\s+(?=[.,;:!?…»)，。！？；：、）」』”》])")
_EMPTY_PAIR = re.compile(r"\(\s*\)|«\s*»|\"\s*\"|“\s*”")
_DOUBLED = re.compile(r"(?<!\.)\.\.(?=\s|$)")
_STOPPED = re.compile(r"([!?…])\.(?=\s|$)")


def tidy(text: str) -> str:
    """Return the text without the gaps and doubled stops that reading has left."""
    text = _EMPTY_PAIR.sub("", " ".join(text.split()))
    text = _DOUBLED.sub(".", _STOPPED.sub(r"\1", _BEFORE_MARK.sub("", text)))
    return " ".join(text.split())
