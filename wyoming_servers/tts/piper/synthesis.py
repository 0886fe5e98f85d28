"""Piper's networks at work; loaded in the engine's own process."""

import logging
from collections import OrderedDict
from collections.abc import Generator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.espeak import Espeak, shared_espeak
from wyoming_servers.runtime.onnx_session import OnnxSession
from wyoming_servers.tts.engine import EngineOptions, Speech, Voice

from .config import PhonemeType, Scales, VoiceConfig
from .library import PiperVoice, present
from .phonemes import sentences

_LOGGER = logging.getLogger(__name__)


class PiperSynthesis:
    """Speaks with any voice that is there; the networks used last stay in memory."""

    name = "piper"

    def __init__(self, options: EngineOptions, espeak: Espeak) -> None:
        self._options = options
        self._espeak = espeak
        self._networks = Networks(options.piper.voices_in_memory)

    def synthesize(self, text: str, voice: Voice) -> Speech:
        """Return the text's audio, a block for each sentence. The iteration raises EngineError."""
        run_options = onnxruntime.RunOptions()

        def interrupt() -> None:
            run_options.terminate = True

        return Speech(self._blocks(text, voice, run_options), interrupt)

    def close(self) -> None:
        """Let the networks go."""
        self._networks.clear()

    def _blocks(self, text: str, voice: Voice, run_options: onnxruntime.RunOptions) -> Generator[bytes]:
        chosen = self._find(voice.name)
        network = self._networks.get(chosen.network)
        for sentence in self._sentences(text, chosen.config):
            inputs = network_inputs(chosen, sentence, self._options.piper.scales)
            yield pcm_of(network.run(inputs, run_options))

    def _find(self, name: str) -> PiperVoice:
        for piper_voice in present(self._options):
            if piper_voice.voice.name == name:
                return piper_voice
        raise EngineError(f"The voice {name} is not on this machine, or its files are broken.")

    def _sentences(self, text: str, config: VoiceConfig) -> Generator[str]:
        if config.phoneme_type is PhonemeType.TEXT:
            if text.strip():
                yield text.strip()
        else:
            yield from sentences(text, partial(self._espeak.clauses, voice=config.espeak_voice))


class Networks:
    """Loaded networks, `most` of them; the one that was used longest ago goes when another comes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._loaded: OrderedDict[tuple[Path, int], OnnxSession] = OrderedDict()

    def get(self, path: Path) -> OnnxSession:
        """Return the network of a file, as the file is now. Blocking. Raises: EngineError."""
        try:
            key = path, path.stat().st_mtime_ns
        except OSError as err:
            raise EngineError(f"The voice {path} can't be read: {err.strerror}") from err
        if key not in self._loaded:
            while len(self._loaded) >= self._most:
                (gone, _), _ = self._loaded.popitem(last=False)
                _LOGGER.info("The voice %s leaves the memory", gone.stem)
            self._loaded[key] = OnnxSession(path)
        self._loaded.move_to_end(key)
        return self._loaded[key]

    def clear(self) -> None:
        """Let all go."""
        self._loaded.clear()


def network_inputs(chosen: PiperVoice, sentence: str, scales: Scales) -> Mapping[str, NDArray[Any]]:
    """Return what the network takes for a sentence's symbols; `scales` override those of the voice."""
    ids = np.array([chosen.config.ids(sentence)], np.int64)
    own = chosen.config.scales
    pairs = (scales.noise, own.noise), (scales.length, own.length), (scales.width_noise, own.width_noise)
    inputs: dict[str, NDArray[Any]] = {
        "input": ids,
        "input_lengths": np.array([ids.shape[1]], np.int64),
        "scales": np.array([own if wanted is None else wanted for wanted, own in pairs], np.float32),
    }
    if chosen.speaker is not None:
        inputs["sid"] = np.array([chosen.speaker], np.int64)
    return inputs


def pcm_of(audio: NDArray[np.float32]) -> bytes:
    """Return audio between -1 and 1 as 16-bit PCM, at the level that the network gave it."""
    samples = np.nan_to_num(audio.reshape(-1)) * 32767
    return np.clip(np.rint(samples), -32768, 32767).astype("<i2").tobytes()


def load(options: EngineOptions) -> PiperSynthesis:
    """Return the engine with the default voice in memory. Blocking. Raises: EngineError."""
    engine = PiperSynthesis(options, shared_espeak())
    first = next(iter(present(options)), None)
    if first is not None:
        b"".join(engine.synthesize("1", first.voice))  # the network's first run is its slowest
    return engine
