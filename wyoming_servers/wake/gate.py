"""A gate that keeps dead silence from the engine, and gives it back before the first sound. Pure."""

from collections import deque
from collections.abc import Sequence

import numpy as np

from wyoming_servers.runtime.audio import Samples

from .settings import GateSettings


class Gate:
    """Closes after a while of dead silence; opens with a sound and with what came before it.

    The engine forgets what lies further back than the windows that are given back. So it scores the sound and what
    follows as if it had listened all the time.
    """

    def __init__(self, settings: GateSettings, memory_windows: int) -> None:
        """`memory_windows` is how far back the engine remembers."""
        self._settings = settings
        self._silent = 0
        """Windows in a row."""

        self._kept: deque[Samples] = deque(maxlen=memory_windows)
        """The last ones that did not pass."""

    @property
    def is_closed(self) -> bool:
        """Whether the stream is silent at present."""
        return self._silent > self._settings.silent_windows

    def process(self, window: Samples) -> Sequence[Samples]:
        """Return what the engine should hear now: nothing, the window, or past windows and this one."""
        peak = max(int(np.max(window)), -int(np.min(window)))
        self._silent = self._silent + 1 if peak <= self._settings.silent_peak else 0
        if self.is_closed:
            self._kept.append(window)
            return ()
        given = (*self._kept, window)
        self._kept.clear()
        return given
