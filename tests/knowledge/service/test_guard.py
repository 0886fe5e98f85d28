import dataclasses
import re

import pytest

from knowledge import ServiceSettings
from knowledge.service.tokens import kept_token
from tests.knowledge.service.running import TOKEN, Client, started

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_service_for_the_network_asks_for_the_token_that_it_generated(settings: ServiceSettings) -> None:
    async with started(dataclasses.replace(settings, host="0.0.0.0", announce=False)) as client:
        token = kept_token(settings.knowledge.data)
        assert (await client.get("/documents"))[0] == 401
        assert (await client.get("/documents", headers={"Authorization": f"Bearer {token}"}))[0] == 200
        assert (settings.knowledge.data / "address").exists()
    assert not (settings.knowledge.data / "address").exists()


async def test_a_browser_logs_in_with_the_token_and_out_again(guarded: Client) -> None:
    assert (await guarded.get("/session"))[1] == {"authorised": False, "ingress": False, "has_token": True}
    assert (await guarded.post("/session", {"token": "wrong"}))[0] == 401
    async with guarded.session.post("/session", json={"token": TOKEN}) as response:
        cookie = response.headers["Set-Cookie"]
        assert response.status == 200
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert TOKEN not in cookie
    # aiohttp's client keeps no cookies of addresses without a name.
    logged_in = {"Cookie": cookie.partition(";")[0]}
    assert (await guarded.get("/documents", headers=logged_in))[0] == 200
    assert (await guarded.post("/reindex", headers={**logged_in, "Origin": "http://evil.example"}))[0] == 403
    async with guarded.session.delete("/session") as response:
        assert 'voice_rag_session=""' in response.headers["Set-Cookie"]


async def page_files(client: Client) -> list[str]:
    async with client.session.get("/") as response:
        return sorted({f"/{path}" for path in re.findall(r'(?:href|src)="(web/[^"]+)"', await response.text())})


async def test_a_browser_fetches_the_page_s_files_once_for_each_version_of_them(guarded: Client) -> None:
    paths = await page_files(guarded)
    assert {"app.js", "style.css", "icon.svg", "plurals.js"} <= {path.rpartition("/")[2] for path in paths}
    for path in paths:
        async with guarded.session.get(path) as response:
            assert (response.status, "immutable" in response.headers["Cache-Control"]) == (200, True)
    assert (await guarded.get(paths[0].replace("/web/", "/web/x")))[0] == 404
    async with guarded.session.get("/") as response:
        assert response.headers["Cache-Control"] == "no-cache"


async def test_browsers_are_told_to_run_and_load_nothing_from_elsewhere(guarded: Client) -> None:
    for path in ("/", *await page_files(guarded), "/health", "/documents", "/nothing"):
        async with guarded.session.get(path) as response:
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe-inline" not in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"
