"""From scores to detections: consecutive windows, re-armed, with a refractory time. Pure; time counts samples."""

from wyoming_servers.runtime.audio import SAMPLE_RATE

from .settings import TriggerSettings


class Trigger:
    """Decides for one word of one stream."""

    def __init__(self, settings: TriggerSettings) -> None:
        self._settings = settings
        self._hits = 0
        self._silent_until = 0

    def process(self, probability: float, position: int) -> bool:
        """Return whether the word is detected at `position`, in samples since the stream began."""
        self._hits = self._hits + 1 if probability > self._settings.threshold else 0
        if self._hits < self._settings.trigger_windows or position < self._silent_until:
            return False
        self._hits = 0
        self._silent_until = position + int(self._settings.refractory_seconds * SAMPLE_RATE)
        return True

    def rearm(self) -> None:
        """Forget the last detection, which was none: the word itself may follow at once."""
        self._silent_until = 0
