"""The guides: their links lead somewhere, their commands exist, and those that can run here do what is promised."""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.sample_pdf import pdf_bytes
from tests.waiting import PATIENCE_SECONDS
from voice_rag.__main__ import build_parser

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
GUIDES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.glob("*.md")), *sorted(ROOT.glob("addons/*/*.md"))]
PAGES = [*GUIDES, *sorted(DOCS.glob("adr/*.md"))]
FOR_DEVELOPERS = {"architecture.md", "benchmarks.md", "knowledge-python.md", "turn-training.md"}
"""English only."""

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
_SPAN = re.compile(r"`(voice-rag [^`]+)`")
_COMMAND = re.compile(r"(^|\s|bin/)voice-rag [a-z]")
_SHELL = frozenset({"|", ">", ">>", "<", ";", "&&", "&"})


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _headings(path: Path) -> list[tuple[int, str]]:
    return [(len(marks), title) for marks, title in _HEADING.findall(_FENCE.sub("", _text(path)))]


def _anchor(title: str) -> str:
    """Return how GitHub calls a heading in an address."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _links(path: Path) -> Iterator[str]:
    yield from (link for link in _LINK.findall(_FENCE.sub("", _text(path))) if "://" not in link)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for link in _links(page):
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        if anchor:
            assert anchor in [_anchor(title) for _, title in _headings(target)], link


@pytest.mark.parametrize(
    "page",
    [path for path in DOCS.glob("*.md") if path.name not in FOR_DEVELOPERS and ".ru." not in path.name],
    ids=_name,
)
def test_every_guide_has_a_twin_of_the_same_shape(page: Path) -> None:
    twin = page.with_suffix(".ru.md")
    assert f"[По-русски]({twin.name})" in _text(page)
    assert f"[In English]({page.name})" in _text(twin)
    assert [level for level, _ in _headings(page)] == [level for level, _ in _headings(twin)]
    assert [_without_texts(command) for command in _commands(page)] == [
        _without_texts(command) for command in _commands(twin)
    ]


def _without_texts(command: list[str]) -> list[str]:
    """Return the words of a command that are not somebody's language."""
    return [word for word in command if re.fullmatch(r"--[a-z-]+|[a-z]+", word)]


@pytest.mark.parametrize("page", [path for path in GUIDES if ".ru." in path.name], ids=_name)
def test_a_russian_page_leads_to_russian_pages(page: Path) -> None:
    twins = {path.name.replace(".ru.", ".") for path in page.parent.glob("*.ru.md")} - {page.name.replace(".ru.", ".")}
    assert [link for link in _links(page) if link.partition("#")[0] in twins] == []


def _code_lines(path: Path) -> Iterator[str]:
    """Yield what stands in blocks, in a file of another kind every line."""
    is_fenced = False
    for line in _text(path).splitlines():
        if line.startswith("```"):
            is_fenced = not is_fenced
        elif path.suffix != ".md" or is_fenced or line.startswith("    "):
            yield line


def _split(line: str) -> list[str]:
    """Return the words after `voice-rag` up to what belongs to the shell; empty where there are none."""
    if not _COMMAND.search(line):
        return []
    lexer = shlex.shlex(line.lstrip("# "), posix=True, punctuation_chars="|<>;&")
    lexer.whitespace_split = True
    words = list(lexer)
    # The last one: before it `docker compose exec` may name a service of that name.
    start = max(i for i, word in enumerate(words) if _COMMAND.search(f"{word} x"))
    end = next((i for i, word in enumerate(words) if i > start and word in _SHELL), len(words))
    return words[start + 1 : end]


def _commands(path: Path) -> list[list[str]]:
    return [words for line in _code_lines(path) if (words := _split(line))]


def _fill_in(words: list[str]) -> list[str]:
    """Return a command without the signs for "and so on"."""
    said_above = ["--folder", "F", "--data", "D"] if words[:2] == ["knowledge", "serve"] else []
    filled = [one for word in words for one in (said_above if word == "..." else [word])]
    return [word.strip("[]") for word in filled if word.strip("[]") != "..."]


COMMANDED = [path for path in (*GUIDES, *sorted(ROOT.glob("deploy/*"))) if "voice-rag " in _text(path)]


@pytest.mark.parametrize("page", COMMANDED, ids=_name)
def test_every_command_of_a_page_exists(page: Path) -> None:
    for words in _commands(page):
        build_parser().parse_args(_fill_in(words))


@pytest.mark.parametrize("page", COMMANDED, ids=_name)
def test_every_command_that_is_only_named_exists(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name may lack what the command needs, so its help is asked for."""
    for span in _SPAN.findall(_FENCE.sub("", _text(page))):
        with pytest.raises(SystemExit) as end:
            build_parser().parse_args([*_split(span), "--help"])
        assert end.value.code == 0, span
        told = capsys.readouterr().out
        assert [option for option in re.findall(r" (--[a-z-]+)", span) if option not in told] == [], span


_QUOTED = re.compile(r'"([^"|]+)"|«([^»|]+)»')
PRODUCTS = ("custom_components", "knowledge", "wyoming_servers", "voice_rag", "addons")


@pytest.fixture(scope="module")
def sources() -> str:
    """What the products are made of, and the library that complains about options."""
    files = [path for folder in PRODUCTS for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".json", ""}]
    return "\n".join(_text(path) for path in [*files, Path(argparse.__file__)] if path.is_file())


@pytest.mark.parametrize(
    "page", [path for path in GUIDES if path.name.startswith(("trouble", "integ", "DOCS"))], ids=_name
)
def test_every_message_that_a_table_quotes_is_said_somewhere(page: Path, sources: str) -> None:
    symptoms = [line.split("|")[1] for line in _text(page).splitlines() if line.startswith("| ")]
    quoted = [text for symptom in symptoms for found in _QUOTED.findall(symptom) for text in found if text]
    parts = [part.strip() for text in quoted for part in text.split("...")]
    assert [part for part in parts if part not in sources] == []


_RUNNABLE = re.compile(
    r"voice-rag (up --(example|check)|say|knowledge (add|list|remove|search|ask|eval)|"
    r"lecture (add|list|show|export)|wake list)( |$)"
)
RUN = [path for path in GUIDES if ".ru." not in path.name and any(map(_RUNNABLE.search, _code_lines(path)))]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder with the command as an installation has it, and with what the guides' examples are about."""
    command = tmp_path / "venv" / "bin" / "voice-rag"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m voice_rag "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    shutil.copytree(ROOT / "demo" / "knowledge", tmp_path / "knowledge")
    (tmp_path / "manual.pdf").write_bytes(pdf_bytes(["Clean the filter of the dishwasher every month."]))
    (tmp_path / "gradient.mp3").write_bytes(b"nobody is there who transcribes it")
    (tmp_path / "cells.srt").write_text("1\n00:00:00,000 --> 00:00:05,000\nCells divide.\n", encoding="utf-8")
    (tmp_path / "cells.pdf").write_bytes(pdf_bytes(["Slides on cells"]))
    (tmp_path / "questions.tsv").write_text("How do I bleed a radiator?\thouse-manual.md\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("page", RUN, ids=_name)
def test_the_commands_of_a_page_do_their_work(page: Path, house: Path) -> None:
    lines = [line.strip() for line in _code_lines(page) if _RUNNABLE.search(line)]
    environment = {
        "HOME": str(house),
        "PATH": f"{house / 'venv' / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "VOICE_RAG_KNOWLEDGE_FOLDER": "knowledge",
        "VOICE_RAG_KNOWLEDGE_DATA": "data",
    }
    script = "\n".join(lines)
    done = subprocess.run(
        ["bash", "-ex", "-c", script],
        cwd=house,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
