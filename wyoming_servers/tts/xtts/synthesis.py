"""XTTS at work; loaded in the engine's own process, whose interpreter has torch and coqui-tts."""

import logging
import pickle
import threading
from collections.abc import Generator
from functools import partial
from pathlib import Path

import numpy as np
import torch
from TTS.tts.configs.xtts_config import XttsConfig
from TTS.tts.models.xtts import Xtts

from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.model_store import fetch
from wyoming_servers.tts.engine import EngineOptions, Speech, Voice

from .guard import Take, TakeError, guarded
from .latents import Latents, LatentsCache
from .lengths import lengths, pieces_by_tokens
from .speakers import Speaker, voices

_LOGGER = logging.getLogger(__name__)
_DEFAULT_LIMIT = 71
"""Characters; the least of the library's table."""

_ERRORS = (RuntimeError, ValueError, AssertionError, IndexError)
"""What the library raises for a text that it can't speak, a device without memory, numbers that are none."""


class _InterruptedError(Exception):
    """Nobody listens any more."""


class XttsSynthesis:
    """Speaks as the model's speakers and as those of recordings."""

    name = "xtts"

    def __init__(self, model: Xtts, options: EngineOptions, latents: LatentsCache) -> None:
        """Audio is sent as it comes where the device is faster than speech, piece by piece elsewhere."""
        self._model = model
        self._options = options
        self._latents = latents
        self._is_left = threading.Event()
        """Of the text that is computed now."""

        self.is_fast = model.device.type != "cpu"
        model.gpt.gpt.register_forward_pre_hook(self._stop_when_left)

    def synthesize(self, text: str, voice: Voice) -> Speech:
        """Return the text's audio, some blocks for each piece of it. The iteration raises EngineError."""
        is_left = threading.Event()
        return Speech(self._blocks(text, voice, is_left), is_left.set)

    def close(self) -> None:
        """Leave the model to the end of the process."""

    def _blocks(self, text: str, voice: Voice, is_left: threading.Event) -> Generator[bytes]:
        language, speaker = self._find(voice.name)
        latents = self._latents_of(speaker)
        limit = self._model.tokenizer.char_limits.get(language, _DEFAULT_LIMIT)
        for piece in pieces_by_tokens(text, limit, partial(self._fits, language)):
            if not any(map(str.isalnum, piece)):
                continue  # the model would make up words
            take = partial(self._take, piece, language, latents, is_left)
            try:
                yield from guarded(take, lengths(piece, language), voice.rate, is_streamed=self.is_fast)
            except _InterruptedError:
                return
            except TakeError as err:
                raise EngineError(f"XTTS could not speak a piece of {len(piece)} characters: {err}") from err

    def _take(self, piece: str, language: str, latents: Latents, is_left: threading.Event) -> Take:
        """Yield one attempt's audio. Raises: TakeError."""
        chunks = self._model.inference_stream(piece, language, latents.style, latents.embedding)
        try:
            while True:
                self._is_left = is_left
                chunk = next(chunks, None)
                if chunk is None:
                    return
                yield _pcm(chunk)
        except _ERRORS as err:
            raise TakeError(f"{type(err).__name__}: {err}") from err
        finally:
            chunks.close()

    def _stop_when_left(self, *_: object) -> None:
        """Runs before each token."""
        if self._is_left.is_set():
            raise _InterruptedError

    def _fits(self, language: str, piece: str) -> bool:
        symbols: list[int] = self._model.tokenizer.encode(piece.lower(), language)
        return len(symbols) < int(self._model.args.gpt_max_text_tokens) - 2

    def _find(self, name: str) -> tuple[str, Speaker]:
        for voice, language, speaker in voices(self._options):
            if voice.name == name:
                return language, speaker
        raise EngineError(f"XTTS has no voice {name!r}.")

    def _latents_of(self, speaker: Speaker) -> Latents:
        if speaker.recording is not None:
            return self._latents.get(speaker.recording)
        own = self._model.speaker_manager.speakers if self._model.speaker_manager is not None else {}
        if speaker.title not in own:
            raise EngineError(f"The XTTS model has no speaker {speaker.title!r}.")
        return Latents(own[speaker.title]["gpt_cond_latent"], own[speaker.title]["speaker_embedding"])


def _pcm(chunk: torch.Tensor) -> bytes:
    samples = np.nan_to_num(chunk.detach().cpu().numpy().reshape(-1)) * 32767
    pcm: bytes = np.clip(np.rint(samples), -32768, 32767).astype("<i2").tobytes()
    return pcm


def load(options: EngineOptions) -> XttsSynthesis:
    """Return the engine. Blocking. Raises: EngineError."""
    folder = fetch(options.xtts.files, options.models_folder)
    try:
        model = _model(folder)
    except (OSError, KeyError, EOFError, pickle.UnpicklingError, *_ERRORS) as err:
        raise EngineError(f"The XTTS model in {folder} can't be used: {type(err).__name__}: {err}") from err
    cache = options.models_folder.expanduser() / "xtts-speakers" / folder.name
    return XttsSynthesis(model, options, LatentsCache(model, cache))


def _model(folder: Path) -> Xtts:
    config = XttsConfig()
    config.load_json(str(folder / "config.json"))
    model = Xtts(config)
    model.load_checkpoint(config, checkpoint_dir=str(folder), eval=True)
    if torch.cuda.is_available():
        model.cuda()
        _LOGGER.info("XTTS runs on %s", torch.cuda.get_device_name())
    else:
        _LOGGER.warning("XTTS runs on the processor, slower than speech; a GPU is what it needs")
    return model
