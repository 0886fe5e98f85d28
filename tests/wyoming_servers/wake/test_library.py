"""Words from a folder that changes while the server runs."""

import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.spoken import spoken
from tests.wyoming_servers.wake.hearing import detected, scores_of
from wyoming_servers.runtime.errors import EngineError, UnknownNameError
from wyoming_servers.wake.engines import openwakeword
from wyoming_servers.wake.library import WordLibrary
from wyoming_servers.wake.settings import TriggerSettings, WakeSettings, WordSettings
from wyoming_servers.wake.tflite import MODELS
from wyoming_servers.wake.words import WakeWord


def library(folder: Path, **settings: object) -> WordLibrary:
    return WordLibrary(openwakeword.builtin(), WakeSettings(folder=folder, **settings))  # type: ignore[arg-type]


def own_words(words: WordLibrary) -> dict[str, WakeWord]:
    return {word.name: word for word in words.words() if word.name not in openwakeword._PHRASES}


def add(folder: Path, name: str = "computer_v2.tflite", model: str = "okay_nabu") -> Path:
    return Path(shutil.copy(MODELS / f"{model}.tflite", folder / name))


def test_a_file_that_comes_is_a_word_and_one_that_goes_is_none(tmp_path: Path) -> None:
    words = library(tmp_path)
    assert own_words(words) == {}
    path = add(tmp_path)
    assert own_words(words) == {"computer_v2": WakeWord("computer_v2", "computer", (), TriggerSettings())}
    path.unlink()
    assert own_words(words) == {}
    with pytest.raises(UnknownNameError):
        words.model("computer_v2")


def test_a_folder_that_is_not_there_yet_may_come_later(tmp_path: Path) -> None:
    words = library(tmp_path / "later")
    assert len(words.words()) == 5
    (tmp_path / "later").mkdir()
    add(tmp_path / "later")
    assert "computer_v2" in own_words(words)


def test_a_file_that_changes_is_loaded_anew_and_only_then(tmp_path: Path) -> None:
    words = library(tmp_path)
    path = add(tmp_path)
    words.words()
    assert words.unchecked() == ["computer_v2"]
    first = words.model("computer_v2")
    assert words.unchecked() == []
    words.words()
    assert words.model("computer_v2") is first
    add(tmp_path, model="alexa")
    os.utime(path, (1, 1))
    words.words()
    assert words.model("computer_v2") is not first


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "is not a TensorFlow Lite file"), (b"GIF89a..", "is not a TensorFlow Lite file"), (None, "damaged|be used")],
    ids=["empty", "picture", "cut off"],
)
def test_a_broken_file_is_reported_and_left_out_until_it_is_whole(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    words = library(tmp_path)
    path = add(tmp_path)
    path.write_bytes(path.read_bytes()[:64] if content is None else content)
    words.words()
    with pytest.raises(EngineError, match=reason):
        words.model("computer_v2")
    assert own_words(words) == {}
    assert "computer_v2.tflite" in words.broken()
    add(tmp_path)
    assert "computer_v2" in own_words(words)
    assert words.broken() == {}


def test_a_model_of_something_else_is_reported(tmp_path: Path) -> None:
    words = library(tmp_path)
    shutil.copy(MODELS / "embedding_model.tflite", tmp_path)
    words.words()
    with pytest.raises(EngineError, match="is not one of openWakeWord"):
        words.model("embedding_model")


def test_settings_come_from_the_command_line_then_the_file_beside_the_model(tmp_path: Path) -> None:
    add(tmp_path, "domovoi.tflite")
    beside = tmp_path / "domovoi.toml"
    beside.write_text('phrase = "Домовой"\nlanguages = ["ru"]\nthreshold = 0.7\ntrigger_windows = 2\n', "utf-8")
    words = library(
        tmp_path,
        trigger=TriggerSettings(refractory_seconds=1.0),
        words={"domovoi": WordSettings(threshold=0.8), "alexa": WordSettings(trigger_windows=3)},
    )
    assert own_words(words)["domovoi"] == WakeWord("domovoi", "Домовой", ["ru"], TriggerSettings(0.8, 2, 1.0))
    alexa = next(word for word in words.words() if word.name == "alexa")
    assert alexa.trigger == TriggerSettings(0.5, 3, 1.0)
    beside.write_text('phrase = "Дом"', "utf-8")
    assert own_words(words)["domovoi"].phrase == "Дом"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("threshold = ", "can't be read"),
        ('treshold = 0.5"', "can't be read"),
        ("treshold = 0.5", "unknown setting 'treshold'"),
        ('threshold = "high"', "wrong type"),
        ("threshold = 1.5", "from 0 to below 1"),
        ("trigger_windows = 0", "below 1"),
        ("refractory_seconds = -1", "below 0"),
        ("languages = [1]", "not texts"),
    ],
)
def test_wrong_settings_are_reported_with_their_file(tmp_path: Path, text: str, reason: str) -> None:
    words = library(tmp_path)
    add(tmp_path)
    (tmp_path / "computer_v2.toml").write_text(text)
    assert own_words(words) == {}
    assert "computer_v2.toml" in words.broken()["computer_v2.tflite"]
    assert reason in words.broken()["computer_v2.tflite"]


def test_the_households_word_goes_before_a_built_in_one_of_the_same_name(tmp_path: Path) -> None:
    add(tmp_path, "alexa.tflite", "okay_nabu")
    words = library(tmp_path)
    assert len(words.words()) == 5
    engine = openwakeword.load(words)
    assert detected(scores_of(engine, spoken("okay nabu", "en-us+f3", silence=1.0), "alexa"))


def write_onnx(path: Path, windows: int, *, batch: int | str = 1) -> Path:
    """Write a model that is sure of its word when the mean of the embeddings is above zero."""
    onnx = pytest.importorskip("onnx")
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    nodes = [
        helper.make_node("ReduceMean", ["x"], ["mean"], axes=[1, 2], keepdims=0),
        helper.make_node("Sigmoid", ["mean"], ["y"]),
    ]
    inputs = [helper.make_tensor_value_info("x", kind, [batch, windows, 96])]
    outputs = [helper.make_tensor_value_info("y", kind, [batch])]
    graph = helper.make_graph(nodes, "word", inputs, outputs)
    opsets = [helper.make_opsetid("", 13)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), path)
    return path


@pytest.mark.parametrize("batch", [1, "streams"])
def test_an_onnx_model_scores_each_stream(tmp_path: Path, batch: int | str) -> None:
    pytest.importorskip("onnxruntime")
    write_onnx(tmp_path / "domovoi.onnx", 16, batch=batch)
    words = library(tmp_path)
    words.words()
    model = words.model("domovoi")
    embeddings = np.stack([np.full((16, 96), level, np.float32) for level in (-20, 0, 20)])
    np.testing.assert_allclose(model.score(embeddings), [0, 0.5, 1], atol=1e-6)


def test_a_model_that_looks_too_far_back_is_reported(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    write_onnx(tmp_path / "domovoi.onnx", 41)
    words = library(tmp_path)
    words.words()
    with pytest.raises(EngineError, match="looks at 41 windows"):
        words.model("domovoi")


def test_a_format_without_its_library_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("wyoming_servers.wake.formats.onnx", "wyoming_servers.runtime.onnx_session"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    (tmp_path / "domovoi.onnx").write_bytes(b"")
    words = library(tmp_path)
    assert own_words(words) == {}
    assert "voice-rag[wake-onnx]" in words.broken()["domovoi.onnx"]


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    for name in ("README.md", ".hidden.tflite", "notes.toml", "tflite"):
        (tmp_path / name).write_bytes(b"x")
    words = library(tmp_path)
    assert own_words(words) == {}
    assert words.broken() == {}
