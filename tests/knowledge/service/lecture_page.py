"""What people do with a lecture that is open in the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page


def sentence(page: Page, number: int) -> Locator:
    """Return the sentence of a number."""
    return page.locator(f".segment[data-number='{number}']")


async def seconds(page: Page) -> float:
    """Return where the player is."""
    return float(await page.locator(".player audio, .player video").evaluate("(media) => media.currentTime"))


async def correct(page: Page, number: int, text: str) -> None:
    """Give a sentence another text with the keyboard."""
    await sentence(page, number).focus()
    await page.keyboard.press("F2")
    await page.keyboard.press("ControlOrMeta+A")
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")
