"""An embedder in small: a folder as a model's authors publish it, whose states are one number per word it knows."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save
from tokenizers import Tokenizer, models, pre_tokenizers, processors

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]")


def build(folder: Path, words: Sequence[str]) -> Path:
    """Write the folder; a text's states are one-hot: special tokens first, then `words`."""
    folder.mkdir(parents=True)
    vocabulary = {word: number for number, word in enumerate((*_SPECIAL, *words))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing("[CLS] $A", special_tokens=[("[CLS]", 2)])
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "config.json").write_text(json.dumps({"max_position_embeddings": 16}), encoding="utf-8")
    table = numpy_helper.from_array(np.eye(len(vocabulary), dtype=np.float32), "table")
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, [None, None]) for name in ("input_ids", "attention_mask")
    ]
    outputs = [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [None, None, len(vocabulary)])]
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, [table])
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), folder / "model.onnx")
    return folder
