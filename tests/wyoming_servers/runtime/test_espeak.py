"""The one eSpeak NG of the process."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.waiting import PATIENCE_SECONDS
from wyoming_servers.runtime import espeak
from wyoming_servers.runtime.errors import EngineError


def test_engines_that_load_at_the_same_time_share_one_library(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    class SlowEspeak:
        def __init__(self) -> None:
            time.sleep(0.02)
            made.append(self)

    monkeypatch.setattr(espeak, "_shared", None)
    monkeypatch.setattr(espeak, "Espeak", SlowEspeak)
    together = threading.Barrier(4)

    def share(_: int) -> object:
        together.wait(PATIENCE_SECONDS)
        return espeak.shared_espeak()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(share, range(4))) == set(made)
    assert len(made) == 1


def test_speech_from_several_threads_is_the_speech_of_one() -> None:
    library = espeak.shared_espeak()
    texts = {"ru": "Свет на кухне включён.", "en-us": "The light is on.", "cmn": "灯开了。", "en-us+f3": "It is off."}
    alone = [len(library.synthesize(text, voice)) for voice, text in texts.items()]  # its noise differs each time
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            together = pool.map(lambda voice: len(library.synthesize(texts[voice], voice)), texts)
            assert list(together) == pytest.approx(alone, rel=0.05)


def test_an_unknown_voice_is_an_engine_error() -> None:
    with pytest.raises(EngineError, match="no voice 'martian'"):
        espeak.shared_espeak().synthesize("hello", "martian")


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "😀", "a\0b"])
def test_odd_texts_are_spoken_or_silent_but_never_fail(text: str) -> None:
    assert isinstance(espeak.shared_espeak().synthesize(text, "ru"), bytes)


def test_a_long_data_path_is_reached_by_a_short_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    data = tmp_path_factory.mktemp("d" * 150)
    (data / "voices").touch()
    short, keeper = espeak._short_path(data)
    assert len(str(short)) < 140
    assert (short / "voices").exists()
    assert keeper is not None
    keeper.cleanup()
    assert not short.exists()
    assert (data / "voices").exists()
