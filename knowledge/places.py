"""Where a file stands in the knowledge folder: its kind's folder, and the collection below it."""

from __future__ import annotations

DOCUMENTS_FOLDER = "documents"
FILMS_FOLDER = "films"
LECTURES_FOLDER = "lectures"
KIND_FOLDERS = frozenset({DOCUMENTS_FOLDER, FILMS_FOLDER, LECTURES_FOLDER})
UPLOADS_FOLDER = "uploads"
"""Below a kind's folder: what came in through the service. Its sub-folders are collections like any other."""


def collection_of(path: str) -> str:
    """Return the folders between a file and its kind's folder, as in "Дача/Насосы"; empty where there are none."""
    folders = path.split("/")[:-1]
    if folders and folders[0] in KIND_FOLDERS:
        del folders[0]
        if folders and folders[0] == UPLOADS_FOLDER:
            del folders[0]
    return "/".join(folders)


def is_below(collection: str, wanted: str) -> bool:
    """Say whether a collection is the wanted one or inside it; an empty wish lets all through."""
    return not wanted or collection == wanted or collection.startswith(f"{wanted}/")
