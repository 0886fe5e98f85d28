"""People use the page in a real browser: see browsing.py."""

from __future__ import annotations

import dataclasses
import re
import shutil
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from knowledge import KnowledgeBase
from knowledge.models import EmbeddingState, EmbeddingStatus, Language, LanguageTest, SelfTestReport
from tests.knowledge.conftest import SAMPLES
from tests.knowledge.service.browsing import DROP, SIZES, UNNAMED, browsing, in_module, keep_picture, visiting
from tests.knowledge.service.running import TOKEN, Client, house, started

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

    from knowledge import ServiceSettings

PREFIX = "/api/hassio_ingress/Zm9v"
STYLE = Path(__file__).parents[3] / "knowledge" / "service" / "web" / "style.css"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def home(tmp_path_factory: pytest.TempPathFactory, probed: Path) -> AsyncIterator[Client]:
    """A service for the shipped samples."""
    settings = house(tmp_path_factory.mktemp("page"), probed)
    shutil.copytree(SAMPLES, settings.knowledge.folder, dirs_exist_ok=True)
    async with started(settings) as client:
        await client.until_indexed(4)
        yield client


async def ask(page: Page, question: str) -> None:
    await page.locator("#question").fill(question)
    await page.keyboard.press("Enter")
    await page.locator(".sources li").first.wait_for()


@browsing
@in_module
async def test_a_question_is_answered_and_its_source_stands_marked_in_its_place(home: Client, browser: Browser) -> None:
    async with visiting(browser, home.url) as page:
        await ask(page, "Как спустить воздух из радиатора?")
        assert "ключ" in await page.locator(".answer .text").inner_text()
        await keep_picture(page, "answer")
        await page.locator(".answer .mark").first.click()
        cited = page.locator("#reader .cited")
        await cited.wait_for()
        assert (
            await cited.locator("p:not(.note)").first.inner_text() in await page.locator(".quote").first.text_content()
        )
        place = await page.locator(".where .muted").first.inner_text()
        assert place in await page.locator("#reader h3").all_inner_texts()
        original = await page.locator("#reader a").get_attribute("href")
        async with home.session.get(f"/{original}") as response:
            assert "Инструкция" in await response.text()
        await keep_picture(page, "source")
        await page.keyboard.press("Escape")
        await page.locator("#reader").wait_for(state="hidden")


@browsing
@in_module
async def test_what_the_documents_do_not_say_is_said_so(home: Client, browser: Browser) -> None:
    async with visiting(browser, home.url) as page:
        await page.locator("#question").fill("Сколько лет слону?")
        await page.keyboard.press("Enter")
        await page.get_by_text("В ваших документах я этого не нашёл.").wait_for()
        assert await page.locator(".sources li").count() == 0


@browsing
@in_module
async def test_files_are_dragged_in_followed_filtered_and_deleted(settings: ServiceSettings, browser: Browser) -> None:
    async with started(settings) as client, visiting(browser, f"{client.url}/#documents") as page:
        await client.until_indexed(1)
        await page.locator("#collection").fill("Дача")
        await page.evaluate(DROP, ["Насос.txt", "Насос включается красной кнопкой."])
        await page.evaluate(DROP, ["Скан.pdf", "no PDF"])
        await page.evaluate(DROP, ["photo.jpg", "no text"])
        pump = page.locator(".file").filter(has_text="documents/uploads/Дача/Насос.txt")
        await pump.get_by_text("Готов").wait_for()
        scan = page.locator(".file").filter(has_text="Скан")
        await scan.get_by_text("Не прочитан").wait_for()
        assert "Файл повреждён" in await scan.locator(".reason").inner_text()
        await page.locator(".uploads .failed").filter(has_text="Этот формат не поддерживается").wait_for()
        await keep_picture(page, "documents")
        await page.locator("#status").select_option("failed")
        assert await page.locator(".file").count() == 1
        await page.locator("#status").select_option("")
        await page.locator("#find").fill("насос")
        await page.get_by_text("1 документ", exact=True).wait_for()
        await pump.get_by_role("button", name="Удалить").click()
        await page.locator("#confirm").get_by_role("button", name="Удалить").click()
        await pump.wait_for(state="detached")
        assert not list(client.folder.rglob("Насос.txt"))


@browsing
@in_module
async def test_what_cannot_be_sent_is_told_with_what_to_do_instead(
    home: Client, browser: Browser, tmp_path: Path
) -> None:
    recording, folder = tmp_path / "Оптика.mp3", tmp_path / "Физика"
    recording.write_bytes(b"sound")
    folder.mkdir()
    async with visiting(browser, f"{home.url}/#documents") as page:
        await page.locator("#files").set_input_files(recording)
        await page.locator(".uploads .failed").get_by_text("Выберите вид «Лекции»").wait_for()
        await drag(page, folder, "dragEnter", "dragOver", "drop")
        await page.locator(".uploads .failed").filter(has_text="Физика").get_by_text("Это папка").wait_for()


async def drag(page: Page, file: Path, *steps: str) -> None:
    """Drag a file into the middle of the page as a person does, step by step."""
    devtools = await page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    for step in steps:
        await devtools.send("Input.dispatchDragEvent", {"type": step, "x": 600, "y": 250, "data": data})


@browsing
@in_module
async def test_a_file_that_is_dragged_over_another_view_is_given_a_place(
    home: Client, browser: Browser, tmp_path: Path
) -> None:
    recording = tmp_path / "Оптика.mp3"
    recording.write_bytes(b"sound")
    async with visiting(browser, f"{home.url}/#ask") as page:
        await page.locator("#question").wait_for()
        await drag(page, recording, "dragEnter", "dragOver")
        await page.locator(".drop").wait_for()
        await drag(page, recording, "dragOver", "drop")
        await page.locator(".uploads .failed").filter(has_text="Оптика").wait_for()


@browsing
@in_module
async def test_what_happens_in_the_folder_shows_without_asking(settings: ServiceSettings, browser: Browser) -> None:
    async with started(settings) as client, visiting(browser, f"{client.url}/#documents") as page:
        note = client.folder / "documents" / "Ключи.txt"
        note.write_text("Ключ висит у двери.")
        row = page.locator(".file").filter(has_text="Ключи")
        await row.get_by_text("Готов").wait_for()
        # What the household put there itself is not deleted here.
        assert await row.get_by_role("button", name="Удалить").count() == 0
        note.unlink()
        await row.wait_for(state="detached")


@browsing
@in_module
async def test_what_is_wrong_with_the_folder_stands_above_every_view_until_it_is_over(
    settings: ServiceSettings, browser: Browser
) -> None:
    folder = settings.knowledge.folder
    async with started(settings) as client, visiting(browser, f"{client.url}/#documents") as page:
        await client.until_indexed(1)
        notice = page.locator("#notice")
        assert not await notice.is_visible()
        away = folder.rename(folder.with_name("unplugged"))
        await notice.get_by_text("Папка знаний не найдена").wait_for()
        await notice.get_by_text("Подключите диск").wait_for()
        await page.locator("nav a[href='#settings']").click()
        await page.get_by_label("Язык").select_option("en")
        await notice.get_by_text("Connect the disk").wait_for()
        away.rename(folder)
        await notice.wait_for(state="hidden")
        (folder / "documents" / "house-manual.md").unlink()
        await notice.get_by_text("The knowledge folder is empty").wait_for()
        await keep_picture(page, "folder_notice")


@browsing
@in_module
async def test_films_are_chosen_by_their_fields(home: Client, browser: Browser) -> None:
    async with visiting(browser, f"{home.url}/#films") as page:
        await page.locator(".film").nth(9).wait_for()
        await keep_picture(page, "films")
        await page.get_by_label("Актёр или режиссёр").fill("Тарковского")
        await page.get_by_text("2 фильма", exact=True).wait_for()
        await page.get_by_label("С года").fill("1975")
        await page.get_by_text("1 фильм", exact=True).wait_for()
        assert await page.locator(".film h2").all_inner_texts() == ["Сталкер"]
        await page.get_by_role("button", name="Сбросить").click()
        await page.get_by_text("10 фильмов", exact=True).wait_for()


@browsing
@in_module
async def test_the_settings_tell_how_the_service_is_and_change_the_page(home: Client, browser: Browser) -> None:
    async with visiting(browser, f"{home.url}/#settings", color_scheme="dark") as page:
        await page.get_by_text("выключен: поиск идёт по словам").wait_for()
        assert await page.locator(".address").inner_text() == f"{home.url}/mcp"
        await page.get_by_label("Язык").select_option("en")
        await page.get_by_role("heading", name="Settings").wait_for()
        assert await page.locator("#state").inner_text() == "Up to date"
        await keep_picture(page, "settings_dark")
        await page.get_by_label("Colours").select_option("light")
        assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(245, 244, 239)"
        await page.reload()
        await page.get_by_role("heading", name="Settings").wait_for()
        assert await page.evaluate("document.documentElement.dataset.theme") == "light"


@browsing
@in_module
async def test_the_self_test_tells_where_the_embedder_is_used(
    home: Client, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    tests = [
        LanguageTest(
            language=language,
            questions=30,
            lexical=0.8,
            hybrid=hybrid,
            lexical_paraphrased=0.6,
            hybrid_paraphrased=0.7,
            dense=0.5,
            chance=0.5,
            floor=0.5,
            is_accepted=hybrid > 0.8,
        )
        for language, hybrid in ((Language.RUSSIAN, 0.93), (Language.ENGLISH, 0.65))
    ]
    report = SelfTestReport("bge-m3", "1", tuple(tests))
    ready = EmbeddingStatus(EmbeddingState.READY, "bge-m3", "bge-m3", 58, 58)
    monkeypatch.setattr(KnowledgeBase, "embedding", lambda _: ready)
    monkeypatch.setattr(KnowledgeBase, "test_embedder", lambda _: report)
    async with visiting(browser, f"{home.url}/#settings") as page:
        await page.get_by_text("bge-m3 · готов").wait_for()
        await page.get_by_role("button", name="Запустить самопроверку").click()
        rows = page.locator("tbody tr")
        await rows.nth(1).wait_for()
        russian, english = await rows.all_inner_texts()
        assert ("русский" in russian, "93" in russian, "не используется" in russian) == (True, True, False)
        assert ("английский" in english, "65" in english, "не используется" in english) == (True, True, True)


@browsing
@in_module
async def test_a_browser_is_asked_for_the_token_once(guarded: Client, browser: Browser) -> None:
    async with visiting(browser, guarded.url) as page:
        await page.get_by_label("Токен").fill("wrong")
        await page.keyboard.press("Enter")
        await page.get_by_text("Это не тот токен.").wait_for()
        await page.get_by_label("Токен").fill(TOKEN)
        await page.keyboard.press("Enter")
        await page.locator("#question").wait_for()
        await page.reload()
        await page.locator("nav a[href='#settings']").click()
        await page.get_by_role("button", name="Выйти").click()
        await page.get_by_label("Токен").wait_for()


@asynccontextmanager
async def ingress(target: str) -> AsyncIterator[str]:
    """Stand before a service as Home Assistant does, below a prefix, and yield the page's address there."""

    async def forward(request: web.Request) -> web.StreamResponse:
        headers = {name: value for name, value in request.headers.items() if name not in ("Host", "Content-Length")}
        headers["X-Ingress-Path"] = PREFIX
        url = target + request.raw_path.removeprefix(PREFIX)
        body = await request.read()
        async with session.request(request.method, url, headers=headers, data=body) as answer:
            response = web.StreamResponse(status=answer.status, headers={"Content-Type": answer.content_type})
            await response.prepare(request)
            async for piece in answer.content.iter_any():
                await response.write(piece)
            return response

    app = web.Application()
    app.router.add_route("*", f"{PREFIX}/{{path:.*}}", forward)
    async with aiohttp.ClientSession(auto_decompress=False) as session, AsyncExitStack() as stack:
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}{PREFIX}/"


@browsing
@in_module
async def test_the_page_works_below_home_assistants_prefix_without_a_token(
    settings: ServiceSettings, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.service.access.SUPERVISOR_ADDRESS", "127.0.0.1")
    behind = dataclasses.replace(settings, token=TOKEN, trusts_ingress=True)
    async with started(behind) as client, ingress(client.url) as url, visiting(browser, url, locale="en-GB") as page:
        await client.until_indexed(1)
        await ask(page, "How do I bleed a radiator?")
        await page.locator("nav a[href='#lectures']").click()
        await page.get_by_text("No lectures yet.").wait_for()
        await page.locator("nav a[href='#documents']").click()
        await page.locator("#files").set_input_files(
            {"name": "note.txt", "mimeType": "text/plain", "buffer": b"The cellar key hangs behind the door."}
        )
        await page.locator(".file").filter(has_text="note").get_by_text("Ready").wait_for()


@browsing
@in_module
async def test_a_phone_shows_everything_without_scrolling_sideways(home: Client, browser: Browser) -> None:
    async with visiting(browser, home.url, "phone", has_touch=True) as page:
        await ask(page, "Как спустить воздух из радиатора?")
        await keep_picture(page, "phone")
        for view in ("ask", "documents", "lectures", "films", "settings"):
            await page.locator(f"nav a[href='#{view}']").click()
            await page.locator("main section").first.wait_for()
            assert await page.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"][0]


@browsing
@in_module
async def test_everything_has_a_name_and_is_reached_by_the_keyboard(home: Client, browser: Browser) -> None:
    async with visiting(browser, home.url) as page:
        for view in ("ask", "documents", "lectures", "films", "settings"):
            await page.locator(f"nav a[href='#{view}']").click()
            await page.locator("main section").first.wait_for()
            assert await page.evaluate(UNNAMED) == []
        await page.locator("nav a[href='#lectures']").press("Enter")
        await page.get_by_role("heading", name="Лекции", exact=True).wait_for()
        assert await page.evaluate("document.activeElement.textContent") == "Лекции"
        await page.locator("#skip").press("Enter")
        assert await page.evaluate("document.activeElement.id") == "main"
        assert page.url.endswith("#lectures")
        await page.locator("nav a[href='#ask']").click()
        await page.locator("#question").press("Shift+Tab")
        assert await page.evaluate("document.activeElement.className") == "chip"
        await page.keyboard.press("Enter")
        await page.locator(".turn").wait_for()


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [":root {", '[data-theme="light"]', '[data-theme="dark"]'])
def test_text_stands_out_from_its_ground(scheme: str) -> None:
    css = STYLE.read_text()
    block = css[css.index(scheme) :]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[: block.index("}")]))
    grounds = {
        "ink": ("paper", "surface", "raised", "cited"),
        "muted": ("paper", "surface", "raised", "cited"),
        "accent": ("surface", "accent-soft", "raised"),
        "on-accent": ("accent",),
        "good": ("good-soft",),
        "bad": ("bad-soft", "surface"),
        "busy": ("busy-soft", "cited"),
    }
    for text, under in grounds.items():
        for ground in under:
            dark, light = sorted((luminance(colours[text]), luminance(colours[ground])))
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)
