"""GigaAM, Sber's recogniser of Russian, through `onnx-asr`.

The default is the "e2e" model: it writes punctuation, capital letters and numbers as digits. Quality is that of its
training for up to 25 seconds; longer audio is cut in a pause and the texts are joined.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import onnx_asr
import onnxruntime
from onnx_asr.adapters import TextResultsAsrAdapter
from onnx_asr.utils import ModelLoadingError
from onnxruntime.capi import onnxruntime_pybind11_state as onnx_errors

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.model_store import ModelFiles, fetch, locate
from wyoming_servers.stt.engine import EngineOptions, SttModel, Transcription
from wyoming_servers.stt.pauses import cut_at_pauses
from wyoming_servers.turn.vad import WINDOW_SAMPLES, VoiceActivity

LANGUAGES = ("ru",)
DEFAULT_MODEL = "gigaam-v3-e2e-rnnt"
_LONGEST_SECONDS = 25.0
_SHORTEST_SAMPLES = SAMPLE_RATE // 10
"""The encoder needs some frames of features; shorter audio is filled up with silence."""

_SMALL = "-int8"
"""Ending of a model's name for its quantised form: a quarter of the size, faster on a processor."""

_PROVIDERS = ("CUDAExecutionProvider", "CPUExecutionProvider")
_ONNX_ERRORS: tuple[type[Exception], ...] = (
    onnx_errors.Fail,
    onnx_errors.InvalidArgument,
    onnx_errors.InvalidGraph,
    onnx_errors.InvalidProtobuf,
    onnx_errors.NoSuchFile,
    onnx_errors.NotImplemented,
    onnx_errors.RuntimeException,
)
_LOADING_ERRORS: tuple[type[Exception], ...] = (ModelLoadingError, ValueError, *_ONNX_ERRORS)


@dataclass(frozen=True, slots=True)
class _Variant:
    """A model as onnx-asr names it, and its files."""

    repository: str
    networks: tuple[str, ...]
    """Names of its ONNX files without the ending."""

    others: tuple[str, ...]

    def files(self, model: str, suffix: str) -> ModelFiles:
        networks = tuple(f"{network}{suffix}.onnx" for network in self.networks)
        extra = ("config.json", *(f"{network}.data" for network in networks))
        return ModelFiles(model, (*self.others, *networks), extra)


_V2, _V3 = "istupakov/gigaam-v2-onnx", "istupakov/gigaam-v3-onnx"
_RNNT = ("encoder", "decoder", "joint")
# The configuration of version 3 says how its features are computed; version 2 may have none.
_VARIANTS: Mapping[str, _Variant] = {
    "gigaam-v3-e2e-rnnt": _Variant(
        _V3, tuple(f"v3_e2e_rnnt_{part}" for part in _RNNT), ("config.json", "v3_e2e_rnnt_vocab.txt")
    ),
    "gigaam-v3-e2e-ctc": _Variant(_V3, ("v3_e2e_ctc",), ("config.json", "v3_e2e_ctc_vocab.txt")),
    "gigaam-v3-rnnt": _Variant(_V3, tuple(f"v3_rnnt_{part}" for part in _RNNT), ("config.json", "v3_vocab.txt")),
    "gigaam-v3-ctc": _Variant(_V3, ("v3_ctc",), ("config.json", "v3_vocab.txt")),
    "gigaam-v2-rnnt": _Variant(_V2, tuple(f"v2_rnnt_{part}" for part in _RNNT), ("v2_vocab.txt",)),
    "gigaam-v2-ctc": _Variant(_V2, ("v2_ctc",), ("v2_vocab.txt",)),
}


@dataclass(frozen=True, slots=True)
class _Choice:
    """What --stt-model means."""

    name: str
    """Of the variant, with its ending for the quantised form."""

    files: ModelFiles

    @property
    def variant(self) -> str:
        return self.name.removesuffix(_SMALL)

    @property
    def quantization(self) -> str | None:
        return "int8" if self.name.endswith(_SMALL) else None


class GigaAmEngine:
    """Russian."""

    name = "gigaam"
    languages = LANGUAGES

    def __init__(self, model: TextResultsAsrAdapter) -> None:
        self._model = model

    def transcribe(self, samples: Samples, language: str | None) -> Transcription:
        """Return what was said. Raises: EngineError."""
        del language  # there is one
        pieces = cut_at_pauses(samples, _LONGEST_SECONDS, WINDOW_SAMPLES, _speech)
        return Transcription(" ".join(text for piece in pieces if (text := self._recognize(piece))), "ru")

    def _recognize(self, samples: Samples) -> str:
        padded = np.pad(samples, (0, max(0, _SHORTEST_SAMPLES - len(samples))))
        waveform = np.divide(padded, 32768, dtype=np.float32)
        try:
            return self._model.recognize(waveform).strip()
        except _ONNX_ERRORS as err:
            raise EngineError(f"GigaAM failed on {len(samples) / SAMPLE_RATE:.1f} s of audio: {err}") from err


def models(options: EngineOptions) -> Sequence[SttModel]:
    """Return the model that is or will be loaded. Raises: EngineError for one that is unknown."""
    return [
        SttModel(
            name=_choose(options).name,
            languages=LANGUAGES,
            description="GigaAM, Russian",
            author="Sber (salute-developers), ONNX by istupakov",
            url="https://github.com/salute-developers/GigaAM",
        )
    ]


def is_present(options: EngineOptions) -> bool:
    """Return whether the model can be loaded without the network."""
    return locate(_choose(options).files, options.models_folder) is not None


def load(options: EngineOptions) -> GigaAmEngine:
    """Return the engine, downloading its model first where it is missing. Blocking. Raises: EngineError."""
    choice = _choose(options)
    folder = fetch(choice.files, options.models_folder)
    try:
        model = onnx_asr.load_model(
            choice.variant,
            folder,
            quantization=choice.quantization,
            providers=[name for name in _PROVIDERS if name in onnxruntime.get_available_providers()],
        )
    except _LOADING_ERRORS as err:
        raise EngineError(
            f"The GigaAM model in {folder} can't be used: {err}. Delete its files to get new ones."
        ) from err
    return GigaAmEngine(model)


def _choose(options: EngineOptions) -> _Choice:
    name = options.model or DEFAULT_MODEL
    for known, variant in _VARIANTS.items():
        for ending, suffix in (("", ""), (_SMALL, ".int8")):
            if name == known + ending:
                return _Choice(name, variant.files(variant.repository, suffix))
            files = variant.files(name, suffix)
            if "/" in name and locate(files, options.models_folder):
                return _Choice(known + ending, files)
    raise EngineError(
        f"GigaAM has no model {name!r}, and it is no folder with one. Available: {', '.join(_VARIANTS)}, "
        f"each also with {_SMALL} at its end."
    )


def _speech(samples: Samples) -> Sequence[float]:
    return VoiceActivity().process(samples)
