import os
import signal
import subprocess
import sys
from pathlib import Path

from knowledge import KnowledgeBase, KnowledgeSettings, Query
from knowledge.store.lancedb_index import PassageIndex
from tests.knowledge.conftest import AT_ONCE

FILES = 30
SCAN = """
import logging, sys
from pathlib import Path
from knowledge import KnowledgeBase, KnowledgeSettings
from knowledge.settings import IngestSettings
logging.basicConfig(level=logging.INFO, format="%(message)s")
with KnowledgeBase(KnowledgeSettings(Path(sys.argv[1]), Path(sys.argv[2]), IngestSettings(settle_seconds=0))) as base:
    base.scan()
"""


def scan_and_die(folder: Path, data: Path, after_files: int) -> None:
    """Kill a scan without warning once it has said that so many files are in."""
    command = (sys.executable, "-c", SCAN, str(folder), str(data))
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stderr is not None
        indexed = 0
        for line in process.stderr:
            indexed += line.startswith("Indexed")
            if indexed == after_files:
                break
        os.kill(process.pid, signal.SIGKILL)
        process.stderr.read()


def test_killed_scans_lose_mix_and_double_nothing(folder: Path, data: Path) -> None:
    for round_, after_files in enumerate((3, 8, 12)):
        for number in range(FILES):  # every round changes every file
            (folder / f"{number}.md").write_text(f"# Note {number}\n## Part\nround{round_} word{number}\n")
        scan_and_die(folder, data, after_files)
    with KnowledgeBase(KnowledgeSettings(folder, data, AT_ONCE)) as base:
        base.scan()
        for number in range(FILES):
            hits = base.search(Query(f"word{number}")).hits
            assert [(hit.document, hit.passage.text) for hit in hits] == [(f"{number}.md", f"round2 word{number}")]
        generations = {record.path: record.generation for record in base.documents()}
    rows = [(document, generation) for document, generation, _ in PassageIndex(data / "index").texts()]
    assert sorted(rows) == sorted(generations.items())


def test_two_processes_do_not_share_a_data_folder(folder: Path, data: Path) -> None:
    with KnowledgeBase(KnowledgeSettings(folder, data, AT_ONCE)):
        command = (sys.executable, "-c", SCAN, str(folder), str(data))
        other = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert "is used by another knowledge service" in other.stderr.splitlines()[-1]
