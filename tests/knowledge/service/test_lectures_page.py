"""People bring in lectures, follow them, correct them and keep them, in a real browser: see browsing.py."""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest_asyncio

from knowledge import KnowledgeBase
from tests.fakes.knowledge_server import contract
from tests.fakes.lecture_service import LectureService, chapters_of, silent_recording
from tests.fakes.lecture_work import SENTENCE_SECONDS, Oracle, ScriptedRecording, ScriptedRecordings
from tests.knowledge.service.browsing import DROP, SIZES, UNNAMED, browsing, in_module, keep_picture, visiting
from tests.knowledge.service.running import started

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Locator, Page

    from knowledge import ServiceSettings

GRADIENT = [
    (
        "Что такое градиент",
        [
            [
                "Здравствуйте, сегодня мы поговорим о том, как машина учится на своих ошибках.",
                "Представьте, что вы стоите в тумане на склоне горы и хотите спуститься в долину.",
                "Долины не видно, но ногой вы чувствуете, в какую сторону земля уходит вниз.",
            ],
            [
                "Градиент — это вектор, который показывает, куда функция растёт быстрее всего.",
                "Значит, чтобы спуститься, надо идти ему навстречу, то есть против градиента.",
            ],
        ],
    ),
    (
        "Шаг и скорость обучения",
        [
            [
                "Градиентный спуск — это способ найти минимум функции, шагая против градиента.",
                "Длина шага называется скоростью обучения.",
                "Если шаг слишком велик, мы перепрыгнем долину и окажемся на другом склоне.",
            ],
            [
                "Если он слишком мал, спуск займёт вечность.",
                "Поэтому в начале шагают широко, а под конец мелко.",
            ],
        ],
    ),
    (
        "Овраги и инерция",
        [
            [
                "В оврагах спуск скачет от стены к стене и почти не движется вперёд.",
                "Тогда помогает инерция: мы помним, куда шли раньше, и сворачиваем неохотно.",
                "На этом всё, на следующей неделе разберём обратное распространение ошибки.",
            ],
        ],
    ),
]
SENTENCES = [sentence for _, paragraphs in GRADIENT for paragraph in paragraphs for sentence in paragraph]
SECONDS = 9.0
"""How long each of them takes."""
SUMMARY = """## Коротко

Лекция о том, как **искать минимум** функции. Разобраны *три* вопроса:

1. что показывает градиент (0:27);
2. как выбрать шаг [0:54];
3. чем помогает [инерция](#t=99).

> Идти надо против градиента.

<script>document.title = "broken into"</script> и [чужой сайт](https://example.org/)
"""
LECTURE = "lectures/Математика/2026-11-18 Градиентный спуск.wav"


@pytest_asyncio.fixture(loop_scope="module")
async def service(tmp_path: Path) -> AsyncIterator[LectureService]:
    async with LectureService(tmp_path) as service:
        service.gate.set()
        yield service


MARKED = """(name) => [...(CSS.highlights.get(name) ?? [])].map(
    (one) => one.startContainer.data.slice(one.startOffset, one.endOffset))"""
IS_IN_SIGHT = "(node) => 0 < node.getBoundingClientRect().top && node.getBoundingClientRect().top < innerHeight"


def add_gradient_descent(service: LectureService, *, path: str = LECTURE) -> str:
    length = SECONDS * len(SENTENCES)
    silent_recording(service.folder / path, length)
    detail = service.add(
        path,
        title="Градиентный спуск",
        duration=length,
        terms=2,
        chapters=chapters_of(GRADIENT, SECONDS),
        summary={"template": "short", "text": SUMMARY, "by": "model"},
    )
    return str(detail["lecture"]["id"])


def add(service: LectureService, path: str, **changes: Any) -> dict[str, Any]:
    """Add a lecture whose title is its file's name; return it as lists show it."""
    title = path.rpartition("/")[2].partition(".")[0]
    return dict(service.add(path, title=title, **changes)["lecture"])


def sentence(page: Page, number: int) -> Locator:
    return page.locator(f".segment[data-number='{number}']")


async def seconds(page: Page) -> float:
    return float(await page.locator(".player audio, .player video").evaluate("(media) => media.currentTime"))


@browsing
@in_module
async def test_a_recording_is_sent_and_followed_until_it_is_ready(service: LectureService, browser: Browser) -> None:
    recording = service.folder / "Оптика.mp3"
    recording.touch()
    os.truncate(recording, 24 << 20)
    service.gate.clear()
    async with visiting(browser, f"{service.url}/#lectures") as page:
        await page.get_by_text("Лекций пока нет").wait_for()
        await page.get_by_label("Коллекция").fill("Физика")
        await page.locator("#files").set_input_files(recording)
        await page.get_by_text(re.compile(r"Отправляется [1-9]")).wait_for()
        assert await page.locator(".uploads progress").evaluate("(bar) => bar.value") < 1
        service.gate.set()
        row = page.locator(".groups .file").filter(has_text="Оптика")
        await row.get_by_text("В очереди").wait_for()
        await page.locator(".uploads li").wait_for(state="detached")
        assert service.requests[0][1] == {"kind": "lecture", "collection": "Физика"}

        (id_,) = service.details
        progress = {"done": 900.0, "total": 3600.0, "remaining_seconds": 410.0}
        await service.tell(id_, state="transcribing", progress=progress, duration=3600.0)
        await row.get_by_text("15:00 из 1:00:00 · осталось около 7 минут").wait_for()
        assert await row.locator("progress").evaluate("(bar) => bar.value / bar.max") == 0.25
        await service.tell(id_, state="writing", progress={"done": 0.0, "total": 3600.0, "remaining_seconds": None})
        await row.get_by_text("Оцениваю, сколько осталось").wait_for()
        await service.tell(id_, state="ready", progress=None)
        await page.get_by_text("Лекция «Оптика.mp3» готова.").wait_for()
        assert await page.locator(".groups h2").all_inner_texts() == ["Физика"]


@browsing
@in_module
async def test_work_is_paused_stopped_taken_up_and_tried_again(service: LectureService, browser: Browser) -> None:
    progress = {"done": 2400.0, "total": 5400.0, "remaining_seconds": 5000.0}
    mute = {"duration": None, "terms": 0, "problem": "В файле нет звуковой дорожки."}
    working = add(service, "lectures/Биология/Клетка.mkv", state="transcribing", progress=progress, terms=0)
    broken = add(service, "lectures/Семинар.mp4", state="failed", **mute)
    add(service, "lectures/uploads/Биология/Ткани.mp3", duration=4980.0)
    add(service, "lectures/Введение.srt", has_media=False, duration=None)
    async with visiting(browser, f"{service.url}/#lectures") as page:
        row = page.locator(".file").filter(has_text="Клетка")
        await row.get_by_text("осталось около 1 часа 25 минут").wait_for()
        await keep_picture(page, "lectures")
        assert await page.locator(".groups h2").all_inner_texts() == ["В работе", "Биология", "Без коллекции"]
        await row.get_by_role("button", name="Приостановить").focus()
        await page.keyboard.press("Enter")
        await row.get_by_text("На паузе").wait_for()
        await page.keyboard.press("Enter")  # the focus has gone to the button that goes on
        await row.get_by_text("Расшифровывается").wait_for()
        await row.get_by_role("button", name=re.compile("^Остановить")).click()
        await row.get_by_text("Остановлена").wait_for()
        failed = page.locator(".file").filter(has_text="В файле нет звуковой дорожки.")
        await failed.get_by_role("button", name="Попробовать снова").click()
        await page.locator(".file").filter(has_text="Семинар").get_by_text("В очереди").wait_for()
    works = [
        f"POST /lectures/{working['id']}/pause",
        f"POST /lectures/{working['id']}/resume",
        f"POST /lectures/{working['id']}/cancel",
        f"POST /lectures/{broken['id']}/retry",
    ]
    assert [path for path, _ in service.requests] == works


@browsing
@in_module
async def test_a_file_that_is_no_recording_is_refused_with_what_to_do(
    service: LectureService, browser: Browser
) -> None:
    async with visiting(browser, f"{service.url}/#lectures") as page:
        await page.locator("h1").wait_for()
        await page.evaluate(DROP, ["a.exe", "MZ"])
        row = page.locator(".uploads .failed")
        await row.get_by_text("Сохраните запись как MP3, M4A, WAV или MP4").wait_for()
        await row.get_by_role("button", name="Убрать из списка").click()
        await row.wait_for(state="detached")


@browsing
@in_module
async def test_a_link_opens_the_player_at_its_second_and_the_text_follows_it(
    service: LectureService, browser: Browser
) -> None:
    id_ = add_gradient_descent(service)
    async with visiting(browser, f"{service.url}/#lectures/{id_}?t=50") as page:
        await page.locator(".spoken").wait_for()
        assert await page.locator(".spoken").inner_text() == SENTENCES[5]
        assert await seconds(page) == 50
        assert await page.locator(".chapters [aria-current]").inner_text() == "0:45\nШаг и скорость обучения"
        await page.locator(".chapters button").last.click()
        await page.locator(".spoken").get_by_text(SENTENCES[10]).wait_for()
        assert await page.locator("audio").evaluate("(media) => !media.paused")
        assert await seconds(page) >= 90
        await sentence(page, 1).click()
        await page.locator(".spoken").get_by_text(SENTENCES[1]).wait_for()
        assert page.url.endswith(f"#lectures/{id_}?t=9")
        await keep_picture(page, "lecture")
        # The player moves on by itself.
        await page.locator("audio").evaluate("(media) => { media.currentTime = 26.5; }")
        await page.locator(".spoken").get_by_text(SENTENCES[3]).wait_for()


@browsing
@in_module
async def test_a_reader_who_looks_elsewhere_is_left_there_until_asking_to_come_back(
    service: LectureService, browser: Browser
) -> None:
    sentences = [f"Предложение номер {number}, и в нём сказано немало." for number in range(2400)]
    texts = [("", [sentences[first : first + 6] for first in range(0, 2400, 6)])]
    path = "lectures/long.wav"
    silent_recording(service.folder / path, 2400 * 4.0)
    id_ = service.add(path, chapters=chapters_of(texts, 4.0))["lecture"]["id"]
    async with visiting(browser, f"{service.url}/#lectures/{id_}?t=6000") as page:
        now = page.locator(".spoken")
        await now.get_by_text("Предложение номер 1500,").wait_for()
        assert await is_in_sight(now)
        await page.mouse.move(800, 500)
        await page.mouse.wheel(0, -6000)
        back = page.get_by_role("button", name="К текущему месту")
        await back.wait_for()
        await page.locator("audio").evaluate("(media) => { media.currentTime = 6010; }")
        await now.get_by_text("Предложение номер 1502,").wait_for()
        assert not await is_in_sight(now)
        await back.click()
        await back.wait_for(state="hidden")
        assert await is_in_sight(now)
        await page.locator("audio").evaluate("(media) => { media.currentTime = 9000; }")
        await now.get_by_text("Предложение номер 2250,").wait_for()
        assert await is_in_sight(now)


async def is_in_sight(node: Locator) -> bool:
    return bool(await node.evaluate(IS_IN_SIGHT))


@browsing
@in_module
async def test_words_are_found_in_the_transcript_one_after_the_other(service: LectureService, browser: Browser) -> None:
    id_ = add_gradient_descent(service)
    async with visiting(browser, f"{service.url}/#lectures/{id_}") as page:
        await page.get_by_label("Найти в расшифровке").fill("ГРАДИЕНТ")
        count = page.locator(".finder .muted")
        await count.get_by_text("1 из 4").wait_for()
        assert await page.evaluate(MARKED, "found") == ["Градиент", "градиент", "Градиент", "градиент"]
        await page.keyboard.press("Enter")
        await count.get_by_text("2 из 4").wait_for()
        assert await page.evaluate(MARKED, "found-now") == ["градиент"]
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.press("Shift+Enter")
        await count.get_by_text("4 из 4").wait_for()
        await keep_picture(page, "lecture_find")
        await page.get_by_label("Найти в расшифровке").fill("шёл")
        await count.get_by_text("не найдено").wait_for()
        await page.get_by_label("Найти в расшифровке").fill("идти ему")
        await count.get_by_text("1 из 1").wait_for()
        await page.keyboard.press("Escape")
        assert await count.inner_text() == ""
        assert await page.evaluate(MARKED, "found") == []


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


async def correct(page: Page, number: int, text: str) -> None:
    await sentence(page, number).focus()
    await page.keyboard.press("F2")
    await page.keyboard.press("ControlOrMeta+A")
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")


@browsing
@in_module
async def test_a_summary_is_shown_as_text_leads_to_its_places_and_is_written_anew(
    service: LectureService, browser: Browser
) -> None:
    id_ = add_gradient_descent(service)
    service.details[id_]["lecture"]["title"] = "<script>document.title = 1</script>"
    async with visiting(browser, f"{service.url}/#lectures/{id_}") as page:
        assert await page.locator("h1").inner_text() == "<script>document.title = 1</script>"
        await page.get_by_role("tab", name="Конспект").click()
        summary = page.locator(".markdown")
        assert "<script>" in await summary.locator("p").last.inner_text()
        assert await summary.locator("a, script").count() == 0
        assert await summary.locator("ol li").count() == 3
        assert await summary.locator("strong, em, blockquote").all_inner_texts() == [
            "искать минимум",
            "три",
            "Идти надо против градиента.",
        ]
        assert await summary.locator(".at").all_inner_texts() == ["0:27", "0:54", "инерция"]
        await keep_picture(page, "lecture_summary")
        await page.get_by_label("Шаблон").select_option("lesson_plan")
        await page.get_by_role("button", name="Написать заново").click()
        await summary.get_by_text("Пишется…").wait_for()
        service.details[id_]["summary"] = {"template": "lesson_plan", "text": "Сперва *опрос*.", "by": "extract"}
        await service.tell(id_, state="ready")
        await summary.get_by_text("Сперва опрос.").wait_for()
        await summary.get_by_text("Это фразы самой лекции").wait_for()
        assert service.requests == [(f"POST /lectures/{id_}/summary", {"template": "lesson_plan"})]


@browsing
@in_module
async def test_terms_lead_to_their_place_and_say_when_they_are_not_confirmed(
    service: LectureService, browser: Browser
) -> None:
    id_ = add_gradient_descent(service)
    extract = {"term": "инерция", "definition": "", "confidence": 0.6, "start": 99.0, "is_supported": True}
    service.details[id_]["glossary"].append(extract | {"quote": SENTENCES[11], "by": "extract"})
    service.details[id_]["glossary"][0]["start"] = 45.0
    async with visiting(browser, f"{service.url}/#lectures/{id_}") as page:
        await page.get_by_role("tab", name="Глоссарий").click()
        terms = page.locator(".term")
        assert await terms.locator("h3").all_inner_texts() == ["градиентный спуск", "овраг", "инерция"]
        assert await page.locator(".unsupported h3").all_inner_texts() == ["овраг"]
        await terms.nth(1).get_by_text("Не подтверждается записью").wait_for()
        await terms.nth(2).get_by_text("Выдержка", exact=True).wait_for()
        await terms.nth(2).get_by_text("Термин в лекции звучит, но не объясняется.").wait_for()
        await keep_picture(page, "lecture_glossary")
        await terms.first.get_by_role("button", name="Слушать с 0:45").click()
        await page.locator(".spoken").get_by_text(SENTENCES[5]).wait_for()


@browsing
@in_module
async def test_a_lecture_is_kept_in_another_format(service: LectureService, browser: Browser) -> None:
    id_ = add_gradient_descent(service)
    async with visiting(browser, f"{service.url}/#lectures/{id_}", accept_downloads=True) as page:
        await page.get_by_text("Сохранить как").click()
        names = "Markdown Word SRT WebVTT JSON Anki"
        menu = await page.locator(".menu").inner_text()
        assert [name for name in names.split() if name not in menu] == []
        await keep_picture(page, "lecture_export")
        async with page.expect_download() as kept:
            await page.get_by_role("link", name="Anki").click()
        download = await kept.value
        assert download.suggested_filename == "lecture.anki"
        await page.locator(".menu[open]").wait_for(state="detached")


@browsing
@in_module
async def test_a_transcript_grows_while_it_is_read(service: LectureService, browser: Browser) -> None:
    all_chapters = chapters_of(GRADIENT, SECONDS)
    detail = service.add(LECTURE, state="transcribing", chapters=[], summary=None, glossary=[], terms=0)
    id_ = detail["lecture"]["id"]
    async with visiting(browser, f"{service.url}/#lectures/{id_}") as page:
        await page.get_by_text("Пока ничего не расшифровано").wait_for()
        detail["chapters"] = all_chapters[:1]
        await service.tell(id_, progress={"done": 45.0, "total": 117.0, "remaining_seconds": 30.0})
        await sentence(page, 4).wait_for()
        await page.get_by_text("0:45 из 1:57 · осталось меньше минуты").wait_for()
        assert await page.get_by_role("button", name="Исправить").is_disabled()
        detail["chapters"] = all_chapters
        await service.tell(id_, state="ready", progress=None)
        await sentence(page, 12).wait_for()
        assert await page.get_by_role("button", name="Исправить").is_enabled()


@browsing
@in_module
async def test_a_recording_that_the_browser_cannot_play_can_be_kept(service: LectureService, browser: Browser) -> None:
    path = "lectures/old.avi"
    id_ = add_gradient_descent(service, path=path)
    (service.folder / path).write_bytes(b"RIFF, but no film")
    async with visiting(browser, f"{service.url}/#lectures/{id_}?t=20") as page:
        await page.get_by_text("Этот браузер не умеет проигрывать такую запись.").wait_for()
        assert await page.get_by_role("link", name="Сохранить запись").get_attribute("href") == f"sources/{path}"
        (service.folder / path).unlink()
        await page.reload()
        await page.get_by_text("Запись сейчас не загружается.").wait_for()
        await sentence(page, 4).click()
        await page.locator(".spoken").get_by_text(SENTENCES[4]).wait_for()


@browsing
@in_module
async def test_the_source_of_an_answer_opens_the_player_at_its_second(
    service: LectureService, browser: Browser
) -> None:
    id_ = add_gradient_descent(service)
    hit = contract("search_response")["hits"][0] | {
        "document": LECTURE,
        "link": f"#lectures/{id_}?t=45",
        "place": "0:45",
    }
    answer = contract("ask_response") | {"written": "Это способ найти минимум [1].", "sources": [hit]}
    service.events = {"sources": {"sources": [hit]}, "done": answer}
    async with visiting(browser, service.url) as page:
        await page.locator("#question").fill("Что такое градиентный спуск?")
        await page.keyboard.press("Enter")
        await page.locator(".answer .mark").click()
        await page.locator(".spoken").get_by_text(SENTENCES[5]).wait_for()
        await page.go_back()
        await page.locator(".source").click()
        await page.locator(".spoken").get_by_text(SENTENCES[5]).wait_for()
        assert await seconds(page) == 45


@browsing
@in_module
async def test_a_phone_shows_a_lecture_without_scrolling_sideways(service: LectureService, browser: Browser) -> None:
    id_ = add_gradient_descent(service)
    async with visiting(browser, f"{service.url}/#lectures", "phone", has_touch=True) as page:
        await page.get_by_role("link", name="Градиентный спуск").wait_for()
        await keep_picture(page, "lectures_phone")
        await page.get_by_role("link", name="Градиентный спуск").tap()
        await sentence(page, 5).tap()
        await page.locator(".spoken").get_by_text(SENTENCES[5]).wait_for()
        await keep_picture(page, "lecture_phone")
        for tab in ("Главы", "Конспект", "Глоссарий", "Расшифровка"):
            await page.get_by_role("tab", name=tab).tap()
            await keep_picture(page, f"lecture_phone_{tab}")
            assert await page.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"][0]
        await page.get_by_role("tab", name="Главы").tap()
        await page.locator(".chapters button").last.tap()
        await page.locator(".spoken").get_by_text(SENTENCES[10]).wait_for()
    assert id_ in service.details


@browsing
@in_module
async def test_a_lecture_is_read_in_the_dark_and_with_the_keyboard(service: LectureService, browser: Browser) -> None:
    id_ = add_gradient_descent(service)
    async with visiting(browser, f"{service.url}/#lectures/{id_}?t=45", color_scheme="dark", locale="en-GB") as page:
        await page.locator(".spoken").wait_for()
        await keep_picture(page, "lecture_dark")
        for tab in ("Summary", "Glossary", "Transcript"):
            await page.get_by_role("tab", name=tab).click()
            assert await page.evaluate(UNNAMED) == []
        await page.keyboard.press("ArrowRight")
        await page.locator(".terms").or_(page.locator(".markdown")).first.wait_for()
        assert await page.get_by_role("tab", name="Summary").get_attribute("aria-selected") == "true"
        await page.keyboard.press("ArrowLeft")
        for _ in range(3):
            await page.keyboard.press("Tab")
            if "segment" in await page.evaluate("document.activeElement.className"):
                break
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("Enter")
        await page.locator(".spoken").get_by_text(SENTENCES[6]).wait_for()
        await page.locator("h1").focus()
        await page.keyboard.press("j")
        await page.locator(".spoken").get_by_text(SENTENCES[4]).wait_for()


@dataclass
class SilentRecordings(ScriptedRecordings):
    """Opens any file, whose sentences are known beforehand."""

    def open(self, path: Path) -> ScriptedRecording:
        assert path.exists()
        return ScriptedRecording(self.sentences, self.piece_sentences)


@browsing
@in_module
async def test_a_recording_becomes_a_lecture_that_answers_is_corrected_and_exported(
    settings: ServiceSettings, browser: Browser, tmp_path: Path
) -> None:
    recordings = SilentRecordings(sentences=SENTENCES)
    oracle = Oracle(recordings)
    oracle.go.clear()
    silent_recording(tmp_path / "2026-11-18 Градиентный спуск.wav", SENTENCE_SECONDS * len(SENTENCES))
    base = partial(KnowledgeBase, recordings=recordings, transcriber=oracle)
    async with started(settings, base) as client, visiting(browser, f"{client.url}/#lectures") as page:
        await page.locator("#files").set_input_files(tmp_path / "2026-11-18 Градиентный спуск.wav")
        row = page.locator(".groups .file").filter(has_text="Градиентный спуск")
        await row.get_by_text("Расшифровывается").wait_for()
        oracle.go.set()
        await row.get_by_text("Готова").wait_for()
        await row.get_by_role("link").click()
        await sentence(page, 5).click()
        await page.locator(".spoken").get_by_text(SENTENCES[5]).wait_for()
        assert await seconds(page) >= 5 * SENTENCE_SECONDS
        await page.get_by_role("tab", name="Конспект").click()
        await page.get_by_text("Это фразы самой лекции").wait_for()
        await keep_picture(page, "lecture_extract")
        await page.get_by_role("tab", name="Расшифровка").click()
        await correct(page, 6, "Длина шага зовётся темпом обучения.")
        await page.get_by_role("button", name="Сохранить", exact=True).click()
        await page.get_by_text("Сохранено.").wait_for()
        await page.get_by_text("Сохранить как").click()
        async with page.expect_download() as kept:
            await page.get_by_role("link", name="SRT").click()
        exported = Path(await (await kept.value).path()).read_text(encoding="utf-8")
        assert "Длина шага зовётся темпом обучения." in exported.replace("\n", " ")
        async with asyncio.timeout(30):
            while not (await client.post("/search", {"query": "темп обучения"}))[1]["relevant"]:
                await asyncio.sleep(0.05)
        await page.locator("nav a[href='#ask']").click()
        await page.locator("#question").fill("Как зовётся длина шага?")
        await page.keyboard.press("Enter")
        await page.locator("a.source").first.click()
        await page.locator(".spoken").wait_for()
