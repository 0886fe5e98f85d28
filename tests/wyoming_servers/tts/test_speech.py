"""The audio of a text: how it ends, whoever ends it."""

import threading
from collections.abc import Generator

import pytest

from tests.waiting import PATIENCE_SECONDS
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.tts.engine import Speech


class Source:
    """Blocks whose computation a test holds up."""

    def __init__(self) -> None:
        self.computing = threading.Event()
        self.gate = threading.Event()
        self.is_finished = False
        self.fails = False

    def blocks(self) -> Generator[bytes]:
        try:
            yield b"first"
            self.computing.set()
            assert self.gate.wait(PATIENCE_SECONDS)
            if self.fails:
                raise EngineError("terminated")
            yield b"second"
        finally:
            self.is_finished = True


@pytest.fixture
def source() -> Source:
    return Source()


def test_blocks_come_in_order_to_their_end(source: Source) -> None:
    source.gate.set()
    assert list(Speech(source.blocks())) == [b"first", b"second"]


def test_closing_between_two_blocks_finishes_at_once(source: Source) -> None:
    speech = Speech(source.blocks())
    assert next(speech) == b"first"
    speech.close()
    speech.close()
    assert source.is_finished
    assert list(speech) == []


@pytest.mark.parametrize("fails", [False, True], ids=["with a block", "with an error"])
def test_closing_in_mid_computation_interrupts_it_and_nothing_more_is_heard(fails: bool, source: Source) -> None:
    source.fails = fails
    speech = Speech(source.blocks(), interrupt=source.gate.set)
    heard: list[bytes] = []
    listener = threading.Thread(target=lambda: heard.extend(speech))
    listener.start()
    assert source.computing.wait(PATIENCE_SECONDS)
    speech.close()
    listener.join(PATIENCE_SECONDS)
    assert heard == [b"first"]
    assert source.is_finished


def test_an_error_that_nobody_has_asked_for_is_told(source: Source) -> None:
    source.fails = True
    source.gate.set()
    with pytest.raises(EngineError, match="terminated"):
        list(Speech(source.blocks()))
