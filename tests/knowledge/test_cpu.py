import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.cpu import require_lancedb
from knowledge.errors import IndexUnavailableError


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_a_cpu_that_kills_lancedb_is_named_in_words(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailableError, match="AVX2"):
        require_lancedb(tmp_path, python("import os, signal; os.kill(os.getpid(), signal.SIGILL)"))


def test_a_missing_package_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailableError, match=r"No module named 'nothing_here'.*pip install"):
        require_lancedb(tmp_path, python("import nothing_here"))


def test_a_success_is_remembered_for_this_machine(tmp_path: Path) -> None:
    require_lancedb(tmp_path, python("pass"))
    require_lancedb(tmp_path, python("raise SystemExit(1)"))


def test_importing_the_package_does_not_import_lancedb() -> None:
    code = "import knowledge, knowledge.service, sys; sys.exit('lancedb' in sys.modules or 'pypdfium2' in sys.modules)"
    assert subprocess.run(python(code), check=False, cwd=Path(__file__).parents[2]).returncode == 0
