"""An encoder in small: a folder as fine-tuning leaves it, whose network adds up what each word is worth.

And smart-turn in small: the shapes of the real one, with a network that hears how loud the end is.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper, numpy_helper, save
from tokenizers import Tokenizer, models, pre_tokenizers, processors

WORTH = {
    "[PAD]": 0.0, "[UNK]": 0.0, "[CLS]": 0.0, "[SEP]": 0.25, "включи": 1.0, "свет": 1.0, "в": -5.0, "гостиной": 6.0,
    "turn": 1.0, "on": 1.0, "the": -5.0, "light": 6.0, "please": 1.0,
}  # fmt: skip
"""What the logit of "speak" gains by each word."""


def build(folder: Path, labels: Sequence[str] = ("wait", "speak"), longest: int = 16) -> Path:
    """Write the folder; where there are several labels, "speak" has the worth and the others have 0."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer(models.WordLevel({word: number for number, word in enumerate(WORTH)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    special = [("[CLS]", tokenizer.token_to_id("[CLS]")), ("[SEP]", tokenizer.token_to_id("[SEP]"))]
    tokenizer.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", special_tokens=special)
    tokenizer.enable_truncation(4)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"id2label": dict(enumerate(labels)), "turn_max_length": longest}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    save(_network(labels), folder / "model.onnx")
    return folder


def build_smart_turn(path: Path) -> Path:
    """Write a model that gives the sigmoid of the last frame's mean."""
    nodes = [
        helper.make_node("Slice", ["input_features", "begin", "end", "axis"], ["last"]),
        helper.make_node("ReduceMean", ["last"], ["mean"], axes=[1, 2], keepdims=0),
        helper.make_node("Sigmoid", ["mean"], ["probability"]),
        helper.make_node("Unsqueeze", ["probability", "column"], ["logits"]),
    ]
    inputs = [helper.make_tensor_value_info("input_features", TensorProto.FLOAT, [None, 80, 800])]
    numbers = {"begin": 799, "end": 800, "axis": 2, "column": 1}
    save(_model(nodes, inputs, {name: np.array([value], np.int64) for name, value in numbers.items()}), path)
    return path


def _network(labels: Sequence[str]) -> ModelProto:
    table = np.zeros((len(WORTH), len(labels)), np.float32)
    table[:, labels.index("speak")] = list(WORTH.values())
    nodes = [
        helper.make_node("Gather", ["worth", "input_ids"], ["tokens"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["column"]),
        helper.make_node("Mul", ["tokens", "column"], ["masked"]),
        helper.make_node("ReduceSum", ["masked", "tokens_axis"], ["logits"], keepdims=0),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, [None, None]) for name in ("input_ids", "attention_mask")
    ]
    axes = {"last": np.array([2], np.int64), "tokens_axis": np.array([1], np.int64)}
    return _model(nodes, inputs, {"worth": table, **axes})


def _model(nodes: Sequence, inputs: Sequence, constants: dict[str, NDArray]) -> ModelProto:
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [None, None])]
    initializers = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
