"""`voice-rag turn` as people call it."""

import asyncio
import io
import json
import re
import sys
from pathlib import Path

import aiohttp
import pytest

from voice_rag.__main__ import main

ROOT = Path(__file__).parents[3]
MESSAGES = [
    {"context": ["Чем могу помочь?"], "message": "Включи свет в"},
    {"message": "turn on the light please"},
]


def test_the_messages_of_a_file_are_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "messages.json"
    path.write_text(json.dumps(MESSAGES), encoding="utf-8")
    assert main(["turn", "infer", str(path), "--engine", "rules"]) == 0
    unfinished, finished = [answer["probas"] for answer in json.loads(capsys.readouterr().out)]
    assert unfinished["speak"] < 0.5 < finished["speak"]
    assert unfinished["wait"] + unfinished["speak"] == pytest.approx(1)


def test_one_message_may_come_by_the_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(MESSAGES[0])))
    assert main(["turn", "infer", "-", "--engine", "rules"]) == 0
    assert json.loads(capsys.readouterr().out)["probas"]["speak"] < 0.5


def test_a_table_shows_each_message_beside_its_probability(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "messages.json"
    path.write_text(json.dumps(MESSAGES), encoding="utf-8")
    assert main(["turn", "infer", str(path), "--engine", "rules", "--table"]) == 0
    assert re.search(r"0\.950 .* en .* turn on the light please", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        (None, (), "Can't read"),
        ("{", (), "is not JSON"),
        ('[{"text": "a"}]', (), "Entry 0 must have a 'message'"),
        ("[]", ("--engine", "telepathy"), "There is no engine 'telepathy'"),
    ],
)
def test_what_cannot_be_judged_is_explained_in_one_line(
    content: str | None, arguments: tuple[str, ...], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "messages.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert main(["turn", "infer", str(path), *arguments]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert message in said.err
    assert len(said.err.splitlines()) == 1


async def test_the_server_answers_from_its_own_process_and_ends_well() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "voice_rag", "turn", "serve", "--port", "0", "--side-port", "0"),
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        while not (found := re.search(rb"health on (http://[^/]+)/health", await process.stderr.readline())):
            assert not process.stderr.at_eof()
        url = found[1].decode()
        async with aiohttp.ClientSession() as session, session.post(f"{url}/infer", json=MESSAGES) as response:
            assert response.status == 200
            assert len(await response.json()) == 2
        process.terminate()
        assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
