"""Finding an engine by its name: the module's name is the engine's, and its libraries load only when it is chosen."""

import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

from .errors import StartError


def import_engine(package: str, name: str) -> ModuleType:
    """Return the engine's module of a package such as `wyoming_servers.stt.engines`.

    Raises: StartError for an unknown engine, or one whose libraries are not installed.
    """
    folder = import_module(package)
    known = [module.name for module in pkgutil.iter_modules(folder.__path__)]
    if name not in known:
        raise StartError(f"There is no engine {name!r}. Available: {', '.join(sorted(known))}.")
    with needing_extra(getattr(folder, "EXTRAS", {}).get(name, package.split(".")[1])):
        return import_module(f"{package}.{name}")


@contextmanager
def needing_extra(extra: str) -> Iterator[None]:
    """Turn a failed import inside into a StartError that names the extra to install."""
    try:
        yield
    except ImportError as err:
        raise StartError(f"A package is missing ({err}). Install voice-rag[{extra}].") from err
