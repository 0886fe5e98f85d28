"""Whether LanceDB can run on this machine.

LanceDB 0.40 is compiled for AVX2 and kills the whole process with SIGILL on a CPU without it, which no `except` can
catch (https://github.com/lancedb/lancedb/issues/3324). So a child process tries first.
"""

from __future__ import annotations

import hashlib
import platform
import signal
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.errors import IndexUnavailableError, UnsuitedMachineError

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMAND = (sys.executable, "-c", "import lancedb")
_CPUINFO = Path("/proc/cpuinfo")
_SECONDS = 60


def require_lancedb(data: Path, command: Sequence[str] = _COMMAND) -> None:
    """Return if LanceDB can be imported; a success is remembered in the data folder for this CPU and version.

    Raises: UnsuitedMachineError saying what is missing, IndexUnavailableError if it only took too long.
    """
    stamp = data / "lancedb-runs-here"
    fingerprint = _fingerprint()
    if _read(stamp) == fingerprint:
        return
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as err:
        raise IndexUnavailableError(f"LanceDB did not start within {_SECONDS} seconds.") from err
    if result.returncode == -signal.SIGILL:
        raise UnsuitedMachineError(
            f"LanceDB needs a processor with AVX2, and this one ({_model()}) lacks it. "
            "In a virtual machine set the CPU type to 'host'; otherwise run the knowledge service on another machine."
        )
    if result.returncode != 0:
        reason = (result.stderr.strip().splitlines() or [f"exit status {result.returncode}"])[-1]
        raise UnsuitedMachineError(
            f"LanceDB cannot be loaded: {reason}. Install it with: pip install 'voice-rag[knowledge]'"
        )
    stamp.write_text(fingerprint, encoding="utf-8")


def _fingerprint() -> str:
    """Change with the CPU and with LanceDB: a data folder may move to another machine."""
    try:
        lancedb = version("lancedb")
    except PackageNotFoundError:
        lancedb = "none"
    flags = _cpu_line("flags") or _cpu_line("Features")
    return hashlib.sha256("|".join((lancedb, sys.version, platform.machine(), flags)).encode()).hexdigest()


def _model() -> str:
    return _cpu_line("model name") or platform.processor() or platform.machine()


def _cpu_line(name: str) -> str:
    lines = _read(_CPUINFO).splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(name) and ":" in line), "")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
