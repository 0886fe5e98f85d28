"""Transcribing by any Wyoming server."""

import threading

import numpy as np
import pytest
from wyoming.error import Error

from knowledge.errors import TranscriberError, TranscriberUnavailableError
from knowledge.lectures.protocols import SAMPLE_RATE, Piece
from tests.fakes.spoken import spoken
from tests.fakes.wyoming_stt import WyomingStt
from tests.waiting import PATIENCE_SECONDS
from voice_rag.lectures.attempts import MOST_ATTEMPTS
from voice_rag.lectures.wyoming import WyomingTranscriber

FIRST, SECOND = (spoken(text, silence=0.0) for text in ("good morning to everybody here", "let us begin with numbers"))
PAUSE = np.zeros(6 * SAMPLE_RATE, np.int16)
PIECE = Piece(np.concatenate([PAUSE, FIRST, PAUSE, SECOND, PAUSE]), 100.0, is_spoken=True)


def test_a_piece_becomes_sentences_with_times_where_somebody_speaks() -> None:
    server = WyomingStt("Good morning to everybody here. Let us begin with numbers.")
    with server.serving() as url:
        said = WyomingTranscriber(url).transcribe(PIECE, "en")
    assert [segment.text for segment in said] == ["Good morning to everybody here.", "Let us begin with numbers."]
    second_start = 100 + 12 + len(FIRST) / SAMPLE_RATE
    assert said[0].start == pytest.approx(106, abs=0.3)
    assert said[1].start == pytest.approx(second_start, abs=0.5)
    assert said[1].end == pytest.approx(second_start + len(SECOND) / SAMPLE_RATE, abs=0.3)
    assert all(segment.words == () for segment in said)
    assert server.heard == [PIECE.samples.tobytes()]
    assert [asked.language for asked in server.asked] == ["en"]


def test_a_language_that_the_server_lacks_is_left_to_it() -> None:
    server = WyomingStt(languages=("ru",))
    with server.serving() as url:
        WyomingTranscriber(url).transcribe(PIECE, "zh")
    assert [asked.language for asked in server.asked] == [None]


def test_what_was_not_understood_has_no_segments() -> None:
    with WyomingStt("").serving() as url:
        assert WyomingTranscriber(url).transcribe(PIECE, None) == ()


def test_a_server_that_ends_turns_itself_is_refused_with_a_better_way() -> None:
    better = "--transcriber openai with its side port"
    with WyomingStt(ends_turns=True).serving() as url, pytest.raises(TranscriberUnavailableError, match=better):
        WyomingTranscriber(url).transcribe(PIECE, None)


def test_an_unknown_model_is_told_with_those_there_are() -> None:
    with WyomingStt().serving() as url, pytest.raises(TranscriberUnavailableError, match="Available: tiny"):
        WyomingTranscriber(url, "huge").transcribe(PIECE, None)


def test_a_server_that_is_busy_can_be_asked_later() -> None:
    with WyomingStt(error=Error("The engine is loading.", "loading")).serving() as url:
        transcriber = WyomingTranscriber(url)
        for _ in range(MOST_ATTEMPTS + 1):
            with pytest.raises(TranscriberUnavailableError, match="The engine is loading"):
                transcriber.transcribe(PIECE, None)


def test_a_piece_at_which_the_server_fails_each_time_is_given_up() -> None:
    with WyomingStt(error=Error("Out of memory.")).serving() as url:
        transcriber = WyomingTranscriber(url)
        for _ in range(MOST_ATTEMPTS - 1):
            with pytest.raises(TranscriberUnavailableError):
                transcriber.transcribe(PIECE, None)
        with pytest.raises(TranscriberError, match="Out of memory") as failure:
            transcriber.transcribe(PIECE, None)
        assert not isinstance(failure.value, TranscriberUnavailableError)


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///nowhere/at/all"])
def test_a_server_that_is_away_can_be_asked_later(url: str) -> None:
    with pytest.raises(TranscriberUnavailableError, match="can't be reached"):
        WyomingTranscriber(url).transcribe(PIECE, None)


def test_a_server_that_hangs_up_can_be_asked_later() -> None:
    with WyomingStt(is_hanging_up=True).serving() as url, pytest.raises(TranscriberUnavailableError, match="closed"):
        WyomingTranscriber(url).transcribe(PIECE, None)


def test_a_piece_that_is_never_answered_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice_rag.lectures.wyoming._LEAST_SECONDS", 0.5)
    monkeypatch.setattr("voice_rag.lectures.wyoming._SECONDS_A_SECOND", 0.0)
    with WyomingStt(is_silent=True).serving() as url:
        transcriber = WyomingTranscriber(url)
        for _ in range(MOST_ATTEMPTS - 1):
            with pytest.raises(TranscriberUnavailableError, match="in time"):
                transcriber.transcribe(PIECE, None)
        with pytest.raises(TranscriberError, match="in time") as failure:
            transcriber.transcribe(PIECE, None)
        assert not isinstance(failure.value, TranscriberUnavailableError)


def test_closing_ends_a_transcription_in_another_thread() -> None:
    server = WyomingStt(is_silent=True)
    with server.serving() as url:
        transcriber = WyomingTranscriber(url)
        closing = threading.Thread(target=lambda: server.got_audio.wait(PATIENCE_SECONDS) and transcriber.close())
        closing.start()
        with pytest.raises(TranscriberUnavailableError, match="closed"):
            transcriber.transcribe(PIECE, None)
        closing.join()
        with pytest.raises(TranscriberUnavailableError, match="closed"):
            transcriber.transcribe(PIECE, None)
