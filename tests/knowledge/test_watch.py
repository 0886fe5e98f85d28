import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from knowledge.errors import FolderError
from knowledge.files.ingest import ScanReport
from knowledge.files.watch import Watcher, is_remote
from knowledge.settings import IngestSettings, KnowledgeSettings
from tests.waiting import until


class Scans:
    """Counts scans and answers with what the test lays out; then with reports of nothing."""

    def __init__(self, *outcomes: ScanReport | Exception) -> None:
        self.outcomes = list(outcomes)
        self.retries: list[bool] = []

    async def __call__(self, retry_failed: bool) -> ScanReport:
        self.retries.append(retry_failed)
        outcome = self.outcomes.pop(0) if self.outcomes else ScanReport()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def settings(folder: Path, **ingest: float) -> KnowledgeSettings:
    return KnowledgeSettings(folder, folder.parent / "data", IngestSettings(**ingest))


@pytest.mark.parametrize(
    "outcome",
    [ScanReport(unsettled=1), FolderError(Path("x"), "is gone."), OSError("disk full"), ValueError("a bug")],
)
async def test_what_could_not_be_done_is_tried_again(folder: Path, outcome: ScanReport | Exception) -> None:
    scans = Scans(outcome)
    task = asyncio.create_task(Watcher(settings(folder, settle_seconds=0.05, poll_seconds=0.05), scans).run())
    await until(lambda: len(scans.retries) >= 2)
    task.cancel()
    await asyncio.wait([task])


async def test_a_change_and_a_request_each_cause_a_scan(folder: Path) -> None:
    scans = Scans()
    watcher = Watcher(settings(folder), scans)
    task = asyncio.create_task(watcher.run())
    await until(lambda: scans.retries == [False])
    watcher.request()
    await until(lambda: scans.retries == [False, True])
    for attempt in range(100):  # the system may need a moment until it watches
        (folder / "a.txt").write_text(str(attempt))
        await asyncio.sleep(0.1)
        if len(scans.retries) > 2:
            break
    assert scans.retries[2] is False
    task.cancel()
    await asyncio.wait([task])


async def test_a_folder_that_cannot_be_watched_is_looked_at_again_and_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuse(*_: object, **__: object) -> AsyncIterator[None]:
        raise OSError(28, "inotify watch limit reached")
        yield

    monkeypatch.setattr("knowledge.files.watch.awatch", refuse)
    scans = Scans()
    task = asyncio.create_task(Watcher(settings(folder, poll_seconds=0.05, rescan_seconds=600), scans).run())
    await until(lambda: len(scans.retries) >= 4)
    assert "cannot be watched" in caplog.text
    task.cancel()
    await asyncio.wait([task])


async def test_a_folder_that_comes_back_is_watched_again(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    away = FolderError(folder, "cannot be read.")
    folder.rmdir()
    scans = Scans(away, away)
    task = asyncio.create_task(Watcher(settings(folder, poll_seconds=0.1, rescan_seconds=600), scans).run())
    await until(lambda: len(scans.retries) == 2)
    folder.mkdir()
    await until(lambda: len(scans.retries) >= 4)  # the one that found it, and one for what came in meanwhile
    seen = len(scans.retries)
    for attempt in range(100):  # the system may need a moment until it watches
        (folder / "a.txt").write_text(str(attempt))
        await asyncio.sleep(0.1)
        if len(scans.retries) > seen:
            break
    assert len(scans.retries) > seen
    assert caplog.text.count("cannot be read") == 1
    task.cancel()
    await asyncio.wait([task])


def test_a_share_of_another_machine_is_told_by_its_mount(tmp_path: Path) -> None:
    share = tmp_path / "my share"
    (share / "deep").mkdir(parents=True)
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\n//nas/docs {str(share).replace(' ', chr(92) + '040')} cifs rw 0 0\n")
    assert is_remote(share / "deep", mounts)
    assert not is_remote(tmp_path, mounts)
    assert not is_remote(tmp_path, tmp_path / "nothing")
