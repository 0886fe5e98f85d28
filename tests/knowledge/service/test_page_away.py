"""The page while its service is away, begins or is busy, in a real browser: see browsing.py."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from demo.ports import free_ports
from knowledge import KnowledgeBase
from tests.knowledge.service.browsing import browsing, in_module, visiting
from tests.knowledge.service.running import started

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from knowledge import KnowledgeSettings, ServiceSettings


@browsing
@in_module
async def test_a_page_says_what_the_service_does_and_finds_its_way_back(
    settings: ServiceSettings, browser: Browser
) -> None:
    seen = threading.Event()

    def open_slowly(settings: KnowledgeSettings) -> KnowledgeBase:
        seen.wait()
        return KnowledgeBase(settings)

    async def see_it_open() -> None:
        await state.get_by_text("Открываю индекс…").wait_for()
        seen.set()

    settings = dataclasses.replace(settings, port=free_ports(1)[0])
    async with AsyncExitStack() as visit:
        async with started(settings) as client:
            page = await visit.enter_async_context(visiting(browser, f"{client.url}/#documents"))
            state = page.locator("#state")
            await page.locator(".file").first.wait_for()
        await state.get_by_text("Нет связи").wait_for()
        await page.get_by_role("button", name="Просмотреть папку заново").click()
        await page.locator(".toast").get_by_text("Сервис недоступен.").wait_for()
        await page.locator("nav a[href='#settings']").click()
        await page.locator("main .problem").get_by_text("Сервис недоступен.").wait_for()
        seeing = asyncio.create_task(see_it_open())
        async with started(settings, open_slowly):
            await state.get_by_text("Всё прочитано").wait_for()
            await page.get_by_role("heading", name="Настройки").wait_for()
            await visit.aclose()
        await seeing


@browsing
@in_module
async def test_a_row_stays_under_the_finger_while_others_come_and_keeps_the_focus_when_it_changes(
    settings: ServiceSettings, browser: Browser
) -> None:
    async with started(settings) as client, visiting(browser, f"{client.url}/#documents") as page:
        row = page.locator(".file").filter(has_text="House manual")
        await row.get_by_text("Готов").wait_for()
        node = await row.element_handle()
        (client.folder / "documents" / "A first.txt").write_text("It comes before the others.")
        await page.locator(".file").filter(has_text="A first").get_by_text("Готов").wait_for()
        assert node is not None
        assert await node.evaluate("(row) => row.isConnected")
        again = row.get_by_role("button", name="Прочитать заново")
        await again.press("Enter")
        await page.wait_for_function("(row) => !row.isConnected", arg=node)
        assert await again.evaluate("(button) => button === document.activeElement")
