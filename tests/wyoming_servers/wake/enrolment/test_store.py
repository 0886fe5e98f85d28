"""Words on disk."""

from pathlib import Path

import pytest

from wyoming_servers.wake.enrolment import store
from wyoming_servers.wake.enrolment.errors import EnrolmentError, ExistsError


@pytest.mark.parametrize("name", ["домовой", "金坚", "hey_lighthouse", "word-2"])
def test_names_of_any_language_are_files(tmp_path: Path, name: str) -> None:
    store.save(store.path_of(tmp_path, name), lambda file: file.write(b"1"), is_replacing=False)
    assert [path.name for path in tmp_path.iterdir()] == [f"{name}.npz"]


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "two words", "_", "a" * 65, "nul\0"])
def test_names_that_are_no_files_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(EnrolmentError, match="Can't use the name"):
        store.path_of(tmp_path, name)


def test_a_word_is_replaced_only_when_that_is_wanted(tmp_path: Path) -> None:
    path = store.path_of(tmp_path / "new" / "folder", "word")
    store.save(path, lambda file: file.write(b"1"), is_replacing=False)
    with pytest.raises(ExistsError, match="--replace"):
        store.save(path, lambda file: file.write(b"2"), is_replacing=False)
    assert path.read_bytes() == b"1"
    store.save(path, lambda file: file.write(b"2"), is_replacing=True)
    assert path.read_bytes() == b"2"


def test_a_name_is_taken_by_a_model_of_any_format(tmp_path: Path) -> None:
    (tmp_path / "word.tflite").touch()
    with pytest.raises(ExistsError, match=r"word\.tflite"):
        store.check_free(store.path_of(tmp_path, "word"))


def test_settings_alone_do_not_take_a_name(tmp_path: Path) -> None:
    (tmp_path / "word.toml").touch()
    store.check_free(store.path_of(tmp_path, "word"))


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(_: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(EnrolmentError, match="No space left"):
        store.save(store.path_of(tmp_path, "word"), fail, is_replacing=False)
    assert not list(tmp_path.iterdir())
