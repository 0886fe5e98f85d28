"""Finding an embedder or a reranker by its name, which is that of its module; it loads only when it is chosen."""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from knowledge.errors import KnowledgeError


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines of one kind, one file each in a package; each has `load(settings)`."""

    package: str
    kind: str
    """As people are told: "embedder"."""

    helpers: frozenset[str]
    """Modules of the package that are no engines."""

    error: type[KnowledgeError]

    def names(self) -> list[str]:
        """Return the names that can be chosen."""
        folders = import_module(self.package).__path__
        return sorted(module.name for module in pkgutil.iter_modules(folders) if module.name not in self.helpers)

    def module(self, name: str) -> ModuleType:
        """Return the engine's module. Raises: the kind's error for an unknown one, or one without its packages."""
        if name not in (known := self.names()):
            raise self.error(f"There is no {self.kind} '{name}', only {', '.join(known)}.")
        try:
            return import_module(f"{self.package}.{name}")
        except ImportError as err:
            raise self.error(f"A package is missing for the {self.kind} '{name}': {err}") from err
