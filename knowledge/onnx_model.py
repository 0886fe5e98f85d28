"""A model exported to ONNX in a folder with its tokenizer, as optimum and the models' authors publish it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_MODEL_FILES = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
_POOLED = "sentence_embedding"
_PADDING = ("<pad>", "[PAD]", "<|endoftext|>")
_MOST_TOKENS = 512


class OnnxModelError(KnowledgeError):
    """A folder has no model that can be run."""


class OnnxModel:
    """Texts, or pairs of them, to one array. Any thread may call it."""

    def __init__(self, folder: Path) -> None:
        """Load; blocking.

        Raises: OnnxModelError.
        """
        file = next((folder / name for name in _MODEL_FILES if (folder / name).is_file()), None)
        if file is None or not (folder / "tokenizer.json").is_file():
            raise OnnxModelError(f"The folder {folder} has no model.onnx with its tokenizer.json.")
        self.name = f"{folder.name}, {file.stat().st_size} bytes"
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as err:  # both libraries raise exceptions of no common class
            raise OnnxModelError(f"The model in {folder} cannot be loaded: {err}") from err
        self._tokenizer.enable_truncation(_most_tokens(folder))
        self._pad(folder)
        self._inputs = [one.name for one in self._session.get_inputs()]
        outputs = [one.name for one in self._session.get_outputs()]
        self._output = _POOLED if _POOLED in outputs else outputs[0]

    def run(self, texts: Sequence[str] | Sequence[tuple[str, str]]) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """Return the model's first output, or its pooled one, and the mask of tokens (texts, tokens).

        Raises: OnnxModelError.
        """
        encodings = self._tokenizer.encode_batch(list(texts))
        mask = np.array([one.attention_mask for one in encodings], np.int64)
        available = {
            "input_ids": np.array([one.ids for one in encodings], np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([one.type_ids for one in encodings], np.int64),
            "position_ids": np.maximum(mask.cumsum(axis=1) - 1, 0),
        }
        try:
            (output,) = self._session.run([self._output], {name: available[name] for name in self._inputs})
        except Exception as err:  # as above; a KeyError is an input that no such model has
            raise OnnxModelError(f"The model {self.name} fails: {err}") from err
        return output, mask

    def _pad(self, folder: Path) -> None:
        token = next((one for one in _PADDING if self._tokenizer.token_to_id(one) is not None), None)
        if token is None:
            raise OnnxModelError(f"The tokenizer in {folder} has no padding.")
        self._tokenizer.enable_padding(pad_id=self._tokenizer.token_to_id(token), pad_token=token)


def _most_tokens(folder: Path) -> int:
    """Return how many tokens fit; RoBERTa's positions begin at 2."""
    try:
        positions = json.loads((folder / "config.json").read_text(encoding="utf-8"))["max_position_embeddings"]
        return max(8, min(_MOST_TOKENS, int(positions) - 2))
    except (OSError, ValueError, KeyError, TypeError):
        return _MOST_TOKENS
