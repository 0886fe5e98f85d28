from pathlib import Path

import pytest

from knowledge.errors import LectureTemplateError, UnknownTemplateError
from knowledge.lectures.models import Maker, Transcript
from knowledge.lectures.writing.content import write_content
from knowledge.lectures.writing.templates import Template, Templates
from knowledge.models import Language
from tests.knowledge.lectures.said import DESCENT, transcript

OWN = """\
+++
[sections.main]
ask = "The main thought."
most = 2

[sections.steps]
ask = "Steps."
form = "list"
of = "chapter"

[words.ru]
main = "Суть"
+++
# {{ words.main }}: {{ title }} ({{ minutes }} мин, {{ duration }})
{{ main }}
{% for chapter in chapters %}
* {{ chapter.time }}{{ comma }}{{ chapter.title }}: {{ chapter.steps | length }}
{% endfor %}
{{ glossary | map(attribute="term") | join(comma) }}
"""


def written(template: Template, said: Transcript | None = None) -> str:
    """Return a summary that no model wrote."""
    content = write_content(
        said or transcript(DESCENT), "Спуск", None, template, report=lambda *_: None, should_stop=lambda: False
    )
    assert content.summary is not None
    assert content.summary.by is Maker.EXTRACT
    assert not content.is_complete
    return content.summary.text


def put(folder: Path, text: str, name: str = "own") -> Templates:
    (folder / f"{name}.md.j2").write_text(text)
    return Templates(folder)


@pytest.mark.parametrize("name", ["short", "study_notes", "lesson_plan"])
@pytest.mark.parametrize(
    ("language", "text", "heading"),
    [
        (Language.RUSSIAN, DESCENT, {"short": "По порядку", "study_notes": "Термины", "lesson_plan": "Цели"}),
        (
            Language.ENGLISH,
            "An antigen is a molecule that immune cells know.\nAntibodies mark an antigen.\nCells remember an antigen.",
            {"short": "In order", "study_notes": "Test yourself", "lesson_plan": "Course of the lesson"},
        ),
        (
            Language.CHINESE,
            "命中率是指在缓存里直接找到数据的比例。\n缓存比内存快，但是缓存很小。\n缓存里没有数据的时候才去内存。",
            {"short": "内容顺序", "study_notes": "术语", "lesson_plan": "教学过程"},
        ),
    ],
)
def test_the_shipped_templates_speak_the_lectures_language(
    name: str, language: Language, text: str, heading: dict[str, str]
) -> None:
    summary = written(Templates().get(name), transcript(text, language))
    assert f"## {heading[name]}" in summary
    assert "\n\n\n" not in summary
    assert "0:00" in summary


def test_the_shipped_templates_come_first_and_ones_own_after_them(tmp_path: Path) -> None:
    templates = put(tmp_path, OWN)
    assert templates.names() == ["short", "study_notes", "lesson_plan", "own"]
    with pytest.raises(UnknownTemplateError, match="short, study_notes, lesson_plan, own"):
        templates.get("../../etc/passwd")


def test_a_template_of_ones_own_works_without_code(tmp_path: Path) -> None:
    lines = written(put(tmp_path, OWN).get("own")).splitlines()
    assert lines[0] == "# Суть: Спуск (1 мин, 1:20)"
    assert len(lines[1]) > 80
    assert lines[2].startswith("* 0:00, Градиентный спуск")
    assert "метод моментов" in lines[-1]


def test_a_template_of_a_shipped_name_stands_in_for_it(tmp_path: Path) -> None:
    assert written(put(tmp_path, "{{ title }}!", "short").get("short")) == "Спуск!\n"


def test_a_template_is_read_as_its_file_is_now(tmp_path: Path) -> None:
    templates = put(tmp_path, "one")
    assert written(templates.get("own")) == "one\n"
    put(tmp_path, "two")
    assert written(templates.get("own")) == "two\n"


def test_a_lecture_without_words_still_has_a_summary() -> None:
    for name in Templates().names():
        assert written(Templates().get(name), Transcript((), Language.ENGLISH)).endswith("\n")


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("{{ title }}\n{% if title %}", 2, "endif"),
        ("\n\n{{ titel }}", 3, "nobody fills 'titel'"),
        ("+++\n[sections.a]\nask = 'x'\n\nmost = \n+++\n", 5, "Invalid value"),
        ("+++\n[sections.a]\nask = 'x'\n[sections.b]\nform = 'list'\n+++\n", 4, "'ask' says in at most"),
        ("+++\n[sections.a]\nask = 'x'\nform = 'prose'\n+++\n", 2, "'form' is one of text, list"),
        ("+++\n[sections.a]\nask = 'x'\nlong = 3\n+++\n", 2, "'long' is not known"),
        ("+++\n[sections.a]\nask = 'x'\nmost = true\n+++\n", 2, "'most' is no int"),
        ("+++\n[sections.a]\nask = 'x'\nmost = 99\n+++\n", 2, "from 1 to 30"),
        ("+++\n[sections.gist]\nask = 'x'\nof = 'chapter'\n+++\n", 2, "cannot be called 'gist'"),
        ("+++\n[words]\nru = 'Слово'\n+++\n", 2, "words are texts"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_with_file_and_line(
    tmp_path: Path, text: str, line: int, problem: str
) -> None:
    with pytest.raises(LectureTemplateError, match=problem) as refused:
        put(tmp_path, text).get("own")
    assert refused.value.line == line
    assert f"{tmp_path / 'own.md.j2'}, line {line}: " in str(refused.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("+++\n[words.ru]\n+++\n\n{{ words.main }}", 5),
        ("{{ 1 / 0 }}", 1),
        ("\n{{ ''.__class__.__mro__ }}", 2),
        ("{% for a in range(99999) %}{{ title }}{% for b in range(99) %}{{ title }}{% endfor %}{% endfor %}", 1),
    ],
)
def test_a_template_that_fails_or_breaks_out_is_stopped_at_its_line(tmp_path: Path, text: str, line: int) -> None:
    template = put(tmp_path, text).get("own")
    with pytest.raises(LectureTemplateError) as failed:
        written(template)
    assert failed.value.line == line


def test_a_template_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.md.j2").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LectureTemplateError, match="UTF-8"):
        Templates(tmp_path).get("own")
