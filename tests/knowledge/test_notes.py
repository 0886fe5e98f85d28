"""Documents that come in through the service stay in their own folder."""

from pathlib import Path

import pytest

from knowledge.errors import NoteError, UnknownNoteError
from knowledge.files.notes import NOTES_FOLDER, Note, file_name, remove_note, write_note


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Котёл", "Котёл.md"),
        ("Boiler.md", "Boiler.md"),
        ("../../etc/passwd", "etc passwd.md"),
        (".hidden", "hidden.md"),
        ("a/b\\c\x00d", "a b c d.md"),
        ("ё" * 200, "ё" * 120 + ".md"),
    ],
)
def test_a_name_becomes_a_file_that_no_path_can_hide_in(name: str, file: str) -> None:
    assert file_name(name) == file


@pytest.mark.parametrize("name", ["", "...", "///", "~"])
def test_a_name_that_leaves_nothing_is_refused(name: str) -> None:
    with pytest.raises(NoteError, match="no letters"):
        file_name(name)


def test_a_note_is_written_and_written_again(tmp_path: Path) -> None:
    for text in ("first", "second"):
        path = write_note(tmp_path, Note("Boiler", text))
    assert path == f"{NOTES_FOLDER}/Boiler.md"
    assert [file.name for file in (tmp_path / NOTES_FOLDER).iterdir()] == ["Boiler.md"]
    assert (tmp_path / path).read_text() == "second"


@pytest.mark.parametrize(
    "path",
    ["manual.md", f"{NOTES_FOLDER}/../manual.md", f"{NOTES_FOLDER}/..", f"{NOTES_FOLDER}/gone.md", "/etc/passwd", ""],
)
def test_nothing_else_is_ever_deleted(tmp_path: Path, path: str) -> None:
    (tmp_path / "manual.md").write_text("mine")
    write_note(tmp_path, Note("Boiler", "text"))
    with pytest.raises(UnknownNoteError):
        remove_note(tmp_path, path)
    assert (tmp_path / "manual.md").exists()
    assert (tmp_path / NOTES_FOLDER / "Boiler.md").exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / NOTES_FOLDER).write_text("a file where the folder should be")
    with pytest.raises(NoteError, match="cannot be written"):
        write_note(tmp_path, Note("Boiler", "text"))
