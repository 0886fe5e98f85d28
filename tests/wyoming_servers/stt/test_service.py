"""Recognition over the wire, with the real engine where words count and a fake one where timing does."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import pytest
from prometheus_client import REGISTRY
from wyoming.asr import Transcribe
from wyoming.audio import AudioChunk, AudioStart, AudioStop

from tests.fakes.speech_engines import FakeSttEngine
from tests.fakes.spoken import spoken
from tests.fakes.wyoming_dialogue import Dialogue, audio_events, dialogue
from tests.wyoming_servers.conftest import Serve
from wyoming_servers.runtime.server import WyomingServer
from wyoming_servers.stt.service import SttService
from wyoming_servers.stt.settings import SttSettings

MakeStt = Callable[..., SttService]
CONTRACT = Path(__file__).parents[2] / "contract" / "speech" / "vocabulary.json"
COMMAND = "turn on the kitchen light"
ANSWER = ["transcript-start", "transcript-chunk", "transcript"]


async def put(server: WyomingServer, body: bytes | str | dict[str, Any]) -> tuple[int, dict[str, Any]]:
    data = json.dumps(body) if isinstance(body, dict) else body
    url = f"http://127.0.0.1:{server.side_port}/vocabulary"
    async with aiohttp.ClientSession() as session, session.put(url, data=data) as response:
        return response.status, await response.json()


async def transcript(client: Dialogue) -> str:
    event = (await client.hear_until("transcript", "error"))[-1]
    assert event.type == "transcript", event.data
    return str(event.data["text"])


async def error_code(client: Dialogue) -> str:
    return str((await client.hear_until("transcript", "error"))[-1].data["code"])


def abandoned() -> float:
    return REGISTRY.get_sample_value("voice_rag_abandoned_total", {"service": "stt"}) or 0.0


async def test_a_command_on_the_houses_names_is_recognised_once_the_house_is_known(
    serve: Serve, real_stt: MakeStt
) -> None:
    async with serve(real_stt()) as server, dialogue(server.port) as client:
        await client.say(Transcribe(language="en"), *audio_events(spoken(COMMAND)))
        assert await transcript(client) != COMMAND
        status, report = await put(server, CONTRACT.read_bytes())
        assert status == 200
        assert report["words"] > 100
        assert report["skipped"] == ["свет на кухне"]
        await client.say(Transcribe(language="en-US"), *audio_events(spoken(COMMAND)))
        assert await transcript(client) == COMMAND
        await client.say(*audio_events(spoken("who directed solaris")))
        assert await transcript(client) == "who directed solaris"


@pytest.mark.parametrize(("rate", "channels"), [(48_000, 2), (44_100, 1), (11_025, 1)])
async def test_other_rates_and_channels_are_recognised_too(
    rate: int, channels: int, serve: Serve, real_stt: MakeStt
) -> None:
    async with serve(real_stt()) as server, dialogue(server.port) as client:
        await put(server, CONTRACT.read_bytes())
        samples = np.repeat(spoken(COMMAND, rate=rate), channels)
        await client.say(*audio_events(samples, rate=rate, channels=channels))
        assert await transcript(client) == COMMAND


async def test_audio_of_32_bits_is_recognised_too(serve: Serve, real_stt: MakeStt) -> None:
    async with serve(real_stt()) as server, dialogue(server.port) as client:
        await put(server, CONTRACT.read_bytes())
        pcm = (spoken(COMMAND).astype(np.int32) << 16).tobytes()
        chunk = AudioChunk(rate=16_000, width=4, channels=1, audio=pcm)
        await client.say(AudioStart(rate=16_000, width=4, channels=1), chunk, AudioStop())
        assert await transcript(client) == COMMAND


@pytest.mark.parametrize("level", [0, 3, 300], ids=["digital silence", "a quiet room", "a fan"])
async def test_silence_and_noise_give_an_empty_transcript(level: int, serve: Serve, real_stt: MakeStt) -> None:
    noise = (np.random.default_rng(1).standard_normal(32_000) * level).astype(np.int16)
    async with serve(real_stt()) as server, dialogue(server.port) as client:
        await put(server, CONTRACT.read_bytes())
        await client.say(*audio_events(noise))
        assert await transcript(client) == ""


async def test_no_audio_at_all_is_an_error_that_names_the_microphone(serve: Serve, fake_stt: SttService) -> None:
    async with serve(fake_stt) as server, dialogue(server.port) as client:
        await client.say(*audio_events(np.empty(0, np.int16)))
        error = (await client.hear_until("error"))[-1]
        assert error.data["code"] == "no-audio"
        assert "microphone" in error.data["text"]


async def test_audio_of_8_bits_is_refused_once_and_the_next_utterance_answered(
    serve: Serve, fake_stt: SttService
) -> None:
    async with serve(fake_stt) as server, dialogue(server.port) as client:
        chunk = AudioChunk(rate=16_000, width=1, channels=1, audio=b"\0" * 160)
        await client.say(AudioStart(rate=16_000, width=1, channels=1), chunk, chunk, chunk, AudioStop())
        assert await error_code(client) == "unsupported-audio"
        await client.say(*audio_events(spoken("hello")))
        assert [event.type for event in await client.hear_until("transcript")] == [
            "transcript-start",
            "transcript-chunk",
            "transcript",
        ]


async def test_a_change_of_format_in_mid_stream_is_refused_once(serve: Serve, fake_stt: SttService) -> None:
    async with serve(fake_stt) as server, dialogue(server.port) as client:
        good = AudioChunk(rate=16_000, width=2, channels=1, audio=b"\0" * 320)
        other = AudioChunk(rate=48_000, width=2, channels=1, audio=b"\0" * 320)
        await client.say(AudioStart(rate=16_000, width=2, channels=1), good, other, other, good, AudioStop())
        assert await error_code(client) == "unsupported-audio"
        await client.say(*audio_events(spoken("hello")))
        assert [event.type for event in await client.hear_until("transcript")] == [
            "transcript-start",
            "transcript-chunk",
            "transcript",
        ]


async def test_audio_without_a_start_is_refused_once(serve: Serve, fake_stt: SttService) -> None:
    async with serve(fake_stt) as server, dialogue(server.port) as client:
        chunk = AudioChunk(rate=16_000, width=2, channels=1, audio=b"\0" * 320)
        await client.say(chunk, chunk, chunk, AudioStop())
        assert await error_code(client) == "protocol"
        await client.say(*audio_events(spoken("hello")))
        assert [event.type for event in await client.hear_until("transcript")] == [
            "transcript-start",
            "transcript-chunk",
            "transcript",
        ]


async def test_an_unknown_language_is_refused_with_what_there_is(serve: Serve, fake_stt: SttService) -> None:
    async with serve(fake_stt) as server, dialogue(server.port) as client:
        await client.say(Transcribe(language="tlh"), *audio_events(spoken("hello")))
        error = (await client.hear_until("error", "transcript"))[-1]
        assert error.data["code"] == "unknown-name"
        assert "'tlh'" in error.data["text"]
        assert "Available: en" in error.data["text"]
        await client.say(Transcribe(language="en-GB"), *audio_events(spoken("hello")))
        assert [event.type for event in await client.hear_until("transcript")] == [
            "transcript-start",
            "transcript-chunk",
            "transcript",
        ]


async def test_two_utterances_in_a_row_are_answered_in_their_order(
    serve: Serve, fake_stt: SttService, stt_engine: FakeSttEngine
) -> None:
    stt_engine.gate.clear()
    async with serve(fake_stt) as server, dialogue(server.port) as client:
        await client.say(*audio_events(spoken("hello")), *audio_events(spoken("good evening")))
        stt_engine.gate.set()
        texts = [await transcript(client), await transcript(client)]
    assert texts == [str(len(spoken("hello"))), str(len(spoken("good evening")))]


async def test_a_client_that_leaves_in_mid_sentence_is_counted_and_forgotten(
    serve: Serve, fake_stt: SttService
) -> None:
    before = abandoned()
    async with serve(fake_stt) as server:
        for _ in range(3):
            async with dialogue(server.port) as client:
                *sentence, _ = audio_events(spoken("hello"))
                await client.say(*sentence)
        async with dialogue(server.port) as client:
            await client.say(*audio_events(spoken("hello")))
            await transcript(client)
        while len(server._connections):
            await asyncio.sleep(0.01)
        assert abandoned() - before == 3


async def test_a_client_that_leaves_before_its_transcript_leaves_no_work_behind(
    serve: Serve, fake_stt: SttService, stt_engine: FakeSttEngine
) -> None:
    stt_engine.gate.clear()
    before = abandoned()
    async with serve(fake_stt) as server:
        async with dialogue(server.port) as client:
            await client.say(*audio_events(spoken("hello")))
            assert await asyncio.to_thread(stt_engine.begun.wait, 10)
        while server._connections:
            await asyncio.sleep(0.01)
        assert abandoned() - before == 1
        stt_engine.gate.set()
        async with dialogue(server.port) as client:
            await client.say(*audio_events(spoken("hello")))
            await transcript(client)


async def test_what_is_too_long_is_dropped_and_its_beginning_transcribed(serve: Serve, fake_stt: SttService) -> None:
    async with serve(fake_stt) as server, dialogue(server.port) as client:
        await client.say(*audio_events(np.ones(100_000, np.int16), chunk_ms=100))
        assert await transcript(client) == "32000"


async def test_the_vocabulary_is_known_again_after_a_restart(serve: Serve, real_stt: MakeStt, tmp_path: Path) -> None:
    settings = SttSettings(data=tmp_path)
    async with serve(real_stt(settings)) as server:
        assert (await put(server, CONTRACT.read_bytes()))[0] == 200
    assert [path.name for path in tmp_path.iterdir()] == ["vocabulary.json"]
    async with serve(real_stt(settings)) as server, dialogue(server.port) as client:
        await client.say(*audio_events(spoken(COMMAND)))
        assert await transcript(client) == COMMAND


@pytest.mark.parametrize("content", ["", "[]", '{"names": 5}', "[" * 100_000])
async def test_a_spoilt_vocabulary_file_does_not_stop_the_server(
    content: str, serve: Serve, real_stt: MakeStt, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "vocabulary.json").write_text(content)
    async with serve(real_stt(SttSettings(data=tmp_path))) as server:
        assert "can't be read" in caplog.text
        assert (await put(server, CONTRACT.read_bytes()))[0] == 200
    assert json.loads((tmp_path / "vocabulary.json").read_text())["titles"] == ["Solaris"]


async def test_updates_at_the_same_time_leave_the_file_as_the_engine_has_it(
    serve: Serve, real_stt: MakeStt, tmp_path: Path
) -> None:
    service = real_stt(SttSettings(data=tmp_path))
    async with serve(service) as server:
        answers = await asyncio.gather(*(put(server, {"areas": [f"Room {name}"]}) for name in ("one", "two", "three")))
        assert [status for status, _ in answers] == [200] * 3
        kept = json.loads((tmp_path / "vocabulary.json").read_text())["areas"]
        assert kept == list(service._recognizer.vocabulary.areas)


async def test_a_vocabulary_that_could_not_be_kept_is_tried_again(
    serve: Serve, real_stt: MakeStt, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    async with serve(real_stt(SttSettings(data=data))) as server:
        (data / "vocabulary.part").mkdir()  # in the way of the file
        status, body = await put(server, CONTRACT.read_bytes())
        assert (status, body["error"]["code"]) == (500, "not_kept")
        (data / "vocabulary.part").rmdir()
        assert (await put(server, CONTRACT.read_bytes()))[0] == 200
        assert (data / "vocabulary.json").exists()


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "JSON object"),
        ({"names": {}}, "'names'"),
        ({"names": ["lamp"]}, "'names'"),
        ({"names": [{"name": "lamp"}]}, "'names'"),
        ({"areas": [5]}, "'areas'"),
        ({"floors": "ground"}, "'floors'"),
        ({"topics": [" "]}, "'topics'"),
        ({"titles": ["x" * 201]}, "'titles'"),
        ({"titles": ["x"] * 5001}, "'titles'"),
    ],
)
async def test_a_vocabulary_in_another_form_is_refused_with_the_fields_name(
    body: bytes | dict[str, Any], named: str, serve: Serve, fake_stt: SttService
) -> None:
    async with serve(fake_stt) as server:
        status, answer = await put(server, body)
    assert status == 400
    assert answer["error"]["code"] == "bad_request"
    assert named in answer["error"]["message"]


async def test_an_engine_without_use_for_a_vocabulary_takes_it_all_the_same(serve: Serve, fake_stt: SttService) -> None:
    async with serve(fake_stt) as server:
        assert await put(server, CONTRACT.read_bytes()) == (200, {"words": 0, "skipped": []})
