import asyncio
import dataclasses
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
from yarl import URL

from knowledge import ServiceSettings
from tests.knowledge.service.running import MANUAL, Client, contract, shape, started
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="module")

PUMP = "Насос на даче включается красной кнопкой в подвале."


def form(name: str, content: bytes, **fields: str) -> aiohttp.FormData:
    data = aiohttp.FormData(quote_fields=False)
    for field, value in fields.items():
        data.add_field(field, value)
    data.add_field("file", content, filename=name, content_type="application/octet-stream")
    return data


async def sent(client: Client, name: str, content: bytes, **fields: str) -> tuple[int, Any]:
    async with client.session.post("/documents", data=form(name, content, **fields)) as response:
        return response.status, await response.json()


async def until_known(client: Client, path: str) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            status, answer = await client.get(f"/documents/{quote(path)}")
            if status == 200:
                return dict(answer)
            await asyncio.sleep(0.05)


async def test_a_file_is_sent_found_shown_and_deleted(own: Client) -> None:
    status, answer = await sent(own, "Насос.txt", PUMP.encode(), kind="document", collection="Дача")
    assert (status, shape(answer)) == (201, shape(contract("upload_response")))
    path = answer["documents"][0]["path"]
    assert path == "documents/uploads/Дача/Насос.txt"
    document = await until_known(own, path)
    assert shape(document) == shape(contract("document"))
    assert (document["document"]["collection"], document["document"]["is_removable"]) == ("Дача", True)
    assert [passage["text"] for passage in document["passages"]] == [PUMP]
    _, found = await own.post("/ask", {"question": "Где включается насос?"})
    assert found["sources"][0]["document"] == path
    async with own.session.delete(f"/documents/{quote(path)}") as response:
        assert (response.status, await response.json()) == (200, {"path": path})
    await own.until_indexed(1)
    assert not (own.folder / path).exists()


@pytest.mark.parametrize(
    ("name", "fields", "status"),
    [
        ("../../etc/passwd.txt", {}, 201),
        ("..\\..\\boot.txt", {}, 201),
        ("note.txt", {"collection": "../../.."}, 409),
        ("photo.jpg", {}, 415),
        ("...", {}, 415),
        ("note.txt", {"kind": "recipe"}, 400),
        ("note.txt", {"collection": "x" * 3_000}, 400),
    ],
)
async def test_no_name_leads_out_of_the_folder(own: Client, name: str, fields: dict[str, str], status: int) -> None:
    before = {path for path in own.folder.parent.rglob("*") if own.folder not in path.parents}
    got, answer = await sent(own, name, b"A text of some words.", **fields)
    assert got == status, answer
    after = {path for path in own.folder.parent.rglob("*") if own.folder not in path.parents}
    assert {path for path in after - before if "data" not in path.relative_to(own.folder.parent).parts} == set()
    if status == 201:
        assert answer["documents"][0]["path"].startswith("documents/uploads/")


async def test_a_file_that_is_too_large_is_refused_and_leaves_nothing(settings: ServiceSettings) -> None:
    ingest = dataclasses.replace(settings.knowledge.ingest, max_file_bytes=3 << 20)
    small = dataclasses.replace(settings, knowledge=dataclasses.replace(settings.knowledge, ingest=ingest))
    async with started(small) as client:
        status, answer = await sent(client, "large.txt", b"x" * (4 << 20))
        assert (status, answer["error"]["code"]) == (413, "too_large")
        assert (await sent(client, "fits.txt", b"word " * (2 << 18)))[0] == 201
        assert [path.name for path in client.folder.rglob("*.part")] == []
        assert not list(client.folder.rglob("large*"))


async def test_a_body_that_is_no_form_is_told_so(client: Client) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    for body in (b"", b"--x\r\n\r\n", b"--x--\r\n", b"--y"):
        async with client.session.post("/documents", data=body, headers=headers) as response:
            assert (response.status, shape(await response.json())) == (400, shape(contract("error")))


async def test_a_client_that_leaves_before_its_file_comes_is_no_failure(
    own: Client, caplog: pytest.LogCaptureFixture
) -> None:
    url = URL(own.url)
    _, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(
        b"POST /documents HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n"
        b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        b'--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\ndocu'
    )
    await writer.drain()
    await asyncio.sleep(0.2)  # so that the form is being read when its sender leaves
    writer.close()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while 'route="/documents"' not in await (await own.session.get("/metrics")).text():
            assert "Error" not in caplog.text
            await asyncio.sleep(0.05)
    assert "Error" not in caplog.text


async def test_the_original_is_sent_whole_and_in_ranges_and_cannot_run(own: Client) -> None:
    async with own.session.get("/sources/documents/house-manual.md") as response:
        assert await response.text() == MANUAL
        assert response.content_type == "text/plain"
        assert response.headers["Content-Disposition"].startswith("inline")
    headers = {"Range": "bytes=2-13"}
    async with own.session.get("/sources/documents/house-manual.md", headers=headers) as response:
        assert (response.status, await response.text()) == (206, "House manual")
    page = own.folder / "documents" / "page.html"
    page.write_text("<p>The cellar key hangs behind the door.</p><script>alert(1)</script>")
    await own.until_indexed(2)
    async with own.session.get("/sources/documents/page.html") as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "script" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    ["../data/token", "..%2Fdata%2Ftoken", "%2Fetc%2Fpasswd", "documents/none.md", ".hidden.md", "a%00b", "documents"],
)
async def test_only_files_that_are_known_are_sent_and_shown(client: Client, path: str) -> None:
    for address in ("sources", "documents"):
        async with client.session.get(URL(f"{client.url}/{address}/{path}", encoded=True)) as response:
            assert (response.status, shape(await response.json())) == (404, shape(contract("error")))


async def test_the_households_own_files_are_not_deleted_by_their_address(own: Client) -> None:
    async with own.session.delete("/documents/documents/house-manual.md") as response:
        assert (response.status, (await response.json())["error"]["code"]) == (404, "not_found")
    assert (own.folder / "documents" / "house-manual.md").exists()


async def test_a_file_is_read_anew_when_asked(own: Client) -> None:
    (_, before), path = await own.get("/documents"), contract("reindex_request")["path"]
    await asyncio.sleep(1.1)  # its time is told in whole seconds
    assert await own.post("/reindex", contract("reindex_request")) == (202, contract("reindex_response"))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await own.get(f"/documents/{path}"))[1].get("document", before["documents"][0]) == before["documents"][
            0
        ]:
            await asyncio.sleep(0.05)
    assert (await own.post("/reindex", {"path": "documents/none.md"}))[0] == 404


async def test_collections_and_films_have_the_shape_of_the_contract(own: Client) -> None:
    films = own.folder / "films"
    films.mkdir()
    (films / "films.csv").write_text(
        "title,year,rating,director,actors,genres,country,synopsis\n"
        "Солярис,1972,8.1,Андрей Тарковский,Донатас Банионис,фантастика,СССР,Психолог летит на станцию.\n"
        "Брат,1997,8.3,Алексей Балабанов,Сергей Бодров,драма,Россия,Данила приезжает в Петербург.\n"
    )
    await own.until_indexed(2)
    status, collections = await own.get("/collections")
    assert (status, shape(collections)) == (200, shape(contract("collections")))
    assert [(one["kind"], one["documents"]) for one in collections["collections"]] == [("document", 1), ("film", 1)]
    status, found = await own.get("/films", params={"person": "Тарковского", "year_from": "1970"})
    assert (status, shape(found)) == (200, shape(contract("films")))
    assert [film["title"] for film in found["films"]] == ["Солярис"]
    for query in ({"year_from": "old"}, {"rating": "11"}, {"colour": "red"}, {"genre": "x" * 300}):
        assert (await own.get("/films", params=query))[0] == 400
