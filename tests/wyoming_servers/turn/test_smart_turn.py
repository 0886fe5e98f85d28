"""The engine that listens: its features, and what it finds its model in."""

import sys
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.fakes import tiny_encoder
from tests.fakes.model_hub import serving_hub
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.engines import smart_turn
from wyoming_servers.turn.log_mel import BANDS, log_mel

SECOND = np.arange(16_000) / 16_000


def tone(hertz: float) -> NDArray[np.float32]:
    return np.sin(2 * np.pi * hertz * SECOND).astype(np.float32)


@pytest.mark.parametrize(("hertz", "band"), [(100, 2), (1000, 26), (3000, 54), (5000, 68)])
def test_a_tone_is_loudest_in_its_own_band(hertz: float, band: int) -> None:
    features = log_mel(tone(hertz))
    assert features.shape == (BANDS, 100)
    assert features.dtype == np.float32
    assert set(features[:, 10:90].argmax(axis=0)) == {band}


def test_the_quietest_is_eight_powers_of_ten_below_the_loudest() -> None:
    features = log_mel(np.concatenate([tone(440), np.zeros(16_000, np.float32)]))
    assert features.max() - features.min() == pytest.approx(8 / 4)


def test_features_are_those_of_whisper() -> None:
    saw = ((220 * SECOND) % 1 - 0.5).astype(np.float32)
    given = log_mel(saw)[[0, 7, 26, 50, 79], 50]
    assert given == pytest.approx(
        [0.4645, 0.9176, 0.4998, 0.5615, 0.5289], abs=1e-4
    )  # by Hugging Face's extractor as pipecat-ai 1.14 has it


def packaged(module: str) -> ModuleType:
    """Return a module of the installed `pipecat-ai` without its package, which needs much else."""
    package = find_spec("pipecat")
    if package is None or not package.submodule_search_locations:
        pytest.skip("pipecat-ai is not installed")
    path = Path(package.submodule_search_locations[0]) / "audio/turn/smart_turn" / f"{module}.py"
    spec = spec_from_file_location(module, path)
    assert spec is not None
    assert spec.loader is not None
    loaded = module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.mark.parametrize("seconds", [0.3, 8, 11])
def test_features_are_those_that_the_model_was_trained_with(seconds: float) -> None:
    theirs = packaged("_whisper_features").compute_whisper_log_mel_features
    samples = (np.random.default_rng(1).normal(size=int(16_000 * seconds)) * 3000).astype(np.int16)
    last = samples[-8 * 16_000 :].astype(np.float32) / 32768
    expected = theirs(np.pad(last, (8 * 16_000 - len(last), 0)), do_normalize=True)
    assert log_mel(smart_turn.window(samples)) == pytest.approx(expected, abs=1e-4)


def test_only_the_last_eight_seconds_are_heard(tmp_path: Path) -> None:
    detector = smart_turn.load(TurnOptions(str(tiny_encoder.build_smart_turn(tmp_path / "model.onnx"))))
    samples = (np.random.default_rng(1).normal(size=16 * 16_000) * 3000).astype(np.int16)
    whole, recent, shorter = (
        detector.completeness(Pause("", "ru", (), part))
        for part in (samples, samples[-8 * 16_000 :], samples[-16_000:])
    )
    assert whole == recent != shorter


def test_without_audio_it_knows_nothing(tmp_path: Path) -> None:
    detector = smart_turn.load(TurnOptions(str(tiny_encoder.build_smart_turn(tmp_path / "model.onnx"))))
    assert detector.completeness(Pause("да", "ru")) == 0.5
    assert detector.completeness(Pause("да", "ru", (), np.empty(0, np.int16))) == 0.5


def test_the_model_is_taken_from_the_package_that_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "pipecat" / "audio" / "turn" / "smart_turn" / "data"
    folder.mkdir(parents=True)
    tiny_encoder.build_smart_turn(folder / smart_turn.FILE)
    (tmp_path / "pipecat" / "__init__.py").write_text("raise ImportError('it must not be imported')")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert smart_turn.load(TurnOptions(models_folder=tmp_path / "none")).completeness(Pause("", "ru")) == 0.5


def test_the_model_is_fetched_where_no_package_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smart_turn, "find_spec", lambda _: None)
    content = tiny_encoder.build_smart_turn(tmp_path / "model.onnx").read_bytes()
    with serving_hub({smart_turn.FILE: content, "smart-turn-v3.2-gpu.onnx": b""}) as hub:
        hub.repository = smart_turn.REPOSITORY
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        assert smart_turn.load(TurnOptions(models_folder=tmp_path)).completeness(Pause("", "ru")) == 0.5
        assert [path.rpartition("/")[2] for path, _ in hub.requests if "resolve" in path] == [smart_turn.FILE]


def test_a_file_that_is_no_model_is_an_engine_error(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"nonsense")
    with pytest.raises(EngineError, match=r"model\.onnx can't be used"):
        smart_turn.load(TurnOptions(str(tmp_path / "model.onnx")))
