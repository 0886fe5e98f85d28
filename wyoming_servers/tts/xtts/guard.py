"""A guard over what XTTS makes of a piece of text: too little, too much, or nothing at all is not let through. Pure."""

import logging
from collections.abc import Callable, Generator, Iterator

from .lengths import Lengths

_LOGGER = logging.getLogger(__name__)
_TAKES = 2

Take = Generator[bytes]
"""One attempt's audio as it comes; 16-bit mono PCM."""


class TakeError(Exception):
    """An attempt whose audio is not the text's."""


def guarded(take: Callable[[], Take], allowed: Lengths, rate: int, *, is_streamed: bool) -> Iterator[bytes]:
    """Yield the audio of an attempt that succeeds; a failed one is repeated once if nothing of it has been heard.

    Streamed audio is let through until the words must have been said, and the rest when its end has come. One that
    misses its end then loses the rest: what has been heard can't be taken back. Raises: TakeError.
    """
    for number in range(1, _TAKES + 1):
        heard = False
        try:
            for block in _checked(take(), allowed, rate, is_streamed=is_streamed):
                heard = True
                yield block
        except TakeError as err:
            if heard:
                _LOGGER.warning("XTTS: %s; cut where the words have been said", err)
                return
            if number == _TAKES:
                raise
            _LOGGER.warning("XTTS: %s; once more", err)
        else:
            return


def _checked(take: Take, allowed: Lengths, rate: int, *, is_streamed: bool) -> Iterator[bytes]:
    """Yield the attempt's audio as far as it can be trusted. Raises: TakeError."""
    kept: list[bytes] = []
    seconds = 0.0
    try:
        for block in take:
            seconds += len(block) / 2 / rate
            if seconds > allowed.most:
                raise TakeError(f"more than {allowed.most:.1f} s of audio")
            if is_streamed and seconds <= allowed.typical:
                yield block
            else:
                kept.append(block)
        if seconds < allowed.least:
            raise TakeError(f"{seconds:.1f} s of audio for a text of at least {allowed.least:.1f} s")
        yield from kept
    finally:
        take.close()
