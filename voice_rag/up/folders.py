"""The knowledge folder of a house that begins."""

from pathlib import Path

from .config import Config
from .errors import ConfigError

_KINDS = ("documents", "films", "lectures")


def make_knowledge_folder(config: Config) -> Path | None:
    """Make the knowledge folder if it stands beside the configuration and is not there, and return it; else None.

    A folder anywhere else may be on a disk that is not connected yet, or misspelt: its server says so.

    Raises: ConfigError.
    """
    for server in config.servers:
        folder = server.folders.get("folder")
        if folder is None or folder.exists() or not folder.is_relative_to(server.folder):
            continue
        try:
            for kind in _KINDS:
                (folder / kind).mkdir(parents=True)
        except OSError as err:
            raise ConfigError(f"The knowledge folder {folder} can't be made: {err.strerror}.") from err
        return folder
    return None
