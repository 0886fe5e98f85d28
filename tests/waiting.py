"""How long a test waits for what has to happen. It goes on as soon as it does: the time only bounds a failure."""

import asyncio
import time
from collections.abc import Callable

PATIENCE_SECONDS = 120.0
"""Far more than any step takes, as a machine may have ten times as much to do as a test thinks."""


def wait_until(condition: Callable[[], object]) -> None:
    """Return when it holds; fail when it does not in time."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.01)


async def until(condition: Callable[[], object]) -> None:
    """Return when it holds, without holding up the loop; fail when it does not in time."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():
            await asyncio.sleep(0.01)
