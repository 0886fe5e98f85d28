"""The assistant's own voice does not wake it; a person who says the word meanwhile does."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from wyoming.wake import Detect

from tests.fakes.spoken import spoken
from tests.fakes.wyoming_dialogue import audio_events, dialogue
from tests.wyoming_servers.conftest import PATIENT, Serve
from wyoming_servers.wake.echo import EchoVerifier
from wyoming_servers.wake.engines import openwakeword
from wyoming_servers.wake.library import WordLibrary
from wyoming_servers.wake.likeness import likeness, spectrogram
from wyoming_servers.wake.listener import WordFinder
from wyoming_servers.wake.service import WakeService

RATE = 16_000
ASSISTANT = ("en-us", 170)
PERSON = ("en-us+f3", 150)
LATER = 60.0
Samples = NDArray[np.int16]


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def say(text: str, speaker: tuple[str, int], rate: int = RATE) -> Samples:
    voice, words_per_minute = speaker
    return spoken(text, voice, rate=rate, words_per_minute=words_per_minute, silence=0.5)


def in_a_room(*sounds: Samples, gain: float = 1.0, noise: float = 0.0, delay_seconds: float = 1.0) -> Samples:
    """Return the sounds at once, with an echo of 0.3 s, noise, and silence before and after them."""
    random = np.random.default_rng(2)
    times = np.arange(int(0.3 * RATE)) / RATE
    room = random.normal(size=len(times)) * 10 ** (-10 * times)
    room = 0.3 * room / np.linalg.norm(room)
    room[0] = 1
    mixed = np.zeros(max(map(len, sounds)))
    for sound in sounds:
        mixed[: len(sound)] += sound
    heard = gain * np.pad(np.convolve(mixed, room), (int(delay_seconds * RATE), RATE))
    return np.clip(heard + random.normal(0, noise + 1, len(heard)), -32768, 32767).astype(np.int16)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def library() -> WordLibrary:
    return WordLibrary(openwakeword.builtin(), PATIENT)


@pytest.fixture
def echo(library: WordLibrary, clock: Clock) -> EchoVerifier:
    return EchoVerifier(WordFinder(library).best_score, clock)


@pytest.fixture
def service(
    library: WordLibrary, echo: EchoVerifier, openwakeword_engine: openwakeword.OpenWakeWordEngine
) -> WakeService:
    return WakeService("openwakeword", library, lambda _: openwakeword_engine, PATIENT, [echo])


async def detections(serve: Serve, service: WakeService, heard: Samples) -> Sequence[str]:
    async with serve(service) as server, dialogue(server.port) as client:
        await client.say(Detect(names=["okay_nabu"]), *audio_events(heard, chunk_ms=80))
        await client.say(Detect(names=["okay_nabu"]), *audio_events(np.zeros(RATE, np.int16), chunk_ms=80))
        events = await client.hear_until("not-detected")
    return [event.type for event in events if event.type == "detection"]


ANSWER = "You can say: okay nabu. And then ask me."


@pytest.mark.parametrize(
    ("gain", "noise", "delay_seconds"), [(1.0, 0, 0.1), (0.2, 0, 1.0), (0.5, 100, 3.03), (0.05, 10, 0.5)]
)
async def test_an_answer_with_the_word_in_it_does_not_wake(
    serve: Serve, service: WakeService, echo: EchoVerifier, gain: float, noise: float, delay_seconds: float
) -> None:
    echo.spoken(ANSWER, say(ANSWER, ASSISTANT, rate=22_050).tobytes(), 22_050)
    heard = in_a_room(say(ANSWER, ASSISTANT), gain=gain, noise=noise, delay_seconds=delay_seconds)
    assert not await detections(serve, service, heard)


async def test_the_same_answer_would_wake_a_server_that_has_not_spoken(serve: Serve, service: WakeService) -> None:
    assert await detections(serve, service, in_a_room(say(ANSWER, ASSISTANT)))


async def test_it_would_wake_when_it_comes_from_somewhere_else_a_minute_later(
    serve: Serve, service: WakeService, echo: EchoVerifier, clock: Clock
) -> None:
    echo.spoken(ANSWER, say(ANSWER, ASSISTANT).tobytes(), RATE)
    clock.now += LATER
    assert await detections(serve, service, in_a_room(say(ANSWER, ASSISTANT)))


async def test_a_person_is_heard_who_says_the_word_while_an_answer_with_it_may_be_playing(
    serve: Serve, service: WakeService, echo: EchoVerifier
) -> None:
    echo.spoken(ANSWER, say(ANSWER, ASSISTANT).tobytes(), RATE)
    assert await detections(serve, service, in_a_room(say("okay nabu", PERSON)))


async def test_a_person_is_heard_who_speaks_over_an_answer_without_the_word(
    serve: Serve, service: WakeService, echo: EchoVerifier
) -> None:
    text = "The weather will be nice today, with some clouds in the afternoon."
    answer = say(text, ASSISTANT)
    echo.spoken(text, answer.tobytes(), RATE)
    heard = in_a_room((answer * 0.1).astype(np.int16), np.pad(say("okay nabu", PERSON), (RATE // 2, 0)))
    assert await detections(serve, service, heard)


async def test_the_word_in_a_later_unit_of_an_answer_is_an_echo_too(
    serve: Serve, service: WakeService, echo: EchoVerifier
) -> None:
    first, second = say("It is twelve o'clock.", ASSISTANT), say(ANSWER, ASSISTANT)
    for unit in (first, second):
        echo.spoken("", unit.tobytes(), RATE)
    assert not await detections(serve, service, in_a_room(np.concatenate([first, second]), gain=0.3))


def test_what_was_spoken_is_remembered_as_long_as_it_may_be_playing(echo: EchoVerifier, clock: Clock) -> None:
    for _ in range(3):
        echo.spoken("", np.zeros(10 * RATE, np.int16).tobytes(), RATE)
    assert echo.remembered_seconds == pytest.approx(30)
    clock.now += 26
    assert echo.remembered_seconds == pytest.approx(20)
    clock.now += 30
    assert echo.remembered_seconds == 0


def test_not_more_is_remembered_than_two_minutes(echo: EchoVerifier) -> None:
    for _ in range(20):
        echo.spoken("", np.zeros(10 * RATE, np.int16).tobytes(), RATE)
    assert echo.remembered_seconds == pytest.approx(120)


def test_a_copy_is_found_where_it_is() -> None:
    known = say(ANSWER, ASSISTANT)
    found = likeness(spectrogram(known[RATE : 2 * RATE]), spectrogram(known))
    assert found.correlation > 0.95
    assert found.end == pytest.approx(2 * RATE, abs=640)


def test_another_sound_is_no_copy() -> None:
    known = say(ANSWER, ASSISTANT)
    heard = say("what is the time in Moscow", PERSON)[RATE : 2 * RATE]
    assert likeness(spectrogram(heard), spectrogram(known)).correlation < 0.6


@pytest.mark.parametrize("samples", [0, 100, 5000])
def test_less_than_was_heard_holds_no_copy(samples: int) -> None:
    heard = spectrogram(say("okay nabu", PERSON))
    assert likeness(heard, spectrogram(np.ones(samples, np.int16))).correlation == 0
