import asyncio
import dataclasses
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from knowledge import KnowledgeBase, KnowledgeSettings, ServiceSettings
from knowledge.errors import SettingsError
from knowledge.service.announce import real_address
from knowledge.service.app import check_settings, serve
from knowledge.settings import EmbedderSettings, LectureSettings, RerankerSettings
from tests.knowledge.service.running import ROOT, Client, contract, shape, started, without_score
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="module")

RUN = """
import logging, sys
from pathlib import Path
from knowledge import KnowledgeSettings, ServiceSettings
from knowledge.service import run
logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
folder, data, host, port = sys.argv[1:]
sys.exit(run(ServiceSettings(KnowledgeSettings(Path(folder), Path(data)), host=host, port=int(port))))
"""


async def test_health_has_the_shape_of_the_contract(client: Client) -> None:
    status, health = await client.get("/health")
    assert (status, shape(health)) == (200, shape(contract("health")))
    assert (health["documents"], health["passages"], health["failed"]) == (1, 1, 0)


async def test_the_question_of_the_contract_gets_its_answer(client: Client) -> None:
    status, answer = await client.post("/ask", contract("ask_request"))
    expected = contract("ask_response")
    assert status == 200
    assert without_score(answer.pop("sources")) == without_score(expected.pop("sources"))
    assert answer == expected


async def test_the_unanswerable_question_of_the_contract_gets_its_refusal(client: Client) -> None:
    expected = contract("ask_not_found")
    assert await client.post("/ask", {"question": expected["question"]}) == (200, expected)


async def test_the_search_of_the_contract_gets_its_hits(client: Client) -> None:
    status, result = await client.post("/search", contract("search_request"))
    expected = contract("search_response")
    assert (status, shape(result)) == (200, shape(expected))
    assert without_score(result.pop("hits")) == without_score(expected.pop("hits"))
    assert result == expected


async def test_documents_have_the_shape_of_the_contract_also_when_broken(own: Client) -> None:
    (own.folder / "documents" / "scan.pdf").write_bytes(b"no PDF")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len((await own.get("/documents"))[1]["documents"]) < 2:
            await asyncio.sleep(0.05)
    _, answer = await own.get("/documents")
    indexed, failed = answer["documents"]
    expected_indexed, expected_failed = contract("documents")["documents"]
    assert (shape(indexed), shape(failed)) == (shape(expected_indexed), shape(expected_failed))
    assert (failed["path"], failed["title"], failed["status"]) == ("documents/scan.pdf", "scan", "failed")


async def test_the_filtered_search_of_the_contract_gets_the_same_hits(client: Client) -> None:
    status, result = await client.post("/search", contract("search_filtered_request"))
    assert status == 200
    assert without_score(result["hits"]) == without_score(contract("search_response")["hits"])


async def test_a_document_comes_in_is_found_and_goes(own: Client) -> None:
    assert await own.post("/documents", contract("add_document_request")) == (201, contract("document_response"))
    await own.until_indexed(2)
    _, answer = await own.post("/ask", {"question": "When was the boiler serviced?"})
    assert "third of May" in answer["spoken"]
    async with own.session.delete("/documents", json=contract("remove_document_request")) as response:
        assert (response.status, await response.json()) == (200, contract("document_response"))
    await own.until_indexed(1)


async def test_the_households_own_files_cannot_be_removed_over_the_network(own: Client) -> None:
    async with own.session.delete("/documents", json={"path": "documents/house-manual.md"}) as response:
        assert (response.status, (await response.json())["error"]["code"]) == (404, "not_found")
    assert (own.folder / "documents" / "house-manual.md").exists()


async def test_the_vocabulary_has_the_shape_of_the_contract(client: Client) -> None:
    status, vocabulary = await client.get("/vocabulary")
    assert (status, set(vocabulary)) == (200, set(contract("vocabulary")))
    assert vocabulary["topics"] == ["Bleeding a radiator", "House manual"]
    assert vocabulary["version"] == (await client.get("/health"))[1]["vocabulary_version"]


async def test_an_empty_question_gets_the_error_of_the_contract(client: Client) -> None:
    assert await client.post("/ask", {"question": " "}) == (400, contract("error"))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/ask", []),
        ("/ask", {"question": 7}),
        ("/ask", {"question": "half a smile: \ud83d"}),
        ("/ask", {"question": "x" * 2_001}),
        ("/ask", {"question": "x", "language": 5}),
        ("/search", {"query": "x", "limit": 0}),
        ("/search", {"query": "x", "limit": True}),
        ("/search", {"query": "x", "limit": 10_000}),
        ("/search", {"query": "x", "filters": []}),
        ("/search", {"query": "x", "filters": {"kinds": ["recipe"]}}),
        ("/search", {"query": "x", "filters": {"kinds": [[]]}}),
        ("/search", {"query": "x", "filters": {"language": "de"}}),
        ("/search", {"query": "x", "filters": {"document": 5}}),
        ("/search", {"query": "x", "filters": {"year_from": 1700}}),
        ("/search", {"query": "x", "filters": {"year_from": "1972"}}),
        ("/search", {"query": "x", "filters": {"year_to": 1972.5}}),
        ("/search", {"query": "x", "filters": {"date_from": "yesterday"}}),
        ("/search", {"query": "x", "filters": {"sentiment": "bored"}}),
        ("/documents", {"name": " ", "text": "x"}),
        ("/documents", {"name": "x"}),
        ("/documents", {"name": "x", "text": "x" * 200_001}),
        ("/search", None),
    ],
)
async def test_a_request_without_sense_is_told_what_is_wrong(client: Client, path: str, body: Any) -> None:
    status, answer = await client.post(path, body)
    assert (status, shape(answer), answer["error"]["code"]) == (400, shape(contract("error")), "bad_request")


async def test_other_failures_have_the_shape_of_the_contract_too(client: Client) -> None:
    answers = [
        await client.get("/nothing"),
        await client.get("/ask"),
        await client.post("/ask", {"question": "x" * 70_000}),
        await client.get("/documents", headers={"Host": "evil.example"}),
    ]
    assert [status for status, _ in answers] == [404, 405, 413, 403]
    assert all(shape(answer) == shape(contract("error")) for _, answer in answers)
    async with client.session.post("/ask", data=b"\xff{", headers={"Content-Type": "text/x; charset=nope"}) as response:
        assert (response.status, shape(await response.json())) == (400, shape(contract("error")))


async def test_any_text_may_be_searched_for(client: Client) -> None:
    for query in ('"', "(", "*", "'; DROP TABLE passages; --", "\u0000", "🙂", "a AND NOT b", "字" * 2_000):
        assert (await client.post("/search", {"query": query}))[0] == 200


async def test_a_token_opens_everything_and_only_health_is_open_without(guarded: Client) -> None:
    right, wrong = {"Authorization": "Bearer s3cret"}, {"Authorization": "Bearer secret"}
    assert (await guarded.get("/health"))[0] == 200
    assert (await guarded.get("/documents", headers=right))[0] == 200
    for headers in (
        {},
        wrong,
        {"Authorization": "s3cret"},
        {"Authorization": "Bearer ключ".encode().decode("latin-1")},
    ):
        status, answer = await guarded.get("/documents", headers=headers)
        assert (status, answer["error"]["code"]) == (401, "unauthorized")


async def test_a_dropped_file_is_soon_found_and_a_deleted_one_forgotten(own: Client) -> None:
    note = own.folder / "documents" / "ключи.txt"
    note.write_text("Ключ от почтового ящика висит на крючке у двери.")
    await own.until_indexed(2)
    _, answer = await own.post("/ask", {"question": "Где ключ от почтового ящика?"})
    assert answer["spoken"] == "Ключ от почтового ящика висит на крючке у двери. Это из документа «ключи»."
    note.unlink()
    await own.until_indexed(1)
    assert not (await own.post("/ask", {"question": "Где ключ от почтового ящика?"}))[1]["found"]


async def test_reindexing_is_accepted(client: Client) -> None:
    assert await client.post("/reindex") == (202, {"status": "accepted"})


async def test_settings_have_the_shape_of_the_contract_and_nothing_secret(client: Client) -> None:
    status, settings = await client.get("/settings")
    assert status == 200
    assert settings.keys() == contract("settings").keys()
    assert settings["embedding"].keys() == contract("settings")["embedding"].keys()
    assert settings["embedding"]["state"] == "off"
    assert "/" not in settings["folder"]


async def test_without_an_embedder_there_is_nothing_to_test(client: Client) -> None:
    status, answer = await client.post("/settings/self-test")
    assert (status, answer["error"]["code"]) == (409, "not_possible")


async def test_without_a_model_there_are_no_other_words(client: Client) -> None:
    status, answer = await client.post("/rephrase", contract("rephrase_request"))
    assert (status, answer) == (200, {**contract("rephrase_response"), "queries": []})


async def test_metrics_count_requests_and_answers(own: Client) -> None:
    await own.post("/ask", contract("ask_request"))
    await own.get("/a-made-up-address")
    async with own.session.get("/metrics") as response:
        text = await response.text()
    assert 'voice_rag_knowledge_answers_total{found="true"} 1.0' in text
    assert 'voice_rag_knowledge_requests_total{route="/ask",status="200"} 1.0' in text
    assert 'voice_rag_knowledge_requests_total{route="other",status="404"} 1.0' in text
    assert 'voice_rag_knowledge_files{status="indexed"} 1.0' in text


async def test_a_bug_is_answered_in_json_and_logged(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a secret of the house")

    monkeypatch.setattr(KnowledgeBase, "search", fail)
    status, answer = await client.post("/search", {"query": "x"})
    assert (status, shape(answer), answer["error"]["code"]) == (500, shape(contract("error")), "internal")
    assert "secret" not in answer["error"]["message"]
    assert "ZeroDivisionError: a secret of the house" in caplog.text


async def test_a_question_that_takes_too_long_is_given_up(
    settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = asyncio.Event()
    loop = asyncio.get_running_loop()

    def never(*_: object) -> None:
        asyncio.run_coroutine_threadsafe(released.wait(), loop).result()

    monkeypatch.setattr(KnowledgeBase, "ask", never)
    async with started(dataclasses.replace(settings, query_seconds=0.2)) as client:
        status, answer = await client.post("/ask", {"question": "x"})
        assert (status, answer["error"]["code"]) == (504, "timeout")
        released.set()


async def test_while_the_index_opens_questions_are_asked_to_wait(
    settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, released = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(*_: object) -> None:
        loop.call_soon_threadsafe(reached.set)
        asyncio.run_coroutine_threadsafe(released.wait(), loop).result()

    monkeypatch.setattr("knowledge.store.text_index.require_lancedb", slow)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    stop = asyncio.Event()
    service = asyncio.create_task(serve(dataclasses.replace(settings, port=port), stop))
    await reached.wait()
    url = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession(url) as session:
        client = Client(session, settings.knowledge.folder, url)
        for status, answer in (await client.get("/health"), await client.post("/ask", {"question": "x"})):
            assert (status, answer["error"]["code"]) == (503, "starting")
        released.set()
        await client.until_indexed(1)
    stop.set()
    await service


async def test_an_empty_token_is_refused(folder: Path, data: Path) -> None:
    with pytest.raises(SettingsError, match="empty"):
        check_settings(ServiceSettings(KnowledgeSettings(folder, data), token=" "))


async def test_an_engine_that_is_not_there_is_refused_with_those_that_are(folder: Path, data: Path) -> None:
    wrong = KnowledgeSettings(folder, data, embedder=EmbedderSettings("olama", "bge-m3"))
    with pytest.raises(SettingsError, match=r"no embedder 'olama'\. Choose one of ollama, onnx"):
        check_settings(ServiceSettings(wrong))
    wrong = KnowledgeSettings(folder, data, reranker=RerankerSettings("best"))
    with pytest.raises(SettingsError, match=r"no reranker 'best'\. Choose one of cross_encoder"):
        check_settings(ServiceSettings(wrong))


async def test_a_template_that_is_not_there_is_refused_with_those_that_are(folder: Path, data: Path) -> None:
    wrong = KnowledgeSettings(folder, data, lectures=LectureSettings(template="shrot"))
    with pytest.raises(SettingsError, match=r"no template 'shrot'\. Choose one of short, study_notes"):
        check_settings(ServiceSettings(wrong))


async def test_the_announced_address_is_never_the_wildcard() -> None:
    try:
        address = real_address("0.0.0.0")
    except OSError:
        pytest.skip("this machine has no network")
    assert address not in {"0.0.0.0", ""}


async def process(folder: Path, data: Path, port: int, host: str = "127.0.0.1") -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", RUN, str(folder), str(data), host, str(port), stderr=asyncio.subprocess.PIPE, cwd=ROOT
    )


async def test_a_process_says_when_it_is_ready_and_stops_cleanly_at_sigterm(settings: ServiceSettings) -> None:
    knowledge = settings.knowledge
    service = await process(knowledge.folder, knowledge.data, 0)
    assert service.stderr is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        while b"Ready: " not in await service.stderr.readline():
            pass
        service.send_signal(signal.SIGTERM)
        rest = await service.stderr.read()
        assert await service.wait() == 0
    assert b"Traceback" not in rest


async def test_what_prevents_a_start_is_said_in_one_line(settings: ServiceSettings) -> None:
    knowledge = settings.knowledge
    read_only = Path("/proc/self/data")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        cases = [
            (await process(knowledge.folder, knowledge.data, port), f"Port {port} on 127.0.0.1 is in use"),
            (await process(knowledge.folder / "no", knowledge.data, 0), "does not exist. Create it"),
            (await process(knowledge.folder, read_only, 0), "cannot be created: "),
        ]
        for service, message in cases:
            _, stderr = await service.communicate()
            (line,) = stderr.decode().splitlines()
            assert service.returncode == 1
            assert line.startswith("ERROR ")
            assert message in line


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_data_folder_without_permission_is_named(settings: ServiceSettings) -> None:
    settings.knowledge.data.chmod(0o500)
    service = await process(settings.knowledge.folder, settings.knowledge.data, 0)
    _, stderr = await service.communicate()
    assert b"cannot be written" in stderr
