"""GigaAM in small: the files and the shapes of the real one, with networks that hear three tones.

A tone of 1 kHz is the token "Включи", one of 3 kHz is " свет."; one of 2 kHz is more likely " лапу" than " лампу".
Anything else is nothing.
"""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper, numpy_helper, save

TOKENS = ("▁Включи", "▁свет.", "▁лапу", "▁лампу", "<blk>")
TEXT = "Включи свет."
_BLANK = 4
_TONES = (1000.0, 3000.0, 2000.0, 2000.0)
_LOUDNESS = (1.0, 1.0, 1.0, 0.9)
"""By which each token is heard."""

_MELS, _STRIDE, _HIDDEN = 64, 4, 320
_LONG_AGO = 100.0


def tone(frequency: float, seconds: float = 0.4) -> NDArray[np.int16]:
    return np.rint(12_000 * np.sin(np.arange(int(16_000 * seconds)) * 2 * np.pi * frequency / 16_000)).astype(np.int16)


def silence(seconds: float) -> NDArray[np.int16]:
    return np.zeros(int(16_000 * seconds), np.int16)


def said(pause: float = 0.2) -> NDArray[np.int16]:
    """Return what the model hears as TEXT."""
    return np.concatenate([silence(0.2), tone(_TONES[0]), silence(pause), tone(_TONES[1]), silence(0.2)])


def said_ambiguously() -> NDArray[np.int16]:
    """Return what the model hears as "Включи лапу", and nearly as well as "Включи лампу"."""
    short = tone(_TONES[2], 0.04)  # one frame of the encoder: CTC would hear the one and the other in turn
    faded = np.rint(short * np.hanning(len(short))).astype(np.int16)  # a click has all frequencies
    return np.concatenate([silence(0.2), tone(_TONES[0]), silence(0.2), faded, silence(0.2)])


def build(folder: Path, network: str = "v3_e2e_rnnt", suffix: str = "", vocabulary: str | None = None) -> Path:
    """Write a model; `network` is the beginning of its files' names, `suffix` comes before ".onnx"."""
    folder.mkdir(parents=True, exist_ok=True)
    config = {"version": network[:2], "features_size": _MELS, "subsampling_factor": _STRIDE}
    (folder / "config.json").write_text(json.dumps(config))
    lines = [f"{token} {number}\n" for number, token in enumerate(TOKENS)]
    (folder / f"{vocabulary or network}_vocab.txt").write_text("".join(lines), encoding="utf-8")
    if network.endswith("ctc"):
        save(_ctc(), folder / f"{network}{suffix}.onnx")
    else:
        for part, model in (("encoder", _encoder()), ("decoder", _decoder()), ("joint", _joint())):
            save(model, folder / f"{network}_{part}{suffix}.onnx")
    return folder


def _weights() -> NDArray[np.float32]:
    """Return the convolution that looks at the band of each tone, shape [token, mel, 1]; a blank is 0."""
    weights = np.zeros((len(TOKENS), _MELS, 1), np.float32)
    for token, (frequency, loudness) in enumerate(zip(_TONES, _LOUDNESS, strict=True)):
        weights[token, round(_mel(frequency) / _mel(8000) * (_MELS + 1)) - 1] = loudness
    return weights


def _mel(frequency: float) -> float:
    return math.log10(1 + frequency / 700)


def _ctc() -> ModelProto:
    return _model(
        [
            helper.make_node("Conv", ["features", "weights"], ["scores"], strides=[_STRIDE]),
            helper.make_node("Transpose", ["scores"], ["frames"], perm=[0, 2, 1]),
            helper.make_node("LogSoftmax", ["frames"], ["log_probs"], axis=-1),
            helper.make_node("Identity", ["feature_lengths"], ["unused"]),
        ],
        [_float("features", 3), _int("feature_lengths", 1)],
        [_float("log_probs", 3), _int("unused", 1)],
        {"weights": _weights()},
    )


def _encoder() -> ModelProto:
    return _model(
        [
            helper.make_node("Conv", ["audio_signal", "weights"], ["encoded"], strides=[_STRIDE]),
            helper.make_node("Sub", ["length", "one"], ["before"]),
            helper.make_node("Div", ["before", "stride"], ["steps"]),
            helper.make_node("Add", ["steps", "one"], ["after"]),
            helper.make_node("Cast", ["after"], ["encoded_len"], to=TensorProto.INT32),
        ],
        [_float("audio_signal", 3), _int("length", 1)],
        [_float("encoded", 3), helper.make_tensor_value_info("encoded_len", TensorProto.INT32, [None])],
        {"weights": _weights(), "one": np.array([1], np.int64), "stride": np.array([_STRIDE], np.int64)},
    )


def _decoder() -> ModelProto:
    """Return a predictor that only tells the last tone, so that the joint network does not hear it twice."""
    last = np.zeros((len(TOKENS), _HIDDEN), np.float32)
    last[:_BLANK, :_BLANK] = np.equal.outer(_TONES, _TONES) * _LONG_AGO
    return _model(
        [
            helper.make_node("Gather", ["last", "x"], ["dec"]),
            helper.make_node("Identity", ["h.1"], ["h"]),
            helper.make_node("Identity", ["c.1"], ["c"]),
        ],
        [_int("x", 2), _float("h.1", 3), _float("c.1", 3)],
        [_float("dec", 3), _float("h", 3), _float("c", 3)],
        {"last": last},
    )


def _joint() -> ModelProto:
    return _model(
        [
            helper.make_node("Slice", ["dec", "begin", "end", "axis"], ["last"]),
            helper.make_node("Sub", ["enc", "last"], ["joint"]),
        ],
        [_float("enc", 3), _float("dec", 3)],
        [_float("joint", 3)],
        {name: np.array([value], np.int64) for name, value in (("begin", 0), ("end", len(TOKENS)), ("axis", 1))},
    )


def _model(nodes: Sequence, inputs: Sequence, outputs: Sequence, constants: dict[str, NDArray]) -> ModelProto:
    initializers = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _float(name: str, rank: int) -> object:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [None] * rank)


def _int(name: str, rank: int) -> object:
    return helper.make_tensor_value_info(name, TensorProto.INT64, [None] * rank)
