"""The sentences of a lecture that say most of the rest: a summary without a model.

LexRank (G. Erkan and D. Radev, "LexRank: graph-based lexical centrality as salience in text summarization", 2004): a
sentence is important when it is like many that are important. Sentences that repeat a chosen one are passed over, as in
maximal marginal relevance (J. Carbonell and J. Goldstein, 1998).
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from knowledge.lectures.writing import russian
from knowledge.lectures.writing.words import GREETINGS, LEANS, ORDERS, REPLIES, TURNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from knowledge.lectures.writing.spoken import Sentence

_DAMPING = 0.85
_ROUNDS = 50
_MOST_SENTENCES = 600
"""More are thinned out evenly: the matrix grows with their square."""
_FEWEST_TERMS = 4
_MOST_CHARACTERS = 350
_REPETITION = 0.5
"""Cosine from which two sentences say the same."""
_LEANING = 0.5
"""What a sentence is worth that says little without the one before, only names what follows, or is for somebody."""
_ASKING = 0.3


def best(sentences: Sequence[Sentence], count: int) -> list[Sentence]:
    """Return up to `count` sentences that say most of the rest, in the order in which they were said."""
    usable = [sentence for sentence in sentences if _is_usable(sentence)] or list(sentences)
    usable = usable[:: math.ceil(len(usable) / _MOST_SENTENCES) or 1]
    if not usable:
        return []
    alike = _likeness(usable)
    scores = _ranks(alike) * [_worth(sentence) for sentence in usable]
    chosen: list[int] = []
    for place in np.argsort(-scores, kind="stable").tolist():
        if len(chosen) == count:
            break
        if all(alike[place, other] < _REPETITION for other in chosen):
            chosen.append(place)
    return [usable[place] for place in sorted(chosen)]


def _is_usable(sentence: Sentence) -> bool:
    is_long_enough = len(set(sentence.terms)) >= _FEWEST_TERMS and len(sentence.text) <= _MOST_CHARACTERS
    return is_long_enough and not GREETINGS.search(sentence.text)


def _worth(sentence: Sentence) -> float:
    leans = any(words.search(sentence.text) for words in (LEANS, TURNS, REPLIES, ORDERS))
    leans = leans or russian.addresses_somebody(sentence.text)
    return (_LEANING if leans else 1.0) * (_ASKING if sentence.text.rstrip().endswith(("?", "？")) else 1.0)


def _likeness(sentences: Sequence[Sentence]) -> NDArray[np.float32]:
    """Return the cosines of the sentences' terms by TF-IDF, of shape (n, n)."""
    holders = Counter(term for sentence in sentences for term in set(sentence.terms))
    shared = (term for term, count in holders.items() if count > 1)
    columns = {term: column for column, term in enumerate(shared)}
    matrix = np.zeros((len(sentences), len(columns) + 1), np.float32)
    for row, sentence in enumerate(sentences):
        for term, count in Counter(sentence.terms).items():
            if term in columns:
                matrix[row, columns[term]] = (1 + math.log(count)) * math.log(1 + len(sentences) / holders[term])
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    matrix /= np.where(norms > 0, norms, 1)
    return np.asarray(matrix @ matrix.T)


def _ranks(alike: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the stationary distribution of a walk from sentence to sentence."""
    count = len(alike)
    steps = alike + np.eye(count, dtype=np.float32) * 1e-6
    steps /= steps.sum(axis=1, keepdims=True)
    ranks = np.full(count, 1 / count, np.float32)
    for _ in range(_ROUNDS):
        ranks = (1 - _DAMPING) / count + _DAMPING * (ranks @ steps)
    return ranks
