"""What is left of the knowledge when its process is killed: python bench/knowledge_crash.py [--kills N] [--queries N].

A child takes in files that change all the time and is killed with SIGKILL at a random moment, again and again. After
each death the data is opened as a service would: every file must be found whole, in one version, once, and nothing
else. Then readers ask while a writer changes every file: each answer must hold what was there all the time.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from knowledge import KnowledgeBase, KnowledgeSettings, Query
from knowledge.settings import IngestSettings
from knowledge.store.lancedb_index import PassageIndex

FILES = 60
PARTS = 3
READERS = 4
AT_ONCE = IngestSettings(settle_seconds=0.0)
WRITER = """
import sys
from pathlib import Path
from knowledge import KnowledgeBase, KnowledgeSettings
from knowledge.settings import IngestSettings
with KnowledgeBase(KnowledgeSettings(Path(sys.argv[1]), Path(sys.argv[2]), IngestSettings(settle_seconds=0))) as base:
    print("ready", flush=True)
    while True:
        base.scan()
"""


class House:
    """A folder whose files change, and what must be found in it."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.folder, self.data = root / "knowledge", root / "data"
        self.folder.mkdir()
        self._chance = chance
        self._version = 0
        for number in range(FILES):
            self.write(number)

    def write(self, number: int) -> None:
        """Write a file of a new version: each part names the file and the version."""
        self._version += 1
        parts = "".join(
            f"\n## Part {part}\n\nnumber{number} part{part} version{self._version} of a note.\n"
            for part in range(PARTS)
        )
        place = self.folder / f"{number}.md"
        place.write_text(f"# Note {number}\n{parts}")

    def disturb(self) -> None:
        """Change, delete or bring back a file."""
        number = self._chance.randrange(1, FILES)
        place = self.folder / f"{number}.md"
        if place.exists() and self._chance.random() < 0.2:
            place.unlink()
        else:
            self.write(number)

    def texts(self) -> dict[str, str]:
        """Return the content of each file."""
        return {place.name: place.read_text() for place in self.folder.glob("*.md")}


def kill_once(house: House, chance: random.Random) -> None:
    """Let a writer work for a moment among changing files, and kill it."""
    command = (sys.executable, "-c", WRITER, str(house.folder), str(house.data))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        end = time.monotonic() + chance.uniform(0.05, 2.0)
        while time.monotonic() < end:
            house.disturb()
            time.sleep(0.003)
        process.send_signal(signal.SIGKILL)


def faults_of(house: House) -> Counter[str]:
    """Open what the dead writer left, and count what is wrong before and after the next scan."""
    found: Counter[str] = Counter()
    with KnowledgeBase(KnowledgeSettings(house.folder, house.data, AT_ONCE)) as base:
        for record in base.documents():
            versions = {passage.text.split()[2] for passage in base.passages(record.path)}
            found["mixed"] += len(versions) > 1
            found["doubled"] += len(base.passages(record.path)) > PARTS
            found["lost"] += 0 < record.passages != len(base.passages(record.path))
        base.scan()
        texts = house.texts()
        found["lost"] += len(set(texts) - {record.path for record in base.documents()})
        found["ghosts"] += len({record.path for record in base.documents()} - set(texts))
        for name, text in texts.items():
            hits = base.search(Query(f"number{name.removesuffix('.md')}", limit=50)).hits
            own = [hit.passage.text for hit in hits if hit.document == name]
            found["lost"] += any(part not in text for part in own) or len(own) < PARTS
            found["doubled"] += len(own) > PARTS
            found["ghosts"] += len(own) != len(hits)
        generations = {record.path: record.generation for record in base.documents()}
    rows = Counter((document, generation) for document, generation, _ in PassageIndex(house.data / "index").texts())
    found["ghosts"] += sum(count for (name, generation), count in rows.items() if generations.get(name) != generation)
    found["doubled"] += sum(count > PARTS for count in rows.values())
    with sqlite3.connect(house.data / "catalogue.sqlite") as catalogue:
        found["damaged"] += catalogue.execute("PRAGMA integrity_check").fetchone() != ("ok",)
    catalogue.close()
    return found


def failed_queries(house: House, queries: int) -> tuple[int, int, float]:
    """Return (queries that failed, files written meanwhile, seconds) for readers beside a busy writer."""
    done = threading.Event()
    with KnowledgeBase(KnowledgeSettings(house.folder, house.data, AT_ONCE)) as base:
        base.scan()

        def write() -> int:
            written = 0
            while not done.is_set():
                for _ in range(10):
                    house.disturb()
                written += base.scan().indexed
            return written

        def ask(_: int) -> bool:
            try:
                hits = base.search(Query("number0 part1", limit=5)).hits
            except Exception as err:  # noqa: BLE001  whatever it is, it is counted
                print(f"  {type(err).__name__}: {err}")
                return True
            return not any(hit.document == "0.md" for hit in hits)

        with ThreadPoolExecutor(READERS + 1) as threads:
            writer = threads.submit(write)
            start = time.monotonic()
            failed = sum(threads.map(ask, range(queries)))
            seconds = time.monotonic() - start
            done.set()
            return failed, writer.result(), seconds


def main() -> int:
    """Run both, print the verdict, and return 1 if anything was lost, mixed or doubled."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    root = Path(tempfile.mkdtemp())
    try:
        house, faults = House(root, chance), Counter[str]()
        for _ in range(options.kills):
            kill_once(house, chance)
            faults += faults_of(house)
        failed, written, seconds = failed_queries(house, options.queries)
    finally:
        shutil.rmtree(root)
    named = ", ".join(f"{faults[kind]} {kind}" for kind in ("lost", "mixed", "doubled", "ghosts", "damaged"))
    print(f"{options.kills} kills among {FILES} changing files: {named}")
    rate = options.queries / seconds
    print(f"{options.queries} queries beside a writer of {written} files: {failed} failed, {rate:.0f} per second")
    is_whole = not failed and not any(faults.values())
    print("Nothing was lost, mixed or doubled." if is_whole else "SOMETHING WENT WRONG.")
    return 0 if is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
