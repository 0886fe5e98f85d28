"""Names that many houses have, so that a house whose own names are not known yet is understood as well."""

import tomllib
from functools import cache
from importlib.resources import files

from wyoming_servers.runtime.vocabulary import Name, Vocabulary


@cache
def common_names(language: str) -> Vocabulary:
    """Return the names of `common_names.toml` in one of its languages. Raises: KeyError."""
    text = (files(__package__) / "common_names.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)[language]
    return Vocabulary(
        names=tuple(Name(name, domain) for domain, names in data["names"].items() for name in names),
        areas=tuple(data["areas"]),
        floors=tuple(data["floors"]),
    )
