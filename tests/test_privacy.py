"""Nothing that we load tells anybody outside the house that it runs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOAD = "import {package}, onnxruntime; onnxruntime.get_available_providers()"


@pytest.mark.parametrize("package", ["knowledge", "wyoming_servers"])
def test_onnx_runtime_makes_no_number_of_this_machine_and_collects_nothing(package: str, tmp_path: Path) -> None:
    """It would keep both in the home folder until they are sent."""
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-B", "-c", LOAD.format(package=package)], env=environment, check=True)
    assert list(tmp_path.rglob("*")) == []
