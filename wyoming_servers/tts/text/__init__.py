"""From a text that a language model writes to units that a voice can say. Pure: no I/O, no engine.

`UnitSplitter` cuts the growing text, `speakable` turns each unit into words. Both know Russian, English and Chinese.
"""

from .languages import language_of
from .spoken import speakable, warm_up
from .units import LONGEST_UNIT, UnitSplitter

__all__ = ["LONGEST_UNIT", "UnitSplitter", "language_of", "speakable", "warm_up"]
