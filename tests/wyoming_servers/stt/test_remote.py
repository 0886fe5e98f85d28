"""The real engines in processes of their own, with a real server around them."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import aiohttp
import pytest
from wyoming.asr import Transcribe

from tests.fakes.spoken import spoken
from tests.fakes.tiny_gigaam import TEXT as RUSSIAN_TEXT
from tests.fakes.tiny_gigaam import said
from tests.fakes.wyoming_dialogue import Dialogue, audio_events, dialogue
from tests.waiting import until
from tests.wyoming_servers.conftest import Serve
from wyoming_servers.runtime.errors import EngineError, StartError
from wyoming_servers.runtime.loading import LoadSettings, LoadState
from wyoming_servers.runtime.server import WyomingServer
from wyoming_servers.stt.engine import EngineOptions, Request
from wyoming_servers.stt.recognizer import Recognizer
from wyoming_servers.stt.remote import RemoteEngine
from wyoming_servers.stt.service import SttService
from wyoming_servers.stt.settings import EndOfTurn, SttSettings

COMMAND = "turn on the kitchen light"
VOCABULARY = {"names": [{"name": "kitchen light", "domain": "light"}]}
SETTINGS = SttSettings(end_of_turn=EndOfTurn.CLIENT)


@asynccontextmanager
async def served(serve: Serve, engine: str, settings: SttSettings) -> AsyncIterator[tuple[WyomingServer, Recognizer]]:
    recognizer = await asyncio.to_thread(Recognizer.in_own_process, engine, settings)
    async with serve(SttService(recognizer, settings)) as server:
        yield server, recognizer
    assert not recognizer._remote.is_alive  # type: ignore[union-attr]


async def answer(client: Dialogue) -> tuple[str, str]:
    await client.say(Transcribe(language="en"), *audio_events(spoken(COMMAND)))
    event = (await client.hear_until("transcript", "error"))[-1]
    return event.type, event.data["text"]


def pid_of(recognizer: Recognizer) -> int:
    return recognizer._remote._worker.pid  # type: ignore[union-attr]


async def health(server: WyomingServer) -> dict[str, object]:
    url = f"http://127.0.0.1:{server.side_port}/health"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return dict((await response.json())["services"]["stt"])


async def test_a_crash_is_told_the_client_and_the_next_request_answered(serve: Serve) -> None:
    async with served(serve, "pocketsphinx", SETTINGS) as (server, recognizer), dialogue(server.port) as client:
        url = f"http://127.0.0.1:{server.side_port}/vocabulary"
        async with aiohttp.ClientSession() as session, session.put(url, json=VOCABULARY) as response:
            assert response.status == 200
        assert await answer(client) == ("transcript", COMMAND)
        os.kill(pid_of(recognizer), signal.SIGSTOP)
        task = asyncio.create_task(answer(client))
        await until(lambda: recognizer._queue._pending > 0)
        os.kill(pid_of(recognizer), signal.SIGKILL)
        kind, text = await task
        assert (kind, "SIGKILL" in text) == ("error", True)
        # The engine that is started anew knows the house as the one before it did.
        assert await answer(client) == ("transcript", COMMAND)


async def test_an_engine_that_nobody_uses_gives_its_memory_back_and_comes_again(serve: Serve) -> None:
    settings = replace(SETTINGS, load=LoadSettings(idle_seconds=0.2))
    async with served(serve, "pocketsphinx", settings) as (server, recognizer), dialogue(server.port) as client:
        await until(lambda: recognizer.loader.state is LoadState.UNLOADED)
        await until(lambda: not recognizer._remote.is_alive)  # type: ignore[union-attr]
        assert ((state := await health(server))["state"], state["memory_mb"]) == ("unloaded", 0)
        assert (await answer(client))[0] == "transcript"
        assert (await health(server))["memory_mb"] > 20  # type: ignore[operator]


async def test_an_engine_that_hangs_is_ended_and_started_anew(serve: Serve) -> None:
    async with served(serve, "pocketsphinx", SETTINGS) as (server, recognizer), dialogue(server.port) as client:
        await answer(client)
        pid = pid_of(recognizer)
        os.kill(pid, signal.SIGSTOP)
        recognizer._remote._longest_seconds = 0.2  # type: ignore[union-attr]
        kind, text = await answer(client)
        assert (kind, "no answer in 0.2 s" in text) == ("error", True)
        recognizer._remote._longest_seconds = 60.0  # type: ignore[union-attr]
        assert (await answer(client))[0] == "transcript"
        assert pid_of(recognizer) != pid


async def test_describe_is_answered_while_the_engine_loads_and_decodes(serve: Serve) -> None:
    async with served(serve, "pocketsphinx", SETTINGS) as (server, _), dialogue(server.port) as client:
        work = asyncio.create_task(answer(client))
        described = 0
        async with dialogue(server.port) as other:
            while not work.done():
                assert (await other.describe()).asr[0].models[0].name == "pocketsphinx"
                described += 1
        assert described > 10


def test_an_engine_in_a_process_does_what_it_does_here(models_folder: Path) -> None:
    remote = RemoteEngine("auto", 60.0)
    options = EngineOptions(models_folder=models_folder)
    try:
        models = remote.models(options)
        assert remote.load(options) is remote
        assert remote.languages[0] == "ru"
        assert remote.languages_by_engine()["gigaam"] == ["ru"]
        assert remote.failures() == {}
        assert remote.transcribe(said(), "ru").text == RUSSIAN_TEXT
        russian = next(model.name for model in models if "ru" in model.languages)
        other = next(model.name for model in models if "ru" not in model.languages)
        assert remote.perform(Request(said(), "ru", model=russian)).text == RUSSIAN_TEXT
        assert remote.perform(Request(said(), "ru", model=other)).text != RUSSIAN_TEXT
    finally:
        remote.unload()
    assert not remote.is_alive
    with pytest.raises(EngineError, match="unloaded"):
        remote.transcribe(said(), "ru")


@pytest.mark.parametrize(
    ("engine", "model", "error", "message"),
    [
        ("telepathy", None, StartError, "There is no engine 'telepathy'"),
        ("pocketsphinx", "small", EngineError, "PocketSphinx brings its own model"),
    ],
)
def test_settings_that_cannot_work_are_told_as_without_a_process(
    engine: str, model: str | None, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        Recognizer.in_own_process(engine, replace(SETTINGS, model=model))


async def test_the_end_does_not_wait_for_a_load(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nobody answers there; it is tried for 15 s
    settings = replace(SETTINGS, models_folder=tmp_path, model="house/model")
    async with served(serve, "faster_whisper", settings) as (_, recognizer):
        assert recognizer.loader.state is LoadState.LOADING
        started = perf_counter()
    assert perf_counter() - started < 10
