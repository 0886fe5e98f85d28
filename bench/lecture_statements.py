"""What a model writes of a lecture is marked where the lecture does not say it: python -m bench.lecture_statements.

The statements of bench/data/lecture_statements were written before the check that they measure: of each place one that
holds (+) and one that is turned into something else (-): denied, with another number, unit or name, with the opposite
word, with the parts changed round. Places with an odd number were there to tune by, those with an even one for the
report. A lecture is ten places. --show prints what was missed and what was marked wrongly.
"""

from __future__ import annotations

import argparse
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.lectures.models import Segment
from knowledge.lectures.writing.checks import Evidence
from knowledge.lectures.writing.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDER = Path(__file__).parent / "data" / "lecture_statements"
_PLACES = 10
_SECONDS = 5.0


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    print("| statements | untrue | marked of them | true | marked of them | precision | recall |")
    print("|---|---|---|---|---|---|---|")
    for purpose in ("tuning", "report"):
        for path in sorted(_FOLDER.glob("*.txt")):
            _print_row(f"{path.stem}, {purpose}", _wrong_and_marked(path, purpose), show=options.show)


def _wrong_and_marked(path: Path, purpose: str) -> list[tuple[str, bool, bool]]:
    """Return (statement, whether it is untrue, whether it is marked)."""
    places = [place.splitlines() for place in path.read_text().strip().split("\n\n")]
    found = []
    for batch in batched(enumerate(places, 1), _PLACES, strict=False):
        evidence = Evidence(spoken(list(_segments([place[0] for _, place in batch]))))
        for number, (_, *statements) in batch:
            if number % 2 == (purpose == "tuning"):
                found += [(one, one.startswith("-"), not evidence.supports(one[2:])) for one in statements]
    return found


def _segments(texts: list[str]) -> Iterator[Segment]:
    for number, text in enumerate(texts):
        yield Segment(text, number * _SECONDS, (number + 1) * _SECONDS)


def _print_row(name: str, found: list[tuple[str, bool, bool]], *, show: bool) -> None:
    untrue = [is_marked for _, is_untrue, is_marked in found if is_untrue]
    true = [is_marked for _, is_untrue, is_marked in found if not is_untrue]
    marked = sum(untrue) + sum(true)
    print(
        f"| {name} | {len(untrue)} | {sum(untrue)} | {len(true)} | {sum(true)} | "
        f"{sum(untrue) / marked if marked else 1:.0%} | {sum(untrue) / len(untrue):.0%} |"
    )
    if show:
        for statement, is_untrue, is_marked in found:
            if is_untrue != is_marked:
                print(f"    {statement}")


if __name__ == "__main__":
    main()
