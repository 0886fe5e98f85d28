"""Whisper in small: a CTranslate2 model with the vocabulary of the real one, which always says the same sentence.

Its encoder and its attention are random and weigh nothing; which token follows which is written into the projection.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ctranslate2.specs import WhisperSpec, common_spec
from numpy.typing import NDArray
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from wyoming_servers.stt.engines.faster_whisper import LANGUAGES

TEXT = "включи свет на кухне"
_MELS = 80
_WINDOWS, _POSITIONS = 1500, 448
_ENGLISH_TEXT_TOKENS = 50_256
_TIMES = 1501
_SURE, _UNSURE = 30.0, 9.0
"""Height of the right token's logit over the others."""


@dataclass(frozen=True)
class Size:
    """How large the network is."""

    width: int = 32
    heads: int = 2
    layers: int = 1


WHISPER_TINY = Size(width=384, heads=6, layers=4)
"""As OpenAI's smallest, for measurements of time."""


def build(
    folder: Path,
    text: str = TEXT,
    *,
    is_sure: bool = True,
    hears_speech: bool = True,
    is_english: bool = False,
    size: Size = Size(),
) -> Path:
    """Write a model that says `text`; `hears_speech` False makes it take everything for silence."""
    words = [f" {word}" if number else word for number, word in enumerate(text.split())]
    tokens = _tokens(words, is_english)
    numbers = {token: number for number, token in enumerate(tokens)}
    after = [("<|startoftranscript|>", "<|ru|>" if hears_speech else "<|nospeech|>")]
    if is_english:
        after = [("<|startoftranscript|>", "<|notimestamps|>" if hears_speech else "<|nospeech|>")]
    said = [*map(_spelled, words), "<|endoftext|>"]
    follows = [
        *((before, following, _SURE) for before, following in after),
        ("<|transcribe|>", "<|0.00|>", _SURE),
        ("<|0.00|>", said[0], _SURE),
        ("<|notimestamps|>", said[0], _SURE if is_sure else _UNSURE),
        *((said[i], said[i + 1], _SURE if is_sure else _UNSURE) for i in range(len(said) - 1)),
    ]
    folder.mkdir(parents=True, exist_ok=True)
    _save_network(folder, tokens, [(numbers[a], numbers[b], height) for a, b, height in follows], size)
    _save_tokenizer(folder, tokens)
    return folder


def _tokens(words: Iterable[str], is_english: bool) -> list[str]:
    """Return the vocabulary in Whisper's order: text, its end, languages, tasks, times."""
    text = [*sorted(pre_tokenizers.ByteLevel.alphabet()), *dict.fromkeys(map(_spelled, words))]
    text += [f"filler{number}" for number in range(_ENGLISH_TEXT_TOKENS - len(text))]
    if not is_english:
        text.append("")  # CTranslate2 knows a multilingual model by this token
    languages = ["en", *(language for language in LANGUAGES if language != "en")]
    specials = ["startoftranscript", *languages, "translate", "transcribe", "startoflm", "startofprev", "nospeech"]
    times = [f"<|{number * 0.02:.2f}|>" for number in range(_TIMES)]
    return [*text, "<|endoftext|>", *(f"<|{name}|>" for name in specials), "<|notimestamps|>", *times]


def _spelled(word: str) -> str:
    """Return a word in the letters that a byte-level tokenizer has for bytes."""
    return pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False).pre_tokenize_str(word)[0][0]


def _save_tokenizer(folder: Path, tokens: list[str]) -> None:
    end = tokens.index("<|endoftext|>")
    tokenizer = Tokenizer(models.BPE(vocab={token: number for number, token in enumerate(tokens[:end])}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(tokens[end:])
    tokenizer.save(str(folder / "tokenizer.json"))


def _save_network(folder: Path, tokens: list[str], follows: Iterable[tuple[int, int, float]], size: Size) -> None:
    random = np.random.default_rng(0)
    width = size.width

    def weights(*shape: int, scale: float = 1e-3) -> NDArray[np.float32]:
        return (random.standard_normal(shape) * scale).astype(np.float32)

    spec = WhisperSpec(size.layers, size.heads, size.layers, size.heads)
    _fill(spec.encoder.conv1, weights(width, _MELS, 3), np.zeros(width, np.float32))
    _fill(spec.encoder.conv2, weights(width, width, 3), np.zeros(width, np.float32))
    spec.encoder.position_encodings.encodings = weights(_WINDOWS, width)
    spec.decoder.position_encodings.encodings = weights(_POSITIONS, width)
    for side in (spec.encoder, spec.decoder):
        _fill_norm(side.layer_norm, width)
        for layer in side.layer:
            for attention in (layer.self_attention, getattr(layer, "attention", None)):
                if attention is not None:
                    rows = (3, 1) if len(attention.linear) == 2 else (1, 2, 1)
                    for linear, count in zip(attention.linear, rows, strict=True):
                        _fill(linear, weights(count * width, width), np.zeros(count * width, np.float32))
                    _fill_norm(attention.layer_norm, width)
            _fill_norm(layer.ffn.layer_norm, width)
            _fill(layer.ffn.linear_0, weights(4 * width, width), np.zeros(4 * width, np.float32))
            _fill(layer.ffn.linear_1, weights(width, 4 * width), np.zeros(width, np.float32))
    embeddings = weights(len(tokens), width, scale=1.0)
    embeddings -= embeddings.mean(axis=1, keepdims=True)
    embeddings *= np.sqrt(width) / np.linalg.norm(embeddings, axis=1, keepdims=True)
    projection = np.zeros_like(embeddings)
    for before, following, height in follows:
        projection[following] += embeddings[before] * height / width
    spec.decoder.embeddings.weight = embeddings
    spec.decoder.projection.weight = projection
    spec.config.lang_ids = [tokens.index(f"<|{language}|>") for language in LANGUAGES]
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = [tokens.index("<|endoftext|>")]
    spec.config.alignment_heads = [(0, 0)]
    spec.register_vocabulary(tokens)
    spec.validate()
    spec.save(str(folder))


def _fill(layer: common_spec.LinearSpec, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> None:
    layer.weight, layer.bias = weight, bias


def _fill_norm(norm: common_spec.LayerNormSpec, width: int) -> None:
    norm.gamma, norm.beta = np.ones(width, np.float32), np.zeros(width, np.float32)
