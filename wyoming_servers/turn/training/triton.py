"""A model repository for NVIDIA's Triton server: triton/NAME/config.pbtxt and triton/NAME/1/model.onnx."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_LARGEST_BATCH = 32
_QUEUE_MICROSECONDS = 2000
"""How long a request waits for others to share a batch with."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """An input or output of a model, without the dimension of the batch."""

    name: str
    data_type: str
    """As Triton names it, without "TYPE_"."""

    shape: Sequence[int]
    """-1 where it varies."""


def write_repository(folder: Path, model: str, name: str, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> None:
    """Put the folder's ONNX model into a repository beside it. Raises: OSError."""
    repository = folder / "triton" / name
    (repository / "1").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / model, repository / "1" / "model.onnx")
    (repository / "config.pbtxt").write_text(config(name, inputs, outputs), encoding="utf-8")


def config(name: str, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> str:
    """Return a model's configuration."""
    lines = [
        f'name: "{name}"',
        'platform: "onnxruntime_onnx"',
        f"max_batch_size: {_LARGEST_BATCH}",
        *(f"input {_describe(tensor)}" for tensor in inputs),
        *(f"output {_describe(tensor)}" for tensor in outputs),
        f"dynamic_batching {{ max_queue_delay_microseconds: {_QUEUE_MICROSECONDS} }}",
    ]
    return "\n".join(lines) + "\n"


def _describe(tensor: Tensor) -> str:
    shape = ", ".join(map(str, tensor.shape))
    return f'{{ name: "{tensor.name}" data_type: TYPE_{tensor.data_type} dims: [ {shape} ] }}'
