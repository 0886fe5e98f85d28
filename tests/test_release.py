"""What the release workflow does, by the scripts and lines that it calls, in a copy of the repository."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.app import APPS, read_yaml

ROOT = Path(__file__).resolve().parent.parent
OWNER, REPOSITORY = "Somebody", "voice-rag"
URL = f"https://github.com/{OWNER}/{REPOSITORY}"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what has to name the repository, before anybody has named it."""
    folder = tmp_path / "copy"
    for name in ("addons", "script"):
        shutil.copytree(ROOT / name, folder / name)
    manifest = Path("custom_components/voice_rag/manifest.json")
    (folder / manifest).parent.mkdir(parents=True)
    shutil.copy(ROOT / manifest, folder / manifest)
    return folder


def run(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_branch_of_apps_names_the_repository_and_its_images(copy: Path, tmp_path: Path) -> None:
    run(copy / "script/address", f"{OWNER}/{REPOSITORY}")
    run(copy / "script/apps", tmp_path / "apps", "v1.2.3")
    run("git", "clone", "--quiet", "--branch", "apps", tmp_path / "apps", tmp_path / "cloned")
    assert read_yaml(tmp_path / "cloned/repository.yaml")["url"] == URL
    for slug in APPS:
        config = read_yaml(tmp_path / "cloned" / slug / "config.yaml")
        assert config["image"] == published_image(slug, tmp_path)
        assert config["url"] == f"{URL}/tree/main/addons/{slug}"
    script = tmp_path / "cloned/voice_rag/rootfs/etc/s6-overlay/s6-rc.d/speech/run"
    assert os.access(script, os.X_OK)


def published_image(slug: str, folder: Path) -> str:
    """Return the name under which the workflow publishes an app's image, by the workflow's own lines."""
    steps: list[dict[str, Any]] = read_yaml(ROOT / ".github/workflows/image.yaml")["jobs"]["prepare"]["steps"]
    (lines,) = (step["run"] for step in steps if step.get("id") == "names")
    output = folder / f"{slug}.output"
    environment = {**os.environ, "APP": slug, "OWNER": OWNER, "GITHUB_OUTPUT": str(output)}
    subprocess.run(["bash", "-euo", "pipefail", "-c", lines], cwd=ROOT, env=environment, check=True)
    names = dict(line.split("=", 1) for line in output.read_text().splitlines())
    assert names["version"] == read_yaml(ROOT / "addons" / slug / "config.yaml")["version"]
    return f"{names['prefix']}/{names['image']}"


def test_the_manifest_names_the_repository(copy: Path) -> None:
    run(copy / "script/address", f"{OWNER}/{REPOSITORY}")
    manifest = json.loads((copy / "custom_components/voice_rag/manifest.json").read_text(encoding="utf-8"))
    assert (manifest["documentation"], manifest["issue_tracker"]) == (URL, f"{URL}/issues")
    assert manifest["codeowners"] == [f"@{OWNER}"]
    assert list(manifest)[:2] == ["domain", "name"]
    assert list(manifest)[2:] == sorted(list(manifest)[2:])


def test_naming_a_repository_twice_names_it_once(copy: Path) -> None:
    for owner in ("Nobody", OWNER):
        run(copy / "script/address", f"{owner}/{REPOSITORY}")
    config = (copy / "addons/voice_rag/config.yaml").read_text(encoding="utf-8")
    assert config.count("image:") == 1
    assert "obody" not in config


def test_what_is_no_address_changes_nothing(copy: Path) -> None:
    refused = subprocess.run([copy / "script/address", "voice-rag"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "OWNER/REPOSITORY" in refused.stderr
    assert "url" not in read_yaml(copy / "addons/repository.yaml")
