"""What an image installs, by the commands of its Dockerfile, in an environment of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import PATIENCE_SECONDS

ROOT = Path(__file__).resolve().parents[2]
UV = shutil.which("uv", path=os.pathsep.join((str(ROOT / ".local/uv/bin"), os.environ["PATH"])))


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert UV, "script/test brings uv"
    folder = tmp_path_factory.mktemp("image") / "voice-rag"
    install = (UV, "pip", "install", "--quiet", "--python", folder / "bin/python")
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    subprocess.run([*install, "--require-hashes", "--requirement", ROOT / "requirements/app.txt"], check=True)
    subprocess.run([*install, "--no-deps", "--no-build-isolation", ROOT], check=True)
    return folder


def run(environment: Path, *command: str) -> str:
    """Run a program of the environment, away from the source."""
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    program = environment / "bin" / command[0]
    done = subprocess.run(
        [program, *command[1:]],
        check=True,
        capture_output=True,
        text=True,
        cwd=environment,
        env=clean,
        timeout=PATIENCE_SECONDS,
    )
    return done.stdout


@pytest.mark.timeout(600)
@pytest.mark.parametrize("command", [("speech",), ("knowledge", "serve"), ("up",), ("wake",), ("say",)])
def test_the_commands_are_there(environment: Path, command: tuple[str, ...]) -> None:
    assert "usage: voice-rag" in run(environment, "voice-rag", *command, "--help")


def test_every_engine_has_its_packages(environment: Path) -> None:
    engines = [
        *(f"wyoming_servers.stt.engines.{name}" for name in ("pocketsphinx", "gigaam", "faster_whisper", "auto")),
        *(f"wyoming_servers.tts.engines.{name}" for name in ("espeak", "piper", "auto")),
        *(f"wyoming_servers.wake.engines.{name}" for name in ("openwakeword",)),
        *(f"wyoming_servers.turn.engines.{name}" for name in ("fused", "onnx", "smart_turn")),
        *("lancedb", "tantivy", "knowledge.embedders.onnx", "knowledge.service.app"),
    ]
    run(environment, "python", "-c", f"import {', '.join(engines)}")


def test_the_wheel_brings_its_data(environment: Path) -> None:
    said = run(environment, "python", "-c", "import knowledge, wyoming_servers; print(knowledge.__path__[0])")
    packages = Path(said.strip()).parent
    for name in (
        "knowledge/service/web/index.html",
        "knowledge/data/self_test_ru.tsv",
        "voice_rag/up/example.toml",
        "wyoming_servers/turn/data/ngram.npz",
    ):
        assert (packages / name).stat().st_size > 0, name
