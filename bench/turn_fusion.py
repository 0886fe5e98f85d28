"""Fit what the signals of the turn detector count: python -m bench.turn_fusion DATA [--write].

DATA is a folder with `dialogues` and `home_commands`, one dialogue or command after another, as `voice-rag turn train`
takes it. Fitted on what is held out there from training and on every other line of `bench/data/turn_commands_*.txt`;
measured on the other lines. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from wyoming_servers.runtime.model_store import default_folder
from wyoming_servers.runtime.vocabulary import Vocabulary
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.engines import fused, ngram
from wyoming_servers.turn.fusion import FusedDetector, FusionWeights, Line, key_of
from wyoming_servers.turn.grammar.grammar import Grammar
from wyoming_servers.turn.grammar.store import LANGUAGES, load_templates
from wyoming_servers.turn.text import language_of, normalize, tokenize
from wyoming_servers.turn.whole_turns import whole_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

COMMANDS = Path(__file__).parent / "data"
WEIGHTS = Path(fused.__file__).parent.parent / "data" / "fusion.json"
_HELD_OUT = 0.05
_TURNS = 120
"""Of dialogues, and of sampled commands, in each language."""

_SHARES = {"written": 0.6, "sampled": 0.2, "dialogue": 0.2}
"""What each kind of turn weighs: the house's commands are what is said to a satellite."""

_RIDGE = np.diag([30.0, 3.0])
"""How many turns it takes to move factor and offset half away from leaving the text's logit as it is."""

_TOGETHER = 300
"""Turns that all samples of a language together count as, beside the ridge."""

_PROSODY = 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a turn where somebody may pause."""

    pause: Pause
    kind: str
    is_end: bool
    weight: float
    """One for the end of a turn, one for all the others of it together."""


def places_of(turn: str, language: str, kind: str, context: tuple[str, ...] = ()) -> Iterator[Place]:
    """Yield each place after a word."""
    words = tokenize(normalize(turn))
    for count in range(1, len(words) + 1):
        is_end = count == len(words)
        text = normalize(" ".join(words[:count]))
        yield Place(Pause(text, language, context), kind, is_end, 1.0 if is_end else 1.0 / (len(words) - 1))


def written(language: str, part: int) -> Iterator[Place]:
    """Yield the places of every other command that people wrote, but for those that the detector has in a list."""
    lines = (COMMANDS / f"turn_commands_{language}.txt").read_text(encoding="utf-8").splitlines()
    for line in lines[part::2]:
        if normalize(line) not in whole_turns(language):
            yield from places_of(line, language, "written")


def held_out(data: Path) -> Iterator[Place]:
    """Yield the places of the turns that the text model has not been trained on."""
    counts: dict[tuple[str, str], int] = {}
    for path in sorted(data.rglob("*.txt.xz")):
        text = lzma.decompress(path.read_bytes()).decode()
        kind = "sampled" if path.parent.name == "home_commands" else "dialogue"
        blocks = text.split("\n\n") if kind == "dialogue" else text.splitlines()
        for block in blocks:
            turns = [line.removeprefix("- ").strip() for line in block.splitlines() if line.strip()]
            if not is_held_out(turns):
                continue
            for number, turn in enumerate(turns):
                language = language_of(turn)
                key = (path.name, language)
                counts[key] = counts.get(key, 0) + 1
                if counts[key] <= _TURNS and language in LANGUAGES:
                    yield from places_of(turn, language, kind, tuple(turns[max(0, number - 2) : number]))


def is_held_out(turns: Sequence[str]) -> bool:
    """Return whether training leaves the dialogue out; see `wyoming_servers.turn.training`."""
    return crc32(normalize(" ".join(turns[:2])).encode()) % 1000 < _HELD_OUT * 1000


def grammars() -> Mapping[str, Grammar]:
    """Return the grammars without a house."""
    folder = default_folder() / "grammar"
    return {language: Grammar(language, load_templates(language, folder), Vocabulary()) for language in LANGUAGES}


def fit(places: Sequence[Place], logit: Callable[[Pause], float], known: Mapping[str, Grammar]) -> FusionWeights:
    """Return the weights that make the places most likely."""
    totals = {
        (language, kind): sum(
            place.weight for place in places if place.kind == kind and place.pause.language == language
        )
        for language in LANGUAGES
        for kind in _SHARES
    }
    samples: dict[str, dict[str, list[tuple[float, bool, float]]]] = {language: {} for language in LANGUAGES}
    for place in places:
        language = place.pause.language
        if place.pause.text in whole_turns(language):
            continue
        key = key_of(known[language].read(place.pause.text))
        scale = _SHARES[place.kind] * _TOGETHER / totals[language, place.kind]
        samples[language].setdefault(key, []).append((logit(place.pause), place.is_end, place.weight * scale))
    lines = {
        language: {key: regress(np.array(rows, float)) for key, rows in sorted(by_key.items())}
        for language, by_key in samples.items()
    }
    return FusionWeights(lines, _PROSODY)


def regress(rows: Floats) -> Line:
    """Return the logistic regression of [logit, is_end, weight] by Newton's method, held to factor 1 and offset 0."""
    inputs = np.stack([rows[:, 0], np.ones(len(rows))], axis=1)
    line = origin = np.array([1.0, 0.0])
    for _ in range(50):
        expected = 1 / (1 + np.exp(-inputs @ line))
        gradient = inputs.T @ (rows[:, 2] * (expected - rows[:, 1])) + _RIDGE @ (line - origin)
        curvature = (inputs * (rows[:, 2] * expected * (1 - expected))[:, None]).T @ inputs + _RIDGE
        step = np.linalg.solve(curvature, gradient)
        line = line - step * min(1.0, 2.0 / float(np.abs(step).max() + 1e-9))
    return Line(max(0.0, float(line[0])), float(line[1]))


def report(places: Sequence[Place], detectors: Mapping[str, Callable[[Pause], float]]) -> None:
    """Print what each detector makes of the places."""
    print("| language | turns | detector | AUC | F1 | accuracy | ECE |\n|---|---|---|---|---|---|---|")
    for language in LANGUAGES:
        for kind in _SHARES:
            chosen = [place for place in places if place.kind == kind and place.pause.language == language]
            for name, completeness in detectors.items():
                scores = np.array([completeness(place.pause) for place in chosen])
                print(f"| {language} | {kind} | {name} | {metrics(scores, chosen)} |")


def metrics(scores: Floats, places: Sequence[Place]) -> str:
    """Return the cells of a row: weighted, a turn's end counting as much as all other places of it."""
    ends = np.array([place.is_end for place in places])
    weights = np.array([place.weight for place in places])
    says = scores >= 0.5
    true, false, missed = (weights[mask].sum() for mask in (says & ends, says & ~ends, ~says & ends))
    f1 = 2 * true / (2 * true + false + missed)
    accuracy = weights[says == ends].sum() / weights.sum()
    bins = np.minimum((scores * 10).astype(int), 9)
    gaps = [abs((weights * (scores - ends))[bins == number].sum()) / weights.sum() for number in range(10)]
    return f"{auc(scores, ends, weights):.3f} | {f1:.3f} | {accuracy:.3f} | {sum(gaps):.3f}"


def auc(scores: Floats, ends: NDArray[np.bool_], weights: Floats) -> float:
    """Return the weighted share of pairs of an end and another place in the right order; ties count half."""
    order = np.argsort(scores, kind="stable")
    scores, ends, weights = scores[order], ends[order], weights[order]
    others = np.where(ends, 0.0, weights)
    _, group = np.unique(scores, return_inverse=True)
    in_group = np.bincount(group, others)
    below = np.concatenate([[0.0], np.cumsum(in_group)[:-1]])
    above = below[group] + in_group[group] / 2
    return float((above[ends] * weights[ends]).sum() / weights[ends].sum() / others.sum())


def main() -> None:
    """Fit, print, and write where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS.name}")
    options = parser.parse_args()
    text, known = ngram.load(TurnOptions()), grammars()
    others = list(held_out(options.data))
    training = [*others[0::2], *(place for language in LANGUAGES for place in written(language, 0))]
    unseen = [*others[1::2], *(place for language in LANGUAGES for place in written(language, 1))]
    logits = {place.pause: text.logit(place.pause) for place in (*training, *unseen)}
    weights = fit(training, logits.__getitem__, known)
    joined = FusedDetector(logits.__getitem__, weights, known)
    report(unseen, {"text": lambda pause: 1 / (1 + math.exp(-logits[pause])), "fused": joined.completeness})
    lines = {
        language: {key: [round(line.factor, 3), round(line.offset, 3)] for key, line in by_key.items()}
        for language, by_key in weights.lines.items()
    }
    print(json.dumps(lines, indent=1))
    if options.write:
        WEIGHTS.write_text(json.dumps({"lines": lines, "prosody": weights.prosody}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
