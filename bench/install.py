"""A cold install of each extra into an environment of its own: seconds, packages and megabytes.

    python -m bench.install [--extra stt --extra tts ...] [--integration]

Needs uv. Downloads are kept in a folder of the bench, so that a second run measures installing without the network.
"""

import argparse
import json
import os
import shutil
import subprocess
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = {"turn-train", "tts-xtts", "knowledge-torch"}
"""These need torch, whose size depends on the machine."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one install took."""

    name: str
    seconds: float
    packages: int
    megabytes: float


def main() -> None:
    """Install and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extra", action="append", help="only these")
    parser.add_argument("--integration", action="store_true", help="also what the integration adds to Home Assistant")
    options = parser.parse_args()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = options.extra or [name for name in project["optional-dependencies"] if name not in LEFT_OUT]
    print("| install | seconds | packages | MB |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for extra in extras:
            print_row(install(Path(folder), f".[{extra}]", name=f"`.[{extra}]`"))
        if options.integration:
            manifest = json.loads((ROOT / "custom_components/voice_rag/manifest.json").read_text(encoding="utf-8"))
            print_row(install(Path(folder), *manifest["requirements"], name="integration, on top of Home Assistant"))


def install(folder: Path, *requirements: str, name: str) -> Row:
    """Install requirements into a new environment."""
    environment = folder / "venv"
    cache = {**os.environ, "UV_CACHE_DIR": str(folder / "cache")}
    subprocess.run(["uv", "venv", "--quiet", "--clear", environment], check=True, env=cache)
    before = size(environment)
    started = time.perf_counter()
    command = ["uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", environment / "bin/python"]
    subprocess.run([*command, *requirements], check=True, env=cache, cwd=ROOT)
    seconds = time.perf_counter() - started
    packages = len(list(environment.glob("lib/python*/site-packages/*.dist-info")))
    row = Row(name, seconds, packages, (size(environment) - before) / 1e6)
    shutil.rmtree(environment)
    return row


def size(folder: Path) -> int:
    """Return how many bytes the files of a folder have."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def print_row(row: Row) -> None:
    """Print one line of the table."""
    print(f"| {row.name} | {row.seconds:.0f} | {row.packages} | {row.megabytes:.0f} |", flush=True)


if __name__ == "__main__":
    main()
