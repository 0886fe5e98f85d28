"""The stream of a transcript, where it is cut in the midst of a chunk."""

import asyncio
from contextlib import suppress

import pytest
from wyoming.event import Eventable

from wyoming_servers.stt.engine import Transcription
from wyoming_servers.stt.reply import Reply


@pytest.mark.parametrize("slow", ["transcript-start", "transcript-chunk"])
async def test_a_guess_that_is_dropped_while_it_is_told_begins_the_stream_anew(slow: str) -> None:
    sent: list[tuple[str, str | None]] = []
    is_slow = asyncio.Event()

    async def send(eventable: Eventable) -> None:
        event = eventable.event()
        sent.append((event.type, event.data.get("text")))
        if event.type == slow and not is_slow.is_set():
            is_slow.set()
            await asyncio.sleep(60)

    reply = Reply(send)
    await reply.guess(Transcription("turn on", "en"))
    guess = asyncio.create_task(reply.guess(Transcription("turn on the", "en")))
    await is_slow.wait()
    guess.cancel()
    with suppress(asyncio.CancelledError):
        await guess
    await reply.finish(Transcription("turn on the light", "en"))
    last_start = max(number for number, (kind, _) in enumerate(sent) if kind == "transcript-start")
    assert sent[last_start:] == [
        ("transcript-start", None),
        ("transcript-chunk", "turn on the light"),
        ("transcript", "turn on the light"),
        ("transcript-stop", None),
    ]
