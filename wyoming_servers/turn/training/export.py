"""Models as ONNX, for the engine `onnx`, Triton and TensorRT; each is compared with what it was made from.

Needs the extra turn-train.
"""

import logging
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from transformers import AutoModelForSequenceClassification

from wyoming_servers.turn import ngram
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.encoding import load_encoder
from wyoming_servers.turn.ngram import NgramModel, read_tokens
from wyoming_servers.turn.text import normalize

from .errors import ExportError
from .network import NgramNetwork
from .ngram_inputs import batch_tokens
from .triton import Tensor, write_repository

for _name in ("onnx_ir", "onnxscript"):  # they tell of each step
    logging.getLogger(_name).setLevel(logging.WARNING)

MODEL = "model.onnx"
_OPSET = 18
_SEQUENCES = frozenset({"input_ids", "attention_mask", "pieces", "positions"})
_TOLERANCE = 1e-3
"""Of logits."""

_EXAMPLES = (
    Pause("включи свет в", "ru"),
    Pause("Завтра, наверное, вечером.", "ru", ("Когда ты приедешь?", "Не знаю.")),
    Pause("turn off the light in the kitchen", "en"),
    Pause("把客厅的灯打开", "zh", ("你好",)),
)

Inputs = Mapping[str, NDArray[Any]]


def export(model: Path, folder: Path) -> float:
    """Write a model's ONNX and a Triton repository, and return the largest difference between the logits of both.

    `model` is a folder that `turn train --encoder` wrote, or the file of a model like the shipped one.
    Raises: ExportError, EngineError, OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return _export_encoder(model, folder) if model.is_dir() else _export_ngram(model, folder)


def _export_encoder(model: Path, folder: Path) -> float:
    encoder = load_encoder(model)
    try:
        network = AutoModelForSequenceClassification.from_pretrained(model, attn_implementation="eager").eval()
    except (OSError, ValueError) as err:
        raise ExportError(f"{model} has no fine-tuned encoder: {err}") from err
    encoded = encoder.encode(_EXAMPLES)
    inputs = {name: encoded[name] for name in ("input_ids", "attention_mask")}
    _write(_Logits(network), inputs, folder)
    for name in ("config.json", "tokenizer.json"):
        shutil.copyfile(model / name, folder / name)
    width = len(encoder.labels.names)
    tensors = [Tensor(name, "INT64", (-1,)) for name in inputs]
    write_repository(folder, MODEL, "turn", tensors, [Tensor("logits", "FP32", (width,))])
    with torch.inference_mode():
        expected = network(**_tensors(inputs)).logits.numpy()
    return _compare(folder, inputs, expected)


def _export_ngram(path: Path, folder: Path) -> float:
    try:
        model = ngram.read(path)
    except (OSError, ValueError) as err:
        raise ExportError(f"{path} is no turn model: {err}") from err
    texts = [(normalize(pause.text), [normalize(turn) for turn in pause.context]) for pause in _EXAMPLES]
    tokens = [read_tokens(text, context, model.config) for text, context in texts]
    inputs = batch_tokens(tokens, model.config.word_table)
    _write(_NgramLogits(model), inputs, folder)
    tensors = [
        Tensor("pieces", "INT64", (-1, inputs["pieces"].shape[2])),
        Tensor("positions", "INT64", (-1,)),
        Tensor("place", "INT64", (inputs["place"].shape[1],)),
        Tensor("last", "INT64", (1,)),
    ]
    write_repository(folder, MODEL, "turn_ngram", tensors, [Tensor("logits", "FP32", (1,))])
    expected = np.array([[model.raw_logit(one)] for one in tokens])
    return _compare(folder, inputs, expected)


class _Logits(torch.nn.Module):
    """A classifier that returns a tensor instead of an object."""

    def __init__(self, network: torch.nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.network(input_ids=input_ids, attention_mask=attention_mask).logits
        return logits


class _NgramLogits(torch.nn.Module):
    """The shipped model's network on hashed features, which are made outside of it: `turn/ngram_features.py`."""

    def __init__(self, model: NgramModel) -> None:
        super().__init__()
        self.network = NgramNetwork(model.config, np.zeros((1, 1), np.int64), 0.0, 0.0).eval()
        self.network.take(model.weights)

    def forward(
        self, pieces: torch.Tensor, positions: torch.Tensor, place: torch.Tensor, last: torch.Tensor
    ) -> torch.Tensor:
        return self.network.logits_of_pieces(pieces, positions, place, last)


def _write(network: torch.nn.Module, inputs: Inputs, folder: Path) -> None:
    varies = torch.export.Dim.DYNAMIC
    shapes = {name: {0: varies, 1: varies} if name in _SEQUENCES else {0: varies} for name in inputs}
    torch.onnx.export(
        network.eval(),
        kwargs=_tensors(inputs),
        f=folder / MODEL,
        input_names=list(inputs),
        output_names=["logits"],
        dynamic_shapes=shapes,
        opset_version=_OPSET,
        dynamo=True,
        external_data=False,
        verbose=False,
    )


def _tensors(inputs: Inputs) -> Mapping[str, torch.Tensor]:
    return {name: torch.from_numpy(array) for name, array in inputs.items()}


def _compare(folder: Path, inputs: Inputs, expected: NDArray[Any]) -> float:
    session = onnxruntime.InferenceSession(folder / MODEL, providers=["CPUExecutionProvider"])
    difference = float(np.abs(session.run(["logits"], dict(inputs))[0] - expected).max())
    if not difference <= _TOLERANCE:
        raise ExportError(f"The exported model differs from its source by {difference:.2g} in a logit.")
    return difference
