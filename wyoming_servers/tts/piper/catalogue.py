"""The voices of Piper's own repository, and those that are taken unless others are wanted."""

import re
from pathlib import Path

from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.model_store import ModelFiles

REPOSITORY = "rhasspy/piper-voices"
PAGE = f"https://huggingface.co/{REPOSITORY}"
CONFIG_ENDING = ".onnx.json"

DEFAULTS = ("ru_RU-irina-medium", "en_US-ljspeech-medium", "zh_CN-huayan-medium")
"""The first one of a language is its default."""

_NAME = re.compile(r"(?P<locale>(?P<family>[a-z]{2,3})_[A-Z]{2})-(?P<speaker>\w+)-(?P<quality>x_low|low|medium|high)")


def files_of(name: str) -> ModelFiles:
    """Return what to download for a voice such as "ru_RU-irina-medium". Raises: EngineError for another form."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise EngineError(f"There is no Piper voice {name!r}. Their names look like {DEFAULTS[0]}, see {PAGE}.")
    path = f"{folder_of(name)}/{name}"
    return ModelFiles(REPOSITORY, (f"{path}.onnx", f"{path}{CONFIG_ENDING}"))


def folder_of(name: str) -> str:
    """Return the voice's folder in the repository; empty for a name of another form."""
    match = _NAME.fullmatch(name)
    return "{family}/{locale}/{speaker}/{quality}".format(**match.groupdict()) if match else ""


def downloads(models_folder: Path) -> Path:
    """Return where downloaded voices are."""
    return models_folder.expanduser() / REPOSITORY.replace("/", "--")
