"""How fast the assistant is: figures over the last turns, for the sensors. Pure."""

from collections import deque
from collections.abc import Callable, Iterable
from math import ceil

REMEMBERED_TURNS = 100


class Figures:
    """Counts turns and prompts. Listeners hear of every change."""

    def __init__(self) -> None:
        self._turn_seconds: deque[float] = deque(maxlen=REMEMBERED_TURNS)
        self._prompts: deque[tuple[int, int]] = deque(maxlen=REMEMBERED_TURNS)
        self._listeners: list[Callable[[], None]] = []

    def add_turn(self, seconds: float) -> None:
        """Note how long a turn took, from the text to the whole answer."""
        self._turn_seconds.append(seconds)
        self._changed()

    def add_prompt(self, tokens: int, evaluated: int) -> None:
        """Note a prompt's length and how much of it the model had to read, both in tokens."""
        if tokens > 0:
            self._prompts.append((tokens, min(evaluated, tokens)))
            self._changed()

    def turn_seconds(self, percent: int) -> float | None:
        """Return a percentile of the turns' time; None before the first."""
        return percentile(self._turn_seconds, percent)

    @property
    def prefix_hit_percent(self) -> float | None:
        """The share of the prompts' tokens that the model knew already; None before the first prompt."""
        if not self._prompts:
            return None
        tokens = sum(tokens for tokens, _ in self._prompts)
        evaluated = sum(evaluated for _, evaluated in self._prompts)
        return 100 * (tokens - evaluated) / tokens

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after every change until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _changed(self) -> None:
        for listener in tuple(self._listeners):
            listener()


def percentile(values: Iterable[float], percent: int) -> float | None:
    """Return the nearest-rank percentile; None of nothing."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)] if ordered else None
