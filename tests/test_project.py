"""What has to agree across the whole project."""

import json
import tomllib
from pathlib import Path

import knowledge
import wyoming_servers

ROOT = Path(__file__).resolve().parent.parent


def test_every_part_has_the_project_s_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    manifest = json.loads((ROOT / "custom_components/voice_rag/manifest.json").read_text(encoding="utf-8"))
    assert {knowledge.__version__, wyoming_servers.__version__, manifest["version"]} == {project["version"]}


def test_the_readme_has_a_twin_with_the_same_commands() -> None:
    english, russian = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.ru.md"))
    commands = [line for line in english.splitlines() if line.startswith(("script/", "venv/bin", "python3 -m venv"))]
    assert commands
    assert [command for command in commands if command not in russian] == []


def test_no_lock_file_records_where_packages_came_from() -> None:
    addresses = ("://",)
    for path in (ROOT / "requirements").glob("*.txt"):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
        assert [line for line in lines if any(address in line for address in addresses)] == [], path
