"""XTTS's own code on a shrunk model with random weights: loading, cloning, streaming, and what goes wrong."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from tests.fakes import tiny_xtts
from tests.fakes.speaking import (  # noqa: F401 (for the fixture below)
    Speaking,
    test_an_unknown_voice_is_an_engine_error_that_names_it,
    test_every_voice_is_neither_silent_nor_clipped_and_speaks_at_its_rate,
    test_nothing_to_say_is_no_sound,
    test_voices_have_the_agreed_form,
    test_what_is_closed_before_it_begins_is_not_spoken,
)
from tests.waiting import PATIENCE_SECONDS
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.tts.engine import EngineOptions, Voice
from wyoming_servers.tts.engines import xtts
from wyoming_servers.tts.xtts import synthesis
from wyoming_servers.tts.xtts.latents import LatentsCache
from wyoming_servers.tts.xtts.options import XttsOptions
from wyoming_servers.tts.xtts.synthesis import XttsSynthesis


@pytest.fixture(scope="session")
def options(tmp_path_factory: pytest.TempPathFactory) -> EngineOptions:
    folder = tmp_path_factory.mktemp("xtts")
    tiny_xtts.build(folder / "model")
    record(folder / "own" / "grandma.wav", seconds=3.5, rate=44_100)
    return EngineOptions(
        models_folder=folder / "models",
        voices_folder=folder / "own",
        xtts=XttsOptions(model=str(folder / "model"), languages=("ru", "zh"), speakers=tiny_xtts.SPEAKERS[:1]),
    )


def record(path: Path, *, seconds: float, rate: int = 22_050) -> Path:
    """Write a stereo recording of a hum."""
    path.parent.mkdir(parents=True, exist_ok=True)
    hum = 0.3 * np.sin(np.linspace(0, 700 * seconds, int(rate * seconds)))
    soundfile.write(path, np.stack([hum, hum], axis=1), rate)
    return path


@pytest.fixture(scope="session")
def engine(options: EngineOptions) -> XttsSynthesis:
    return synthesis.load(options)


@pytest.fixture(scope="session")
def speaking(engine: XttsSynthesis, options: EngineOptions) -> Speaking:
    return Speaking("xtts", list(xtts.voices(options)), engine)


@pytest.fixture
def voice(options: EngineOptions) -> Voice:
    """Return the model's own speaker in Russian."""
    return next(voice for voice in xtts.voices(options) if voice.name == "xtts-ru-claribel_dervla")


@pytest.fixture
def restless(engine: XttsSynthesis) -> Iterator[None]:
    """Let the model never come to an end."""
    places = engine._model.gpt.mel_pos_embedding.emb.weight
    before = places.data.clone()
    places.data.copy_(before[0].expand_as(before))
    yield
    places.data.copy_(before)


def test_a_speaker_is_learned_once_and_kept_by_the_hash_of_the_recording(
    engine: XttsSynthesis, options: EngineOptions, tmp_path: Path
) -> None:
    assert options.voices_folder is not None
    recording = options.voices_folder / "grandma.wav"
    learned = LatentsCache(engine._model, tmp_path).get(recording)
    assert len(list(tmp_path.iterdir())) == 1
    moved = tmp_path / "moved.wav"
    moved.write_bytes(recording.read_bytes())
    kept = LatentsCache(None, tmp_path).get(moved)  # without a model there is nothing to learn with
    assert torch.equal(kept.style, learned.style)
    assert torch.equal(kept.embedding, learned.embedding)


def test_what_was_kept_and_is_damaged_is_learned_anew(
    engine: XttsSynthesis, options: EngineOptions, tmp_path: Path
) -> None:
    assert options.voices_folder is not None
    recording = options.voices_folder / "grandma.wav"
    learned = LatentsCache(engine._model, tmp_path).get(recording)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(b"damaged")
    assert torch.equal(LatentsCache(engine._model, tmp_path).get(recording).style, learned.style)
    assert kept.stat().st_size > 100


@pytest.mark.parametrize("content", ["nothing", "noise", "short"])
def test_a_recording_that_is_none_is_an_engine_error(content: str, engine: XttsSynthesis, tmp_path: Path) -> None:
    path = tmp_path / "speaker.wav"
    if content == "short":
        record(path, seconds=0.2)
    else:
        path.write_bytes(b"" if content == "nothing" else b"RIFF and no more")
    with pytest.raises(EngineError, match=r"speaker\.wav"):
        LatentsCache(engine._model, tmp_path / "kept").get(path)


def test_the_model_is_given_no_more_than_its_limit(
    engine: XttsSynthesis, voice: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (engine._model.tokenizer.char_limits["zh"], engine._model.tokenizer.char_limits["ru"]) == (82, 182)
    monkeypatch.setitem(engine._model.tokenizer.char_limits, "ru", 25)
    given: list[str] = []
    real = engine._model.inference_stream

    def noting(text: str, *arguments: object) -> object:
        given.append(text)
        return real(text, *arguments)

    monkeypatch.setattr(engine._model, "inference_stream", noting)
    audio = b"".join(engine.synthesize("Свет на кухне включён. Дверь заперта на ключ.", voice))
    assert given == ["Свет на кухне включён.", "Дверь заперта на ключ."]
    assert len(audio) / 2 / voice.rate == pytest.approx(2 * tiny_xtts.TOKENS * 1024 / 22_050, rel=0.1)


def test_audio_is_streamed_where_the_device_is_fast(
    engine: XttsSynthesis, voice: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "is_fast", True)
    blocks = list(engine.synthesize("Свет на кухне включён.", voice))
    assert len(blocks) > 1
    assert len(blocks[0]) / 2 < voice.rate, "twenty tokens are the first block"


@pytest.mark.usefixtures("restless")
def test_a_run_away_is_repeated_and_then_an_error(
    engine: XttsSynthesis, voice: Voice, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(EngineError, match=r"more than 2\.\d s of audio"):
        list(engine.synthesize("Да.", voice))
    assert [record.message.endswith("once more") for record in caplog.records] == [True]


@pytest.mark.usefixtures("restless")
def test_closing_ends_the_computation_between_two_tokens(engine: XttsSynthesis, voice: Voice) -> None:
    began = threading.Event()
    hook = engine._model.gpt.gpt.register_forward_pre_hook(lambda *_: began.set())
    speech = engine.synthesize("очень длинное предложение без конца и края " * 4, voice)
    blocks: list[bytes] = []
    listener = threading.Thread(target=lambda: blocks.extend(speech))
    listener.start()
    assert began.wait(PATIENCE_SECONDS)
    speech.close()
    listener.join(PATIENCE_SECONDS)
    hook.remove()
    assert not listener.is_alive()
    assert blocks == []


def test_a_model_with_a_part_missing_is_an_engine_error(options: EngineOptions, tmp_path: Path) -> None:
    for name in ("config.json", "vocab.json", "model.pth"):
        (tmp_path / name).write_bytes((Path(options.xtts.model) / name).read_bytes())
    (tmp_path / "model.pth").write_bytes(b"damaged")
    with pytest.raises(EngineError, match="can't be used"):
        synthesis.load(replace(options, xtts=XttsOptions(model=str(tmp_path))))


def test_the_engine_speaks_from_a_process_of_its_own(options: EngineOptions, voice: Voice) -> None:
    remote = xtts.load(options)
    try:
        assert b"".join(remote.synthesize("Свет включён.", voice))
        with pytest.raises(EngineError, match="tarkovsky"):
            list(remote.synthesize("Свет включён.", replace(voice, name="xtts-ru-tarkovsky")))
    finally:
        remote.close()
