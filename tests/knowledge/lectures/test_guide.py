"""The template that the guide shows is one."""

import re
from pathlib import Path

import pytest

from knowledge.lectures.writing.templates import Templates

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("page", ["lectures.md", "lectures.ru.md"])
def test_the_template_of_the_guide_can_be_used(page: str, tmp_path: Path) -> None:
    shown = re.search(r"```\n(\+\+\+\n.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None
    (tmp_path / "homework.md.j2").write_text(shown[1], encoding="utf-8")
    templates = Templates(tmp_path)
    assert "homework" in templates.names()
    assert [wanted.name for wanted in templates.get("homework").sections] == ["gist", "homework"]
