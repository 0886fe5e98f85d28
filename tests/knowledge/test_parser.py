import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.errors import SourceError
from knowledge.reading.parser import ParserProcess
from knowledge.reading.prepare import prepare

MEMORY = 1 << 30


@pytest.fixture
def parser() -> Iterator[ParserProcess]:
    parser = ParserProcess(seconds=30, memory_bytes=MEMORY)
    yield parser
    parser.close()


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.md", "# Дом\n## Вода\nКран в подвале."), ("films/a.csv", "title,year,rating\nСолярис,1972,8.1\n")],
)
def test_the_process_prepares_a_file_as_we_would_here(
    parser: ParserProcess, folder: Path, name: str, text: str
) -> None:
    path = write(folder, name, text)
    assert parser.prepare(path, name) == prepare(path, name)


def test_reasons_arrive(parser: ParserProcess, folder: Path) -> None:
    with pytest.raises(SourceError, match="damaged"):
        parser.prepare(write(folder, "a.pdf", "no PDF"), "a.pdf")
    with pytest.raises(SourceError, match="cannot be opened: No such file"):
        parser.prepare(folder / "gone.txt", "gone.txt")


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_read(folder: Path) -> None:
    parser = ParserProcess(seconds=1.5, memory_bytes=MEMORY)
    os.mkfifo(folder / "endless.txt")  # reading it waits for a writer that never comes
    small = write(folder, "a.txt", "valve")
    try:
        with pytest.raises(SourceError, match=r"longer than 1\.5 seconds"):
            parser.prepare(folder / "endless.txt", "endless.txt")
        assert parser.prepare(small, "a.txt").passages
    finally:
        parser.close()


def test_a_process_that_dies_costs_one_file(parser: ParserProcess, folder: Path) -> None:
    small = write(folder, "a.txt", "valve")
    parser.prepare(small, "a.txt")
    process = parser._process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    killing = threading.Timer(1, os.kill, (process.pid, signal.SIGKILL))
    killing.start()
    with pytest.raises(SourceError, match="reader failed"):
        parser.prepare(small, "a.txt")
    assert parser.prepare(small, "a.txt").passages


def test_control_c_is_for_the_owner_of_the_process(parser: ParserProcess, folder: Path) -> None:
    small = write(folder, "a.txt", "valve")
    parser.prepare(small, "a.txt")
    process = parser._process
    assert process is not None
    assert os.getpgid(process.pid) != os.getpgid(0), "a terminal signals the group"


def test_a_file_that_needs_too_much_memory_costs_itself(folder: Path) -> None:
    parser = ParserProcess(seconds=30, memory_bytes=300 << 20)
    path = folder / "big.txt"
    path.write_bytes(b"a b c d\n" * (40 << 17))
    try:
        with pytest.raises(SourceError, match="reader failed"):
            parser.prepare(path, "big.txt")
        assert parser.prepare(write(folder, "a.txt", "valve"), "a.txt").passages
    finally:
        parser.close()
