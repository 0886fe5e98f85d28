"""A word is made and hears what it should."""

from pathlib import Path

import numpy as np
import pytest

from tests.fakes.spoken import spoken
from tests.wyoming_servers.wake.enrolment.conftest import LITTLE, Record, Unwatched, few_speakers
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.wake.engines import openwakeword
from wyoming_servers.wake.enrolment import store
from wyoming_servers.wake.enrolment.enrol import Wish, enrol
from wyoming_servers.wake.enrolment.errors import EnrolmentError, RecordingError
from wyoming_servers.wake.library import WordLibrary
from wyoming_servers.wake.listener import Listener
from wyoming_servers.wake.own_word import OwnWord, read
from wyoming_servers.wake.settings import TriggerSettings, WakeSettings

OTHERS = ("включи свет на кухне", "какая завтра погода", "сколько сейчас времени", "turn on the light", "今天天气很好")
RECORDED = (("1", "ru+m4"), ("2", "ru+f5"), ("3", "ru+Denis"))


def hears(word: OwnWord, text: str, voice: str) -> bool:
    listener = Listener(word, TriggerSettings())
    speech = spoken(text, voice, silence=1.0) + np.random.default_rng(0).integers(-20, 20)
    return any(moment.is_detected for moment in listener.hear(speech.astype(np.int16)))


@pytest.mark.parametrize("variant", ["m7", "f3", "Gene", "linda"])
def test_synthetic_voices_teach_a_word_that_other_voices_say(domovoy: OwnWord, variant: str) -> None:
    assert hears(domovoy, "домовой", f"ru+{variant}")


@pytest.mark.parametrize("text", OTHERS)
def test_other_speech_is_not_the_word(domovoy: OwnWord, text: str) -> None:
    voice = "cmn" if ord(text[0]) > 0x2E80 else "en-us" if text.isascii() else "ru"
    assert not hears(domovoy, text, voice)


def test_a_word_tells_what_it_was_made_from_and_what_was_measured(domovoy: OwnWord) -> None:
    assert domovoy.facts["voices"] == 10
    assert domovoy.facts["recordings"] == 0
    assert domovoy.facts["minutes_without_word"] > 0
    assert domovoy.facts["made"].startswith("20")


def test_a_running_server_finds_the_word_with_its_phrase(domovoy: OwnWord, tmp_path: Path) -> None:
    library = WordLibrary(openwakeword.builtin(), WakeSettings(folder=tmp_path))
    assert "домовой" not in [word.name for word in library.words()]
    store.save(store.path_of(tmp_path, "домовой"), domovoy.write, is_replacing=False)
    found = {word.name: word for word in library.words()}["домовой"]
    assert (found.phrase, found.languages) == ("домовой", ("ru",))
    embeddings = np.random.default_rng(0).normal(0, 10, (3, 16, 96)).astype(np.float32)
    assert library.model("домовой").score(embeddings) == pytest.approx(domovoy.score(embeddings), abs=0.05)


def test_recordings_alone_make_a_word(record: Record) -> None:
    paths = [record(name, "金坚", voice) for name, voice in (("a", "cmn+m1"), ("b", "cmn+f2"), ("c", "cmn"))]
    word = enrol(Wish("金坚", "zh", recordings=paths), few_speakers, Unwatched(), LITTLE)
    assert word.facts["recordings"] == 3
    assert hears(word, "金坚", "cmn+m3")


def test_another_word_among_the_recordings_is_named(record: Record) -> None:
    paths = [record(name, "домовой", voice) for name, voice in RECORDED]
    wrong = record("4", "выключатель", "ru+m2")
    with pytest.raises(RecordingError, match=r"4\.wav: says another word"):
        enrol(Wish("домовой", "ru", "домовой", [*paths, wrong]), few_speakers, Unwatched(), LITTLE)


def test_too_few_recordings_are_refused_before_any_work(record: Record) -> None:
    with pytest.raises(EnrolmentError, match=r"at least 3 recordings .* --say"):
        enrol(Wish("домовой", "ru", recordings=[record("1", "домовой", "ru")]), few_speakers, Unwatched(), LITTLE)


@pytest.mark.parametrize("text", ["", "  ", "12!"])
def test_a_word_that_cannot_be_said_is_refused_before_any_work(text: str) -> None:
    with pytest.raises(EnrolmentError, match=r"can't be said"):
        enrol(Wish("домовой", "ru", text), few_speakers, Unwatched(), LITTLE)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"not a word at all"])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "word.npz"
    path.write_bytes(content)
    with pytest.raises(EngineError, match=r"word\.npz can't be read"):
        read(path)


def test_a_file_with_other_numbers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "word.npz"
    facts = '{"format": 1, "phrase": "a", "language": "ru"}'
    np.savez(path, hidden=np.ones((1, 2, 3, 4)), hidden_bias=np.ones(4), output=np.ones(5), threshold=0.0, facts=facts)
    with pytest.raises(EngineError, match="damaged"):
        read(path)
