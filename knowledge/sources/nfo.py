"""What Kodi and Jellyfin write beside a video: an .nfo file with the film, the series or the episode."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from knowledge.errors import SourceError
from knowledge.models import Document, Kind
from knowledge.reasons import Reason
from knowledge.sources.film_fields import document_of, film_of
from knowledge.sources.markup import local_name, parse_xml, words_of
from knowledge.sources.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ROOTS = frozenset({"movie", "tvshow", "episodedetails", "musicvideo"})
_TEXTS = {"title": "title", "originaltitle": "original_title", "plot": "synopsis"}
_LISTS = {"country": "countries", "genre": "genres", "director": "directors"}
_DATES = ("year", "premiered", "aired", "releasedate")
_MOST_CHARACTERS = 4 << 20
_DECLARATION = re.compile(r"<\?xml.*?\?>")


class NfoSource:
    """Reads .nfo files of a media library as films."""

    kind = Kind.FILM
    extensions = frozenset({".nfo"})

    def read(self, path: Path) -> list[Document]:
        """Return the film, or the episodes of the file.

        Raises: SourceError for a file without any.
        """
        # Scrapers may add an address below the XML, and put several episodes into one file.
        text = _DECLARATION.sub("", read_text(path)[:_MOST_CHARACTERS])
        try:
            root = parse_xml(f"<films>{text[: text.rfind('>') + 1]}</films>".encode())
        except etree.XMLSyntaxError as err:
            raise SourceError(Reason.BROKEN) from err
        films = [film_of(_row(node)) for node in root.iter() if local_name(node) in _ROOTS]
        documents = [document_of(film) for film in films if film is not None]
        if not documents:
            raise SourceError(Reason.NO_FILMS)
        return documents


SOURCE = NfoSource()


def _row(node: etree._Element) -> dict[str, object]:
    row: dict[str, object] = {}
    for child in node:
        name, text = local_name(child), words_of(child).strip()
        if name in _LISTS and text:
            values = row.setdefault(_LISTS[name], [])
            if isinstance(values, list):
                values += [part.strip() for part in text.split(" / ")]
        elif name in _TEXTS and text:
            row.setdefault(_TEXTS[name], text)
    row.setdefault("synopsis", _text(node, "outline"))
    row["actors"] = [_text(actor, "name") for actor in node if local_name(actor) == "actor"]
    row["year"] = next(filter(None, (_text(node, name) for name in _DATES)), "")
    row["minutes"] = _text(node, "runtime")
    row["rating"], row["votes"] = _rating(node)
    if (show := _text(node, "showtitle")) and row.get("title"):
        row["title"] = f"{show}: {row['title']}"
    return row


def _rating(node: etree._Element) -> tuple[str, str]:
    """Return (rating out of ten, votes): the one marked as default, or the only one, or the old single field."""
    ratings = [inner for inner in node.iter() if local_name(inner) == "rating" and len(inner)]
    chosen = next((one for one in ratings if one.get("default") == "true"), next(iter(ratings), None))
    if chosen is None:
        return _text(node, "rating"), _text(node, "votes")
    value = _text(chosen, "value")
    try:
        scale = float(chosen.get("max") or 10) / 10
        value = f"{float(value) / scale:.1f}"
    except (ValueError, ZeroDivisionError):
        value = ""
    return value, _text(chosen, "votes")


def _text(node: etree._Element, name: str) -> str:
    return next(_texts(node, name), "")


def _texts(node: etree._Element, name: str) -> Iterator[str]:
    return (text for child in node if local_name(child) == name and (text := words_of(child).strip()))
