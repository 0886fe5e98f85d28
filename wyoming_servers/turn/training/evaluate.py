"""Metrics of held-out samples by language, source and place of the cut. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .metrics import Floats, Scored, auc, measure
from .samples import Mark

Table = Mapping[str, Mapping[str, float]]
"""Metrics by the name of a part of the samples."""

_PLACES = {Mark.NONE: "inside a clause", Mark.COMMA: "at a comma", Mark.SENTENCE: "at a sentence end"}


@dataclass(frozen=True, slots=True)
class Samples:
    """What is known of each sample beside its probability; all of the same length."""

    languages: NDArray[np.str_]
    sources: NDArray[np.str_]
    is_phrase: NDArray[np.bool_]
    marks: NDArray[np.int64]
    """A Mark for the place of the cut; TURN for a whole turn."""

    is_first: NDArray[np.bool_]
    """Whether the turn has no context."""

    weights: Floats


def evaluate(probabilities: Floats, samples: Samples) -> Table:
    """Return the metrics of all parts that have samples."""
    scored = Scored(probabilities, samples.marks == Mark.TURN, samples.weights)
    table: dict[str, Mapping[str, float]] = {}
    for name, chosen in _parts(samples):
        if chosen.any():
            table[name] = measure(scored.select(chosen))
    return table


def auc_by_language(scores: Floats, samples: Samples) -> Mapping[str, float]:
    """Return the AUC of the dialogues of each language; scores need not be probabilities."""
    scored = Scored(scores, samples.marks == Mark.TURN, samples.weights)
    chosen = {name: (samples.languages == name) & ~samples.is_phrase for name in _different(samples.languages)}
    return {name: auc(scored.select(dialogues)) for name, dialogues in chosen.items() if dialogues.any()}


def _parts(samples: Samples) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    for language in _different(samples.languages):
        spoken = samples.languages == language
        dialogues = spoken & ~samples.is_phrase
        yield f"{language} dialogues", dialogues
        yield f"{language} first turns", dialogues & samples.is_first
        for source in _different(samples.sources[dialogues]):
            yield f"{language} {source}", dialogues & (samples.sources == source)
        for mark, place in _PLACES.items():
            yield f"{language} cut {place}", dialogues & np.isin(samples.marks, [mark, Mark.TURN])
        yield f"{language} phrases", spoken & samples.is_phrase


def _different(names: NDArray[np.str_]) -> Sequence[str]:
    return [str(name) for name in np.unique(names)]
