"""Phrases that are kept as they were spoken, and audio that waits to be sent."""

import asyncio

import pytest

from wyoming_servers.tts.cache import LONGEST_PHRASE, Phrase, PhraseCache
from wyoming_servers.tts.outbox import Outbox


def phrase(text: str, voice: str = "espeak-ru-male", rate: int = 22_050) -> Phrase:
    return Phrase(text, voice, rate)


def test_a_phrase_is_kept_for_its_voice_and_rate() -> None:
    cache = PhraseCache(100)
    cache.put(phrase("Готово."), [b"12", b"34"])
    assert cache.get(phrase("Готово.")) == (b"12", b"34")
    for other in (phrase("Готово!"), phrase("Готово.", "espeak-ru-female"), phrase("Готово.", rate=16_000)):
        assert cache.get(other) is None


def test_what_was_not_said_for_longest_goes_first() -> None:
    cache = PhraseCache(10)
    for text in ("a", "b"):
        cache.put(phrase(text), [b"1234"])
    assert cache.get(phrase("a"))
    cache.put(phrase("c"), [b"1234"])
    assert [bool(cache.get(phrase(text))) for text in "abc"] == [True, False, True]


def test_a_phrase_put_again_does_not_count_twice() -> None:
    cache = PhraseCache(10)
    cache.put(phrase("b"), [b"1234"])
    for _ in range(5):
        cache.put(phrase("a"), [b"1234"])
    assert cache.get(phrase("b"))


@pytest.mark.parametrize(("text", "blocks"), [("a", []), ("a", [b"x" * 11]), ("a" * (LONGEST_PHRASE + 1), [b"1"])])
def test_what_is_empty_or_too_long_is_not_kept(text: str, blocks: list[bytes]) -> None:
    cache = PhraseCache(10)
    cache.put(phrase("b"), [b"1"])
    cache.put(phrase(text), blocks)
    assert cache.get(phrase(text)) is None
    assert cache.get(phrase("b"))


async def test_room_comes_when_enough_was_taken() -> None:
    outbox = Outbox(5)
    outbox.put(b"1234")
    await outbox.room()
    outbox.put(b"5678")
    waiting = asyncio.create_task(outbox.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    assert await outbox.get() == b"1234"
    await waiting


async def test_a_failure_comes_after_the_audio_before_it() -> None:
    outbox = Outbox(5)
    outbox.put(b"1")
    outbox.end(LookupError("no more"))
    assert await outbox.get() == b"1"
    with pytest.raises(LookupError):
        await outbox.get()


async def test_who_takes_waits_for_audio_and_for_the_end() -> None:
    outbox = Outbox(5)
    first = asyncio.create_task(outbox.get())
    await asyncio.sleep(0)
    outbox.put(b"1")
    assert await first == b"1"
    last = asyncio.create_task(outbox.get())
    await asyncio.sleep(0)
    outbox.end()
    assert await last is None
