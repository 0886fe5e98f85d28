"""PocketSphinx with a grammar of the house's own sentences; its wheel carries the English acoustic model.

It recognises what the grammar has and nothing else: commands on the house's names, and questions about what its
documents are about. How well an utterance fits is measured against a free loop of phones on the same audio; one that
fits badly was not meant for the house and gives an empty transcript.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from pocketsphinx import Decoder, get_model_path

from wyoming_servers.runtime.audio import Samples
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.espeak import shared_espeak
from wyoming_servers.runtime.vocabulary import Vocabulary
from wyoming_servers.stt.automaton import Acceptor
from wyoming_servers.stt.engine import EngineOptions, SttModel, Transcription, VocabularyReport, Word
from wyoming_servers.stt.grammar import build_grammar
from wyoming_servers.stt.pronunciation import EnglishPronouncer

_LOGGER = logging.getLogger(__name__)

LANGUAGES = ("en",)
_SEARCH = "house"
_NOISE_AMPLITUDE = 12.0
"""Added to the audio (-69 dB): the model knows no digital silence, which synthetic or gated audio has."""

_PIECE_BYTES = 3200
"""100 ms."""

_FRAMES_A_SECOND = 100

_FINAL = 1.0
"""Of a sentence that the grammar can't continue."""

_OPEN = 0.8
"""Of a sentence that it can: "turn on the kitchen light in ...". Most people are through with it."""

_WORST_FIT = -0.06
"""Log-likelihood a frame below that of the phone loop; see docs/benchmarks.md for how it was chosen."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence of the grammar before it is believed."""

    text: str
    """Empty when nothing fits at all."""

    fit: float
    """Log-likelihood a frame below that of the phone loop."""


class PocketSphinxEngine:
    """English commands and questions from a grammar."""

    name = "pocketsphinx"
    languages = LANGUAGES

    def __init__(self, vocabulary: Vocabulary, *, worst_fit: float = _WORST_FIT) -> None:
        self._worst_fit = worst_fit
        # The best path through a lattice may end before the grammar's final state; the plain search never does.
        self._decoder = _new_decoder(bestpath=False)
        self._phone_loop = _new_decoder()
        self._phone_loop.add_allphone_file("phones", str(_model("en-us-phone.lm.bin")))
        self._phone_loop.activate_search("phones")
        self._front_end = _new_decoder()
        self._front_end.add_fsg("a word", self._front_end.create_fsg("a word", 0, 1, [(0, 1, 1.0, "a")]))
        self._front_end.activate_search("a word")
        self._pronounce = EnglishPronouncer(shared_espeak()).phones
        self.set_vocabulary(vocabulary)

    def transcribe(self, samples: Samples, language: str | None) -> Transcription:
        """Return the sentence of the grammar that was said, or an empty one."""
        del language  # there is one
        heard = self.hear(samples)
        _LOGGER.debug("%s", heard)
        if heard.fit < self._worst_fit:
            return Transcription("", "en")
        is_final = self._sentences.is_final(heard.text.split())
        return Transcription(heard.text, "en", completeness=_FINAL if is_final else _OPEN)

    def transcribe_words(self, samples: Samples, language: str | None, terms: Sequence[str] = ()) -> Transcription:
        """Return the sentence with its words; terms that are not in the grammar can't be heard."""
        del terms
        said = self.transcribe(samples, language)
        segments = [segment for segment in self._decoder.seg() or () if segment.word[0] not in "<(["]
        words = tuple(
            Word(word, segment.start_frame / _FRAMES_A_SECOND, (segment.end_frame + 1) / _FRAMES_A_SECOND)
            for word, segment in zip(said.text.split(), segments, strict=False)
        )
        return replace(said, words=words)

    def hear(self, samples: Samples) -> Heard:
        """Return the sentence of the grammar that fits best, and how well. Blocking."""
        pcm = self._with_noise(samples).tobytes()
        mean = self._cepstral_mean(pcm)
        text = self._decode(pcm, mean)
        return Heard(text, self._fit(pcm, mean) if text else 0.0)

    def set_vocabulary(self, vocabulary: Vocabulary) -> VocabularyReport:
        """Build the grammar anew."""
        grammar = build_grammar("en", vocabulary, self)
        words = grammar.graph.words()
        for word in words:
            self.can_pronounce(word)
        graph = grammar.graph
        transitions = [
            (source, target, 1.0, word) if word else (source, target, 1.0) for source, target, word in graph.edges
        ]
        self._decoder.add_fsg(_SEARCH, self._decoder.create_fsg(_SEARCH, graph.start, graph.final, transitions))
        self._decoder.activate_search(_SEARCH)
        self._sentences = Acceptor(graph)
        return VocabularyReport(len(words), grammar.skipped)

    def has_word(self, word: str) -> bool:
        """Return whether the dictionary has the word, or the engine has learned it."""
        return self._decoder.lookup_word(word) is not None

    def can_pronounce(self, word: str) -> bool:
        """Return whether the decoder can listen for a word, teaching it the word where eSpeak NG can say it."""
        if self.has_word(word):
            return True
        phones = self._pronounce(word)
        if phones is None:
            return False
        self._decoder.add_word(word, phones, update=False)
        return True

    def _cepstral_mean(self, pcm: bytes) -> str:
        """Return what the utterance's features have to be normalised by, from the utterance alone.

        Left to themselves the decoders take it from the speakers before.
        """
        self._front_end.start_utt()
        self._front_end.process_raw(pcm, no_search=True, full_utt=True)
        mean: str = self._front_end.get_cmn(False)
        self._front_end.end_utt()
        return mean

    def _decode(self, pcm: bytes, mean: str) -> str:
        _run(self._decoder, pcm, mean)
        best = self._decoder.hyp()
        return best.hypstr if best else ""

    def _fit(self, pcm: bytes, mean: str) -> float:
        said = _acoustic_score(self._decoder)
        _run(self._phone_loop, pcm, mean)
        anything = _acoustic_score(self._phone_loop)
        frames: int = self._decoder.n_frames()
        return (said - anything) / max(1, frames)

    @staticmethod
    def _with_noise(samples: Samples) -> Samples:
        """Return the samples over a quiet hiss; always the same one, so that it adds no chance to the result."""
        noise = np.random.default_rng(0).normal(0.0, _NOISE_AMPLITUDE, len(samples))
        return np.clip(np.rint(samples + noise), -32768, 32767).astype(np.int16)


def models(options: EngineOptions) -> Sequence[SttModel]:
    """Return the one model there is. Raises: EngineError when another is asked for."""
    if options.model is not None:
        raise EngineError(f"PocketSphinx brings its own model and can't use {options.model!r}. Leave out --stt-model.")
    return [
        SttModel(
            name=PocketSphinxEngine.name,
            languages=LANGUAGES,
            description="Commands and questions in the house's own words",
            author="CMU PocketSphinx",
            url="https://github.com/cmusphinx/pocketsphinx",
        )
    ]


def load(options: EngineOptions) -> PocketSphinxEngine:
    """Return the engine. Blocking."""
    return PocketSphinxEngine(options.vocabulary)


def _new_decoder(**settings: object) -> Decoder:
    try:
        return Decoder(
            hmm=str(_model("en-us")), dict=str(_model("cmudict-en-us.dict")), lm=None, loglevel="FATAL", **settings
        )
    except RuntimeError as err:
        raise EngineError(f"PocketSphinx can't use its model in {_model('')}: {err}") from err


def _model(name: str) -> Path:
    return Path(get_model_path()) / "en-us" / name


def _run(decoder: Decoder, pcm: bytes, mean: str) -> None:
    """Decode one utterance piece by piece: the library keeps the interpreter to itself while it works on a piece."""
    decoder.set_cmn(mean)
    decoder.start_utt()
    try:
        for start in range(0, len(pcm), _PIECE_BYTES):
            decoder.process_raw(pcm[start : start + _PIECE_BYTES])
    finally:
        decoder.end_utt()


def _acoustic_score(decoder: Decoder) -> float:
    return float(sum(segment.ascore for segment in decoder.seg() or ()))
