"""GigaAM, Sber's recogniser of Russian, through `onnx-asr`.

The default is the "e2e" model: it writes punctuation, capital letters and numbers as digits. Quality is that of its
training for up to 25 seconds; longer audio is cut in a pause and the texts are joined. The house's names are hot words
of its decoding.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import onnx_asr
import onnxruntime
from onnx_asr.adapters import TextResultsAsrAdapter
from onnx_asr.asr import TimestampedResult
from onnx_asr.utils import ModelLoadingError, log_softmax
from onnxruntime.capi import onnxruntime_pybind11_state as onnx_errors

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.model_store import ModelFiles, fetch, locate
from wyoming_servers.runtime.vocabulary import Vocabulary
from wyoming_servers.stt.beam_search import Decoded, Floats, Tokens, Transducer, TransducerSearch, search_ctc
from wyoming_servers.stt.engine import EngineOptions, SttModel, Transcription, VocabularyReport, Word
from wyoming_servers.stt.hints import entries_of
from wyoming_servers.stt.hot_words import HotWords, words_of
from wyoming_servers.stt.pauses import Piece
from wyoming_servers.stt.speech_pieces import pieces_of
from wyoming_servers.stt.word_times import SpokenToken, words_from_tokens

LANGUAGES = ("ru",)
DEFAULT_MODEL = "gigaam-v3-e2e-rnnt"
_SHORTEST_SAMPLES = SAMPLE_RATE // 10
"""The encoder needs some frames of features; shorter audio is filled up with silence."""

_SURE_ABOVE = math.log(0.98)
"""A result whose every token is likelier than this can't be changed by hot words."""

_CACHED_TERMS = 8
"""Sets of terms, one for each of the recordings that are under way at once."""

_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)

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


class _HotWordDecoder:
    """Decodes as onnx-asr does, and once more for hot words where that leaves room for another word."""

    def __init__(self, asr: Any) -> None:
        """`asr` is a model of onnx-asr; what is used of it beside its public part is the same in all of 0.12."""
        self._asr = asr
        vocabulary: Mapping[int, str] = asr._vocab  # noqa: SLF001
        texts = [vocabulary.get(number, "") for number in range(max(vocabulary) + 1)]
        self._tokens = Tokens(texts, asr._blank_idx)  # noqa: SLF001

    def recognize(self, waveform: Floats, hot_words: HotWords) -> TimestampedResult:
        """Return the plain result, unless another has more of the hot words and fits nearly as well."""
        asr = self._asr
        features = asr._preprocessor(waveform[None], np.array([len(waveform)]))  # noqa: SLF001
        encoded, lengths = asr._encode(*features)  # noqa: SLF001
        (first,) = asr._decoding(encoded, lengths, need_logprobs="yes")  # noqa: SLF001
        plain: TimestampedResult = asr._decode_tokens(*first)  # noqa: SLF001
        if not plain.logprobs or min(plain.logprobs) > _SURE_ABOVE:
            return plain
        best = self._search(encoded[0, : lengths[0]], hot_words)
        other: TimestampedResult = asr._decode_tokens(best.tokens, best.frames, best.log_probabilities)  # noqa: SLF001
        return other if _is_better(other.text, plain.text, hot_words) else plain

    def _search(self, encoded: Floats, hot_words: HotWords) -> Decoded:
        if not hasattr(self._asr, "_create_state"):
            return search_ctc(encoded, self._tokens, hot_words)
        network = Transducer(self._step, self._asr._create_state(), self._asr._max_tokens_per_step)  # noqa: SLF001
        return TransducerSearch(network, self._tokens, hot_words).search(encoded)

    def _step(self, tokens: Sequence[int], state: Any, frame: Floats) -> tuple[Floats, Any]:
        logits, _, after = self._asr._decode(tokens, state, frame)  # noqa: SLF001
        return log_softmax(logits), after


class GigaAmEngine:
    """Russian."""

    name = "gigaam"
    languages = LANGUAGES

    def __init__(self, model: TextResultsAsrAdapter, vocabulary: Vocabulary) -> None:
        self._model = model.with_timestamps()
        self._decoder = _HotWordDecoder(model.asr)
        self.set_vocabulary(vocabulary)

    def transcribe(self, samples: Samples, language: str | None) -> Transcription:
        """Return what was said. Raises: EngineError."""
        del language  # there is one
        return Transcription(self._transcribe(samples).text, "ru")

    def transcribe_with(self, samples: Samples, language: str | None, terms: Sequence[str]) -> Transcription:
        """Return what was said, the terms and the house's names being likelier. Raises: EngineError."""
        del language
        return Transcription(self._transcribe(samples, terms).text, "ru")

    def transcribe_words(self, samples: Samples, language: str | None, terms: Sequence[str] = ()) -> Transcription:
        """Return what was said with its words; their ends are estimated. Raises: EngineError."""
        del language
        return self._transcribe(samples, terms)

    def set_vocabulary(self, vocabulary: Vocabulary) -> VocabularyReport:
        """Hear the house's names rather than words that sound alike; others are recognised as well."""
        entries = list(dict.fromkeys(entries_of(vocabulary)))
        names = [entry for entry in entries if _CYRILLIC.search(entry)]
        self._hot_words = lru_cache(_CACHED_TERMS)(lambda terms: HotWords([*terms, *names]))
        return VocabularyReport(len(self._hot_words(())), [entry for entry in entries if entry not in names])

    def _transcribe(self, samples: Samples, terms: Sequence[str] = ()) -> Transcription:
        hot_words = self._hot_words(tuple(terms))
        pieces = pieces_of([samples])
        words = tuple(word for piece in pieces for word in self._recognize(piece, hot_words))
        return Transcription(" ".join(word.text for word in words), "ru", words=words)

    def _recognize(self, piece: Piece, hot_words: HotWords) -> Sequence[Word]:
        padded = np.pad(piece.samples, (0, max(0, _SHORTEST_SAMPLES - len(piece.samples))))
        waveform = np.divide(padded, 32768, dtype=np.float32)
        try:
            result = self._decoder.recognize(waveform, hot_words) if hot_words else self._model.recognize(waveform)
        except _ONNX_ERRORS as err:
            raise EngineError(f"GigaAM failed on {len(piece.samples) / SAMPLE_RATE:.1f} s of audio: {err}") from err
        return words_from_tokens(_spoken(result), piece.start, piece.end)


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
    return GigaAmEngine(model, options.vocabulary)


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


def _is_better(text: str, plain: str, hot_words: HotWords) -> bool:
    """Return whether hot words have replaced others; a text that gained them by growing was not said."""
    has_grown = len(words_of(text)) > len(words_of(plain)) + 1  # one may be two: "лампа на" for "лампана"
    return not has_grown and bool(hot_words.found(text) - hot_words.found(plain))


def _spoken(result: TimestampedResult) -> list[SpokenToken]:
    parts = zip(result.tokens or (), result.timestamps or (), result.logprobs or (), strict=True)
    return [SpokenToken(text, start, log_probability) for text, start, log_probability in parts]
