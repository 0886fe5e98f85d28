"""Words made by `voice-rag wake enroll`."""

from pathlib import Path

from wyoming_servers.wake import own_word
from wyoming_servers.wake.settings import WordSettings
from wyoming_servers.wake.words import WordModel


def settings(path: Path) -> WordSettings:
    """Return what the file says. Raises: EngineError."""
    return own_word.read(path).settings


def load(path: Path) -> WordModel:
    """Return the model. Raises: EngineError."""
    return own_word.read(path)
