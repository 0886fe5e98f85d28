"""Turn detectors on held-out dialogues: `OMP_NUM_THREADS=1 python -m bench.turn FOLDER`.

Each turn is judged whole and cut after a random word, with the turns before it. The dialogues are those that
`voice-rag turn train` holds out; FOLDER is what it is given as --data.
"""

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from wyoming_servers.runtime.engines import import_engine
from wyoming_servers.turn.detector import Pause, TurnDetector
from wyoming_servers.turn.engine import TurnOptions, judge_all
from wyoming_servers.turn.text import normalize, tokenize
from wyoming_servers.turn.training.config import read_config
from wyoming_servers.turn.training.dialogues import find_files
from wyoming_servers.turn.training.drawn import Drawn, draw_all
from wyoming_servers.turn.training.evaluate import evaluate
from wyoming_servers.turn.training.split import split

METRICS = ("auc", "f1", "accuracy", "tnr_at_tpr_99.3", "ece")
CONTEXT = 3
_ERRORS = 0.1
"""Share of the words that a recogniser gets wrong."""

_TIMED = 1_000

Harm = Callable[[str, Random], str]


def read_test(paths: Sequence[Path], share: float) -> Drawn:
    """Return the samples of a share of the held-out dialogues."""
    _, held_out = split(find_files(paths), read_config(None).data)
    random = Random(0)
    return draw_all(random.sample(held_out, round(share * len(held_out))), random, CONTEXT)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="+", help="files or folders of dialogues")
    parser.add_argument("--engines", nargs="+", default=["ngram", "rules"], help="side by side (%(default)s)")
    parser.add_argument("--model", help="of the first engine (default: its own)")
    parser.add_argument("--share", type=float, default=1.0, help="of the held-out dialogues (%(default)s)")
    options = parser.parse_args()
    test = read_test(options.data, options.share)
    for number, name in enumerate(options.engines):
        detector = load(name, None if number else options.model)
        print(f"\n**{name}**\n\n| held out | {' | '.join(METRICS)} | n |\n|---|{'---|' * (len(METRICS) + 1)}")
        table = evaluate(probabilities(detector, test), test.describe())
        for part, values in table.items():
            cells = (f"{values[metric]:.3f}" for metric in METRICS)
            print(f"| {part} | {' | '.join(cells)} | {values['samples']:.0f} |")
    print_robustness(load(options.engines[0], options.model), test)
    print_latency({name: load(name, None if number else options.model) for number, name in enumerate(options.engines)})


def load(name: str, model: str | None) -> TurnDetector:
    """Return an engine's detector."""
    detector: TurnDetector = import_engine("wyoming_servers.turn.engines", name).load(TurnOptions(model=model))
    return detector


def probabilities(detector: TurnDetector, test: Drawn) -> NDArray[np.float64]:
    """Return what the detector makes of the samples."""
    return np.array([judgement.probability for judgement in judge_all(detector, test.pauses())])


def print_robustness(detector: TurnDetector, test: Drawn) -> None:
    """Print the AUC of dialogues when words are lost, and when others are heard in their place."""
    vocabularies = {
        language: [word for pause in test.pauses() if pause.language == language for word in tokenize(pause.text)]
        for language in {dialogue.language for dialogue in test.dialogues}
    }
    print(f"\nAUC of dialogues when {_ERRORS:.0%} of the words are misheard\n")
    print("| language | as said | lost | replaced |\n|---|---|---|---|")
    for language, words in sorted(vocabularies.items()):
        chosen = [n for n, one in enumerate(test.dialogues) if one.language == language and not one.is_phrase]
        part = Drawn([test.samples[n] for n in chosen], [test.dialogues[n] for n in chosen])
        harms: Sequence[Harm] = (as_said, lose, lambda text, random, words=words: replace_words(text, random, words))
        aucs = (auc_when_harmed(detector, part, harm) for harm in harms)
        print(f"| {language} | {' | '.join(f'{auc:.3f}' for auc in aucs)} |")


def auc_when_harmed(detector: TurnDetector, test: Drawn, harm: Harm) -> float:
    """Return the AUC when each text of the samples is changed."""
    random = Random(0)
    harmed = [replace(sample, text=harm(sample.text, random)) for sample in test.samples]
    heard = Drawn(harmed, test.dialogues)
    table = evaluate(probabilities(detector, heard), test.describe())
    (auc,) = (values["auc"] for part, values in table.items() if part.endswith(" dialogues"))
    return auc


def as_said(text: str, _: Random) -> str:
    """Return the text."""
    return text


def lose(text: str, random: Random) -> str:
    """Return the text without some words."""
    return join([word for word in tokenize(text) if random.random() >= _ERRORS])


def replace_words(text: str, random: Random, words: Sequence[str]) -> str:
    """Return the text with others in place of some words."""
    return join([random.choice(words) if random.random() < _ERRORS else word for word in tokenize(text)])


def join(words: Sequence[str]) -> str:
    """Return words as a text."""
    return normalize(" ".join(words))


def print_latency(detectors: Mapping[str, TurnDetector]) -> None:
    """Print what one answer takes of the processor's time, by the length of what is read."""
    print("\n| engine | words | earlier turns | p50 ms | p99 ms |\n|---|---|---|---|---|")
    for name, detector in detectors.items():
        for words, turns in ((3, 0), (8, 0), (8, 3), (30, 3)):
            text, turn = "включи свет на кухне и в гостиной потом", "да это хорошо но не сейчас"
            pause = Pause(" ".join((text.split() * 4)[:words]), "ru", (turn,) * turns)
            p50, p99 = np.percentile([timed(detector, pause) for _ in range(_TIMED)], [50, 99])
            print(f"| {name} | {words} | {turns} | {p50:.2f} | {p99:.2f} |")


def timed(detector: TurnDetector, pause: Pause) -> float:
    """Return the milliseconds of the processor that an answer takes, whoever else is using it."""
    start = time.thread_time()
    detector.completeness(pause)
    return 1000 * (time.thread_time() - start)


if __name__ == "__main__":
    main()
