"""Transcribing by an engine in a process of this program."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from knowledge.errors import SettingsError, TranscriberError, TranscriberUnavailableError
from knowledge.lectures.protocols import Piece
from tests.fakes import tiny_gigaam
from tests.fakes.spoken import spoken
from voice_rag.lectures.attempts import MOST_ATTEMPTS
from voice_rag.lectures.local import LocalTranscriber

PIECE = Piece(np.concatenate([tiny_gigaam.said(), spoken("раз два три", "ru") // 40]), 50.0, is_spoken=True)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tiny_gigaam.build(tmp_path_factory.mktemp("gigaam")))


@pytest.fixture(scope="module")
def transcriber(model: str) -> Iterator[LocalTranscriber]:
    local = LocalTranscriber("gigaam", model, Path(model).parent, idle_seconds=300)
    yield local
    local.close()


@pytest.mark.parametrize("wish", ["ru", "zh", None])
def test_a_piece_becomes_words_with_times(wish: str | None, transcriber: LocalTranscriber) -> None:
    [segment] = transcriber.transcribe(PIECE, wish)
    assert segment.text == tiny_gigaam.TEXT
    assert [word.start for word in segment.words] == pytest.approx([50.2, 50.8], abs=0.15)
    assert (segment.start, segment.end) == (segment.words[0].start, segment.words[-1].end)


def test_the_engine_yields_to_others_and_goes_when_it_has_nothing_to_do(model: str, tmp_path: Path) -> None:
    local = LocalTranscriber("gigaam", model, tmp_path, idle_seconds=0.2)
    assert not local._engine.is_alive
    for _ in range(2):
        local._idle_seconds = 300
        assert local.transcribe(PIECE, None)
        worker = local._engine._worker
        assert worker is not None
        assert os.getpriority(os.PRIO_PROCESS, worker.pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)
        local._idle_seconds = 0.01
        assert local.transcribe(PIECE, None)
        while local._engine.is_alive:
            time.sleep(0.05)
    local.close()


def test_an_engine_that_dies_is_started_anew(transcriber: LocalTranscriber) -> None:
    assert transcriber.transcribe(PIECE, None)
    worker = transcriber._engine._worker
    assert worker is not None
    worker._process.kill()
    worker._process.wait()
    assert transcriber.transcribe(PIECE, None)


def test_a_piece_at_which_the_engine_dies_each_time_is_given_up(transcriber: LocalTranscriber) -> None:
    broken = Piece(np.zeros((2, 2), np.int16), 0.0, is_spoken=True)
    for _ in range(2):
        with pytest.raises(TranscriberUnavailableError):
            transcriber.transcribe(broken, None)
    with pytest.raises(TranscriberError) as failure:
        transcriber.transcribe(broken, None)
    assert not isinstance(failure.value, TranscriberUnavailableError)
    assert transcriber.transcribe(PIECE, None)


def test_an_unknown_engine_is_told_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no engine 'telepathy'. Available: .*pocketsphinx"):
        LocalTranscriber("telepathy", None, tmp_path, idle_seconds=300)


def test_an_engine_that_hears_commands_only_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no lectures"):
        LocalTranscriber("pocketsphinx", None, tmp_path, idle_seconds=300)


def test_a_model_that_is_not_there_may_come_later(model: str, tmp_path: Path) -> None:
    place = tmp_path / "model"
    place.symlink_to(model)
    local = LocalTranscriber("gigaam", str(place), tmp_path, idle_seconds=300)
    place.unlink()
    for _ in range(MOST_ATTEMPTS + 1):
        with pytest.raises(TranscriberUnavailableError, match="model"):
            local.transcribe(PIECE, None)
    place.symlink_to(model)
    assert local.transcribe(PIECE, None)
    local.close()


def test_closing_ends_a_transcription_in_another_thread(model: str, tmp_path: Path) -> None:
    local = LocalTranscriber("gigaam", model, tmp_path, idle_seconds=300)

    def transcribe_on() -> None:
        for _ in range(1000):
            local.transcribe(PIECE, None)

    local.transcribe(PIECE, None)
    threading.Timer(0.1, local.close).start()
    with pytest.raises(TranscriberUnavailableError):
        transcribe_on()
