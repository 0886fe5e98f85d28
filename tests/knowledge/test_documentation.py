"""What the guide to the package shows, run as it stands."""

import asyncio
import re
import shutil
from pathlib import Path

import pytest

from tests.fakes.ollama_server import OllamaServer, Scripted
from tests.knowledge.conftest import SAMPLES

GUIDE = Path(__file__).parents[2] / "docs" / "knowledge-python.md"
_CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)


async def test_the_guide_runs_from_top_to_bottom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Without lectures: the model would write about them, and the script is for questions.
    shutil.copytree(SAMPLES, tmp_path / "knowledge", ignore=shutil.ignore_patterns("lectures"))
    monkeypatch.chdir(tmp_path)
    words = "Винт поворачивают на пол-оборота [1]."
    script = [Scripted('{"queries": ["холодный радиатор"]}'), Scripted([words[:10], words[10:]])]
    async with OllamaServer(script=script) as ollama:
        code = "".join(_CODE.findall(GUIDE.read_text(encoding="utf-8"))).replace("http://127.0.0.1:11434", ollama.url)
        await asyncio.to_thread(exec, code, {})
    by_words, with_models = capsys.readouterr().out.split("EmbeddingStatus(")
    assert "ScanReport(indexed=4" in by_words
    assert "Это из документа" in by_words
    assert "1 documents/" in by_words
    assert by_words.endswith("False\n")
    assert "('холодный радиатор',)" in with_models
    assert "['documents/инструкция-по-дому.md']" in with_models
