"""Work in a child process: its answers, its failures, its end."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from wyoming_servers.runtime import child
from wyoming_servers.runtime.child import foreign_environment
from wyoming_servers.runtime.errors import EngineError, StartError
from wyoming_servers.runtime.worker import Worker, WorkerError, resident_bytes

ROOT = Path(__file__).parents[3]
TARGET = "tests.fakes.worked:Worked"


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    worker = Worker("The worker", TARGET)
    yield worker
    worker.stop()


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until_gone(pid: int) -> None:
    while is_running(pid):
        time.sleep(0.02)


def test_a_method_runs_in_another_process(worker: Worker) -> None:
    assert worker.call("add", 2, 3) == 5
    assert worker.call("pid") == worker.pid != os.getpid()
    assert worker.call("stop_signals") == [True, True]
    assert resident_bytes(worker.pid) > 1_000_000


def test_a_large_answer_and_what_a_library_prints_do_no_harm(worker: Worker) -> None:
    worker.call("write_to_stdout")
    assert len(worker.call("fill", 5_000_000)) == 5_000_000


@pytest.mark.parametrize(
    ("kind", "error", "message"),
    [
        ("engine", EngineError, "^for a reason$"),
        ("start", StartError, "^for a reason$"),
        ("file", EngineError, "OSError: for a reason"),
        ("bug", EngineError, "KeyError: 'for a reason'"),
    ],
)
def test_a_failure_reaches_the_caller_and_the_process_goes_on(
    kind: str, error: type[Exception], message: str, worker: Worker
) -> None:
    with pytest.raises(error, match=message):
        worker.call("fail", kind)
    assert worker.call("add", 1, 1) == 2


@pytest.mark.parametrize(
    ("method", "argument", "told"), [("die", signal.SIGSEGV, "SIGSEGV"), ("leave", 7, "exit code 7")]
)
def test_a_process_that_dies_is_told_with_its_way_to_die(method: str, argument: int, told: str, worker: Worker) -> None:
    with pytest.raises(WorkerError, match=rf"The worker ended unexpectedly \({told}\)"):
        worker.call(method, argument)
    assert not worker.is_alive
    with pytest.raises(WorkerError):
        worker.call("add", 1, 1)


def test_a_process_that_gives_no_answer_in_time_is_ended(worker: Worker) -> None:
    assert worker.call("add", 1, 1, seconds=60) == 2
    with pytest.raises(WorkerError, match=r"no answer in 0\.2 s"):
        worker.call("hang", seconds=0.2)
    assert not is_running(worker.pid)


async def test_stopping_ends_a_call_under_way(worker: Worker, tmp_path: Path) -> None:
    call = asyncio.create_task(asyncio.to_thread(worker.call, "begin_to_hang", tmp_path / "begun"))
    while not (tmp_path / "begun").exists():
        await asyncio.sleep(0.01)
    await asyncio.to_thread(worker.stop)
    with pytest.raises(WorkerError):
        await call
    assert not is_running(worker.pid)


async def test_a_message_arrives_beside_the_call_under_way(worker: Worker, tmp_path: Path) -> None:
    call = asyncio.create_task(asyncio.to_thread(worker.call, "wait_until_told", tmp_path / "begun"))
    while not (tmp_path / "begun").exists():
        await asyncio.sleep(0.01)
    worker.tell("take", "enough")
    assert await call == "enough"
    worker.stop()
    worker.tell("take", "nobody is there")


def test_another_interpreter_is_not_given_the_packages_of_this_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert foreign_environment()["PYTHONPATH"] == str(ROOT)
    monkeypatch.setattr(child, "_PARENT_OF_PACKAGE", tmp_path / "site-packages")
    assert "PYTHONPATH" not in foreign_environment()


def test_several_threads_get_each_its_own_answer(worker: Worker) -> None:
    answers: list[int] = []
    threads = [threading.Thread(target=lambda n=n: answers.append(worker.call("add", n, 0))) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == list(range(8))


@pytest.mark.parametrize("call", ['("add", 1, 1)', '("hang", seconds=0.3)'], ids=["idle", "in the midst of work"])
def test_the_process_ends_with_an_owner_that_is_killed(call: str) -> None:
    code = f"""
import os
from wyoming_servers.runtime.worker import Worker
worker = Worker("The worker", {TARGET!r})
worker._kill = lambda: None
print(worker.call("pid"), flush=True)
try:
    worker.call{call}
except Exception:
    pass
os.kill(os.getpid(), 9)
"""
    owner = subprocess.run((sys.executable, "-c", code), cwd=ROOT, capture_output=True, text=True, check=False)
    assert owner.returncode == -signal.SIGKILL
    until_gone(int(owner.stdout))
