"""What every child process of ours is started with."""

import os
from collections.abc import Mapping
from pathlib import Path


def child_environment(**variables: str) -> Mapping[str, str]:
    """Return our environment and `variables`; the child finds this package wherever we found it."""
    parent_of_package = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (parent_of_package, os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path, **variables}
