"""Transcribing by a server with OpenAI's interface: our own speech server, and others."""

import asyncio
import io
import threading
import wave
from collections.abc import Sequence
from typing import Any

import pytest

from knowledge.errors import TranscriberError, TranscriberUnavailableError
from knowledge.lectures.models import Segment, Word
from knowledge.lectures.protocols import Piece
from tests.fakes.spoken import spoken
from tests.fakes.transcription_api import TranscriptionApi
from tests.waiting import PATIENCE_SECONDS
from voice_rag.lectures.attempts import MOST_ATTEMPTS
from voice_rag.lectures.openai import OpenAiTranscriber
from wyoming_servers.runtime.audio import Samples
from wyoming_servers.runtime.server import WyomingServer
from wyoming_servers.runtime.settings import RuntimeSettings
from wyoming_servers.stt import engine as stt
from wyoming_servers.stt.recognizer import Recognizer
from wyoming_servers.stt.service import SttService
from wyoming_servers.stt.settings import SttSettings

PIECE = Piece(spoken("good morning to everybody here let us begin with numbers"), 100.0, is_spoken=True)
ANSWER = {
    "text": "Good morning. Let us begin.",
    "segments": [
        {"start": 0.2, "end": 1.1, "text": " Good morning."},
        {"start": 1.4, "end": 2.6, "text": "Let us begin."},
    ],
    "words": [
        {"word": "Good", "start": 0.2, "end": 0.5},
        {"word": "morning", "start": 0.5, "end": 1.1},
        {"word": "Let", "start": 1.35, "end": 1.7},
        {"word": "us", "start": 1.7, "end": 2.0},
        {"word": "begin", "start": 2.0, "end": 2.6},
    ],
}


class TimingEngine:
    """Knows two words and their times."""

    name = "timing"
    languages = ("en",)

    def transcribe(self, samples: Samples, language: str | None) -> stt.Transcription:
        return self.transcribe_words(samples, language)

    def transcribe_words(self, samples: Samples, language: str | None, terms: Sequence[str] = ()) -> stt.Transcription:
        words = (stt.Word("Good", 0.3, 0.6), stt.Word("morning.", 0.6, 1.2))
        return stt.Transcription("Good morning.", language or "en", words=words)


def service_of(engine: stt.SttEngine) -> SttService:
    return SttService(Recognizer("timing", ("en",), lambda _: engine, SttSettings()), SttSettings())


@pytest.mark.parametrize("wish", ["en", "zh", None])
async def test_our_own_server_tells_segments_and_words(wish: str | None) -> None:
    server = WyomingServer([service_of(TimingEngine())], RuntimeSettings(port=0, side_port=0, token="secret"))
    async with server.serving():
        transcriber = OpenAiTranscriber(f"http://127.0.0.1:{server.side_port}", token="secret")
        said = await asyncio.to_thread(transcriber.transcribe, PIECE, wish)
    words = (Word("Good", 100.3, 100.6), Word("morning.", 100.6, 101.2))
    assert said == (Segment("Good morning.", 100.3, 101.2, words),)


async def test_our_own_server_without_the_token_says_what_to_do() -> None:
    server = WyomingServer([service_of(TimingEngine())], RuntimeSettings(port=0, side_port=0, token="secret"))
    async with server.serving():
        transcriber = OpenAiTranscriber(f"http://127.0.0.1:{server.side_port}", token="wrong")
        with pytest.raises(TranscriberUnavailableError, match="VOICE_RAG_TRANSCRIBER_TOKEN"):
            await asyncio.to_thread(transcriber.transcribe, PIECE, None)


def test_each_segment_has_its_own_words() -> None:
    api = TranscriptionApi([(200, ANSWER)])
    with api.serving() as url:
        said = OpenAiTranscriber(f"{url}/v1/", "large", "key").transcribe(PIECE, "en")
    assert [(one.text, one.start, one.end, len(one.words)) for one in said] == [
        ("Good morning.", 100.2, 101.1, 2), ("Let us begin.", 101.4, 102.6, 3),
    ]  # fmt: skip
    assert api.paths == ["/v1/audio/transcriptions"]
    assert api.headers[0]["Authorization"] == "Bearer key"
    [form] = api.fields
    [recording] = form.pop("file")
    assert form == {
        "model": [b"large"],
        "response_format": [b"verbose_json"],
        "timestamp_granularities[]": [b"segment", b"word"],
        "language": [b"en"],
    }
    with wave.open(io.BytesIO(recording)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        assert file.readframes(file.getnframes()) == PIECE.samples.tobytes()


@pytest.mark.parametrize(
    ("models", "asked"),
    [((), b"whisper-1"), (("gigaam", "small"), b"whisper-1"), (("pocketsphinx", "gigaam"), b"gigaam")],
)
def test_a_model_is_asked_for_that_hears_free_speech(models: tuple[str, ...], asked: bytes) -> None:
    api = TranscriptionApi([(200, ANSWER)], models=models)
    with api.serving() as url:
        OpenAiTranscriber(url).transcribe(PIECE, None)
    assert api.fields[0]["model"] == [asked]


def test_a_server_that_hears_commands_only_is_refused_with_a_way_out() -> None:
    api = TranscriptionApi([(200, ANSWER)], models=("pocketsphinx",), voices=("espeak",))
    with api.serving() as url:
        transcriber = OpenAiTranscriber(url)
        with pytest.raises(TranscriberUnavailableError, match=r"Install voice-rag\[stt-gigaam\]"):
            transcriber.transcribe(PIECE, None)
        api.models = ("pocketsphinx", "gigaam")
        assert transcriber.transcribe(PIECE, None)


def test_times_beyond_the_piece_are_brought_back_into_it() -> None:
    answer = {"text": "Bye.", "segments": [{"start": 1.0, "end": 29.98, "text": "Bye."}]}
    with TranscriptionApi([(200, answer)]).serving() as url:
        [segment] = OpenAiTranscriber(url).transcribe(PIECE, None)
    assert (segment.start, segment.end) == (101.0, pytest.approx(PIECE.end, abs=0.001))


def test_a_server_that_tells_no_times_is_understood() -> None:
    with TranscriptionApi([(200, {"text": "Good morning to everybody."})]).serving() as url:
        [segment] = OpenAiTranscriber(url).transcribe(PIECE, None)
    assert segment.text == "Good morning to everybody."
    assert PIECE.start < segment.start < segment.end <= PIECE.end
    assert segment.words == ()


def test_where_nothing_was_understood_there_are_no_segments() -> None:
    with TranscriptionApi([(200, {"text": "", "segments": [], "words": []})]).serving() as url:
        assert OpenAiTranscriber(url).transcribe(PIECE, None) == ()


@pytest.mark.parametrize("status", [401, 403, 404, 408, 429, 502, 503, 504])
def test_what_an_owner_or_time_can_change_is_tried_again_for_ever(status: int) -> None:
    with TranscriptionApi([(status, {"error": {"message": "Not now."}})]).serving() as url:
        transcriber = OpenAiTranscriber(url)
        for _ in range(MOST_ATTEMPTS + 1):
            with pytest.raises(TranscriberUnavailableError, match=f"answers {status}: Not now"):
                transcriber.transcribe(PIECE, None)


def test_a_piece_at_which_the_server_fails_each_time_is_given_up() -> None:
    with TranscriptionApi([(500, {"error": "It broke."})]).serving() as url:
        transcriber = OpenAiTranscriber(url)
        for _ in range(MOST_ATTEMPTS - 1):
            with pytest.raises(TranscriberUnavailableError, match="It broke"):
                transcriber.transcribe(PIECE, None)
        refused(transcriber, "It broke")


def test_a_piece_that_the_server_refuses_is_given_up() -> None:
    with TranscriptionApi([(413, {"error": {"message": "Too large."}})]).serving() as url:
        refused(OpenAiTranscriber(url), "Too large")


def refused(transcriber: OpenAiTranscriber, match: str) -> None:
    with pytest.raises(TranscriberError, match=match) as failure:
        transcriber.transcribe(PIECE, None)
    assert not isinstance(failure.value, TranscriberUnavailableError)


@pytest.mark.parametrize(
    "body", ["<html>It works!</html>", [], {"segments": []}, {"segments": [{"text": "Hm."}]}, "null"]
)
def test_something_else_at_the_address_is_told(body: Any) -> None:
    failing = pytest.raises(TranscriberUnavailableError, match="does not answer as OpenAI")
    with TranscriptionApi([(200, body)]).serving() as url, failing:
        OpenAiTranscriber(url).transcribe(PIECE, None)


def test_a_server_that_is_away_can_be_asked_later() -> None:
    with pytest.raises(TranscriberUnavailableError, match="can't be reached"):
        OpenAiTranscriber("http://127.0.0.1:1").transcribe(PIECE, None)


def test_a_piece_that_is_never_answered_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice_rag.lectures.openai._LEAST_SECONDS", 0.5)
    monkeypatch.setattr("voice_rag.lectures.openai._SECONDS_A_SECOND", 0.0)
    with TranscriptionApi(is_silent=True, models=("large",)).serving() as url:
        transcriber = OpenAiTranscriber(url)
        for _ in range(MOST_ATTEMPTS - 1):
            with pytest.raises(TranscriberUnavailableError, match="in time"):
                transcriber.transcribe(PIECE, None)
        with pytest.raises(TranscriberError, match="in time") as failure:
            transcriber.transcribe(PIECE, None)
        assert not isinstance(failure.value, TranscriberUnavailableError)


def test_closing_ends_a_transcription_in_another_thread() -> None:
    api = TranscriptionApi(is_silent=True)
    with api.serving() as url:
        transcriber = OpenAiTranscriber(url)
        closing = threading.Thread(target=lambda: api.asked.wait(PATIENCE_SECONDS) and transcriber.close())
        closing.start()
        with pytest.raises(TranscriberUnavailableError, match="it was closed"):
            transcriber.transcribe(PIECE, None)
        closing.join()
        with pytest.raises(TranscriberUnavailableError, match="it was closed"):
            transcriber.transcribe(PIECE, None)
