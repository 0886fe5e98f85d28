"""The engine for fine-tuned encoders, with a tiny one."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import tiny_encoder
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.encoding import load_encoder
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.engines import onnx


def test_an_encoder_reads_the_turns_closed_by_separators(tmp_path: Path) -> None:
    encoder = load_encoder(tiny_encoder.build(tmp_path))
    inputs = encoder.encode([Pause("Включи свет", "ru", ("Да?", "turn")), Pause("", "ru")])
    words = list(tiny_encoder.WORTH)
    assert [[words[token] for token in row] for row in inputs["input_ids"]] == [
        ["[CLS]", "[UNK]", "[SEP]", "turn", "[SEP]", "включи", "свет", "[SEP]"],
        ["[CLS]", "[SEP]", *["[PAD]"] * 6],
    ]
    assert inputs["attention_mask"].tolist() == [[1] * 8, [1, 1, *[0] * 6]]
    assert not inputs["token_type_ids"].any()


def test_a_long_dialogue_loses_its_beginning(tmp_path: Path) -> None:
    encoder = load_encoder(tiny_encoder.build(tmp_path, longest=8))
    (row,) = encoder.encode([Pause("включи свет в гостиной", "ru", ("turn on the light",) * 3)])["input_ids"]
    words = list(tiny_encoder.WORTH)
    assert [words[token] for token in row] == [
        "[CLS]", "light", "[SEP]", "включи", "свет", "в", "гостиной", "[SEP]"
    ]  # fmt: skip


@pytest.mark.parametrize("labels", [("wait", "speak"), ("SPEAK", "wait"), ("speak",), ("wait", "speak", "invalid")])
def test_the_labels_of_a_model_may_have_any_order(labels: tuple[str, ...], tmp_path: Path) -> None:
    lower = tuple(label.lower() for label in labels)
    detector = onnx.load(TurnOptions(str(tiny_encoder.build(tmp_path, lower))))
    against = max(1, len(labels) - 1)  # labels with the logit 0
    odds = np.exp(1.0 + 1.0 + 0.25) / against
    assert detector.completeness(Pause("включи свет", "ru")) == pytest.approx(odds / (1 + odds))


def test_the_context_counts(tmp_path: Path) -> None:
    detector = onnx.load(TurnOptions(str(tiny_encoder.build(tmp_path))))
    alone, after = (detector.completeness(Pause("включи", "ru", context)) for context in ((), ("в",)))
    assert after < alone


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("config.json", "{", "config.json can't be used"),
        ("config.json", "[]", "config.json can't be used"),
        ("config.json", json.dumps({"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}), "needs a label 'speak'"),
        ("config.json", json.dumps({"turn_max_length": 1}), "turn_max_length"),
        ("tokenizer.json", "{}", "tokenizer.json can't be used"),
        ("model.onnx", "nonsense", "model.onnx can't be used"),
    ],
)
def test_a_broken_folder_is_explained(file: str, content: str, message: str, tmp_path: Path) -> None:
    (tiny_encoder.build(tmp_path) / file).write_text(content, encoding="utf-8")
    with pytest.raises(EngineError, match=message):
        onnx.load(TurnOptions(str(tmp_path)))


def test_a_folder_that_lacks_a_file_says_which(tmp_path: Path) -> None:
    (tiny_encoder.build(tmp_path) / "tokenizer.json").unlink()
    with pytest.raises(EngineError, match=r"lacks tokenizer\.json"):
        onnx.load(TurnOptions(str(tmp_path)))


def test_without_a_folder_the_engine_says_what_it_needs() -> None:
    with pytest.raises(EngineError, match="--model"):
        onnx.load(TurnOptions())


def test_a_model_with_other_labels_than_its_configuration_is_an_engine_error(tmp_path: Path) -> None:
    tiny_encoder.build(tmp_path, ("wait", "speak", "invalid"))
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EngineError, match=r"shape \(1, 3\)"):
        onnx.load(TurnOptions(str(tmp_path))).completeness(Pause("да", "ru"))
