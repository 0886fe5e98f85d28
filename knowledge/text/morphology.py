"""Russian words in OpenCorpora's dictionary, by pymorphy3: loaded once, when somebody needs it."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

_LOGGER = logging.getLogger(__name__)


@cache
def morphology() -> Any:
    """Return the analyser; None where it is not installed, which costs the rarer forms of words."""
    try:
        import pymorphy3  # noqa: PLC0415  a second and 30 MB, for those who need it
    except ImportError:
        _LOGGER.info("pymorphy3 is not installed: Russian words are compared by their stems")
        return None
    return pymorphy3.MorphAnalyzer()
