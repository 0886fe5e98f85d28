"""People listen to a lecture, read it and keep it, in a real browser: see browsing.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from tests.fakes.gradient_descent import GRADIENT, LECTURE, SECONDS, SENTENCES, add_gradient_descent
from tests.fakes.knowledge_server import contract
from tests.fakes.lecture_service import chapters_of, silent_recording
from tests.knowledge.service.browsing import SIZES, UNNAMED, browsing, in_module, keep_picture, visiting
from tests.knowledge.service.lecture_page import seconds, sentence

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser, Locator, Route

    from tests.fakes.lecture_service import LectureService

MARKED = """(name) => [...(CSS.highlights.get(name) ?? [])].map(
    (one) => one.startContainer.data.slice(one.startOffset, one.endOffset))"""
IS_IN_SIGHT = "(node) => 0 < node.getBoundingClientRect().top && node.getBoundingClientRect().top < innerHeight"


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
async def test_the_slides_open_beside_the_lecture_and_come_and_go_with_it(
    service: LectureService, browser: Browser
) -> None:
    path = "lectures/Физика/Оптика"
    id_ = service.add(f"{path}.srt", has_media=False, slides=f"{path}.pdf")["lecture"]["id"]
    async with visiting(browser, f"{service.url}/#lectures/{id_}") as page:
        slides = page.get_by_role("link", name="Слайды")
        await slides.wait_for()
        assert await slides.evaluate("(link) => decodeURI(link.pathname)") == f"/sources/{path}.pdf"
        assert await slides.get_attribute("target") == "_blank"
        service.details[id_]["slides"] = None
        await service.tell(id_)
        await slides.wait_for(state="hidden")


@browsing
@in_module
async def test_a_recording_whose_transcript_is_gone_is_transcribed_when_asked_to(
    service: LectureService, browser: Browser
) -> None:
    id_ = service.add("lectures/talk.mp3", transcriber="talk.srt", can_transcribe=True)["lecture"]["id"]
    async with visiting(browser, f"{service.url}/#lectures/{id_}") as page:
        await page.get_by_text("Расшифровка взята из файла talk.srt").wait_for()
        await page.get_by_role("button", name="Расшифровать запись").click()
        await page.get_by_role("dialog").get_by_role("button", name="Расшифровать запись").click()
        await page.locator(".job .pill").get_by_text("В очереди").wait_for()
        assert (f"POST /lectures/{id_}/retry", None) in service.requests


PANEL = """<iframe src="/" style="width: 100%; height: 700px"></iframe><script>
    const frame = document.querySelector("iframe");
    window.tell = (path) => frame.contentWindow.postMessage(
        {type: "home-assistant/properties", narrow: false, route: {prefix: "/app/voice_rag", path}}, "*");
    addEventListener("message", ({source, data}) =>
        source === frame.contentWindow && data.type === "home-assistant/subscribe-properties" && tell(START));
</script>"""
"""What Home Assistant's panel for apps does, as its frontend 20260930 and 20261028 have it: _handleIframeMessage and
_sendPropertiesToIframe."""

TOLD_AGAIN = """(path) => {
    const data = {type: "home-assistant/properties", narrow: true, route: {path}};
    dispatchEvent(new MessageEvent("message", {source: parent, origin: location.origin, data}));
    return location.hash;
}"""
"""As when the window's size changes: nobody is led back to where the panel's address still points."""


@browsing
@in_module
async def test_a_link_into_the_panel_of_home_assistant_opens_the_lecture(
    service: LectureService, browser: Browser
) -> None:
    id_ = add_gradient_descent(service)
    other = service.add("lectures/other.srt", has_media=False)["lecture"]["id"]
    panel = PANEL.replace("START", f"'/lectures/{id_}/50'")
    session = {"authorised": True, "ingress": True, "has_token": True}
    async with visiting(browser, f"{service.url}/web/icon.svg") as page:
        await page.route("**/panel", lambda route: route.fulfill(body=panel, content_type="text/html"))
        await page.route("**/session", lambda route: route.fulfill(json=session))
        await page.goto(f"{service.url}/panel")
        inside = page.frame_locator("iframe")
        await inside.locator(".spoken").get_by_text(SENTENCES[5]).wait_for()
        await page.evaluate(f"tell('/lectures/{other}')")
        await inside.get_by_role("heading", name="other.srt").wait_for()
        await inside.get_by_role("link", name="Все лекции").click()
        await inside.get_by_role("heading", name="Лекции", exact=True).wait_for()
        assert await page.frames[1].evaluate(TOLD_AGAIN, f"/lectures/{other}") == "#lectures"


def grey_film(path: Path, seconds: int) -> None:
    """Write a small film without sound."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(path, "w", format="webm") as film:
        stream = film.add_stream("libvpx", rate=2)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        picture = np.full((90, 160, 3), 128, np.uint8)
        for _ in range(2 * seconds):
            film.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        film.mux(stream.encode())


@browsing
@in_module
async def test_a_film_is_shown_with_the_transcript_as_its_subtitles(service: LectureService, browser: Browser) -> None:
    grey_film(service.folder / "lectures/film.webm", 30)
    id_ = service.add("lectures/film.webm", chapters=chapters_of(GRADIENT, 2.0))["lecture"]["id"]
    async with visiting(browser, f"{service.url}/#lectures/{id_}?t=20") as page:
        film = page.locator("video")
        await page.locator(".spoken").get_by_text(SENTENCES[10]).wait_for()
        await page.locator(".chapters button").first.click()
        await page.locator(".spoken").get_by_text(SENTENCES[0]).wait_for()
        assert await film.evaluate("(film) => film.videoWidth") == 160
        said = """(film) => new Promise((resolve) => {
            film.querySelector("track").addEventListener("load", ({ target }) => resolve(target.track.cues[0].text));
            film.textTracks[0].mode = "showing";
        })"""
        assert await film.evaluate(said) == "vtt"


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


async def until_in_sight(node: Locator) -> None:
    """Wait for a scroll that takes its time."""
    await node.page.wait_for_function(IS_IN_SIGHT, arg=await node.element_handle())


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
async def test_what_is_told_of_a_lecture_that_is_being_opened_is_not_lost(
    service: LectureService, browser: Browser
) -> None:
    detail = service.add(LECTURE, state="transcribing", chapters=[], summary=None, glossary=[], terms=0)
    id_ = detail["lecture"]["id"]

    async def answer_late(route: Route) -> None:
        response = await route.fetch()
        detail["chapters"] = chapters_of(GRADIENT, SECONDS)
        await service.tell(id_, state="ready", progress=None)
        await page.evaluate("() => new Promise((heard) => setTimeout(heard, 200))")
        await route.fulfill(response=response)

    async with visiting(browser, f"{service.url}/#lectures") as page:
        await page.locator(".groups .file").first.wait_for()
        await page.route(f"**/lectures/{id_}", answer_late, times=1)
        await page.locator(".groups .file a").first.click()
        await sentence(page, 12).wait_for()


@browsing
@in_module
async def test_a_text_without_times_leads_to_its_sentences(service: LectureService, browser: Browser) -> None:
    texts = [*GRADIENT, ("Задания", [[f"Задание номер {number}."] for number in range(40)])]
    detail = service.add("lectures/text.txt", has_media=False, duration=None, chapters=chapters_of(texts, 0.0))
    detail["glossary"] = [detail["glossary"][0] | {"start": 0.0, "quote": "Задание номер 7."}]
    async with visiting(browser, f"{service.url}/#lectures/{detail['lecture']['id']}") as page:
        await page.get_by_text("Записи нет, есть только расшифровка.").wait_for()
        assert not await page.locator(".time").first.is_visible()
        last = sentence(page, len(SENTENCES) + 39)
        await page.get_by_role("button", name="Задания").click()
        await until_in_sight(sentence(page, len(SENTENCES)))
        assert not await is_in_sight(last)
        await page.get_by_role("tab", name="Глоссарий").click()
        await page.get_by_role("button", name="Показать в тексте").click()
        await until_in_sight(sentence(page, len(SENTENCES) + 7))


@browsing
@in_module
@pytest.mark.parametrize("size", SIZES)
async def test_a_link_into_a_lecture_without_recording_stays_at_its_sentence(
    service: LectureService, browser: Browser, size: str
) -> None:
    texts = [("", [[f"Предложение номер {number}, и в нём сказано немало."] for number in range(100)])]
    chapters = chapters_of(texts, 7.0)
    id_ = service.add("lectures/text.srt", has_media=False, chapters=chapters)["lecture"]["id"]
    async with visiting(browser, f"{service.url}/#lectures/{id_}?t=415", size) as page:
        spoken = page.locator(".spoken").get_by_text("Предложение номер 59,")
        await until_in_sight(spoken)
        await service.tell(id_, title="Новое название")
        chapters[0]["paragraphs"][0]["segments"][0]["text"] = "Исправлено."
        await page.locator("h1").get_by_text("Новое название").wait_for()
        await page.get_by_text("Исправлено.").wait_for()
        assert await is_in_sight(spoken)


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
