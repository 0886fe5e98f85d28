"""Noticing changes: the system's file events where they work, regular scans everywhere."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import awatch

from knowledge.errors import FolderError, LectureStoreError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from knowledge.files.ingest import ScanReport
    from knowledge.settings import KnowledgeSettings

_LOGGER = logging.getLogger(__name__)

# The kernel reports no events for what another machine writes to these.
_REMOTE_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "fuse.rclone", "virtiofs"}
)
_MOUNTS = Path("/proc/self/mounts")
_DEBOUNCE_MS = 300


class Watcher:
    """Scans whenever the folder changes, and regularly; lives until its task is cancelled."""

    def __init__(self, settings: KnowledgeSettings, scan: Callable[[bool], Awaitable[ScanReport]]) -> None:
        """Take `scan(retry_failed)`, which brings the library up to date."""
        self._settings = settings
        self._scan = scan
        self._changed = asyncio.Event()
        self._retry_failed = False
        self._is_watching = False
        self._is_away = False
        """The folder itself was not there at the last scan."""
        self._watches: set[asyncio.Task[None]] = set()

    def request(self) -> None:
        """Ask for a scan soon that also tries failed files again."""
        self._retry_failed = True
        self._changed.set()

    def notice(self) -> None:
        """Ask for a scan soon."""
        self._changed.set()

    async def run(self) -> None:
        """Scan until cancelled."""
        if self._settings.folder.is_dir():
            self._start_watching()
        try:
            while True:
                pause = await self._scan_once()
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._changed.wait()
        finally:
            watches = self._stop_watching()
            await asyncio.gather(*watches, return_exceptions=True)

    async def _scan_once(self) -> float:
        """Return the seconds until the next scan."""
        retry_failed, self._retry_failed = self._retry_failed, False
        self._changed.clear()
        ingest = self._settings.ingest
        try:
            report = await self._scan(retry_failed)
        except FolderError as err:
            if not self._is_away:
                _LOGGER.warning("%s Looking for it every %g seconds.", err, ingest.poll_seconds)
            self._is_away = True
            return ingest.poll_seconds
        except (LectureStoreError, OSError, RuntimeError) as err:  # a full disk, as each of them reports it
            _LOGGER.warning("The scan failed and will be tried again: %s", err)
            return ingest.poll_seconds
        except Exception:  # the last boundary: one file that trips us must not end the watch over all others
            _LOGGER.exception("The scan failed and will be tried again")
            return ingest.poll_seconds
        if self._is_away:
            _LOGGER.info("The folder %s is back", self._settings.folder)
            self._is_away = False
            self._start_watching()
            return 0.0  # for what came in before it was watched
        if report.unsettled:
            return ingest.settle_seconds
        return ingest.rescan_seconds if self._is_watching else ingest.poll_seconds

    def _start_watching(self) -> None:
        """Watch the folder that is there now: the kernel still watches the one that went away."""
        self._stop_watching()
        if is_remote(self._settings.folder):
            return
        self._is_watching = True
        task = asyncio.create_task(self._watch())
        self._watches.add(task)
        task.add_done_callback(self._watches.discard)

    def _stop_watching(self) -> list[asyncio.Task[None]]:
        """Return what is about to end."""
        for task in self._watches:
            task.cancel()
        return list(self._watches)

    async def _watch(self) -> None:
        try:
            async with aclosing(awatch(self._settings.folder, debounce=_DEBOUNCE_MS, step=50)) as changes:
                async for _ in changes:
                    self._changed.set()
        except (OSError, RuntimeError) as err:  # no inotify watches left, the folder is gone
            _LOGGER.warning(
                "The knowledge folder cannot be watched (%s); looking every %g seconds instead",
                err,
                self._settings.ingest.poll_seconds,
            )
        self._is_watching = False
        self._changed.set()


def is_remote(folder: Path, mounts: Path = _MOUNTS) -> bool:
    """Say whether a folder is on a share of another machine."""
    try:
        lines = mounts.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    kinds = {fields[1].replace("\\040", " "): fields[2] for line in lines if len(fields := line.split()) > 2}
    resolved = folder.resolve()
    mount = next((parent for parent in (resolved, *resolved.parents) if str(parent) in kinds), None)
    return mount is not None and kinds[str(mount)] in _REMOTE_FILE_SYSTEMS
