"""Compose: both profiles are whole, nothing but Home Assistant can be reached from outside, and the settings agree."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.app import read_yaml
from tests.waiting import PATIENCE_SECONDS
from voice_rag.up.config import read_config

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SERVICES: Mapping[str, Any] = read_yaml(DEPLOY / "compose.yaml")["services"]
PROFILES = ("cpu", "gpu")


def compose() -> list[str] | None:
    """Return the command of Compose, version 2 or newer; None where there is none."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]) is None:
            continue
        told = subprocess.run([*command, "version", "--short"], capture_output=True, text=True, check=False).stdout
        if re.match(r"v?[2-9]", told):
            return command
    return None


@pytest.mark.parametrize("profile", PROFILES)
def test_compose_accepts_the_file(profile: str) -> None:
    if (command := compose()) is None:
        pytest.skip("there is no Compose of version 2 here")
    arguments = ("--file", DEPLOY / "compose.yaml", "--env-file", DEPLOY / ".env.example", "--profile", profile)
    checked = subprocess.run(
        [*command, *arguments, "config", "--quiet"],
        env={**os.environ, "VOICE_RAG_TOKEN": "secret"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("profile", PROFILES)
def test_each_profile_has_the_three_parts_under_the_same_addresses(profile: str) -> None:
    running = {name: service for name, service in SERVICES.items() if profile in service["profiles"]}
    networks = [service.get("networks", {}).get("default", {}) for service in running.values()]
    names = {*running, *(alias for network in networks for alias in network.get("aliases", []))}
    assert len(running) == 3
    assert names >= {"home-assistant", "voice-rag", "ollama"}


def test_only_home_assistant_can_be_reached_from_another_machine() -> None:
    ports = {name: service.get("ports", []) for name, service in SERVICES.items()}
    assert [port for published in ports.values() for port in published if not port.startswith("127.0.0.1:")] == []
    assert [name for name, service in SERVICES.items() if service.get("network_mode") == "host"] == ["home-assistant"]


def test_the_published_ports_are_those_of_the_servers() -> None:
    servers = read_config(DEPLOY / "voice-rag.toml").servers
    listening = {port for server in servers for port in server.ports.values()}
    assert {f"127.0.0.1:{port}:{port}" for port in listening} == set(SERVICES["voice-rag"]["ports"])
    folders = {folder for server in servers for folder in server.folders.values()}
    volumes = tuple(volume.rpartition(":")[2] for volume in SERVICES["voice-rag"]["volumes"])
    assert [folder for folder in folders if not str(folder).startswith(volumes)] == [], "all else can't be written"


def test_the_lines_before_compose_make_a_token_and_the_folder(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    shutil.copy(DEPLOY / ".env.example", tmp_path / "deploy")
    guide = (DEPLOY.parent / "docs/install.md").read_text(encoding="utf-8")
    lines = [line for line in guide.splitlines() if line.startswith(("mkdir", "sed")) and "deploy/" in line]
    subprocess.run(["bash", "-euc", "\n".join(lines)], cwd=tmp_path, check=True)
    assert (tmp_path / "deploy/knowledge").is_dir()
    assert re.search(r"^VOICE_RAG_TOKEN=[0-9a-f]{48}$", (tmp_path / "deploy/.env").read_text(), re.MULTILINE)


def test_the_example_of_the_environment_names_every_setting() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text(encoding="utf-8")))
    offered = set(re.findall(r"^(\w+)=", (DEPLOY / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert offered == asked
