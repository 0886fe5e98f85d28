"""What of XTTS needs no torch: voices, licence, the lengths it is trusted with. The rest is in tests/torch_tts."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.tts.engine import EngineOptions
from wyoming_servers.tts.engines import xtts
from wyoming_servers.tts.xtts.guard import TakeError, guarded
from wyoming_servers.tts.xtts.lengths import Lengths, lengths, pieces, pieces_by_tokens
from wyoming_servers.tts.xtts.options import XttsOptions

ONEGIN = (
    "Мой дядя самых честных правил, когда не в шутку занемог, он уважать себя заставил и лучше выдумать не мог. "
    "Его пример другим наука; но, боже мой, какая скука с больным сидеть и день и ночь, не отходя ни шагу прочь!"
)


def test_a_text_is_cut_at_a_sentence_before_a_clause_and_at_a_clause_before_a_word() -> None:
    assert list(pieces(ONEGIN, 182)) == [ONEGIN[:106], ONEGIN[107:]]
    assert list(pieces(ONEGIN[:106], 80)) == [
        "Мой дядя самых честных правил, когда не в шутку занемог,",
        "он уважать себя заставил и лучше выдумать не мог.",
    ]
    assert list(pieces("слово " * 20, 30)) == [("слово " * 5).strip()] * 4


@pytest.mark.parametrize(("text", "limit"), [(ONEGIN * 5, 182), ("字" * 300, 82), ("字，" * 200, 82), ("x" * 999, 50)])
def test_no_piece_is_above_the_limit_and_nothing_is_lost(text: str, limit: int) -> None:
    cut = list(pieces(text, limit))
    assert max(map(len, cut)) <= limit
    assert "".join(cut).replace(" ", "") == text.replace(" ", "")


def test_a_piece_of_too_many_tokens_is_cut_smaller() -> None:
    cut = list(pieces_by_tokens(ONEGIN, 182, lambda piece: len(piece) < 40))
    assert max(map(len, cut)) < 40
    assert " ".join(cut) == ONEGIN


@pytest.mark.parametrize(("text", "language", "spoken_seconds"), [(ONEGIN, "ru", 13.0), ("厨房的灯开了", "zh", 1.5)])
def test_the_allowed_lengths_are_those_of_people(text: str, language: str, spoken_seconds: float) -> None:
    allowed = lengths(text, language)
    assert allowed.least < spoken_seconds / 2
    assert spoken_seconds < allowed.typical < allowed.most < 4 * spoken_seconds


RATE = 1000
ALLOWED = Lengths(least=1.0, typical=2.0, most=4.0)


class Takes:
    """Attempts of given numbers of half seconds; None is a failure of the library."""

    def __init__(self, *counts: int | None) -> None:
        self.counts = list(counts)
        self.computed = 0

    def __call__(self) -> Generator[bytes]:
        count = self.counts.pop(0)
        if count is None:
            raise TakeError("out of memory")
        for _ in range(count):
            self.computed += 1
            yield b"\1\0" * (RATE // 2)


def heard(takes: Takes, *, is_streamed: bool) -> int:
    return len(list(guarded(takes, ALLOWED, RATE, is_streamed=is_streamed)))


@pytest.mark.parametrize("is_streamed", [True, False])
def test_what_has_the_right_length_is_let_through(is_streamed: bool) -> None:
    assert heard(Takes(6), is_streamed=is_streamed) == 6


@pytest.mark.parametrize("bad", [None, 0, 1, 100])
def test_a_bad_attempt_is_repeated_once(bad: int | None) -> None:
    takes = Takes(bad, 4)
    assert heard(takes, is_streamed=False) == 4
    assert takes.computed < 20, "a run-away is stopped at its bound"


@pytest.mark.parametrize("bad", [None, 0, 1, 100])
def test_after_two_bad_attempts_another_engine_has_to_go_on(bad: int | None) -> None:
    with pytest.raises(TakeError):
        heard(Takes(bad, bad, 4), is_streamed=False)


def test_streamed_audio_comes_while_it_is_computed_and_is_cut_when_it_runs_away() -> None:
    takes = Takes(100)
    audio = guarded(takes, ALLOWED, RATE, is_streamed=True)
    assert next(audio)
    assert takes.computed == 1
    assert 1 + len(list(audio)) == 4, "two seconds, by which the words have been said"
    assert takes.computed == 9


def options_in(tmp_path: Path) -> EngineOptions:
    return EngineOptions(models_folder=tmp_path / "models", voices_folder=tmp_path)


def test_recordings_are_voices_in_each_language_and_the_folder_is_looked_at_anew(tmp_path: Path) -> None:
    options = options_in(tmp_path)
    own = [voice.name for voice in xtts.voices(options)]
    assert own[:2] == ["xtts-ru-claribel_dervla", "xtts-ru-damien_black"]
    (tmp_path / "Бабушка Нина.wav").write_bytes(b"")
    voices = xtts.voices(options)
    assert [voice.name for voice in voices if "бабушка" in voice.name] == [
        f"xtts-{language}-бабушка_нина" for language in ("ru", "en", "zh")
    ]
    assert voices[0].name == "xtts-ru-бабушка_нина"
    assert len(voices) == len(own) + 3


def test_a_replaced_recording_is_another_voice_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "Нина.wav").write_bytes(b"")
    before = xtts.voices(options_in(tmp_path))[0]
    assert xtts.voices(options_in(tmp_path))[0] == before
    (tmp_path / "Нина.wav").write_bytes(b"RIFF")
    after = xtts.voices(options_in(tmp_path))[0]
    assert (after.name, after != before) == (before.name, True)


def test_without_a_word_on_the_licence_nothing_is_downloaded(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"non-commercial.*--xtts-licence-accepted"):
        xtts.load(options_in(tmp_path))
    assert not (tmp_path / "models").exists()


def model_in(tmp_path: Path) -> EngineOptions:
    for name in ("config.json", "vocab.json", "model.pth"):
        (tmp_path / name).write_bytes(b"")
    return replace(options_in(tmp_path), xtts=XttsOptions(model=str(tmp_path)))


def test_an_interpreter_without_the_library_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"voice-rag\[tts-xtts\]"):
        xtts.load(model_in(tmp_path))


def test_an_interpreter_that_is_not_there_is_an_engine_error(tmp_path: Path) -> None:
    options = replace(model_in(tmp_path), xtts=XttsOptions(model=str(tmp_path), python="/no/such/python"))
    with pytest.raises(EngineError, match="/no/such/python"):
        xtts.load(options)
