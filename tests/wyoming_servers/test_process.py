"""The server as people start it: a process, its log, its exit code."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from wyoming.event import async_read_event, async_write_event
from wyoming.tts import Synthesize

from tests.fakes.model_hub import serving_hub
from tests.waiting import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
SPEECH = (sys.executable, "-m", "voice_rag", "speech", "--side-port", "0")


@asynccontextmanager
async def running(*arguments: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    process = await asyncio.create_subprocess_exec(
        *SPEECH, "--port", "0", *arguments, cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    try:
        while line := (await process.stderr.readline()).decode():
            if found := re.search(r"Listening on tcp://127\.0\.0\.1:(\d+)", line):
                break
        else:
            pytest.fail("the server ended before it listened")
        yield process, int(found[1])
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def children_of(pid: int) -> list[str]:
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [child for children in lists for child in children.read_text().split()]


def refused(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (*SPEECH, *arguments), cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip


async def test_sigterm_lets_the_answer_under_way_finish_and_the_process_ends_well() -> None:
    async with running("--stt-engine", "none", "--wake-engine", "none") as (process, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await async_write_event(Synthesize(text="This is a sentence of the answer. " * 200).event(), writer)
        first = await async_read_event(reader)
        assert first is not None
        assert first.type == "audio-start"
        process.terminate()
        heard = []
        while (event := await async_read_event(reader)) is not None:
            heard.append(event.type)
        assert heard[-1] == "audio-stop"
        assert "error" not in heard
        writer.close()
        assert await process.wait() == 0


async def test_sigterm_while_nothing_happens_ends_the_process_well() -> None:
    async with running("--stt-engine", "none", "--tts-engine", "none") as (process, _):
        process.terminate()
        assert await process.wait() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
async def test_a_server_that_ends_leaves_no_recogniser_behind(number: signal.Signals) -> None:
    async with running("--tts-engine", "none", "--wake-engine", "none") as (process, _):
        (child,) = children_of(process.pid)
        process.send_signal(number)
        assert await process.wait() == (0 if number is signal.SIGTERM else -number)
        while Path(f"/proc/{child}").exists():
            await asyncio.sleep(0.02)


async def test_sigterm_does_not_wait_for_a_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = dict.fromkeys(("config.json", "tokenizer.json", "vocabulary.json", "model.bin"), b"{}")
    engine = ("--stt-engine", "faster_whisper", "--stt-model", "house/model", "--models", str(tmp_path))
    with serving_hub(files) as hub:
        hub.hangs = True
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        async with running(*engine, "--tts-engine", "none", "--wake-engine", "none") as (process, _):
            assert await asyncio.to_thread(hub.begun.wait, 60)
            process.terminate()
            assert await process.wait() == 0
            assert not hub.release.is_set()


async def test_a_second_server_on_the_port_says_so_in_one_line() -> None:
    async with running("--stt-engine", "none", "--wake-engine", "none") as (_, port):
        result = await asyncio.to_thread(refused, "--port", str(port))
    assert result.returncode == 1
    assert f"Port {port} on 127.0.0.1 is already in use" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--side-host", "0.0.0.0"), "without a token"),
        (("--stt-engine", "telepathy"), "There is no engine 'telepathy'. Available: auto,"),
        (("--stt-model", "small"), "PocketSphinx brings its own model"),
        (("--stt-engine", "auto", "--stt-model", "small"), "Name an engine beside --stt-model"),
        (("--stt-engine", "gigaam", "--stt-model", "large"), "Available: gigaam-v3-e2e-rnnt"),
        (("--stt-engine", "faster_whisper", "--stt-model", "huge"), "Whisper has no model 'huge'"),
        (("--stt-engine", "none", "--tts-engine", "none", "--wake-engine", "none"), "Nothing to serve"),
    ],
)
def test_settings_that_cannot_work_are_explained_in_one_line(arguments: tuple[str, ...], message: str) -> None:
    result = refused("--port", "0", *arguments, VOICE_RAG_TOKEN="")
    assert result.returncode == 1
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_file_in_the_place_of_the_data_folder_is_explained(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    result = refused("--port", "0", "--data", str(tmp_path / "data"))
    assert result.returncode == 1
    assert "data folder" in result.stderr
    assert "--data" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_folder_without_write_permission_is_explained(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o500)
    result = refused("--port", "0", "--data", str(folder))
    assert result.returncode == 1
    assert "No permission to write" in result.stderr


@pytest.mark.parametrize("module", ["wyoming_servers.speech", "voice_rag.commands.speech"])
def test_importing_the_server_loads_no_engine(module: str) -> None:
    engines = ("pocketsphinx", "pyopen_wakeword", "espeakng_loader", "faster_whisper", "onnx_asr", "onnxruntime")
    code = f"import sys, {module}; print([name for name in {engines} if name in sys.modules])"
    result = subprocess.run((sys.executable, "-c", code), cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


@pytest.mark.skipif(shutil.which("python3.11") is None, reason="there is no python3.11 to ask")
def test_the_servers_are_written_in_the_language_of_python_3_11() -> None:
    code = """
import pathlib, sys
for folder in ("wyoming_servers", "knowledge", "voice_rag"):
    for path in pathlib.Path(folder).rglob("*.py"):
        compile(path.read_text(encoding="utf-8"), str(path), "exec")
print(sys.version_info[:2])
"""
    result = subprocess.run(("python3.11", "-c", code), cwd=ROOT, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout.strip(), result.stderr) == (0, "(3, 11)", "")
