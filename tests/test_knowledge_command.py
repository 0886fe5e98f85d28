"""`voice-rag knowledge ...` as people type it: in the folder itself, and at a running service."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from knowledge import KnowledgeBase, ServiceSettings
from knowledge.store.cpu import require_lancedb
from tests.knowledge.service.running import TOKEN, contract, house, served_in_thread
from voice_rag.__main__ import main

PUMP = "Насос на даче включается красной кнопкой в подвале."


@dataclass(frozen=True)
class Desk:
    """Where a command works, and what it said last."""

    options: tuple[str, ...]
    settings: ServiceSettings
    capsys: pytest.CaptureFixture[str]

    def run(self, action: str, *arguments: str) -> tuple[int, str]:
        code = main(["knowledge", action, *self.options, *arguments])
        return code, self.capsys.readouterr().out

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
) -> Iterator[tuple[tuple[str, ...], ServiceSettings]]:
    settings = replace(house(tmp_path_factory.mktemp("house"), probed), token=TOKEN)
    data = ("--data", str(settings.knowledge.data))
    if request.param == "in the folder":
        yield ("--folder", str(settings.knowledge.folder), *data), settings
        return
    with served_in_thread(settings):
        yield (*data, "--token", TOKEN), settings


@pytest.fixture
def desk(place: tuple[tuple[str, ...], ServiceSettings], capsys: pytest.CaptureFixture[str]) -> Desk:
    desk = Desk(*place, capsys)
    while not desk.json("list", "--status", "indexed")["documents"]:
        pass  # the service has just been started and reads its folder
    return desk


@contextmanager
def odd_server(status: int, body: bytes) -> Iterator[str]:
    """Answer everything alike, and yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def test_a_file_is_added_listed_asked_about_and_removed(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "Насос.txt"
    file.write_text(PUMP)
    (added,) = desk.json("add", "--collection", "Дача", str(file))["documents"]
    assert (added["collection"], added["status"], added["passages"]) == ("Дача", "indexed", 1)
    code, said = desk.run("list", "--collection", "Дача")
    assert code == 0
    assert added["path"] in "".join(said.split())
    code, said = desk.run("ask", "Где включается насос?")
    assert code == 0
    assert PUMP in said
    assert desk.run("remove", added["path"])[0] == 0
    assert not (desk.settings.knowledge.folder / added["path"]).exists()


def test_the_answer_in_json_is_the_services(desk: Desk) -> None:
    answer = desk.json("ask", contract("ask_request")["question"])
    assert {**answer, "sources": []} == {**contract("ask_response"), "sources": []}


def test_what_is_not_in_the_documents_ends_with_another_code(desk: Desk) -> None:
    code, said = desk.run("ask", contract("ask_not_found")["question"])
    assert code == 1
    assert contract("ask_not_found")["written"] in said
    assert desk.run("search", "слон")[0] == 1
    assert desk.run("rephrase", "слон")[0] == 1


def test_a_file_that_cannot_be_read_is_told_with_its_reason(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "empty.txt"
    file.write_text("")
    code, said = desk.run("add", str(file))
    assert code == 1
    assert "The file is empty." in said


def test_questions_are_measured(desk: Desk, tmp_path: Path) -> None:
    questions = tmp_path / "questions.tsv"
    questions.write_text("How do I bleed a radiator?\thouse-manual.md\nradiator\tHouse Manual\nradiator\tnowhere.md\n")
    measures = desk.json("eval", str(questions))
    assert measures.pop("misses") == ["radiator"]
    assert {name: round(value, 3) for name, value in measures.items()} == {
        "questions": 3,
        "R@5": 0.667,
        "MRR": 0.667,
        "nDCG@10": 0.667,
    }
    questions.write_text("a question without a document\n")
    assert desk.run("eval", str(questions))[0] == 1


def test_the_questions_that_were_missed_are_named(desk: Desk, tmp_path: Path) -> None:
    questions = tmp_path / "questions.json"
    rows = [{"question": "radiator", "document": name} for name in ("House Manual", "nowhere.md")]
    questions.write_text(json.dumps(rows))
    code, said = desk.run("eval", "--misses", str(questions))
    assert code == 0
    assert "2 questions, 1 without their document in the first 5" in " ".join(said.split())
    assert said.rstrip().endswith("radiator")


def test_a_file_that_is_not_there_is_named_before_any_is_added(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there, missing = tmp_path / "there.txt", tmp_path / "missing.txt"
    there.write_text("The key of the shed hangs in the hall.")
    assert main(["knowledge", "add", *desk.options, str(there), str(missing)]) == 1
    assert f"There is no file {missing}." in capsys.readouterr().err
    assert desk.run("search", "shed key")[0] == 1


def test_a_file_that_is_not_there_can_not_be_removed(desk: Desk) -> None:
    assert desk.run("remove", "documents/none.md")[0] == 1


def test_the_folder_is_looked_through_again(desk: Desk) -> None:
    assert desk.run("reindex")[0] == 0
    assert desk.run("reindex", "documents/house-manual.md")[0] == 0
    assert desk.run("reindex", "documents/none.md")[0] == 1


def test_without_a_service_or_folders_the_command_says_what_to_give(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["knowledge", "list", "--data", str(tmp_path)]) == 1
    assert "--url (VOICE_RAG_KNOWLEDGE_URL)" in capsys.readouterr().err


def test_a_service_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "list", "--url", "http://127.0.0.1:9"]) == 1
    assert "http://127.0.0.1:9 cannot be reached" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("status", "body", "complaint"),
    [
        (200, b"<html>", "with something that is not JSON"),
        (200, b"[]", "with JSON that is not an object"),
        (404, b"<html>", "404 without a reason"),
    ],
)
def test_another_server_at_the_address_is_told(
    status: int, body: bytes, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with odd_server(status, body) as url:
        assert main(["knowledge", "list", "--url", url]) == 1
    assert f"The service answered {complaint}" in capsys.readouterr().err


def test_an_address_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "list", "--url", "localhost:10310"]) == 1
    assert "The service at localhost:10310 cannot be reached" in capsys.readouterr().err


def test_a_wrong_token_is_told_with_where_to_give_it(
    tmp_path: Path, probed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with served_in_thread(replace(house(tmp_path, probed), token=TOKEN)) as url:
        assert main(["knowledge", "list", "--url", url]) == 1
    assert "VOICE_RAG_TOKEN" in capsys.readouterr().err


def test_a_folder_in_use_by_another_process_is_left_alone(
    tmp_path: Path, probed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    knowledge = house(tmp_path, probed).knowledge
    with KnowledgeBase(knowledge):
        arguments = ["--folder", str(knowledge.folder), "--data", str(knowledge.data)]
        assert main(["knowledge", "list", *arguments]) == 1
    assert "used by another knowledge service" in capsys.readouterr().err
