"""What the user may choose of XTTS."""

import sys
from dataclasses import dataclass

from wyoming_servers.runtime.model_store import ModelFiles

LICENCE = (
    "XTTS v2 is under the Coqui Public Model License, which allows non-commercial use only "
    "(https://coqui.ai/cpml). Say that you accept it with --xtts-licence-accepted, and it is downloaded (1.9 GB)."
)


@dataclass(frozen=True, slots=True)
class XttsOptions:
    """Where XTTS runs, what it has learned, and for which languages it is offered."""

    model: str = "coqui/XTTS-v2"
    """A repository of the model hub or a folder."""

    is_licence_accepted: bool = False
    """Whether the user accepts the licence above; without it nothing is downloaded."""

    python: str = sys.executable
    """An interpreter that has the package coqui-tts."""

    languages: tuple[str, ...] = ("ru", "en", "zh")
    """Each speaker is a voice in each. The model also has ar, cs, de, es, fr, hi, hu, it, ja, ko, nl, pl, pt, tr."""

    speakers: tuple[str, ...] = ("Claribel Dervla", "Damien Black")
    """Of the model's own, those that are offered."""

    @property
    def files(self) -> ModelFiles:
        """Return what is needed of the model."""
        return ModelFiles(self.model, ("config.json", "vocab.json", "model.pth"), extra=("speakers_xtts.pth",))
