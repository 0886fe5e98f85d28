"""The page in a real browser.

Needs Chromium (CHROMIUM names another one). Pictures of what it saw are kept in the folder that ARTIFACTS names.
"""

from __future__ import annotations

import os
import shutil
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.waiting import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
STEP_MS = PATIENCE_SECONDS * 1000
SIZES = {"desktop": (1200, 800), "phone": (390, 844)}

browsing = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here: apt install chromium")
in_module = pytest.mark.asyncio(loop_scope="module")

UNNAMED = """() => [...document.querySelectorAll("button, a, input:not([type=file]), select, textarea")]
    .filter((node) => !(node.labels?.length || node.ariaLabel || node.textContent.trim()))
    .map((node) => node.outerHTML)"""

DROP = """async ([name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name));
    for (const type of ["dragover", "drop"]) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    }
}"""

HIDE = """(isHidden) => {
    Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@asynccontextmanager
async def visiting(browser: Browser, url: str, size: str = "desktop", **wishes: Any) -> AsyncIterator[Page]:
    """Open the page; it must ask no other host for anything and complain of nothing."""
    width, height = SIZES[size]
    context = await browser.new_context(viewport={"width": width, "height": height}, **({"locale": "ru-RU"} | wishes))
    context.set_default_timeout(STEP_MS)
    page = await context.new_page()
    hosts, complaints = set[str](), list[str]()
    page.on("request", lambda request: hosts.add(request.url.split("/", 3)[2]))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    await page.goto(url)
    yield page
    await context.close()
    assert (hosts, complaints) == ({url.split("/", 3)[2]}, [])


async def look_away(page: Page) -> None:
    """Tell the page that its tab is hidden: a browser without a screen shows all of its tabs."""
    await page.evaluate(HIDE, True)


async def look_at(page: Page) -> None:
    """Tell the page that its tab is in sight again."""
    await page.evaluate(HIDE, False)


async def keep_picture(page: Page, name: str) -> None:
    """Keep what the browser shows where somebody wants it."""
    if folder := os.environ.get("ARTIFACTS"):
        await page.wait_for_timeout(300)
        await page.screenshot(path=Path(folder) / f"knowledge_{name}.png")
