"""The house's folder: one house at a time, nobody's files lost, and clear words when it cannot be used."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from demo.errors import FolderNotWritableError, ForeignFolderError, HouseOccupiedError
from demo.folders import HouseFolders, clear, occupy, write_private

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    folder = tmp_path / "samples"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "manual.md").write_text("Turn the screw.")
    return folder


@pytest.fixture
def dropped(tmp_path: Path) -> Path:
    folder = tmp_path / "dropped"
    folder.mkdir()
    (folder / "later.md").write_text("The key is in the box.")
    return folder


@pytest.fixture
def folders(tmp_path: Path) -> HouseFolders:
    return HouseFolders(tmp_path / "house")


def test_a_second_run_in_the_same_folder_is_refused_and_a_later_one_is_not(folders: HouseFolders) -> None:
    with occupy(folders), pytest.raises(HouseOccupiedError, match="already running"), occupy(folders):
        pass
    with occupy(folders):
        pass


def test_a_folder_with_somebody_elses_files_is_left_alone(folders: HouseFolders) -> None:
    folders.root.mkdir()
    (folders.root / "thesis.txt").write_text("years of work")
    with pytest.raises(ForeignFolderError, match="--folder"), occupy(folders):
        pass
    assert (folders.root / "thesis.txt").read_text() == "years of work"


def test_a_folder_that_cannot_be_made_is_reported_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(FolderNotWritableError, match="Not a directory"),
        occupy(HouseFolders(tmp_path / "file" / "house")),
    ):
        pass


def test_a_new_run_starts_from_the_samples_alone(folders: HouseFolders, samples: Path, dropped: Path) -> None:
    with occupy(folders):
        clear(folders, samples, dropped)
        (folders.ha / "old").write_text("")
        shutil.copy(dropped / "later.md", folders.knowledge)
        assert clear(folders, samples, dropped) is None
    assert list(folders.ha.iterdir()) == []
    assert not (folders.knowledge / "later.md").exists()
    assert (folders.knowledge / "documents" / "manual.md").read_text() == "Turn the screw."


@pytest.mark.parametrize(
    ("path", "content"),
    [("recipes.md", "Borscht"), ("documents/manual.md", "Turn the screw twice.")],
    ids=["new", "changed"],
)
def test_documents_that_somebody_put_there_are_moved_aside_and_not_deleted(
    folders: HouseFolders, samples: Path, dropped: Path, path: str, content: str
) -> None:
    with occupy(folders):
        clear(folders, samples, dropped)
        (folders.knowledge / path).write_text(content)
        rescued = clear(folders, samples, dropped)
    assert rescued is not None
    assert (rescued / path).read_text() == content
    assert (folders.knowledge / "documents" / "manual.md").read_text() == "Turn the screw."


def test_a_login_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "login.txt"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, "secret")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() == "secret"
