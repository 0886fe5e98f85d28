"""The turn model that the package carries: a small causal transformer beside hashed n-grams, in numpy.

Each word is the mean of its pieces' vectors. Layers of attention read the dialogue (Vaswani et al. 2017; positions as
in ALiBi, Press et al. 2022); at the pause, what they made of it and the vectors of the last words' n-grams go through
one hidden layer to a logit. In the file, matrices are int8 with a scale for each row.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from .ngram_features import BOUNDARY, place_rows, word_rows
from .text import tokenize

Array = NDArray[np.float32]

_EPSILON = 1e-5
_KEPT_WORDS = 8192
"""Words whose vectors are remembered: 4 MB at most."""


@dataclass(frozen=True, slots=True)
class NgramConfig:
    """The shape of a model."""

    word_table: int = 32_768
    place_table: int = 32_768
    embedding: int = 64
    width: int = 128
    heads: int = 4
    layers: int = 2
    hidden: int = 128
    longest: int = 64
    """Tokens of a dialogue that are read, boundaries of turns included."""

    positions: int = 32
    """Places in a turn that differ; later ones are as the last."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A language's calibration: logit = factor * z + offset (Platt 1999)."""

    factor: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """A dialogue up to a pause, as the network reads it."""

    words: Sequence[str]

    positions: NDArray[np.int64]
    """The place of each token in its turn, the boundary's being 0."""

    place: Sequence[int]
    """Rows of the pause itself, PLACE_FEATURES of them; none before the first word."""


def read_tokens(text: str, context: Sequence[str], config: NgramConfig) -> Tokens:
    """Return the tokens of normalized turns: the text's last ones, and before them whole earlier turns that fit."""
    words = tokenize(text)
    kept = [BOUNDARY, *words][-config.longest :]
    first = len(words) + 1 - len(kept)
    positions = [min(number, config.positions - 1) for number in range(first, len(words) + 1)]
    for turn in reversed(context):
        earlier = [BOUNDARY, *tokenize(turn)]
        if len(earlier) + len(kept) > config.longest:
            break
        kept = earlier + kept
        positions = [min(number, config.positions - 1) for number in range(len(earlier))] + positions
    place = place_rows(words, config.place_table) if words else ()
    return Tokens(kept, np.array(positions, np.int64), place)


class NgramModel:
    """The network. Shared by all threads."""

    def __init__(self, config: NgramConfig, weights: Mapping[str, Array], scales: Mapping[str, Scale]) -> None:
        self.config = config
        self.scales = scales
        self.weights = weights
        distance = np.arange(config.longest)[None, :] - np.arange(config.longest)[:, None]
        slopes = 2.0 ** (-8.0 * np.arange(1, config.heads + 1) / config.heads)
        bias = np.where(distance > 0, -np.inf, slopes[:, None, None] * distance)
        self._bias: Array = bias.astype(np.float32)
        self._vector = lru_cache(maxsize=_KEPT_WORDS)(self._word_vector)

    def logit(self, text: str, context: Sequence[str], language: str) -> float:
        """Return the calibrated logit that a normalized text is a whole turn after normalized earlier ones."""
        scale = self.scales.get(language, Scale())
        return scale.factor * self.raw_logit(read_tokens(text, context, self.config)) + scale.offset

    def raw_logit(self, tokens: Tokens) -> float:
        """Return the logit before calibration."""
        weights = self.weights
        seen = self._attend(self._embed(tokens))
        ngrams = weights["places"][list(tokens.place)].sum(axis=0)
        joined = np.concatenate([seen, ngrams])
        hidden = np.maximum(joined @ weights["hidden.weight"] + weights["hidden.bias"], 0)
        return float(hidden @ weights["out.weight"][:, 0] + weights["out.bias"][0])

    def _embed(self, tokens: Tokens) -> Array:
        vectors: Array = np.stack([self._vector(word) for word in tokens.words])
        return vectors + self.weights["positions"][tokens.positions]

    def _word_vector(self, word: str) -> Array:
        rows = list(word_rows(word, self.config.word_table))
        vector: Array = self.weights["words"][rows].mean(axis=0) @ self.weights["project.weight"]
        return vector

    def _attend(self, states: Array) -> Array:
        """Return the last token's state after all layers; the last layer computes no other."""
        for layer in range(self.config.layers):
            queries = states[-1:] if layer == self.config.layers - 1 else states
            states = queries + self._attention(layer, queries, states)
            states = states + self._feed_forward(layer, states)
        last: Array = self._norm("norm", states)[-1]
        return last

    def _attention(self, layer: int, queries: Array, states: Array) -> Array:
        name, heads = f"layers.{layer}", self.config.heads
        normed = self._norm(f"{name}.norm1", states)
        joined = normed @ self.weights[f"{name}.qkv.weight"] + self.weights[f"{name}.qkv.bias"]
        count, asked = len(states), len(queries)
        query, key, value = joined.reshape(count, 3, heads, -1).transpose(1, 2, 0, 3)
        scores = query[:, -asked:] @ key.transpose(0, 2, 1) / np.sqrt(key.shape[-1], dtype=np.float32)
        scores += self._bias[:, count - asked : count, :count]
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed = (scores @ value).transpose(1, 0, 2).reshape(asked, -1)
        attended: Array = mixed @ self.weights[f"{name}.attended.weight"] + self.weights[f"{name}.attended.bias"]
        return attended

    def _feed_forward(self, layer: int, states: Array) -> Array:
        name, weights = f"layers.{layer}", self.weights
        normed = self._norm(f"{name}.norm2", states)
        wide = np.maximum(normed @ weights[f"{name}.wide.weight"] + weights[f"{name}.wide.bias"], 0)
        narrow: Array = wide @ weights[f"{name}.narrow.weight"] + weights[f"{name}.narrow.bias"]
        return narrow

    def _norm(self, name: str, states: Array) -> Array:
        centred: Array = states - states.mean(axis=-1, keepdims=True)
        deviation: Array = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + _EPSILON)
        normed: Array = centred / deviation * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]
        return normed


def save(path: Path, model: NgramModel) -> None:
    """Write a model: matrices as int8 with a scale for each row, vectors as float16."""
    header = {"config": asdict(model.config), "scales": {name: asdict(one) for name, one in model.scales.items()}}
    arrays: dict[str, NDArray[Any]] = {"header": np.frombuffer(json.dumps(header).encode(), np.uint8)}
    for name, weight in model.weights.items():
        if weight.ndim == 1:
            arrays[name] = weight.astype(np.float16)
        else:
            scale = np.maximum(np.abs(weight).max(axis=1), 1e-8) / 127
            arrays[name] = np.rint(weight / scale[:, None]).astype(np.int8)
            arrays[f"{name}/scale"] = scale.astype(np.float16)
    buffer = BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    path.write_bytes(buffer.getvalue())


def read(path: Path) -> NgramModel:
    """Return a model that `save` wrote. Raises: OSError, ValueError for a file that is none."""
    try:
        with np.load(path, allow_pickle=False) as file:
            model = _restore(dict(file))
        model.logit("a", ("b",), "en")  # misses what is missing
    except (AttributeError, IndexError, KeyError, TypeError, BadZipFile, EOFError, zlib.error) as err:
        raise ValueError(repr(err)) from err
    return model


def _restore(arrays: dict[str, NDArray[Any]]) -> NgramModel:
    header = json.loads(arrays.pop("header").tobytes())
    scales = {name: Scale(**one) for name, one in header["scales"].items()}
    weights = {name: _restore_weight(name, arrays) for name in arrays if not name.endswith("/scale")}
    return NgramModel(NgramConfig(**header["config"]), weights, scales)


def _restore_weight(name: str, arrays: Mapping[str, NDArray[Any]]) -> Array:
    scale = arrays.get(f"{name}/scale")
    weight: Array = arrays[name].astype(np.float32)
    return weight if scale is None else weight * scale.astype(np.float32)[:, None]
