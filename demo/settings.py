"""What a person may choose about the demo house. The defaults stand here and nowhere else."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import imageio_ffmpeg

from demo.errors import MissingProgramError

if TYPE_CHECKING:
    from collections.abc import Mapping

REPOSITORY = Path(__file__).resolve().parent.parent
DEFAULT_FOLDER = REPOSITORY / ".local" / "house"
HOME_ASSISTANT_PORT = 8123
OLLAMA_MODEL = "t-tech/T-lite-it-2.1:q4_K_M"


@dataclass(frozen=True, slots=True)
class Settings:
    """One demo house."""

    folder: Path = DEFAULT_FOLDER
    keep: bool = False
    port: int | None = None
    """Of Home Assistant. None takes a free one, or 8123 if the house is kept and nobody else has it."""
    ollama_url: str | None = None
    """None leaves the answers to the knowledge service alone."""
    ollama_model: str = OLLAMA_MODEL
    hass: Path = Path("hass")
    """The `hass` command: which Home Assistant the house gets."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Return the defaults with what OLLAMA_HOST, OLLAMA_MODEL and HOUSE_HASS say."""
        hass = environment.get("HOUSE_HASS")
        return cls(
            ollama_url=ollama_url(environment.get("OLLAMA_HOST", "")),
            ollama_model=environment.get("OLLAMA_MODEL") or OLLAMA_MODEL,
            hass=Path(hass) if hass else Path(sys.executable).parent / "hass",
        )


def ollama_url(host: str) -> str | None:
    """Return a URL from OLLAMA_HOST in the forms that Ollama takes: `host`, `host:port`, `http://host:port`.

    `0.0.0.0` is an address to listen on; one's own server is reached at 127.0.0.1.
    """
    host = host.strip().rstrip("/").replace("0.0.0.0", "127.0.0.1")  # noqa: S104
    if not host:
        return None
    scheme, _, rest = host.rpartition("://")
    if not scheme and ":" not in rest:
        rest += ":11434"
    return f"{scheme or 'http'}://{rest}"


def ffmpeg() -> str:
    """Return the ffmpeg that Home Assistant converts audio with: the installed one, or the one from the package.

    Raises: MissingProgramError.
    """
    try:
        return shutil.which("ffmpeg") or imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError as err:
        raise MissingProgramError("ffmpeg", "Install it with: apt install ffmpeg") from err
