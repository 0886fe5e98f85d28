"""Prepares files in the test's own process: fast, and able to fail on demand."""

from pathlib import Path

from knowledge.models import Prepared
from knowledge.reading.prepare import prepare


class InlineParser:
    def __init__(self) -> None:
        self.read: list[str] = []

    def prepare(self, path: Path, relative: str) -> Prepared:
        self.read.append(relative)
        return prepare(path, relative)

    def warm(self) -> None:
        pass

    def close(self) -> None:
        pass
