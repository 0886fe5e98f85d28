"""What every child process of ours is started with."""

import os
from collections.abc import Mapping
from pathlib import Path

_PARENT_OF_PACKAGE = Path(__file__).resolve().parents[2]


def child_environment(**variables: str) -> Mapping[str, str]:
    """Return our environment and `variables`; the child finds this package wherever we found it."""
    path = os.pathsep.join(filter(None, (str(_PARENT_OF_PACKAGE), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path, **variables}


def foreign_environment() -> Mapping[str, str]:
    """Return our environment for another interpreter: what is installed for ours would not run there."""
    is_installed = _PARENT_OF_PACKAGE.name in ("site-packages", "dist-packages")
    return os.environ if is_installed else child_environment()
