"""A Piper voice of the real form with random weights: what it says means nothing, how it is said is all there.

Embedded symbols, convolutions, frames by the length scale, noise, and a HiFi-GAN-like decoder to 256 samples a frame.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

FRAMES_PER_SYMBOL = 3
SAMPLES_PER_FRAME = 256
_STRIDES = (8, 8, 4)
_IPA = [chr(code) for code in (*range(0x20, 0x7F), *range(0xE0, 0x100), *range(0x250, 0x370), *range(0x3B1, 0x3CA))]
_CYRILLIC = [chr(code) for code in range(0x410, 0x452)]


@dataclass
class TinyVoice:
    stem: str = "ru_RU-irina-medium"
    locale: str = "ru_RU"
    espeak_voice: str = "ru"
    rate: int = 22_050
    speakers: Sequence[str] = ()
    phoneme_type: str = "espeak"
    channels: int = 16
    """700 has about the size (58 MB) of a real voice of medium quality."""

    loudness: float = 0.5
    seed: int = 0


@dataclass
class _Graph:
    """A chain of nodes and its constants."""

    chance: np.random.Generator
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def constant(self, value: NDArray[Any]) -> str:
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def weights(self, *shape: int, fan_in: int) -> str:
        return self.constant((self.chance.standard_normal(shape) * (1.5 / fan_in) ** 0.5).astype(np.float32))

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name


def build(folder: Path, voice: TinyVoice = TinyVoice()) -> Path:  # noqa: B008 (not changed)
    """Write the voice's two files and return the network's path."""
    folder.mkdir(parents=True, exist_ok=True)
    symbols = ["_", "^", "$", *(symbol for symbol in (*_IPA, *_CYRILLIC) if symbol not in "_^$")]
    path = folder / f"{voice.stem}.onnx"
    onnx.save(_network(voice, len(symbols)), path)
    language = {"code": voice.locale, "family": voice.locale.split("_")[0], "name_native": voice.locale}
    config = {
        "audio": {"sample_rate": voice.rate, "quality": "medium"},
        "espeak": {"voice": voice.espeak_voice},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_type": voice.phoneme_type,
        "phoneme_id_map": {symbol: [number] for number, symbol in enumerate(symbols)},
        "num_symbols": len(symbols),
        "num_speakers": max(1, len(voice.speakers)),
        "speaker_id_map": {name: number for number, name in enumerate(voice.speakers)},
        "language": language,
        "piper_version": "1.0.0",
    }
    path.with_suffix(".onnx.json").write_text(json.dumps(config, ensure_ascii=False), encoding="utf-8")
    return path


def _network(voice: TinyVoice, symbols: int) -> onnx.ModelProto:
    graph = _Graph(np.random.default_rng(voice.seed))
    channels = voice.channels
    sound = _encoder(graph, voice, symbols)
    for stride in _STRIDES:
        sound = graph.add("LeakyRelu", sound, alpha=0.1)
        kernel = graph.weights(channels, channels // 2, 2 * stride, fan_in=2 * channels)
        sound = graph.add("ConvTranspose", sound, kernel, strides=[stride], pads=[stride // 2] * 2)
        channels //= 2
        kernel = graph.weights(channels, channels, 7, fan_in=7 * channels)
        inner = graph.add("Conv", graph.add("LeakyRelu", sound, alpha=0.1), kernel, pads=[3, 3])
        sound = graph.add("Add", sound, inner)
    sound = graph.add("Conv", sound, graph.weights(1, channels, 7, fan_in=7 * channels), pads=[3, 3])
    sound = graph.add("Mul", graph.add("Tanh", sound), graph.constant(np.array(voice.loudness, np.float32)))
    graph.nodes.append(helper.make_node("Identity", [sound], ["output"]))
    inputs = [("input", TensorProto.INT64, [1, "phonemes"]), ("input_lengths", TensorProto.INT64, [1])]
    inputs += [("scales", TensorProto.FLOAT, [3]), *([("sid", TensorProto.INT64, [1])] if voice.speakers else [])]
    made = helper.make_graph(
        graph.nodes,
        "vits",
        [helper.make_tensor_value_info(*entry) for entry in inputs],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, None)],
        graph.constants,
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)


def _encoder(graph: _Graph, voice: TinyVoice, symbols: int) -> str:
    """Return frames of shape [1, channels, frames]."""
    channels = voice.channels
    embedded = graph.add("Gather", graph.weights(symbols, channels, fan_in=1), "input")
    hidden = graph.add("Transpose", embedded, perm=[0, 2, 1])
    if voice.speakers:
        speaker = graph.add("Gather", graph.weights(len(voice.speakers), channels, fan_in=1), "sid")
        hidden = graph.add("Add", hidden, graph.add("Unsqueeze", speaker, graph.constant(np.array([2]))))
    for _ in range(3):
        hidden = graph.add("Conv", hidden, graph.weights(channels, channels, 5, fan_in=5 * channels), pads=[2, 2])
        hidden = graph.add("Tanh", hidden)
    noise_scale, length_scale, _ = (
        graph.add("Gather", "scales", graph.constant(np.array([number]))) for number in range(3)
    )
    frames = graph.add("Mul", length_scale, graph.constant(np.array([FRAMES_PER_SYMBOL], np.float32)))
    ones = graph.constant(np.ones(2, np.float32))
    frames = graph.add("Concat", ones, frames, axis=0)
    hidden = graph.add("Resize", hidden, "", frames, mode="nearest", nearest_mode="floor",
                       coordinate_transformation_mode="asymmetric")  # fmt: skip
    noise = graph.add("Mul", graph.add("RandomNormalLike", hidden), noise_scale)
    return graph.add("Add", hidden, noise)
