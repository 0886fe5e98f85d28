"""What the voice adds to the words: python -m bench.turn_prosody {synthetic,recorded}.

The sound up to a pause is a turn that goes on, the whole is one that is over, both with 0.2 s of silence after them.
The words are judged by the shipped model, the sound by smart-turn, both together with a fixed weight, and by a logistic
regression of the two logits that has seen other sentences. The interval of what the regression gains over the words
alone is a bootstrap over sentences.

synthetic: commands and questions of a household with a comma where people do pause, by eSpeak NG, and by Festival and
flite where they are installed (Debian: festival, festvox-ru, festvox-us-slt-hts, flite). recorded: what the voice of
festvox-ru was made of, a man who reads Russian novels aloud. The model of smart-turn: pip install pipecat-ai --no-deps,
or the model hub. Some minutes.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np

from bench.turn_voices import Said, recorded, synthetic
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.engines import ngram, smart_turn
from wyoming_servers.turn.fusion import FusionWeights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SOURCES = {"synthetic": synthetic, "recorded": recorded}
FOLDS = 5
FIXED = FusionWeights({}).prosody


@dataclass(frozen=True, slots=True)
class Decision:
    """A pause and what is made of it."""

    said: Said
    words: float
    """Logit."""

    sound: float
    """Logit."""


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", choices=SOURCES)
    decisions = _decide(parser.parse_args().source)
    print(f"| language | voice | pauses | words | sound | words + {FIXED} sound | regression | its gain (95 %) |")
    print("|---|---|---|---|---|---|---|---|")
    for language in dict.fromkeys(one.said.language for one in decisions):
        own = [one for one in decisions if one.said.language == language]
        scores = _cross_validated(own)
        voices = list(dict.fromkeys(one.said.voice for one in own))
        for voice in (*voices, "all") if len(voices) > 1 else voices:
            chosen = [number for number, one in enumerate(own) if voice in (one.said.voice, "all")]
            print(_row(language, voice, [own[number] for number in chosen], scores[chosen]))
        words, sound, offset = _fit(own)
        print(f"\n{language}: the regression is {words:.2f} words + {sound:.2f} sound + {offset:.2f}\n")


def _decide(source: str) -> Sequence[Decision]:
    words, sound = ngram.load(TurnOptions()), smart_turn.load(TurnOptions())
    decisions = []
    for said in SOURCES[source]():
        pause = Pause(said.text, said.language, (), said.samples)
        decisions.append(Decision(said, words.logit(pause), _logit(sound.completeness(pause))))
    return decisions


def _logit(probability: float) -> float:
    kept = min(max(probability, 1e-3), 1 - 1e-3)
    return log(kept / (1 - kept))


def _cross_validated(decisions: Sequence[Decision]) -> Floats:
    """Return the joint score of each, from weights of other sentences."""
    turns = list(dict.fromkeys(decision.said.sentence for decision in decisions))
    fold = {turn: number % FOLDS for number, turn in enumerate(turns)}
    scores = np.empty(len(decisions))
    for left_out in range(FOLDS):
        weights = _fit([decision for decision in decisions if fold[decision.said.sentence] != left_out])
        for number, decision in enumerate(decisions):
            if fold[decision.said.sentence] == left_out:
                scores[number] = weights @ (decision.words, decision.sound, 1.0)
    return scores


def _fit(decisions: Sequence[Decision]) -> Floats:
    """Return the weights of words and sound and the offset, by Newton's method."""
    features = np.array([(one.words, one.sound, 1.0) for one in decisions])
    labels = np.array([one.said.is_over for one in decisions], np.float64)
    weights = np.zeros(3)
    for _ in range(25):
        expected = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (labels - expected) - 1e-3 * weights
        curvature = features.T * (expected * (1 - expected)) @ features + 1e-3 * np.eye(3)
        weights = weights + np.linalg.solve(curvature, slope)
    return weights


def _row(language: str, voice: str, decisions: Sequence[Decision], scores: Floats) -> str:
    labels = np.array([one.said.is_over for one in decisions])
    words, sound = (np.array(values) for values in zip(*((one.words, one.sound) for one in decisions), strict=True))
    by_turn = defaultdict(list)
    for number, decision in enumerate(decisions):
        by_turn[decision.said.sentence].append(number)
    groups, choice = list(by_turn.values()), random.Random(2)
    gains = []
    for _ in range(500):
        drawn = np.concatenate(choice.choices(groups, k=len(groups)))
        gains.append(_auc(scores[drawn], labels[drawn]) - _auc(words[drawn], labels[drawn]))
    low, high = np.percentile(gains, [2.5, 97.5])
    areas = " | ".join(f"{_auc(one, labels):.3f}" for one in (words, sound, words + FIXED * sound, scores))
    return f"| {language} | {voice} | {len(labels)} | {areas} | {low:+.3f} to {high:+.3f} |"


def _auc(scores: Floats, labels: NDArray[np.bool_]) -> float:
    """Return the chance that an end scores higher than a pause; ties count half."""
    ends, holds = scores[labels], scores[~labels]
    above = (ends[:, None] > holds[None, :]).mean() + (ends[:, None] == holds[None, :]).mean() / 2
    return float(above)


if __name__ == "__main__":
    main()
