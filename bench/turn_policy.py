"""False cut-ins against dead air, simulated: python -m bench.turn_policy DATA [--plot FILE].

Every place after a word of a turn is a pause that goes on with the length of a real one (eot-bench's survival curve,
independent of the words), and the end of the turn is a silence that never ends. A policy answers after so much silence,
given the words; a cut-in is an answer before the speaker goes on, dead air the silence before an answer at the end.
Recognition and computation cost nothing here, for all alike. Comparable between policies, not with other benchmarks.

Home commands: those people wrote in `bench/data/turn_commands_*.txt` (every other line, the weights were fitted on the
rest), and held-out samples of the templates. Needs matplotlib for the plot.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from time import thread_time
from typing import TYPE_CHECKING

import numpy as np

from bench.turn_fusion import held_out, written
from wyoming_servers.turn import policy
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.engines import fused, ngram
from wyoming_servers.turn.grammar.store import LANGUAGES
from wyoming_servers.turn.judgement import Judgement, judge
from wyoming_servers.turn.settings import Patience, TurnSettings
from wyoming_servers.turn.survival import DEFAULT_PAUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bench.turn_fusion import Place
    from wyoming_servers.turn.detector import TurnDetector

HOME_ASSISTANT = {"aggressive": 0.25, "default": 0.7, "relaxed": 1.25}
_FACTORS = np.geomspace(0.001, 1000, 90)
"""The one knob: what the odds of an end are multiplied by."""

_SIMULATED = TurnSettings(shortest_pause_ms=200, longest_pause_ms=3000, longest_unfinished_pause_ms=3000)


@dataclass(frozen=True, slots=True)
class Point:
    """What one setting of a policy does."""

    dead_air: float
    """Mean seconds."""

    cut_ins: float
    """Share of the pauses within turns."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A place and what a detector makes of it."""

    place: Place
    judgement: Judgement


def simulate(judged: Sequence[Judged], wait: Callable[[Judgement], float]) -> Point:
    """Return the outcome of waiting so many seconds; a turn's places together weigh as much as its end."""
    ends = [wait(one.judgement) for one in judged if one.place.is_end]
    pauses = [one for one in judged if not one.place.is_end]
    weights = [one.place.weight for one in pauses]
    return Point(
        float(np.mean(ends)),
        float(np.average([DEFAULT_PAUSES.share_above(wait(one.judgement)) for one in pauses], weights=weights)),
    )


def ours(settings: TurnSettings, factor: float = 1.0) -> Callable[[Judgement], float]:
    """Return the wait of our policy; multiplying all odds by a factor is the same as asking for other ones."""

    def wait(judgement: Judgement) -> float:
        odds = factor * judgement.probability / (1 - min(judgement.probability, 0.9999))
        return policy.pause_ms(replace(judgement, probability=odds / (1 + odds)), DEFAULT_PAUSES, settings) / 1000

    return wait


def curve(judged: Sequence[Judged]) -> list[Point]:
    """Return the outcomes of our policy over all settings of its knob, the quickest last."""
    return [simulate(judged, ours(_SIMULATED, factor)) for factor in _FACTORS]


def silence_alone() -> list[Point]:
    """Return the outcomes of waiting equally long whatever the words."""
    return [Point(seconds, DEFAULT_PAUSES.share_above(seconds)) for seconds in np.linspace(3.0, 0.2, 281)]


def cut_ins_at(points: Sequence[Point], dead_air: float) -> float:
    """Return the share of cut-ins at a mean dead air; the curve's least where it is never so long."""
    return float(np.interp(dead_air, [one.dead_air for one in points[::-1]], [one.cut_ins for one in points[::-1]]))


def dead_air_at(points: Sequence[Point], cut_ins: float) -> float:
    """Return the mean dead air at a share of cut-ins."""
    return float(np.interp(cut_ins, [one.cut_ins for one in points], [one.dead_air for one in points]))


def row(name: str, points: Sequence[Point]) -> str:
    """Return a line of the table."""
    shares = " | ".join(f"{cut_ins_at(points, seconds):.1%}" for seconds in (0.3, 0.6))
    times = " | ".join(f"{1000 * dead_air_at(points, share):.0f} ms" for share in (0.05, 0.1))
    return f"| {name} | {shares} | {times} |"


def judge_all(detector: TurnDetector, places: Sequence[Place]) -> Iterator[tuple[Judged, float]]:
    """Yield each place judged, and the seconds of computing time it took."""
    for place in places:
        started = thread_time()
        judgement = judge(detector, place.pause)
        yield Judged(place, judgement), thread_time() - started


def plot(path: Path, curves: Mapping[str, Sequence[Point]], marks: Mapping[str, Point]) -> None:
    """Draw the curves and the points on the same axes."""
    import matplotlib as mpl  # noqa: PLC0415 (wanted for the plot alone)

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, axes = plt.subplots(figsize=(7, 4.5), dpi=100)
    for name, points in curves.items():
        dashes = "--" if name == "silence alone" else "-"
        axes.plot([one.dead_air for one in points], [one.cut_ins for one in points], dashes, label=name)
    for name, point in marks.items():
        axes.plot(point.dead_air, point.cut_ins, "kx" if name.startswith("Home") else "ro", markersize=5)
        axes.annotate(name, (point.dead_air, point.cut_ins), textcoords="offset points", xytext=(5, 4), fontsize=7)
    axes.set(xlabel="dead air, mean seconds", ylabel="cut-ins, share of pauses", xlim=(0.15, 1.8), ylim=(0, 0.7))
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path)


def main() -> None:
    """Print the tables and draw the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--plot", type=Path, metavar="FILE")
    options = parser.parse_args()
    sampled = [place for place in held_out(options.data) if place.kind == "sampled"]
    places = [*sampled[1::2], *(place for language in LANGUAGES for place in written(language, 1))]
    shown, seconds = {"silence alone": silence_alone()}, []
    print("| home commands | cut-ins at 300 ms | at 600 ms | dead air at 5 % | at 10 % |\n|---|---|---|---|---|")
    print(row("silence alone", silence_alone()))
    detector = fused.load(TurnOptions())
    for name, engine in {"text alone": ngram.load(TurnOptions()), "ours": detector}.items():
        judged, took = zip(*judge_all(engine, places), strict=True)
        seconds = [*took] if engine is detector else []
        for language in LANGUAGES:
            for kind in ("written", "sampled"):
                chosen = [one for one in judged if one.place.kind == kind and one.place.pause.language == language]
                points = curve(chosen)
                print(row(f"{language}, {kind}, {name}", points))
                if engine is detector and kind == "written":
                    shown[f"ours, {language}"] = points
                    print_shipped(chosen)
    median, late = 1000 * np.percentile(seconds, [50, 99])
    print(f"\nA judgement takes {median:.2f} ms of computing time, p99 {late:.2f} ms.")
    if options.plot:
        marks = {
            f"Home Assistant, {name}": Point(waited, DEFAULT_PAUSES.share_above(waited))
            for name, waited in HOME_ASSISTANT.items()
        }
        russian = [one for one in judged if one.place.kind == "written" and one.place.pause.language == "ru"]
        shipped = {
            f"ours, {patience}": simulate(russian, ours(TurnSettings(patience=patience))) for patience in Patience
        }
        plot(options.plot, shown, marks | shipped)


def print_shipped(judged: Sequence[Judged]) -> None:
    """Print what the three settings do, as they are shipped."""
    for patience in Patience:
        point = simulate(judged, ours(TurnSettings(patience=patience)))
        print(f"<!-- {patience}: cut-ins {point.cut_ins:.1%}, dead air {1000 * point.dead_air:.0f} ms -->")


if __name__ == "__main__":
    main()
