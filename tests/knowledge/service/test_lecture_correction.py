"""People correct what was heard in a lecture, in a real browser: see browsing.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.gradient_descent import SENTENCES, add_gradient_descent
from tests.knowledge.service.browsing import browsing, in_module, keep_picture, visiting
from tests.knowledge.service.lecture_page import correct, sentence

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.fakes.lecture_service import LectureService


@browsing
@in_module
async def test_sentences_are_corrected_where_they_stand_and_saved_together(
    service: LectureService, browser: Browser
) -> None:
    id_ = add_gradient_descent(service)
    async with visiting(browser, f"{service.url}/#lectures/{id_}") as page:
        await page.get_by_role("button", name="Исправить").click()
        await sentence(page, 0).click()
        await page.keyboard.press("ControlOrMeta+A")
        await page.keyboard.type("Добрый день.")
        await page.keyboard.press("Enter")
        # From here on with the keyboard alone: three sentences on, its text cut short; another one emptied.
        for _ in range(3):
            await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await page.keyboard.type(" Запомните это.")
        await page.keyboard.press("Enter")
        await page.keyboard.press("ArrowUp")
        await page.keyboard.press("F2")
        await page.keyboard.press("ControlOrMeta+A")
        await page.keyboard.press("Delete")
        await page.keyboard.press("Enter")
        await page.get_by_text("3 предложения изменены").wait_for()
        await sentence(page, 4).click()
        await page.keyboard.type("never mind")
        await page.keyboard.press("Escape")
        await keep_picture(page, "lecture_correct")
        await page.locator("nav a[href='#ask']").click()  # what is typed outlives a look elsewhere
        await page.go_back()
        await page.get_by_role("button", name="Сохранить", exact=True).click()
        await page.get_by_text("Сохранено.").wait_for()
        assert await sentence(page, 0).text_content() == "Добрый день."
        assert await sentence(page, 2).count() == 0
        assert await page.locator(".save-bar").is_hidden()
    changes = [
        {"number": 0, "text": "Добрый день."},
        {"number": 3, "text": f"{SENTENCES[3]} Запомните это."},
        {"number": 2, "text": ""},
    ]
    assert service.requests == [(f"PUT /lectures/{id_}/transcript", {"version": 4, "segments": changes})]


@browsing
@in_module
async def test_what_is_corrected_on_a_phone_is_not_below_the_buttons(service: LectureService, browser: Browser) -> None:
    id_ = add_gradient_descent(service)
    async with visiting(browser, f"{service.url}/#lectures/{id_}", "phone") as page:
        await page.locator(".segment").first.wait_for()
        await page.get_by_role("button", name="Исправить").click()
        await sentence(page, 8).evaluate(
            "(node) => scrollBy({ top: node.getBoundingClientRect().bottom - innerHeight + 110, behavior: 'instant' })"
        )
        await sentence(page, 8).click()
        await page.keyboard.type("Шагают.")
        await page.keyboard.press("Enter")
        bar = await page.locator(".save-bar").bounding_box()
        said = await sentence(page, 8).bounding_box()
        assert bar is not None
        assert said is not None
        assert said["y"] + said["height"] <= bar["y"]


@browsing
@in_module
async def test_a_correction_that_somebody_else_was_quicker_with_keeps_what_was_typed(
    service: LectureService, browser: Browser
) -> None:
    id_ = add_gradient_descent(service)
    async with visiting(browser, f"{service.url}/#lectures/{id_}") as page:
        await correct(page, 1, "Мой текст.")
        await correct(page, 5, "И ещё один.")
        service.replace(id_, {1: "Чужой текст."})
        service.details[id_]["lecture"]["version"] += 1
        await page.get_by_role("button", name="Сохранить", exact=True).click()
        await page.locator(".message").get_by_text("0:09 Сейчас там: Чужой текст.").wait_for()
        await keep_picture(page, "lecture_conflict")
        assert [await sentence(page, number).text_content() for number in (1, 5)] == ["Мой текст.", "И ещё один."]
        await page.get_by_role("button", name="Сохранить", exact=True).click()
        await page.get_by_text("Сохранено.").wait_for()
        # A newer version that leaves these sentences alone is no obstacle.
        await correct(page, 6, "Шаг зовётся скоростью.")
        service.replace(id_, {0: "Привет."})
        service.details[id_]["lecture"]["version"] += 1
        await page.get_by_role("button", name="Сохранить", exact=True).click()
        await sentence(page, 0).get_by_text("Привет.").wait_for()
        assert await sentence(page, 6).text_content() == "Шаг зовётся скоростью."
    texts = [one["text"] for one in service.details[id_]["chapters"][0]["paragraphs"][0]["segments"]]
    assert texts == ["Привет.", "Мой текст.", SENTENCES[2]]
