"""What the readers of XML and HTML have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Collection

_HTML = """
    a abbr b bdi bdo cite code data del dfn em font i ins kbd label mark q ruby rt samp small span strong sub sup time
    tt u var wbr
"""
_FICTION_BOOK = "emphasis strikethrough style"
_OPEN_DOCUMENT = "bookmark bookmark-start bookmark-end"
INLINE = frozenset(f"{_HTML} {_FICTION_BOOK} {_OPEN_DOCUMENT}".split())
"""Elements that stand inside a word or between words of one paragraph."""


def parse_xml(raw: bytes) -> etree._Element:
    """Return the root; entities stay unresolved and nothing is fetched. Raises: lxml.etree.XMLSyntaxError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    return etree.fromstring(raw, parser)


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace; empty for an instruction or an entity.

    What Word and Outlook add to HTML, such as o:p and st1:city, stands inside words and is a "span" here.
    """
    tag: object = element.tag  # a function for instructions and entities
    if not isinstance(tag, str):
        return ""
    # By hand: lxml's QName refuses names that HTML has and XML does not allow.
    name = tag.rpartition("}")[2].lower()
    return "span" if ":" in name else name


def words_of(element: etree._Element, skipped: Collection[str] = ()) -> str:
    """Return the text inside an element; what stands in blocks of their own is kept apart by blanks."""
    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        name = local_name(inner)
        border = "" if name in INLINE else " "
        if event == "start":
            is_wanted = bool(name) and name not in skipped
            parts += [border, (inner.text or "") if is_wanted else ""]
            if not is_wanted:
                walk.skip_subtree()
        else:
            parts += [border, (inner.tail or "") if inner is not element else ""]
    return "".join(parts)


def rows_of(table: etree._Element, row: str, cells: Collection[str]) -> list[list[str]]:
    """Return the texts of a table's cells by the names of its elements, whatever their namespace."""
    return [
        [words_of(cell) for cell in line.iter() if local_name(cell) in cells]
        for line in table.iter()
        if local_name(line) == row
    ]


def has_inner(element: etree._Element, name: str) -> bool:
    """Say whether there is an element of this name inside this one."""
    return any(local_name(inner) == name for inner in element.iterdescendants())
