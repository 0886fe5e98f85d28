"""Recordings in pieces: nothing is lost or doubled, and every time is right."""

import threading
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from knowledge.errors import SourceError
from knowledge.lectures.models import Segment
from knowledge.lectures.protocols import SAMPLE_RATE, Piece
from knowledge.reasons import Reason
from tests.fakes.recordings import write, write_picture
from tests.fakes.sounds import music, silence
from tests.fakes.spoken_lecture import Oracle, SpokenLecture, speak
from voice_rag.lectures.recordings import FileRecordings
from wyoming_servers.stt.pauses import LONGEST_SECONDS


@dataclass(frozen=True)
class Heard:
    pieces: list[Piece]
    segments: list[Segment]


@pytest.fixture(scope="module")
def lecture() -> SpokenLecture:
    return speak(12)


def pieces_of(path: Path, start: float = 0.0) -> list[Piece]:
    recording = FileRecordings().open(path)
    try:
        return list(recording.pieces(start))
    finally:
        recording.close()


def heard_by(oracle: Oracle, pieces: list[Piece]) -> list[Segment]:
    return [segment for piece in pieces if piece.is_spoken for segment in oracle.transcribe(piece, None)]


@pytest.mark.parametrize("ending", [".flac", ".mp3", ".ogg", ".m4a", ".mp4", ".mkv", ".wav"])
def test_every_sentence_is_heard_once_and_in_its_place(ending: str, lecture: SpokenLecture, tmp_path: Path) -> None:
    pieces = pieces_of(write(tmp_path / f"a{ending}", lecture.samples))
    assert pieces[0].start == 0
    for before, after in pairwise(pieces):
        assert after.start == pytest.approx(before.end, abs=1 / SAMPLE_RATE)
    assert pieces[-1].end == pytest.approx(len(lecture.samples) / SAMPLE_RATE, abs=0.1)
    assert max(piece.end - piece.start for piece in pieces) <= LONGEST_SECONDS
    heard = heard_by(Oracle(lecture), pieces)
    assert [segment.text for segment in heard] == [sentence.text for sentence in lecture.sentences]
    for segment, sentence in zip(heard, lecture.sentences, strict=True):
        assert segment.start == pytest.approx(sentence.start, abs=0.05)


@pytest.mark.parametrize("ending", [".mp3", ".mkv"])
def test_whoever_goes_on_at_the_end_of_a_piece_hears_the_rest(
    ending: str, lecture: SpokenLecture, tmp_path: Path
) -> None:
    path = write(tmp_path / f"a{ending}", lecture.samples)
    whole = pieces_of(path)
    recording = FileRecordings().open(path)
    for piece, following in pairwise(whole):
        again = next(recording.pieces(piece.end))
        assert (again.start, again.is_spoken) == (pytest.approx(following.start, abs=0.001), following.is_spoken)
        assert again.end == pytest.approx(following.end, abs=0.04)
    assert list(recording.pieces(whole[-1].end)) == []
    recording.close()


def test_where_nobody_speaks_nothing_is_to_be_transcribed(tmp_path: Path) -> None:
    music_and_silence = write(tmp_path / "a.flac", np.concatenate([silence(30), music(3000)(30)]))
    assert not any(piece.is_spoken for piece in pieces_of(music_and_silence))


def test_the_length_is_known_at_once(lecture: SpokenLecture, tmp_path: Path) -> None:
    recording = FileRecordings().open(write(tmp_path / "a.mp3", lecture.samples))
    assert recording.duration == pytest.approx(len(lecture.samples) / SAMPLE_RATE, abs=0.2)
    recording.close()


@pytest.mark.parametrize("name", ["a.mp3", "b.wav", "c.mkv"])
def test_text_by_the_name_of_a_recording_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("This is no sound. " * 1000)
    assert reason_of(tmp_path / name) is Reason.BROKEN


def test_a_film_without_sound_is_told(tmp_path: Path) -> None:
    assert reason_of(write_picture(tmp_path / "a.mkv")) is Reason.NO_SOUND


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert reason_of(tmp_path / "a.mp3") is Reason.CANNOT_OPEN


def reason_of(path: Path) -> Reason:
    with pytest.raises(SourceError) as failure:
        FileRecordings().open(path)
    return failure.value.problem.reason


def test_of_a_truncated_file_the_beginning_is_heard(lecture: SpokenLecture, tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", lecture.samples)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    heard = heard_by(Oracle(lecture), pieces_of(path))
    texts = [sentence.text for sentence in lecture.sentences]
    assert 3 < len(heard) < 10
    assert [segment.text for segment in heard] == texts[: len(heard)]


def test_a_film_cut_short_that_has_lost_its_index_is_told(lecture: SpokenLecture, tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", lecture.samples)
    path.write_bytes(path.read_bytes()[:20_000])
    assert reason_of(path) is Reason.BROKEN


def test_a_reader_that_is_killed_costs_only_its_file(lecture: SpokenLecture, tmp_path: Path) -> None:
    recording = FileRecordings().open(write(tmp_path / "a.flac", np.tile(lecture.samples, 3)))
    pieces = recording.pieces()
    next(pieces)
    recording._reader._process.kill()
    with pytest.raises(SourceError) as failure:
        list(pieces)
    assert failure.value.problem.reason is Reason.READER_FAILED
    recording.close()


def test_a_reader_that_says_nothing_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice_rag.lectures.recordings._PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr("voice_rag.lectures.recordings.reader_command", lambda *_: ["sleep", "60"])
    path = tmp_path / "a.wav"
    path.touch()
    assert reason_of(path) is Reason.TOO_SLOW


def test_closing_ends_the_iteration_in_another_thread(lecture: SpokenLecture, tmp_path: Path) -> None:
    recording = FileRecordings().open(write(tmp_path / "a.flac", np.tile(lecture.samples, 40)))
    pieces = recording.pieces()
    next(pieces)
    threading.Timer(0.2, recording.close).start()
    rest = list(pieces)
    assert sum(len(piece.samples) for piece in rest) < 39 * len(lecture.samples)
    assert recording._reader._process.returncode is not None
    assert list(recording.pieces()) == []
