"""What XTTS has learned of a speaker from a recording, kept on disk by the recording's hash."""

import hashlib
import logging
import os
import pickle
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import soundfile
import torch
from TTS.tts.models.xtts import Xtts

from wyoming_servers.runtime.errors import EngineError

_LOGGER = logging.getLogger(__name__)
_LONGEST_SECONDS = 30
_SHORTEST_SECONDS = 1.0
_IN_MEMORY = 32


@dataclass(frozen=True, slots=True)
class Latents:
    """What the model is conditioned on."""

    style: torch.Tensor
    """Shape [1, prompts, channels]."""

    embedding: torch.Tensor
    """Shape [1, d, 1]."""


class LatentsCache:
    """Learns each recording once; the results are in a folder, for the model that made them."""

    def __init__(self, model: Xtts, folder: Path) -> None:
        self._model = model
        self._folder = folder
        self._known: OrderedDict[str, Latents] = OrderedDict()

    def get(self, recording: Path) -> Latents:
        """Return the speaker of a recording of 1 s and more; of a long one the first 30 s count.

        Blocking. Raises: EngineError for a file that is no recording.
        """
        try:
            digest = hashlib.sha256(recording.read_bytes()).hexdigest()
        except OSError as err:
            raise EngineError(f"The recording {recording} can't be read: {err.strerror}") from err
        if digest not in self._known:
            while len(self._known) >= _IN_MEMORY:
                self._known.popitem(last=False)
            self._known[digest] = self._kept(digest) or self._learn(recording, digest)
        self._known.move_to_end(digest)
        return self._known[digest]

    def _kept(self, digest: str) -> Latents | None:
        path = self._folder / f"{digest}.pth"
        if not path.is_file():
            return None
        try:
            kept = torch.load(path, map_location="cpu", weights_only=True)
            return Latents(kept["style"], kept["embedding"])
        except (OSError, RuntimeError, ValueError, KeyError, TypeError, EOFError, pickle.UnpicklingError) as err:
            _LOGGER.warning("What was kept in %s can't be used and is made anew: %s", path, err)
            return None

    def _learn(self, recording: Path, digest: str) -> Latents:
        try:
            audio, rate = soundfile.read(recording, dtype="float32", always_2d=True)
        except (OSError, soundfile.LibsndfileError) as err:
            raise EngineError(f"The recording {recording} can't be used: {err}") from err
        if len(audio) < _SHORTEST_SECONDS * rate:
            raise EngineError(f"The recording {recording} is too short; some ten seconds are best.")
        mono = torch.from_numpy(audio[: _LONGEST_SECONDS * rate].mean(axis=1)).unsqueeze(0)
        config = self._model.config
        style = self._model.get_gpt_cond_latents(mono, rate, config.gpt_cond_len, config.gpt_cond_chunk_len)
        latents = Latents(style.cpu(), self._model.get_speaker_embedding(mono, rate).cpu())
        self._keep(latents, digest)
        return latents

    def _keep(self, latents: Latents, digest: str) -> None:
        path = self._folder / f"{digest}.pth"
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            torch.save({"style": latents.style, "embedding": latents.embedding}, part)
            part.replace(path)
        except OSError as err:
            _LOGGER.warning("What was learned of a speaker can't be kept in %s: %s", path, err)
