"""The quick start of a plain machine, as its reader does it: the example runs and the guides' requests are answered."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from demo.ports import free_ports
from demo.sample_pdf import pdf_bytes
from tests.waiting import PATIENCE_SECONDS, wait_until
from voice_rag.up.config import EXAMPLE

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ("install.md", "knowledge-service.md")
CURL = ("curl", "--fail", "--silent", "--show-error", "--retry", "120", "--retry-delay", "1", "--retry-connrefused")
"""Asks again while the servers start."""


def requests(ports: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield the guides' calls of curl, to the ports that are ours."""
    for guide in GUIDES:
        for line in (ROOT / "docs" / guide).read_text(encoding="utf-8").splitlines():
            if line.strip().startswith("curl "):
                yield [*CURL, *shlex.split(to_ports(ports, line))[1:]]


def to_ports(ports: Mapping[str, str], text: str) -> str:
    for usual, free in ports.items():
        text = text.replace(usual, free)
    return text


@contextmanager
def running(folder: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `voice-rag up` as a terminal does: Ctrl-C reaches it and all its children."""
    environment = {**os.environ, "HOME": str(folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "voice_rag", "up"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=output, start_new_session=True
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_the_servers_of_the_example_answer_as_the_guides_ask_and_end_with_control_c(tmp_path: Path) -> None:
    ports = dict(zip(("10300", "10301", "10310"), map(str, free_ports(3)), strict=True))
    (tmp_path / "voice-rag.toml").write_text(to_ports(ports, EXAMPLE.read_text(encoding="utf-8")), encoding="utf-8")
    (tmp_path / "pump.pdf").write_bytes(pdf_bytes(["Bleed the radiator with the key that hangs beside the pump."]))
    log = tmp_path / "log"
    with running(tmp_path, log) as process:
        answers = [
            subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True)
            for call in requests(ports)
        ]
        wait_until(lambda: "speech recognition (pocketsphinx) ready" in log.read_text(encoding="utf-8"))
        os.killpg(process.pid, signal.SIGINT)
        process.wait(PATIENCE_SECONDS)
    told = log.read_text(encoding="utf-8")
    assert (process.returncode, "Traceback" in told) == (0, False), told
    speech, knowledge, asked, uploaded = (answer.stdout for answer in answers)
    assert "voice-rag-speech" in speech
    assert "voice-rag-knowledge" in knowledge
    assert "event: " in asked
    assert "pump.pdf" in uploaded
