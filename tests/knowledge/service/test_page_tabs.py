"""The page in more tabs than a browser has connections to a host, which is six over HTTP/1.1: see browsing.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.gradient_descent import add_gradient_descent
from tests.knowledge.service.browsing import browsing, in_module, look_at, look_away, visiting

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.fakes.lecture_service import LectureService
    from tests.knowledge.service.running import Client


@browsing
@in_module
async def test_eight_tabs_are_served_and_each_is_up_to_date_when_somebody_looks_at_it(
    own: Client, browser: Browser
) -> None:
    address = f"{own.url}/#documents"
    async with visiting(browser, address) as first:
        await first.locator(".file").wait_for()
        await look_away(first)
        for _ in range(7):
            tab = await first.context.new_page()
            await tab.goto(address)
            await tab.locator(".file").wait_for()
            await look_away(tab)
        (own.folder / "documents" / "Ключи.txt").write_text("Ключ висит у двери.")
        await own.until_indexed(2)
        await look_at(first)
        note = first.locator(".file").filter(has_text="Ключи")
        await note.get_by_text("Готов").wait_for()
        (own.folder / "documents" / "Ключи.txt").unlink()
        await note.wait_for(state="detached")


@browsing
@in_module
async def test_a_lecture_that_came_back_while_its_tab_was_hidden_is_shown(
    service: LectureService, browser: Browser
) -> None:
    id_ = add_gradient_descent(service)
    detail = service.details.pop(id_)
    async with visiting(browser, f"{service.url}/#lectures/{id_}?t=50") as page:
        await page.get_by_text("Такой лекции больше нет.").wait_for()
        await look_away(page)
        service.details[id_] = detail
        await look_at(page)
        await page.locator(".spoken").wait_for()
