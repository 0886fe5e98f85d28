"""People bring lectures in and follow how far they are, in a real browser: see browsing.py."""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from knowledge import KnowledgeBase
from tests.fakes.gradient_descent import SENTENCES
from tests.fakes.lecture_service import silent_recording
from tests.fakes.lecture_work import SENTENCE_SECONDS, Oracle, ScriptedRecording, ScriptedRecordings
from tests.knowledge.service.browsing import DROP, browsing, in_module, keep_picture, look_at, look_away, visiting
from tests.knowledge.service.lecture_page import correct, seconds, sentence
from tests.knowledge.service.running import started
from tests.waiting import PATIENCE_SECONDS

if TYPE_CHECKING:
    from playwright.async_api import Browser, Route

    from knowledge import ServiceSettings
    from tests.fakes.lecture_service import LectureService


def add(service: LectureService, path: str, **changes: Any) -> dict[str, Any]:
    """Add a lecture whose title is its file's name; return it as lists show it."""
    title = path.rpartition("/")[2].partition(".")[0]
    return dict(service.add(path, title=title, **changes)["lecture"])


def long_recording(folder: Path) -> Path:
    """Return a file that does not fit into the buffers between a browser and a service."""
    path = folder / "Оптика.mp3"
    path.touch()
    os.truncate(path, 24 << 20)
    return path


@browsing
@in_module
async def test_a_recording_is_sent_and_followed_until_it_is_ready(service: LectureService, browser: Browser) -> None:
    recording = long_recording(service.folder)
    service.gate.clear()
    async with visiting(browser, f"{service.url}/#lectures") as page:
        await page.get_by_text("Лекций пока нет").wait_for()
        await page.get_by_label("Коллекция").fill("Физика")
        await page.locator("#files").set_input_files(recording)
        await page.get_by_text(re.compile(r"Отправляется [1-9]")).wait_for()
        assert await page.locator(".uploads progress").evaluate("(bar) => bar.value") < 1
        await look_away(page)
        service.gate.set()
        await page.locator(".uploads li").wait_for(state="detached")  # it goes on while nobody looks
        await look_at(page)
        row = page.locator(".groups .file").filter(has_text="Оптика")
        await row.get_by_text("В очереди").wait_for()
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
async def test_an_upload_is_given_up_without_a_trace(service: LectureService, browser: Browser) -> None:
    recording = long_recording(service.folder)
    service.gate.clear()
    async with visiting(browser, f"{service.url}/#lectures") as page:
        await page.locator("#files").set_input_files(recording)
        await page.get_by_role("button", name="Отмена: Оптика.mp3").click()
        await page.locator(".uploads li").wait_for(state="detached")
        await page.get_by_text("Лекций пока нет").wait_for()
    assert service.details == {}


@browsing
@in_module
async def test_what_happens_while_the_list_is_on_its_way_is_not_lost(service: LectureService, browser: Browser) -> None:
    id_ = add(service, "lectures/Оптика.mp3", state="waiting", duration=None, terms=0)["id"]

    async def answer_late(route: Route) -> None:
        response = await route.fetch()
        await service.tell(id_, state="transcribing")
        await page.evaluate("() => new Promise((heard) => setTimeout(heard, 200))")
        await route.fulfill(response=response)

    async with visiting(browser, f"{service.url}/#lectures") as page:
        row = page.locator(".groups .file").filter(has_text="Оптика")
        await row.get_by_text("В очереди").wait_for()
        await page.route("**/lectures", answer_late)
        async with page.expect_response("**/lectures"):
            await look_away(page)
            await look_at(page)
        await page.unroute_all(behavior="wait")
        await row.get_by_text("Расшифровывается").wait_for()


@browsing
@in_module
async def test_work_is_paused_stopped_taken_up_and_tried_again(service: LectureService, browser: Browser) -> None:
    progress = {"done": 2400.0, "total": 5400.0, "remaining_seconds": 5000.0}
    mute = {"duration": None, "terms": 0, "problem": "В файле нет звуковой дорожки."}
    working = add(service, "lectures/Биология/Клетка.mkv", state="transcribing", progress=progress, terms=0)
    broken = add(service, "lectures/Семинар.mp4", state="failed", **mute)
    add(service, "lectures/uploads/Биология/Ткани.mp3", duration=4980.0)
    add(service, "lectures/Введение.srt", has_media=False, duration=None)
    unknown = {"done": 0.0, "total": 0.0, "remaining_seconds": None}
    add(service, "lectures/Биология/Ждёт.mp3", state="waiting", progress=unknown, duration=None, terms=0)
    async with visiting(browser, f"{service.url}/#lectures") as page:
        row = page.locator(".file").filter(has_text="Клетка")
        await row.get_by_text("осталось около 1 часа 25 минут").wait_for()
        await keep_picture(page, "lectures")
        assert "0:00" not in await page.locator(".groups .file").filter(has_text="Ждёт").inner_text()
        edges = "(pills) => new Set(pills.map((pill) => pill.getBoundingClientRect().right)).size"
        assert await page.locator(".groups .pill").evaluate_all(edges) == 1
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
async def test_who_comes_back_from_a_lecture_finds_the_list_as_it_was_left(
    service: LectureService, browser: Browser
) -> None:
    for number in range(60):
        add(service, f"lectures/Физика {number}.srt", has_media=False)
    async with visiting(browser, f"{service.url}/#lectures") as page:
        await page.get_by_label("Найти лекцию").fill("Физика 5")
        await page.get_by_text("15 лекций").wait_for()
        row = page.get_by_role("link", name="Физика 57")
        await row.scroll_into_view_if_needed()
        place = await page.evaluate("scrollY")
        assert place > 0
        await row.click()
        await page.get_by_role("link", name="Все лекции").click()
        await page.get_by_text("15 лекций").wait_for()
        await page.wait_for_function("(place) => scrollY === place", arg=place)
        await page.locator("nav a[href='#films']").click()
        await page.locator("nav a[href='#lectures']").click()
        await page.get_by_text("60 лекций").wait_for()


@browsing
@in_module
async def test_a_lecture_that_came_in_here_is_deleted_after_a_question(
    service: LectureService, browser: Browser
) -> None:
    own = add(service, "lectures/Клетка.srt", has_media=False)
    sent = add(service, "lectures/uploads/Биология/Ткани.srt", has_media=False)
    async with visiting(browser, f"{service.url}/#lectures/{own['id']}") as page:
        remove = page.get_by_role("button", name="Удалить лекцию")
        await page.locator(".segment").first.wait_for()
        assert not await remove.is_visible()
        await page.goto(f"{service.url}/#lectures/{sent['id']}")
        await remove.click()
        question = page.locator("#confirm")
        await keep_picture(page, "lecture_delete")
        assert "с ним расшифровка с вашими правками, конспект, главы и глоссарий" in await question.inner_text()
        await question.get_by_role("button", name="Отмена").click()
        assert service.requests == []
        await remove.click()
        await question.get_by_role("button", name="Удалить").click()
        await page.get_by_text("Лекция «Ткани» удалена.").wait_for()
        await page.locator(".groups .file").get_by_text("Клетка").wait_for()
        assert await page.locator(".groups .file").count() == 1
    assert service.requests == [("DELETE", "lectures/uploads/Биология/Ткани.srt")]


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
        await page.locator("nav a[href='#documents']").click()
        await page.locator(".file").filter(has_text="Градиентный спуск").get_by_text("Ждёт").wait_for()
        await page.locator("nav a[href='#lectures']").click()
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
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (await client.post("/search", {"query": "темп обучения"}))[1]["relevant"]:
                await asyncio.sleep(0.05)
        await page.locator("nav a[href='#ask']").click()
        await page.locator("#question").fill("Как зовётся длина шага?")
        await page.keyboard.press("Enter")
        await page.locator("a.source").first.click()
        await page.locator(".spoken").wait_for()


@browsing
@in_module
async def test_an_open_lecture_notices_that_its_file_is_renamed_deleted_and_put_back(
    settings: ServiceSettings, browser: Browser, tmp_path: Path
) -> None:
    folder = settings.knowledge.folder / "lectures"
    recording, transcript = folder / "Физика.wav", folder / "Физика.srt"
    silent_recording(recording, 40)
    transcript.write_text(subtitles(SENTENCES[:4], 9))
    async with started(settings) as client:
        (id_,) = await client.until_ready(1)
        async with visiting(browser, f"{client.url}/#lectures/{id_}?t=20") as page:
            player = page.locator("audio")
            await page.locator(".spoken").get_by_text(SENTENCES[2]).wait_for()
            for file in (recording, transcript):
                file.rename(file.with_stem("Механика"))
            await page.locator("h1").get_by_text("Механика").wait_for()
            async with asyncio.timeout(PATIENCE_SECONDS):  # a new element may take the place of one that was too early
                while not await page.evaluate("document.querySelector('audio')?.readyState"):
                    await asyncio.sleep(0.05)
            address = await player.get_attribute("src")
            assert address is not None
            assert unquote(address) == "sources/lectures/Механика.wav"
            assert await seconds(page) == 20
            assert await page.locator(".spoken").inner_text() == SENTENCES[2]
            away = tmp_path / "away.wav"
            recording.with_stem("Механика").rename(away)
            transcript.with_stem("Механика").unlink()
            await page.get_by_text("Такой лекции больше нет.").wait_for()
            assert await player.count() == 0
            away.rename(recording)
            await page.locator("h1").get_by_text("Физика").wait_for()
            await page.locator(".spoken").get_by_text(SENTENCES[2]).wait_for()


def subtitles(sentences: list[str], seconds: int) -> str:
    """Return a file in SRT whose sentences take so many seconds each."""
    times = [f"00:{start // 60:02}:{start % 60:02},000" for start in range(0, (len(sentences) + 1) * seconds, seconds)]
    cues = zip(times, times[1:], sentences, strict=False)
    return "".join(f"{start} --> {end}\n{text}\n\n" for start, end, text in cues)
