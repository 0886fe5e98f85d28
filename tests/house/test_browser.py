"""A person sets the assistant up and talks to it in writing, in the real frontend with a real browser.

Needs Chromium (CHROMIUM names another one). Pictures of what it saw are kept in the folder that ARTIFACTS names.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from demo import furnishing, servers
from demo.folders import HouseFolders, clear
from demo.homeassistant import Owner, create_owner
from demo.house import DROPPED, SAMPLES, START_SECONDS
from demo.ports import free_ports
from demo.processes import running
from demo.settings import Settings
from tests.waiting import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from playwright.async_api import Locator, Page

    from demo.homeassistant import HomeAssistant

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
STEP_MS = PATIENCE_SECONDS * 1000
TRY_MS = 15_000
TRIES = 3
SETTLING_MS = 600
"""Labels and dialogues have moved to their places by then."""
PHONE = {"width": 390, "height": 640}
TOKEN = secrets.token_urlsafe(12)

pytestmark = [
    pytest.mark.house,
    pytest.mark.timeout(400),
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here: apt install chromium"),
]


@dataclass(frozen=True, slots=True)
class NewHouse:
    """A Home Assistant that knows the speech server and nothing else of ours."""

    addresses: servers.Addresses
    owner: Owner
    home: HomeAssistant


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[NewHouse]:
    folders = HouseFolders(tmp_path_factory.mktemp("browser"))
    clear(folders, SAMPLES, DROPPED)
    addresses = servers.Addresses(*free_ports(4))
    servers.write_home_assistant_configuration(folders.ha, addresses.home_assistant)
    hass = Settings.from_environment({"HOUSE_HASS": os.environ.get("HOUSE_HASS", "")}).hass
    owner = Owner("demo", secrets.token_urlsafe(9))
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(ClientSession())
        speech, knowledge, ha = [
            await stack.enter_async_context(running(command))
            for command in (
                servers.speech_command(folders, addresses, TOKEN),
                servers.knowledge_command(folders, addresses, TOKEN),
                servers.home_assistant_command(folders, addresses, hass),
            )
        ]
        await speech.wait_until(lambda: servers.is_healthy(session, addresses.speech_side_url), START_SECONDS)
        await knowledge.wait_until(lambda: servers.is_healthy(session, addresses.knowledge_url), START_SECONDS)
        url = addresses.home_assistant_url
        await ha.wait_until(lambda: servers.home_assistant_answers(session, url), START_SECONDS)
        home = await stack.enter_async_context(aclosing(await create_owner(session, url, owner, "en")))
        await furnishing.add_wyoming(home, addresses.speech)
        await furnishing.arrange_rooms(home)
        yield NewHouse(addresses, owner, home)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(house: NewHouse) -> AsyncIterator[Page]:
    """A browser whose user has logged in."""
    playwright = pytest.importorskip("playwright.async_api", reason="the package playwright is not installed")
    async with playwright.async_playwright() as driver:
        # Without a sandbox: in a container it needs rights that a test should not have.
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = await browser.new_page(viewport={"width": 1200, "height": 900})
        page.set_default_timeout(STEP_MS)
        await page.goto(house.addresses.home_assistant_url)
        await page.locator("input[name=username]").fill(house.owner.username)
        await page.locator("input[name=password]").fill(house.owner.password)
        await page.keyboard.press("Enter")
        await page.wait_for_selector("home-assistant-main")
        yield page
        await browser.close()


async def visit(house: NewHouse, page: Page, path: str) -> None:
    """Open a page of the frontend."""
    from playwright.async_api import Error  # noqa: PLC0415

    url = house.addresses.home_assistant_url + path
    try:
        await page.goto(url)
    except Error:
        # The frontend goes to a page of its own after a dialogue, which may cut us off.
        await page.goto(url)
    await page.wait_for_selector("home-assistant-main")


async def until_shown(landmark: Locator, act: Callable[[], Awaitable[None]]) -> None:
    """Repeat what the frontend may not have been ready for, until it shows what follows from it."""
    from playwright.async_api import TimeoutError as NotShown  # noqa: PLC0415

    for _ in range(TRIES):
        await act()
        try:
            return await landmark.wait_for(timeout=TRY_MS)
        except NotShown:
            continue
    return await landmark.wait_for()


async def keep_picture(page: Page, name: str) -> None:
    """Keep what the browser shows where somebody wants it; docs/img has the ones that the guides use."""
    if folder := os.environ.get("ARTIFACTS"):
        await page.wait_for_timeout(SETTLING_MS)
        await page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")


async def speak_russian(house: NewHouse) -> None:
    """Give the assistant the other language of the house."""
    pipelines = await house.home.command("assist_pipeline/pipeline/list")
    for pipeline in pipelines["pipelines"]:
        if pipeline["id"] == pipelines["preferred_pipeline"]:
            fields = {**pipeline, "pipeline_id": pipeline["id"], "language": "ru", "conversation_language": "ru"}
            del fields["id"]
            await house.home.command("assist_pipeline/pipeline/update", **fields)


async def ask(page: Page, question: str, words: str, source: str) -> None:
    """Type a question into the open dialogue and wait for the answer that has these words and this source."""
    field = page.locator("ha-assist-chat input, ha-assist-chat textarea").first
    await field.fill(question)
    await field.press("Enter")
    answers = page.locator("ha-assist-chat .message.hass")
    await answers.filter(has_text=words).filter(has_text=source).wait_for()


async def test_the_integration_is_added_in_its_dialogue_and_makes_the_assistant(house: NewHouse, page: Page) -> None:
    await visit(house, page, "/config/integrations/dashboard/add?domain=voice_rag")
    await page.get_by_role("button", name="OK").click()
    await page.locator("input[name=url]").fill(house.addresses.knowledge_url)
    await page.locator("input[name=token]").fill(TOKEN)
    await page.locator("input[name=speech_url]").fill(house.addresses.speech_side_url)
    await keep_picture(page, "assistant_addresses")
    await page.get_by_role("button", name="Submit").click()
    await page.get_by_text("Create the assistant").first.wait_for()
    await keep_picture(page, "assistant_created")
    await page.get_by_role("button", name="Submit").click()
    await page.get_by_role("button", name="Skip and finish").click()
    pipelines = await house.home.command("assist_pipeline/pipeline/list")
    preferred = next(row for row in pipelines["pipelines"] if row["id"] == pipelines["preferred_pipeline"])
    assert preferred["conversation_engine"] == "conversation.voice_rag"
    assert preferred["stt_engine"]
    assert preferred["tts_voice"]


async def test_its_page_shows_the_icon_the_agent_and_the_entities(house: NewHouse, page: Page) -> None:
    agent = page.get_by_text("Conversation agent", exact=True)
    await until_shown(agent, lambda: visit(house, page, "/config/integrations/integration/voice_rag"))
    await page.get_by_text("Voice RAG Knowledge").first.wait_for()
    icon = page.locator("img[src*='/voice_rag/icon']").first
    await icon.wait_for()
    assert await icon.evaluate("image => image.decode().then(() => image.naturalWidth)") >= 256
    await keep_picture(page, "assistant_integration")
    await visit(house, page, "/config/entities/?domain=voice_rag")
    for name in ("Documents", "Last indexed", "Answer time", "Remembered facts"):
        await page.get_by_text(name, exact=True).first.wait_for()
    await keep_picture(page, "assistant_entities")


@pytest.mark.parametrize(
    ("question", "words", "source"),
    [
        ("How do I bleed a radiator?", "screw", "House manual"),
        ("Кто снял Сталкер?", "Тарковский", "Сталкер"),
    ],
)
async def test_a_typed_question_is_answered_with_its_source(
    house: NewHouse, page: Page, question: str, words: str, source: str
) -> None:
    await visit(house, page, "/")
    await page.get_by_role("button", name="Assist (A)").click()
    await ask(page, question, words, source)
    await keep_picture(page, f"assistant_{'films' if 'Сталкер' in source else 'manual'}")


async def test_a_typed_command_switches_the_lamp(house: NewHouse, page: Page) -> None:
    await visit(house, page, "/")
    await page.get_by_role("button", name="Assist (A)").click()
    field = page.locator("ha-assist-chat input, ha-assist-chat textarea").first
    await field.fill("turn on the kitchen light")
    await field.press("Enter")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await house.home.state("light.kitchen") != "on":
            await asyncio.sleep(0.2)


async def test_on_a_phone_in_russian_a_question_gets_an_answer_with_its_source(house: NewHouse, page: Page) -> None:
    await speak_russian(house)
    await page.set_viewport_size(PHONE)
    await page.evaluate("localStorage.setItem('selectedLanguage', JSON.stringify('ru'))")
    await visit(house, page, "/")
    await page.wait_for_function("document.documentElement.lang === 'ru'")
    await until_shown(page.get_by_text("Чем могу помочь?"), lambda: page.keyboard.press("a"))
    await ask(page, "Как спустить воздух из радиатора?", "винт", "Инструкция по дому")
    await keep_picture(page, "assistant_phone")
