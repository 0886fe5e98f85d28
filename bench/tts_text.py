"""What making a text speakable costs: milliseconds of a processor for a unit, and what the dictionaries take.

    python -m bench.tts_text

The units are the lines of the tests' tables, each said once with cold caches and once more.
"""

import resource
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from time import thread_time

TABLES = Path(__file__).parent.parent / "tests/wyoming_servers/tts/text/tables"
FILES = {"ru": ("russian.txt", "russian_fresh.txt"), "en": ("english.txt",), "zh": ("chinese.txt",)}


def main() -> None:
    """Print a table."""
    before = _megabytes()
    started = thread_time()
    from wyoming_servers.tts.text import UnitSplitter, speakable, warm_up  # noqa: PLC0415 (its import is measured)

    print(f"import: {1000 * (thread_time() - started):.0f} ms, {_megabytes() - before:.0f} MB\n")
    print("| language | units | loading, ms | MB | first time, p50 ms | p99 | again, p50 ms | p99 |")
    print("|---|---|---|---|---|---|---|---|")
    for language in FILES:
        before, started = _megabytes(), thread_time()
        warm_up(language)
        loading, memory = 1000 * (thread_time() - started), _megabytes() - before
        units = list(_written(language))
        splitter = UnitSplitter()
        rounds = []
        for _ in range(2):
            times = []
            for unit in units:
                started = thread_time()
                for piece in splitter.feed(unit) + splitter.finish():
                    speakable(piece, language)
                times.append(1000 * (thread_time() - started))
            rounds += [f"{median(times):.2f}", f"{quantiles(times, n=100)[98]:.2f}"]
        print(f"| {language} | {len(units)} | {loading:.0f} | {memory:.0f} | {' | '.join(rounds)} |")


def _written(language: str) -> Iterator[str]:
    for name in FILES[language]:
        for line in (TABLES / name).read_text().splitlines():
            written, arrow, _ = line.partition(" =>")
            if arrow:
                yield written.replace(r"\n", "\n")


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
