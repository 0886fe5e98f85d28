"""`voice-rag lecture ...` as people type it: in the folder itself, and at a running service."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import docx
import pytest

from demo.sample_pdf import pdf_bytes
from knowledge import KnowledgeBase, ServiceSettings
from knowledge.lectures.export import Format
from knowledge.store.cpu import require_lancedb
from tests.fakes.lecture_work import Oracle, ScriptedRecordings, recording
from tests.fakes.lectures import GRADIENT
from tests.knowledge.service.running import TOKEN, contract, house, served_in_thread
from voice_rag.__main__ import main
from voice_rag.commands.lecture import tables, waiting
from voice_rag.commands.lecture.export import FORMATS
from voice_rag.lectures import options as transcribers

SAID = [
    "Сегодня мы говорим о насосах.",
    "Насос — это машина, которая поднимает воду.",
    "Его включают красной кнопкой в подвале.",
]
SRT = "1\n00:00:01,000 --> 00:00:04,000\nCells divide.\n\n2\n00:00:05,000 --> 00:00:09,000\nThen they grow.\n"


@dataclass(frozen=True)
class Desk:
    """Where a command works, and what it said last."""

    options: tuple[str, ...]
    capsys: pytest.CaptureFixture[str]

    def run(self, action: str, *arguments: str) -> tuple[int, str, str]:
        code = main(["lecture", action, *self.options, *arguments])
        said = self.capsys.readouterr()
        return code, said.out, said.err

    def json(self, action: str, *arguments: str) -> Any:
        return json.loads(self.run(action, "--json", *arguments)[1])


@pytest.fixture(scope="module")
def probed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("probed")
    require_lancedb(data)
    return data


@pytest.fixture(scope="module", params=["in the folder", "at a service"])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, probed: Path
) -> Iterator[tuple[str, ...]]:
    settings = replace(house(tmp_path_factory.mktemp("house"), probed), token=TOKEN)
    data, recordings = ("--data", str(settings.knowledge.data)), ScriptedRecordings()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waiting, "_PAUSE_SECONDS", 0.05)
        if request.param == "in the folder":
            patch.setattr(transcribers, "make_recordings", lambda: recordings)
            patch.setattr(transcribers, "make_transcriber", lambda chosen: Oracle(recordings))
            yield ("--folder", str(settings.knowledge.folder), *data)
            return
        with served_in_thread(settings, partial(KnowledgeBase, recordings=recordings, transcriber=Oracle(recordings))):
            yield (*data, "--token", TOKEN)


@pytest.fixture
def desk(place: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(place, capsys)


@pytest.fixture
def settings(tmp_path: Path, probed: Path) -> ServiceSettings:
    return replace(house(tmp_path / "house", probed), token=TOKEN)


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "2026-11-18 Насосы.mp3"
    path.write_bytes(recording(SAID))
    return path


def test_a_recording_is_added_waited_for_shown_and_exported(desk: Desk, talk: Path, tmp_path: Path) -> None:
    (lecture,) = desk.json("add", "--wait", "--transcriber", "local", "--collection", "Дача", str(talk))["lectures"]
    assert (lecture["state"], lecture["title"], lecture["transcriber"]) == ("ready", "Насосы", "oracle")
    code, said, _ = desk.run("list")
    assert code == 0
    assert lecture["id"] in said
    code, said, _ = desk.run("show", "насосах", "--transcript")
    assert code == 0
    assert SAID[2] in said
    assert "0:00" in said
    code, said, _ = desk.run("export", "Насосы", "--output", str(tmp_path), "--format", "docx")
    assert (code, said.strip()) == (0, str(tmp_path / "Насосы.docx"))
    document = docx.Document(str(tmp_path / "Насосы.docx"))
    assert any(SAID[2] in paragraph.text for paragraph in document.paragraphs)


def test_an_export_takes_its_format_from_the_file_and_overwrites_nothing(desk: Desk, tmp_path: Path) -> None:
    source, target = tmp_path / "waves.srt", tmp_path / "out.vtt"
    source.write_text(SRT.replace("Cells", "Waves"))
    assert desk.run("add", "--wait", str(source))[0] == 0
    assert desk.run("export", "waves", "--output", str(target))[0] == 0
    assert target.read_text().startswith("WEBVTT\n\n00:00:01.000 --> ")
    code, _, complaint = desk.run("export", "waves", "--output", str(target))
    assert code == 1
    assert "add --overwrite" in complaint
    assert desk.run("export", "waves", "--output", str(target), "--overwrite")[0] == 0
    assert desk.run("export", "waves", "--output", str(tmp_path / "none" / "a.md"))[0] == 1


def test_a_summary_is_written_anew_by_another_template(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "tides.srt").write_text(SRT.replace("Cells", "Tides"))
    desk.json("add", "--wait", str(tmp_path / "tides.srt"))
    assert desk.json("show", "tides", "--template", "study_notes")["summary"]["template"] == "study_notes"
    code, _, complaint = desk.run("show", "tides", "--template", "haiku")
    assert code == 1
    assert "Choose one of short, study_notes" in complaint


def test_what_is_added_without_waiting_says_when_it_is_worked_on(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "long.mp3"
    path.write_bytes(recording([f"Sentence number {number}." for number in range(400)]))
    code, said, _ = desk.run("add", str(path))
    assert code == 0
    assert ("now with --wait" in said) == ("--folder" in desk.options)


def test_a_lecture_that_is_not_meant_by_one_name_is_asked_about(desk: Desk, tmp_path: Path) -> None:
    for name in ("Cells one", "Cells two"):
        (tmp_path / f"{name}.srt").write_text(SRT.replace("Cells", name))
        desk.json("add", str(tmp_path / f"{name}.srt"))
    code, _, complaint = desk.run("show", "cells")
    assert code == 1
    assert "Several lectures are called so" in complaint
    code, _, complaint = desk.run("cancel", "whales")
    assert code == 1
    assert "There is no lecture 'whales'. See: voice-rag lecture list" in complaint


def test_the_work_is_told_to_stop_and_to_go_on(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "winds.srt").write_text(SRT.replace("Cells", "Winds"))
    desk.json("add", "--wait", str(tmp_path / "winds.srt"))
    for action in ("pause", "resume", "retry"):
        code, _, complaint = desk.run(action, "winds")
        assert code == 1
        assert "ready" in complaint


def test_a_lecture_that_was_added_is_deleted_with_its_transcript(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "storms.srt").write_text(SRT.replace("Cells", "Storms"))
    (added,) = desk.json("add", "--wait", str(tmp_path / "storms.srt"))["lectures"]
    code, said, _ = desk.run("remove", "storms")
    assert code == 0
    assert said.strip() == "Deleted: storms, its transcript and all that was written about it"
    assert desk.run("show", added["id"])[0] == 1


def test_a_file_that_is_not_there_or_no_lecture_is_named(desk: Desk, tmp_path: Path) -> None:
    code, _, complaint = desk.run("add", str(tmp_path / "none.mp3"))
    assert code == 1
    assert "There is no file" in complaint
    (tmp_path / "empty.srt").write_text("")
    code, _, complaint = desk.run("add", str(tmp_path / "empty.srt"))
    assert code == 1
    assert "empty" in complaint


def test_slides_are_added_to_the_lecture_of_their_name(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "glaciers.srt").write_text(SRT.replace("Cells", "Glaciers"))
    (tmp_path / "glaciers.pdf").write_bytes(pdf_bytes(["Glaciers"]))
    code, said, _ = desk.run("add", str(tmp_path / "glaciers.srt"), str(tmp_path / "glaciers.pdf"))
    assert code == 0
    assert "lectures/uploads/glaciers.pdf: the slides of the lecture of the same name" in " ".join(said.split())
    assert desk.json("show", "glaciers")["slides"] == "lectures/uploads/glaciers.pdf"
    assert "Slides: lectures/uploads/glaciers.pdf" in desk.run("show", "glaciers")[1]


def test_a_recording_whose_transcript_is_gone_is_shown_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    whole = contract("lecture")
    whole["lecture"] |= {"transcriber": "talk.srt", "can_transcribe": True}
    tables.lecture(whole, has_transcript=False)
    said = " ".join(capsys.readouterr().out.split())
    assert f"talk.srt is gone. To transcribe the recording instead: voice-rag lecture retry {GRADIENT.id}" in said


@pytest.mark.parametrize("name", ["talk.amr", "talk.docx"])
def test_a_format_that_is_no_lecture_is_told_with_those_that_are(desk: Desk, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"#!AMR")
    code, _, complaint = desk.run("add", str(tmp_path / name))
    assert code == 1
    complaint = " ".join(complaint.split())
    assert f"{name}: this format is not read. Lectures are sound (.mp3, .m4a, .aac," in complaint
    assert "transcripts (.srt, .vtt, .json, .txt)" in complaint
    assert "Convert the recording" in complaint


def test_a_file_of_the_household_is_not_deleted(settings: ServiceSettings, capsys: pytest.CaptureFixture[str]) -> None:
    own = settings.knowledge.folder / "lectures" / "Клетка.srt"
    own.parent.mkdir()
    own.write_text(SRT)
    folders = ("--folder", str(settings.knowledge.folder), "--data", str(settings.knowledge.data))
    with KnowledgeBase(settings.knowledge) as base:
        base.scan()
        base.scan()
    code, _, complaint = Desk(folders, capsys).run("remove", "Клетка")
    assert code == 1
    assert "lectures/Клетка.srt is the household's own file: delete it in the knowledge folder." in complaint
    assert own.exists()


def test_the_command_knows_the_formats_of_the_service() -> None:
    assert tuple(Format) == FORMATS


def test_who_waits_for_what_nobody_transcribes_is_told_so(
    settings: ServiceSettings, talk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_STUCK_SECONDS", 0.0)
    folders = ["--folder", str(settings.knowledge.folder), "--data", str(settings.knowledge.data)]
    assert main(["lecture", "add", *folders, "--wait", str(talk)]) == 1
    assert "none is set" in capsys.readouterr().err
    assert main(["lecture", "list", *folders]) == 0
    assert "waiting" in capsys.readouterr().out


def test_a_choice_of_transcribers_that_makes_no_sense_is_explained(
    settings: ServiceSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = ["--folder", str(settings.knowledge.folder), "--data", str(settings.knowledge.data)]
    assert main(["knowledge", "serve", *folders, "--transcriber", "openai"]) == 1
    assert "needs --transcriber-url" in capsys.readouterr().err
