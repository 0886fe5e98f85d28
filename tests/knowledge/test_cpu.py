import subprocess
import sys
from pathlib import Path

import pytest

from knowledge import KnowledgeBase, KnowledgeSettings
from knowledge.errors import IndexUnavailableError, UnsuitedMachineError
from knowledge.store.cpu import require_lancedb
from tests.knowledge.conftest import AT_ONCE


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


def test_where_lancedb_does_not_run_tantivy_answers_and_says_so(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(data: Path) -> None:
        raise UnsuitedMachineError("LanceDB needs a processor with AVX2.")

    monkeypatch.setattr("knowledge.store.text_index.require_lancedb", refuse)
    (folder / "manual.md").write_text("# Дом\n## Вода\nКран стоит в подвале за белой дверью.\n")
    with KnowledgeBase(KnowledgeSettings(folder, tmp_path / "data", AT_ONCE)) as base:
        assert base.index_name == "tantivy"
        assert "AVX2. Until then Tantivy searches" in caplog.text
        base.scan()
        assert "в подвале" in base.ask("где стоит кран").spoken
    with KnowledgeBase(KnowledgeSettings(folder, tmp_path / "data", AT_ONCE)) as base:
        assert base.scan().indexed == 0
        assert base.ask("где стоит кран").found


def test_without_a_substitute_the_reason_stays(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(data: Path) -> None:
        raise UnsuitedMachineError("LanceDB needs a processor with AVX2.")

    monkeypatch.setattr("knowledge.store.text_index.require_lancedb", refuse)
    monkeypatch.setitem(sys.modules, "tantivy", None)
    monkeypatch.delitem(sys.modules, "knowledge.store.tantivy_index", raising=False)
    with pytest.raises(IndexUnavailableError, match="AVX2"):
        KnowledgeBase(KnowledgeSettings(folder, tmp_path / "data"))


def test_a_machine_that_is_only_slow_does_not_change_its_index(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.store.cpu._SECONDS", 0.0)
    with pytest.raises(IndexUnavailableError, match="did not start"):
        KnowledgeBase(KnowledgeSettings(folder, tmp_path / "data"))
