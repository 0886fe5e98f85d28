"""Reading dialogues."""

import json
import lzma
from pathlib import Path

import pytest

from wyoming_servers.turn.training.config import DataSettings
from wyoming_servers.turn.training.dialogues import Dialogue, find_files, read_dialogues
from wyoming_servers.turn.training.errors import DataError
from wyoming_servers.turn.training.split import split

TURNS = [("Где ключи?", "На столе."), ("Спасибо!",)]


def turns_of(path: Path) -> list[tuple[str, ...]]:
    return [dialogue.turns for dialogue in read_dialogues(path)]


def test_text_has_a_turn_a_line_and_a_blank_line_between_dialogues(tmp_path: Path) -> None:
    path = tmp_path / "home.dev.txt"
    path.write_text("- Где ключи?\n- На столе.\n\n\n- Спасибо!\n", encoding="utf-8")
    assert turns_of(path) == TURNS
    assert {dialogue.source for dialogue in read_dialogues(path)} == {"home"}


def test_text_may_be_packed(tmp_path: Path) -> None:
    path = tmp_path / "home.txt.xz"
    path.write_bytes(lzma.compress("- Где ключи?\n- На столе.\n\n- Спасибо!".encode()))
    assert turns_of(path) == TURNS


def test_lines_without_dashes_are_phrases_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "commands.txt"
    path.write_text("turn on the light\n\n打开灯\n", encoding="utf-8")
    found = read_dialogues(path)
    assert [(one.turns, one.language, one.is_phrase) for one in found] == [
        (("turn on the light",), "en", True),
        (("打开灯",), "zh", True),
    ]


@pytest.mark.parametrize(
    "dialogues",
    [
        TURNS,
        [{"turns": list(TURNS[0])}, "Спасибо!"],
        [{"messages": [{"role": "user", "content": "Где ключи?"}, {"text": "На столе."}]}, ["Спасибо!", " "]],
    ],
)
def test_json_comes_in_several_forms(tmp_path: Path, dialogues: object) -> None:
    path = tmp_path / "own.json"
    path.write_text(json.dumps(dialogues), encoding="utf-8")
    assert turns_of(path) == TURNS


def test_json_lines_have_a_dialogue_a_line(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(json.dumps(turns) for turns in TURNS) + "\n", encoding="utf-8")
    assert turns_of(path) == TURNS


@pytest.mark.parametrize("text", ["{", "{}", "[1]", '[{"turns": [1]}]', '[[{"speaker": "a"}]]', '"text"'])
def test_json_of_something_else_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"own\.json can't be read"):
        read_dialogues(path)


@pytest.mark.parametrize(("name", "data"), [("bad.txt", b"\xff"), ("bad.txt.xz", b"no xz")])
def test_bytes_that_are_no_text_are_told(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DataError, match="can't be read"):
        read_dialogues(tmp_path / name)


def test_folders_are_searched_and_other_files_left_alone(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    for name in ("README.md", "inner/b.jsonl", "a.txt"):
        (tmp_path / name).touch()
    assert find_files([tmp_path]) == [tmp_path / "a.txt", tmp_path / "inner/b.jsonl"]


def test_a_folder_without_dialogues_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There are no dialogues in"):
        find_files([tmp_path])


def test_dialogues_that_begin_alike_fall_on_the_same_side() -> None:
    several = [Dialogue(("Кто там?", f"Это я, {number}."), "ru", "own") for number in range(200)]
    alike = [Dialogue((*dialogue.turns, "Заходи!"), "ru", "own") for dialogue in several]
    sides = [dialogue.is_held_out(0.2) for dialogue in several]
    assert [dialogue.is_held_out(0.2) for dialogue in alike] == sides
    assert 20 < sum(sides) < 60


def test_a_share_of_a_source_is_drawn_for_training_alone(tmp_path: Path) -> None:
    (tmp_path / "much.txt").write_text("\n".join(f"phrase {number}" for number in range(2000)), encoding="utf-8")
    files = find_files([tmp_path])
    trained, held_out = split(files, DataSettings(held_out=0.1))
    fewer, same = split(files, DataSettings(held_out=0.1, shares={"much": 0.25}))
    assert same == held_out
    assert set(fewer) < set(trained)
    assert 0.2 < len(fewer) / len(trained) < 0.3


def test_too_few_dialogues_are_told(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("one phrase", encoding="utf-8")
    with pytest.raises(DataError, match="Too few dialogues"):
        split(find_files([tmp_path]), DataSettings())
