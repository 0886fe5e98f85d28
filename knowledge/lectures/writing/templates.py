"""Templates of summaries: what a model has to write, and how it is laid out in Markdown.

A template is a file NAME.md.j2: front matter in TOML between two lines of `+++`, then Jinja. The front matter names the
sections that somebody has to write, and each becomes a variable; so a template of one's own needs no code:

    [sections.gist]               the variable `gist`
    ask = "..."                   what to write, as the model is told
    form = "text" | "list"        sentences or a list of them
    most = 5                      sentences or entries
    of = "lecture" | "chapter"    the chapters' ones are `chapter.NAME`
    without_model = "sentences" | "terms" | "questions" | "nothing"
    is_free = true                new thoughts are wanted (homework): they are not compared with the transcript

    [words.ru]                    `words.NAME`: headings, in the language of the lecture

What every template may use besides is in `GIVEN`, and of a chapter in `GIVEN_OF_CHAPTER`.
"""

from __future__ import annotations

import re
import tomllib
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment

from knowledge.errors import LectureTemplateError, UnknownTemplateError
from knowledge.models import Language

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jinja2 import Template as JinjaTemplate

DEFAULT = "short"

GIVEN = frozenset({"title", "language", "duration", "minutes", "chapters", "glossary", "words", "comma", "is_extract"})
"""title, language ("ru"), duration ("1:30:00"), minutes, chapters, glossary (of terms with term, definition, time,
confidence, is_supported), words, comma (", " or "、"), is_extract (no model wrote it)."""

GIVEN_OF_CHAPTER = frozenset({"title", "time", "start", "minutes", "is_extract"})

_TAKEN = GIVEN | GIVEN_OF_CHAPTER | {"gist", "terms"}
"""No names for sections of a chapter; the last two every chapter has for the model."""
_SHIPPED = Path(__file__).with_suffix("")
_ORDER = ("short", "study_notes", "lesson_plan")
_SUFFIX = ".md.j2"
_FRONT_MATTER = re.compile(r"\A\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*$", re.DOTALL | re.MULTILINE)
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_EMPTY_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")
_MOST_BYTES = 100_000
_MOST_CHARACTERS = 200_000
_MOST_SECTIONS = 12
_MOST_ASKED = 500
_MOST_ENTRIES = 30

Form = Literal["text", "list"]
Of = Literal["lecture", "chapter"]
WithoutModel = Literal["sentences", "terms", "questions", "nothing"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A section that somebody has to write."""

    name: str
    ask: str
    form: Form = "text"
    most: int = 5
    of: Of = "lecture"
    without_model: WithoutModel = "sentences"
    is_free: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A checked template."""

    name: str
    path: Path
    sections: tuple[Wanted, ...]
    words: Mapping[str, Mapping[str, str]]
    """By language."""
    compiled: JinjaTemplate = field(repr=False)

    def rendered(self, variables: Mapping[str, Any]) -> str:
        """Return the summary in Markdown.

        Raises: LectureTemplateError with the line.
        """
        language = str(variables["language"])
        words = next((self.words[one] for one in (language, Language.ENGLISH, *self.words) if one in self.words), {})
        written, length = [], 0
        try:
            for piece in self.compiled.generate(**variables, words=words):
                length += len(piece)
                if length > _MOST_CHARACTERS:
                    raise LectureTemplateError(self.path, 1, f"it writes more than {_MOST_CHARACTERS} characters")
                written.append(piece)
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as err:
            raise LectureTemplateError(self.path, _line_of(err, self.path), str(err)) from err
        return _EMPTY_LINES.sub("\n\n", "".join(written)).strip() + "\n"


class Templates:
    """The shipped templates and those of a household's folder; one of the same name stands in for the shipped one."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """Return the names, the default first."""
        found = self._paths()
        return [name for name in _ORDER if name in found] + sorted(set(found) - set(_ORDER))

    def get(self, name: str) -> Template:
        """Read a template, as its file is now.

        Raises: UnknownTemplateError, LectureTemplateError with file and line.
        """
        path = self._paths().get(name)
        if path is None:
            raise UnknownTemplateError(name, self.names())
        return read(path)

    def _paths(self) -> dict[str, Path]:
        folders = [_SHIPPED, *([self._folder] if self._folder is not None else [])]
        return {
            path.name.removesuffix(_SUFFIX): path
            for folder in folders
            if folder.is_dir()
            for path in sorted(folder.glob(f"*{_SUFFIX}"))
        }


def read(path: Path) -> Template:
    """Return a template after a check of all its parts.

    Raises: LectureTemplateError with file and line.
    """
    source = _source(path)
    front, body = _parts(path, source)
    sections = tuple(_sections(path, source, front.get("sections", {})))
    words = _words(path, source, front.get("words", {}))
    try:
        tree = _environment.parse(body, filename=str(path))
        _check_variables(path, tree, sections)
        code = _environment.compile(tree, filename=str(path))
    except TemplateSyntaxError as err:
        raise LectureTemplateError(path, err.lineno, err.message or "it is no Jinja template") from err
    compiled = _environment.template_class.from_code(_environment, code, _environment.make_globals(None))
    return Template(path.name.removesuffix(_SUFFIX), path, sections, words, compiled)


_environment = SandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined, autoescape=False)


def _source(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise LectureTemplateError(path, 1, f"it is larger than {_MOST_BYTES} bytes")
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as err:
        raise LectureTemplateError(path, 1, f"it cannot be read as UTF-8: {err}") from err


def _parts(path: Path, source: str) -> tuple[dict[str, Any], str]:
    """Return the front matter, and the rest with as many line feeds before it: Jinja counts the file's lines then."""
    match = _FRONT_MATTER.match(source)
    if match is None:
        return {}, source
    try:
        front = tomllib.loads(match[1])
    except tomllib.TOMLDecodeError as err:
        place = _TOML_PLACE.search(str(err))
        line = int(place[1]) if place and place[1] else match[1].count("\n")
        raise LectureTemplateError(path, line + 1, _TOML_PLACE.sub("", str(err))) from err
    return front, "\n" * source[: match.end()].count("\n") + source[match.end() :]


def _sections(path: Path, source: str, described: object) -> Iterator[Wanted]:
    if not isinstance(described, dict) or len(described) > _MOST_SECTIONS:
        raise LectureTemplateError(
            path, _line(source, "sections"), f"at most {_MOST_SECTIONS} [sections.NAME] belong here"
        )
    for name, fields in described.items():
        line = _line(source, f"sections.{name}")
        if problem := _problem(fields):
            raise LectureTemplateError(path, line, f"section '{name}': {problem}")
        wanted = Wanted(name, **fields)
        if not name.isidentifier() or name in (_TAKEN if wanted.of == "chapter" else GIVEN):
            raise LectureTemplateError(path, line, f"a section cannot be called '{name}'")
        yield wanted


def _problem(fields: object) -> str:
    """Return what is wrong with the fields of a section; empty when nothing is."""
    if not isinstance(fields, dict):
        return "it is no table"
    if unknown := fields.keys() - _FIELDS.keys():
        return f"'{min(unknown)}' is not known; known are {', '.join(_FIELDS)}"
    for name, value in fields.items():
        allowed = _FIELDS[name]
        if isinstance(allowed, tuple) and value not in allowed:
            return f"'{name}' is one of {', '.join(allowed)}"
        if isinstance(allowed, type) and type(value) is not allowed:
            return f"'{name}' is no {allowed.__name__}"
    if not 1 <= len(fields.get("ask", "")) <= _MOST_ASKED:
        return f"'ask' says in at most {_MOST_ASKED} characters what to write"
    return "" if 1 <= fields.get("most", 1) <= _MOST_ENTRIES else f"'most' is from 1 to {_MOST_ENTRIES}"


_FIELDS: Mapping[str, type | tuple[str, ...]] = {
    "ask": str,
    "form": get_args(Form),
    "most": int,
    "of": get_args(Of),
    "without_model": get_args(WithoutModel),
    "is_free": bool,
}


def _words(path: Path, source: str, described: object) -> dict[str, dict[str, str]]:
    if not isinstance(described, dict):
        raise LectureTemplateError(path, _line(source, "words"), "words are given by language, as in [words.ru]")
    for words in described.values():
        if not isinstance(words, dict) or not all(isinstance(word, str) for word in words.values()):
            raise LectureTemplateError(path, _line(source, "words"), "words are texts, by language")
    return described


def _check_variables(path: Path, tree: nodes.Template, sections: tuple[Wanted, ...]) -> None:
    """Refuse a variable that nobody fills: it would only be seen after an hour of a model's work."""
    known = GIVEN | {section.name for section in sections if section.of == "lecture"}
    unknown = find_undeclared_variables(tree) - known
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            raise LectureTemplateError(
                path, name.lineno, f"nobody fills '{name.name}'; known are {', '.join(sorted(known))}"
            )


def _line(source: str, table: str) -> int:
    """Return the line of a table of the front matter."""
    lines = source.splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.strip().startswith(f"[{table}")), 1)


def _line_of(err: BaseException, path: Path) -> int:
    """Return the template's line where rendering failed; Jinja puts it into the traceback."""
    frames = [frame for frame in traceback.extract_tb(err.__traceback__) if frame.filename == str(path)]
    return frames[-1].lineno or 1 if frames else 1
