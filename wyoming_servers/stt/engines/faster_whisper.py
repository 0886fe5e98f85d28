"""Whisper through `faster-whisper` (CTranslate2): many languages, on a processor or an NVIDIA GPU.

Whisper writes fluent sentences about silence and noise. Audio without speech is not decoded (Silero, part of
faster-whisper), and what it writes has to be credible (`credibility.py`).
"""

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.transcribe import Segment, TranscriptionInfo

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.model_store import ModelFiles, fetch, locate
from wyoming_servers.runtime.vocabulary import Vocabulary
from wyoming_servers.stt.credibility import NO_SPEECH_ABOVE, UNSURE_BELOW, Evidence, is_credible
from wyoming_servers.stt.engine import EngineOptions, SttModel, Transcription, VocabularyReport, Word
from wyoming_servers.stt.hints import SEPARATOR, hint
from wyoming_servers.stt.word_times import spread

_LOGGER = logging.getLogger(__name__)
logging.getLogger("faster_whisper").setLevel(logging.WARNING)  # it tells of each utterance

LANGUAGES = tuple(
    (  # noqa: SIM905 (a hundred quotes less)
        "ru en zh af am ar as az ba be bg bn bo br bs ca cs cy da de el es et eu fa fi fo fr gl gu ha haw he hi hr ht "
        "hu hy id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt "
        "ro sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo"
    ).split()
)
"""Of every multilingual Whisper, in the codes of its tokens."""

_MODELS: Mapping[str, str] = {
    "tiny": "Systran/faster-whisper-tiny",
    "tiny.en": "Systran/faster-whisper-tiny.en",
    "base": "Systran/faster-whisper-base",
    "base.en": "Systran/faster-whisper-base.en",
    "small": "Systran/faster-whisper-small",
    "small.en": "Systran/faster-whisper-small.en",
    "medium": "Systran/faster-whisper-medium",
    "medium.en": "Systran/faster-whisper-medium.en",
    "large-v3": "Systran/faster-whisper-large-v3",
    "large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
}
_NEEDED = ("config.json", "tokenizer.json", "vocabulary.*", "model.bin")
_EXTRA = ("preprocessor_config.json",)
_ENGLISH_ONLY = ".en"

_HINT_TOKENS = 200
"""Whisper reads at most 223 tokens before what it writes."""

_WINDOW_SECONDS = 30
_MOST_THREADS = 8


class FasterWhisperEngine:
    """Any CTranslate2 Whisper."""

    name = "faster_whisper"

    def __init__(self, model: WhisperModel, vocabulary: Vocabulary) -> None:
        self.languages: Sequence[str] = LANGUAGES if model.model.is_multilingual else ("en",)
        self._model = model
        self._hint = ""
        self.set_vocabulary(vocabulary)

    def transcribe(self, samples: Samples, language: str | None) -> Transcription:
        """Return what was said; without a language it is detected. Raises: EngineError."""
        return self._transcribe(samples, language, self._hint)

    def transcribe_with(self, samples: Samples, language: str | None, terms: Sequence[str]) -> Transcription:
        """Return what was said, the terms being read before the house's names. Raises: EngineError."""
        return self._transcribe(samples, language, self._hint_with(terms))

    def transcribe_words(self, samples: Samples, language: str | None, terms: Sequence[str] = ()) -> Transcription:
        """Return what was said with its words, aligned by the model's attention. Raises: EngineError."""
        names = self._hint_with(terms)
        timed = self._transcribe(samples, language, names, has_words=True)
        if timed.words:
            return timed
        # A text that can't be aligned is lost in faster-whisper; it is worth more than its times.
        said = self._transcribe(samples, language, names)
        return replace(said, words=spread(said.text, len(samples) / SAMPLE_RATE))

    def set_vocabulary(self, vocabulary: Vocabulary) -> VocabularyReport:
        """Let Whisper read the names before each utterance. It recognises others as well, so none is skipped."""
        self._vocabulary = vocabulary
        self._hint = self._hint_with(())
        _LOGGER.debug("Whisper reads: %s", self._hint)
        return VocabularyReport(words=len(self._hint.replace(SEPARATOR.strip(), "").split()), skipped=())

    def _transcribe(
        self, samples: Samples, language: str | None, names: str, *, has_words: bool = False
    ) -> Transcription:
        is_short = len(samples) <= _WINDOW_SECONDS * SAMPLE_RATE
        try:
            segments, info = self._model.transcribe(
                np.divide(samples, 32768, dtype=np.float32),
                language=language or self._only_language,
                temperature=0.0,  # a second try at random takes longer than a question to repeat it
                condition_on_previous_text=False,
                without_timestamps=is_short,
                no_speech_threshold=NO_SPEECH_ABOVE,
                log_prob_threshold=UNSURE_BELOW,
                vad_filter=True,
                hotwords=names or None,
                word_timestamps=has_words,
            )
            # With word times faster-whisper listens again to what comes after the last word, and hears things there.
            segments = islice(segments, 1) if is_short else segments
            heard = [segment for segment in segments if _is_credible(segment, info, names)]
        except (RuntimeError, ValueError) as err:
            raise EngineError(f"Whisper failed on {len(samples) / SAMPLE_RATE:.1f} s of audio: {err}") from err
        text = " ".join(segment.text.strip() for segment in heard)
        return Transcription(text, info.language, words=_words(heard, info.duration))

    def _hint_with(self, terms: Sequence[str]) -> str:
        return hint(self._vocabulary, self._count_tokens, _HINT_TOKENS, terms)

    @property
    def _only_language(self) -> str | None:
        return self.languages[0] if len(self.languages) == 1 else None

    def _count_tokens(self, text: str) -> int:
        return len(self._model.hf_tokenizer.encode(text, add_special_tokens=False).ids)


def models(options: EngineOptions) -> Sequence[SttModel]:
    """Return the model that is or will be loaded. Raises: EngineError for a name that is unknown."""
    _files(options)
    name = options.model or _default_model()
    return [
        SttModel(
            name=f"whisper-{name}" if name in _MODELS else name,
            languages=("en",) if name.rstrip("/").endswith(_ENGLISH_ONLY) else LANGUAGES,
            description="Whisper on a GPU" if _has_gpu() else "Whisper on the processor",
            author="OpenAI, faster-whisper by SYSTRAN",
            url="https://github.com/SYSTRAN/faster-whisper",
        )
    ]


def is_present(options: EngineOptions) -> bool:
    """Return whether the model can be loaded without the network."""
    return locate(_files(options), options.models_folder) is not None


def load(options: EngineOptions) -> FasterWhisperEngine:
    """Return the engine, downloading its model first where it is missing. Blocking. Raises: EngineError."""
    folder = fetch(_files(options), options.models_folder)
    device = "cuda" if _has_gpu() else "cpu"
    compute_type = _compute_type(device)
    try:
        model = WhisperModel(str(folder), device=device, compute_type=compute_type, cpu_threads=_threads())
        model.encode(np.zeros((model.feature_extractor.mel_filters.shape[0], 3000), np.float32))
    except (RuntimeError, ValueError) as err:
        raise EngineError(_explain(str(err), device, str(folder))) from err
    _LOGGER.info("Whisper in %s runs on %s in %s", folder, device, compute_type)
    return FasterWhisperEngine(model, options.vocabulary)


def _is_credible(segment: Segment, info: TranscriptionInfo, names: str) -> bool:
    evidence = Evidence(
        log_probability=segment.avg_logprob,
        no_speech=segment.no_speech_prob,
        compression=segment.compression_ratio,
        speech_seconds=_speech_seconds(segment, info),
    )
    is_heard = is_credible(segment.text, evidence, names.split(SEPARATOR))
    if not is_heard:
        _LOGGER.debug("Dropped %r: %s", segment.text, evidence)
    return is_heard


def _speech_seconds(segment: Segment, info: TranscriptionInfo) -> float:
    """Return how much speech there was for the segment; the detector pads what it finds on both sides."""
    if segment.words:
        return float(sum(word.end - word.start for word in segment.words))
    return max(0.0, float(info.duration_after_vad) - 2 * float(info.vad_options.speech_pad_ms) / 1000)


def _words(segments: Sequence[Segment], duration: float) -> tuple[Word, ...]:
    """Return the words without the spaces that they begin with; Whisper's windows are longer than the audio."""

    def time(seconds: float) -> float:
        return round(min(float(seconds), duration), 3)

    return tuple(
        Word(text, time(word.start), time(word.end), round(float(word.probability), 4))
        for segment in segments
        for word in segment.words or ()
        if (text := word.word.strip())
    )


def _files(options: EngineOptions) -> ModelFiles:
    name = options.model or _default_model()
    if name not in _MODELS and "/" not in name:
        raise EngineError(
            f"Whisper has no model {name!r}. Name one of {', '.join(_MODELS)}, a CTranslate2 repository (owner/name) "
            "or a folder with one."
        )
    return ModelFiles(_MODELS.get(name, name), _NEEDED, _EXTRA)


def _default_model() -> str:
    return "large-v3-turbo" if _has_gpu() else "small"


def _has_gpu() -> bool:
    return bool(ctranslate2.get_cuda_device_count() > 0)


def _compute_type(device: str) -> str:
    supported: Any = ctranslate2.get_supported_compute_types(device)
    preferred = ("float16", "int8") if device == "cuda" else ("int8",)
    return next((name for name in preferred if name in supported), "default")


def _threads() -> int:
    return min(_MOST_THREADS, len(os.sched_getaffinity(0)))


def _explain(reason: str, device: str, folder: str) -> str:
    if device == "cuda":
        return (
            f"Whisper can't use the GPU: {reason}. Install the packages nvidia-cublas-cu12 and nvidia-cudnn-cu12, or "
            "start with CUDA_VISIBLE_DEVICES set to nothing to use the processor."
        )
    return f"The Whisper model in {folder} can't be used: {reason}. Delete the folder to download it anew."
