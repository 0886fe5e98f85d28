"""Speech faster or slower at the same pitch, for any engine: WSOLA (Verhelst and Roelands, 1993). Pure."""

import numpy as np

from .loudness import Floats

_WINDOW_SECONDS = 0.03
_SEARCH_SECONDS = 0.008


class Tempo:
    """Changes the tempo of one stream.

    Windows are taken from the input every `hop * speed` samples and added up every `hop`. Each is looked for near its
    place, where it continues the one before it best, so that the pitch periods stay whole.
    """

    def __init__(self, rate: int, speed: float) -> None:
        """`rate` in hertz; a `speed` of 2 takes half the time."""
        self._speed = speed
        self._hop = int(rate * _WINDOW_SECONDS / 2)
        self._search = int(rate * _SEARCH_SECONDS)
        self._fade = np.hanning(2 * self._hop + 1)[:-1].astype(np.float32)
        self._input = np.zeros(0, np.float32)
        self._place = 0.0
        """Where the next window is due in the input."""

        self._continuation: Floats | None = None
        """The input that would follow the last window."""

        self._overlap = np.zeros(self._hop, np.float32)

    def feed(self, samples: Floats) -> Floats:
        """Return as much as can be said already."""
        if self._speed == 1:
            return samples
        self._input = np.concatenate([self._input, samples])
        parts = [np.empty(0, np.float32)]
        while int(self._place) + self._search + 3 * self._hop <= len(self._input):
            parts.append(self._step())
        self._forget()
        return np.concatenate(parts)

    def finish(self) -> Floats:
        """Return the rest; the stream is over."""
        if self._speed == 1:
            return np.empty(0, np.float32)
        rest = self.feed(np.zeros(3 * self._hop + self._search, np.float32))
        return np.concatenate([rest, self._overlap])

    def _step(self) -> Floats:
        hop = self._hop
        start = self._best_start(int(self._place))
        window = self._input[start : start + 2 * hop]
        faded = window * self._fade
        if self._continuation is None:
            faded[:hop] = window[:hop]  # nothing to fade in from
        result: Floats = self._overlap + faded[:hop]
        self._overlap = faded[hop:]
        self._continuation = self._input[start + hop : start + 3 * hop].copy()
        self._place += hop * self._speed
        return result

    def _best_start(self, due: int) -> int:
        if self._continuation is None:
            return due
        first = max(0, due - self._search)
        region = self._input[first : due + self._search + 2 * self._hop]
        return first + int(np.argmax(np.correlate(region, self._continuation[: 2 * self._hop], "valid")))

    def _forget(self) -> None:
        """Drop the input that no window will need."""
        done = max(0, min(int(self._place) - self._search, len(self._input)))
        self._input = self._input[done:]
        self._place -= done
