"""`voice-rag turn train` and `turn export`, with torch."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.fakes import dialogues, tiny_bert
from voice_rag.__main__ import main
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.engines import ngram as ngram_engine
from wyoming_servers.turn.engines import onnx as onnx_engine
from wyoming_servers.turn.ngram import NgramConfig, NgramModel
from wyoming_servers.turn.text import normalize
from wyoming_servers.turn.training.dialogues import Dialogue
from wyoming_servers.turn.training.encode import Encoder
from wyoming_servers.turn.training.fit import predict
from wyoming_servers.turn.training.network import NgramNetwork

_CONFIG = """
[data]
held_out = 0.2
[model]
word_table = 512
place_table = 512
embedding = 16
width = 32
hidden = 32
[ngram]
epochs = 2
batch_tokens = 512
threads = 1
[encoder]
epochs = 4
learning_rate = 2e-3
longest = 48
context_turns = 0
"""

CUT, WHOLE = Pause("включи пожалуйста 5", "ru"), Pause("включи пожалуйста 5 свет", "ru")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dialogues.write(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("config") / "small.toml"
    path.write_text(_CONFIG, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def trained(data: Path, config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ngram")
    assert main(["turn", "train", "--data", str(data), "--config", str(config), "--out", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def encoder(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_bert.build(tmp_path_factory.mktemp("encoder"), dialogues.vocabulary(data))


@pytest.fixture(scope="module")
def tuned(data: Path, config: Path, encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tuned")
    options = ["--config", str(config), "--encoder", str(encoder), "--out", str(folder)]
    assert main(["turn", "train", "--data", str(data), *options]) == 0
    return folder


def metrics_of(folder: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    return found


def test_one_command_makes_a_model_that_the_engine_loads(trained: Path) -> None:
    detector = ngram_engine.load(TurnOptions(model=str(trained)))
    assert detector.completeness(CUT) < 0.3
    assert detector.completeness(WHOLE) > 0.7


@pytest.mark.parametrize("kind", ["trained", "tuned"])
def test_metrics_and_curves_lie_beside_the_model(kind: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(kind)
    metrics = metrics_of(folder)
    assert metrics["held_out"]["ru dialogues"]["auc"] > 0.9
    assert metrics["loss"]
    assert all(set(aucs) >= {"ru"} for aucs in metrics["auc"].values())
    assert (folder / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_the_same_seed_makes_the_same_model(trained: Path, data: Path, config: Path, tmp_path: Path) -> None:
    main(["turn", "train", "--data", str(data), "--config", str(config), "--out", str(tmp_path)])
    assert metrics_of(tmp_path)["loss"] == metrics_of(trained)["loss"]


def test_numpy_computes_what_torch_computes() -> None:
    turns = ("Где, скажи, ключи от моей машины?", "На столе — там, где всегда.")
    shape = NgramConfig(word_table=300, place_table=300, embedding=8, width=16, hidden=16)
    corpus = Encoder(shape).encode([Dialogue(turns, "ru", "own")])
    network = NgramNetwork(shape, corpus.pieces, dropout=0.0, word_dropout=0.0)
    model = NgramModel(shape, network.weights(), {})
    words = normalize(turns[1]).split()
    served = [model.logit(" ".join(words[:count]), [normalize(turns[0])], "ru") for count in range(1, len(words) + 1)]
    assert served == pytest.approx(predict(network, corpus, 4096)[-len(words) :], abs=1e-5)


def test_a_fine_tuned_encoder_is_exported_and_served(tuned: Path, tmp_path: Path) -> None:
    assert main(["turn", "export", "--onnx", str(tuned), "-o", str(tmp_path)]) == 0
    detector = onnx_engine.load(TurnOptions(model=str(tmp_path)))
    assert detector.completeness(CUT) < 0.3
    assert detector.completeness(WHOLE) > 0.7
    assert (tmp_path / "triton/turn/1/model.onnx").read_bytes() == (tmp_path / "model.onnx").read_bytes()


def test_the_numpy_model_is_exported_with_its_parity(trained: Path, tmp_path: Path) -> None:
    assert main(["turn", "export", "--onnx", str(trained / "ngram.npz"), "-o", str(tmp_path)]) == 0
    assert "turn_ngram" in (tmp_path / "triton/turn_ngram/config.pbtxt").read_text(encoding="utf-8")


def test_an_export_that_computes_something_else_is_refused(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(NgramModel, "raw_logit", lambda *_: 17.0)
    assert main(["turn", "export", "--onnx", str(trained / "ngram.npz"), "-o", str(tmp_path)]) == 1
    assert "differs from its source" in capsys.readouterr().err


def test_a_run_is_logged_in_mlflow_where_it_is_installed(
    data: Path, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mlflow = FakeMlflow()
    monkeypatch.setitem(sys.modules, "mlflow", mlflow)
    main(["turn", "train", "--data", str(data), "--config", str(config), "--out", str(tmp_path)])
    assert mlflow.params["ngram.epochs"] == 2
    assert "ru_dialogues.auc" in mlflow.metrics
    assert {Path(file).name for file in mlflow.artifacts} == {"ngram.npz", "metrics.json", "curves.png"}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--data", "nowhere"), "nowhere can't be read"),
        (("--config", "nowhere.toml"), "is no configuration"),
        (("--encoder", "nowhere"), "nowhere can't be loaded"),
    ],
)
def test_what_is_missing_is_told_in_one_line(
    options: tuple[str, str], reason: str, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["turn", "train", "--data", str(data), "--out", str(tmp_path), *options]) == 1
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("voice-rag: ")]
    assert len(told) == 1
    assert reason in told[0]


class FakeMlflow(SimpleNamespace):
    """Remembers what it is told."""

    __spec__ = SimpleNamespace(name="mlflow")

    def __init__(self) -> None:
        super().__init__(params={}, metrics={}, artifacts=[])

    def set_experiment(self, name: str) -> None:
        self.experiment = name

    def start_run(self) -> "FakeMlflow":
        return self

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...

    def log_params(self, params: Mapping[str, Any]) -> None:
        self.params.update(params)

    def log_metric(self, name: str, value: float, step: int) -> None:
        self.metrics[name] = value

    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None) -> None:
        assert np.isfinite(list(metrics.values())).all()
        self.metrics.update(metrics)

    def log_artifact(self, path: str) -> None:
        self.artifacts.append(path)
