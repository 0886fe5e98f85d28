"""An app's services, run as s6 would run them, with a bashio of ours and without a container."""

import json
import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.waiting import PATIENCE_SECONDS

ADDONS = Path(__file__).resolve().parents[2] / "addons"
APPS = sorted(path.parent.name for path in ADDONS.glob("*/config.yaml"))
BASHIO = Path(__file__).with_name("bashio.sh")


def read_yaml(path: Path) -> dict[str, Any]:
    """Return a file's top level."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(content, dict), path
    return content


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a script ended."""

    code: int
    log: str
    argv: tuple[str, ...]
    """The command that it became; empty where it became none."""
    token: str


class App:
    """One app in a folder of its own: its options, its data and the programs that it calls."""

    def __init__(self, slug: str, folder: Path) -> None:
        self.rootfs = ADDONS / slug / "rootfs"
        self.data = folder / "data"
        self.options: dict[str, Any] = dict(read_yaml(ADDONS / slug / "config.yaml")["options"])
        self._folder = folder
        self._programs = folder / "bin"
        for path in (self.data, self._programs):
            path.mkdir()
        for program in (self.rootfs / "usr/local/bin").glob("*"):
            shutil.copy(program, self._programs)
        # The server itself: notes how it was called.
        server = self._programs / "voice-rag"
        server.write_text(f'#!/bin/bash\nprintf "%s\\0" "$VOICE_RAG_TOKEN" "$@" >"{folder}/called"\n')
        server.chmod(0o755)

    def run(self, script: str, *arguments: str, **environment: str) -> Outcome:
        """Run a script of s6-rc.d, for example "speech/run"."""
        options = self._folder / "options.sh"
        options.write_text(_as_array(self.options), encoding="utf-8")
        path = self.rootfs / "etc/s6-overlay/s6-rc.d" / script
        done = subprocess.run(
            ["bash", "-c", f'source "{options}"; source "{BASHIO}"; source "{path}"', path.name, *arguments],
            env={
                **os.environ,
                "PATH": f"{self._programs}:{os.environ['PATH']}",
                "DISCOVERIES": str(self._folder / "discoveries"),
                "VOICE_RAG_DATA": str(self.data),
                **environment,
            },
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
        called = self._folder / "called"
        token, *argv = called.read_text().rstrip("\0").split("\0") if called.exists() else [""]
        called.unlink(missing_ok=True)
        return Outcome(done.returncode, done.stderr, tuple(argv), token)

    def discoveries(self) -> dict[str, dict[str, Any]]:
        """Return what Home Assistant was told, by service."""
        lines = (self._folder / "discoveries").read_text().splitlines()
        messages = [json.loads(line) for line in lines]
        assert len({message["service"] for message in messages}) == len(messages), "one message for each service"
        return {message["service"]: message["config"] for message in messages}


def _as_array(options: dict[str, Any]) -> str:
    """Return the options as an array of bash, with their values as bashio prints them."""
    items = (f"[{key}]={shlex.quote(_as_text(value))}" for key, value in options.items())
    return f"declare -A OPTIONS=({' '.join(items)})\n"


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
