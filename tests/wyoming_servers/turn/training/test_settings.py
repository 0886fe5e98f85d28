"""Configurations, Triton's and ours."""

import sys
from pathlib import Path

import pytest

from voice_rag.__main__ import main
from wyoming_servers.turn.training.config import SHIPPED, TrainingConfig, read_config
from wyoming_servers.turn.training.errors import ConfigError
from wyoming_servers.turn.training.triton import Tensor, config, write_repository


def test_no_file_is_the_configuration_of_the_shipped_model() -> None:
    assert read_config(None) == read_config(SHIPPED)
    assert read_config(None) != TrainingConfig()


def test_a_file_changes_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[ngram]\nepochs = 1\n[model]\nwidth = 64\n", encoding="utf-8")
    found = read_config(path)
    assert (found.ngram.epochs, found.model.width, found.encoder.batch) == (1, 64, TrainingConfig().encoder.batch)


@pytest.mark.parametrize("text", ["[ngram]\nepoch = 1", "[other]\nx = 1", "ngram = 1", "[["])
def test_a_file_with_anything_else_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="is no configuration"):
        read_config(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is no configuration"):
        read_config(tmp_path / "none.toml")


def test_triton_is_told_names_types_and_shapes(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"onnx")
    tensors = [Tensor("input_ids", "INT64", (-1,))], [Tensor("logits", "FP32", (2,))]
    write_repository(tmp_path, "model.onnx", "turn", *tensors)
    assert (tmp_path / "triton/turn/1/model.onnx").read_bytes() == b"onnx"
    written = (tmp_path / "triton/turn/config.pbtxt").read_text(encoding="utf-8")
    assert written == config("turn", *tensors)
    assert 'name: "input_ids" data_type: TYPE_INT64 dims: [ -1 ]' in written


@pytest.mark.parametrize(
    "action", [("train", "--data", "talk.txt", "--out", "model"), ("export", "--onnx", "model.npz", "-o", "onnx")]
)
def test_without_its_packages_training_names_the_extra(
    action: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "torch", None)
    for name in ("export", "fit", "network", "ngram_recipe"):
        monkeypatch.delitem(sys.modules, f"wyoming_servers.turn.training.{name}", raising=False)
    assert main(["turn", *action]) == 1
    assert "Install voice-rag[turn-train]" in capsys.readouterr().err
