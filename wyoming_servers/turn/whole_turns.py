"""Whole turns of a few words that neither the templates of commands nor the dialogues of the training know for such."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from .text import normalize

_PROBABILITY = {"closing": 0.96, "open": 0.9}
"""By group: 0.4 and 0.8 s of silence by default. Set by hand, nobody has counted what is said to satellites."""


@cache
def whole_turns(language: str) -> Mapping[str, float]:
    """Return normalized texts, each with the probability that the speaker has finished; none in an unknown language."""
    data = tomllib.loads((files(__package__) / "whole_turns.toml").read_text(encoding="utf-8"))
    groups = data.get(language, {}).items()
    return {normalize(text): _PROBABILITY[group] for group, texts in groups for text in texts}
