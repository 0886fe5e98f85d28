"""An object for a child process, whose every step a test decides."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.waiting import PATIENCE_SECONDS
from wyoming_servers.runtime.errors import EngineError, StartError


class Worked:
    """Answers, fails, hangs and dies as it is told."""

    def __init__(self) -> None:
        self._told = threading.Event()
        self._message = ""

    def add(self, first: int, second: int) -> int:
        return first + second

    def pid(self) -> int:
        return os.getpid()

    def fail(self, kind: str) -> None:
        raise {"engine": EngineError, "start": StartError, "file": OSError, "bug": KeyError}[kind]("for a reason")

    def hang(self) -> None:
        time.sleep(60)

    def begin_to_hang(self, path: Path) -> None:
        path.touch()
        self.hang()

    def wait_until_told(self, path: Path) -> str:
        path.touch()
        self._told.wait(PATIENCE_SECONDS)
        return self._message

    def take(self, message: str) -> None:
        self._message = message
        self._told.set()

    def die(self, number: int) -> None:
        os.kill(os.getpid(), number)

    def leave(self, code: int) -> None:
        os._exit(code)

    def stop_signals(self) -> list[bool]:
        return [signal.getsignal(number) is signal.SIG_IGN for number in (signal.SIGINT, signal.SIGTERM)]

    def fill(self, size: int) -> bytes:
        return b"\0" * size

    def write_to_stdout(self) -> None:
        subprocess.run([sys.executable, "-c", "print('from a library')"], check=True)
