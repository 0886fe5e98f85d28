"""What a stranger may send: the server says what is wrong, closes that connection and goes on with the others."""

import asyncio
import json
import tracemalloc
from typing import Any

import pytest
from wyoming.event import Event, async_read_event, async_write_event

from tests.fakes.wyoming_dialogue import dialogue
from tests.wyoming_servers.conftest import Serve
from wyoming_servers.runtime.errors import FrameError, FrameTooLargeError
from wyoming_servers.runtime.frames import FrameLimits, read_frame
from wyoming_servers.tts.service import TtsService

TEN_GIGABYTES = 10 * 1024**3


def header(**fields: Any) -> bytes:
    return json.dumps({"type": "audio-chunk", **fields}).encode() + b"\n"


BROKEN = {
    "payload of 10 GB": (header(payload_length=TEN_GIGABYTES), "frame-too-large"),
    "data of 10 GB": (header(data_length=TEN_GIGABYTES), "frame-too-large"),
    "payload over the limit": (header(payload_length=4 * 1024 * 1024 + 1), "frame-too-large"),
    "negative length": (header(payload_length=-1), "bad-frame"),
    "boolean length": (header(data_length=True), "bad-frame"),
    "false as length": (header(data_length=False), "bad-frame"),
    "fractional length": (header(payload_length=1.5), "bad-frame"),
    "text as length": (header(payload_length="12"), "bad-frame"),
    "infinite length": (b'{"type": "ping", "payload_length": Infinity}\n', "bad-frame"),
    "not JSON": (b"GET / HTTP/1.1\n", "bad-frame"),
    "not UTF-8": (b'{"type": "\xff"}\n', "bad-frame"),
    "an array": (b"[1, 2]\n", "bad-frame"),
    "no type": (b'{"data": {}}\n', "bad-frame"),
    "type that is no text": (b'{"type": 7}\n', "bad-frame"),
    "data that is no object": (header(data=[1]), "bad-frame"),
    "data part that is no object": (header(data_length=2) + b"[]", "bad-frame"),
    "data part that is not JSON": (header(data_length=2) + b"{:", "bad-frame"),
    "a line over 64 KiB": (b'{"type": "' + b"x" * 70_000, "frame-too-large"),
    "a whole line over 64 KiB": (b'{"type": "' + b"x" * 70_000 + b'"}\n', "frame-too-large"),
    "a nest of 30,000 arrays": (b"[" * 30_000 + b"\n", "bad-frame"),
    "a number of 5,000 digits": (b'{"type": "ping", "data_length": ' + b"9" * 5000 + b"}\n", "bad-frame"),
}


@pytest.mark.parametrize(("raw", "code"), BROKEN.values(), ids=BROKEN)
async def test_a_broken_frame_gets_an_error_and_an_end_while_others_are_served(
    raw: bytes, code: str, serve: Serve, fake_tts: TtsService
) -> None:
    async with serve(fake_tts) as server, dialogue(server.port) as other:
        await other.describe()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(raw)
        event = await async_read_event(reader)
        assert event is not None
        assert event.type == "error"
        assert event.data["code"] == code
        assert event.data["text"]
        assert await reader.read() == b""
        writer.close()
        assert (await other.describe()).tts


@pytest.mark.parametrize("_", range(5))
async def test_the_error_arrives_although_the_client_keeps_pushing_its_payload(
    _: int, serve: Serve, fake_tts: TtsService
) -> None:
    async with serve(fake_tts) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(header(payload_length=TEN_GIGABYTES) + b"\0" * 2_000_000)
        event = await async_read_event(reader)
        assert event is not None
        assert event.data["code"] == "frame-too-large"
        writer.close()


@pytest.mark.parametrize(
    "raw",
    [b'{"type": "pi', header(data_length=10) + b"{", header(payload_length=10) + b"123"],
    ids=["in the line", "in the data", "in the payload"],
)
async def test_the_end_of_input_inside_a_frame_is_reported(raw: bytes, serve: Serve, fake_tts: TtsService) -> None:
    async with serve(fake_tts) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(raw)
        writer.write_eof()
        event = await async_read_event(reader)
        assert event is not None
        assert event.data["code"] == "bad-frame"
        assert "ended" in event.data["text"]
        writer.close()


async def test_an_announced_length_allocates_nothing() -> None:
    reader = asyncio.StreamReader()
    reader.feed_data(header(payload_length=TEN_GIGABYTES))
    tracemalloc.start()
    try:
        with pytest.raises(FrameTooLargeError, match="10737418240 bytes"):
            await read_frame(reader, FrameLimits())
        assert tracemalloc.get_traced_memory()[1] < 1024 * 1024
    finally:
        tracemalloc.stop()


async def test_frames_of_the_wyoming_library_are_read_as_they_were_written() -> None:
    reader = asyncio.StreamReader()
    events = [
        Event("ping"),
        Event("audio-chunk", {"rate": 16000}, b"\0\1" * 100),
        Event("synthesize", {"text": "Привет\nмир"}),
    ]
    for event in events:
        await async_write_event(event, _Into(reader))  # type: ignore[arg-type]
    reader.feed_eof()
    limits = FrameLimits()
    read = [await read_frame(reader, limits) for _ in events]
    assert [(event.type, event.data, event.payload) for event in read if event] == [
        (event.type, event.data or {}, event.payload) for event in events
    ]
    assert await read_frame(reader, limits) is None


async def test_data_in_the_line_and_behind_it_are_merged() -> None:
    reader = asyncio.StreamReader()
    reader.feed_data(b'{"type": "t", "data": {"a": 1, "b": 1}, "data_length": 8, "payload_length": null}\n{"b": 2}')
    event = await read_frame(reader, FrameLimits())
    assert event is not None
    assert event.data == {"a": 1, "b": 2}
    assert event.payload is None


async def test_a_line_is_bounded_by_the_limits_even_where_the_reader_allows_more() -> None:
    reader = asyncio.StreamReader()
    reader.feed_data(b'{"type": "' + b"x" * 200 + b'"}\n')
    with pytest.raises(FrameError, match="at most 100"):
        await read_frame(reader, FrameLimits(line=100))


class _Into:
    """A writer whose other end is a reader."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader

    def write(self, data: bytes) -> None:
        self._reader.feed_data(data)

    def writelines(self, parts: list[bytes]) -> None:
        for part in parts:
            self.write(part)

    async def drain(self) -> None:
        pass
