"""The end of an utterance as a state machine on windows of audio. Pure; time is counted in windows, never read."""

from enum import StrEnum

from .settings import TurnSettings

WINDOW_MS = 32
"""A window of the voice activity detector: 512 samples at 16 kHz."""

_HYSTERESIS = 0.15


class Signal(StrEnum):
    """What the listener should do now."""

    SPEECH = "speech"
    """Somebody has begun to speak."""

    PAUSE = "pause"
    """A pause worth a look at the words so far."""

    RESUMED = "resumed"
    """The speaker goes on: forget that look."""

    END = "end"
    NO_SPEECH = "no-speech"
    TOO_LONG = "too-long"


FINAL = frozenset({Signal.END, Signal.NO_SPEECH, Signal.TOO_LONG})


class Endpoint:
    """Follows one utterance."""

    def __init__(self, settings: TurnSettings) -> None:
        self._settings = settings
        self._windows = 0
        self._speech = 0
        """Consecutive windows of speech."""

        self._silence = 0
        """Consecutive windows of silence after speech."""

        self.has_begun = False
        """Whether somebody has spoken."""

        self.pause_ms = 0
        """How long the present pause has lasted, or the one before where somebody speaks."""

        self._has_paused = False
        self._longest_ms: float = settings.longest_pause_ms

    def process(self, probability: float) -> Signal | None:
        """Return what the next window's probability of speech changes."""
        self._windows += 1
        signal = self._hear(self._is_speech(probability))
        if signal is None and self._windows * WINDOW_MS >= self._settings.longest_seconds * 1000:
            return Signal.TOO_LONG
        return signal

    def expect(self, pause_ms: float) -> None:
        """Take the length at which the present pause ends the turn."""
        self._longest_ms = pause_ms

    def _is_speech(self, probability: float) -> bool:
        lowered = _HYSTERESIS if self._speech else 0.0
        return probability >= self._settings.speech_threshold - lowered

    def _hear(self, is_speech: bool) -> Signal | None:
        if is_speech:
            self._speech += 1
            return self._hear_speech()
        self._speech = 0
        return self._hear_silence()

    def _hear_speech(self) -> Signal | None:
        if self._speech * WINDOW_MS < self._settings.speech_ms:
            return None
        self._silence = 0
        if not self.has_begun:
            self.has_begun = True
            return Signal.SPEECH
        if self._has_paused:
            self._has_paused = False
            self._longest_ms = self._settings.longest_pause_ms
            return Signal.RESUMED
        return None

    def _hear_silence(self) -> Signal | None:
        if not self.has_begun:
            is_late = self._windows * WINDOW_MS >= self._settings.no_speech_seconds * 1000
            return Signal.NO_SPEECH if is_late else None
        self._silence += 1
        self.pause_ms = self._silence * WINDOW_MS
        if not self._has_paused and self.pause_ms >= self._settings.speculate_ms:
            self._has_paused = True
            return Signal.PAUSE
        return Signal.END if self._has_paused and self.pause_ms >= self._longest_ms else None
