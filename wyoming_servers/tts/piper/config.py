"""What a Piper voice's `.onnx.json` says."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from wyoming_servers.runtime.errors import EngineError

PAD, BEGIN, END = "_", "^", "$"
_RATES = range(8_000, 48_001)


class PhonemeType(StrEnum):
    """What a voice's symbols are."""

    ESPEAK = "espeak"
    TEXT = "text"
    """Letters."""


@dataclass(frozen=True, slots=True)
class Scales:
    """How a voice is to speak; None leaves it to the voice's own file."""

    length: float | None = None
    """Above 1 is slower."""

    noise: float | None = None
    """Variation of the sound."""

    width_noise: float | None = None
    """Variation of the durations."""


@dataclass(frozen=True, slots=True)
class VoiceConfig:
    """A voice as its file describes it."""

    rate: int
    """Hertz."""

    locale: str
    """As "ru_RU". Empty of a file that tells no language."""

    language: str
    """In its own words. Empty of a file that tells none."""

    espeak_voice: str
    phoneme_type: PhonemeType
    symbols: Mapping[str, Sequence[int]]
    """The network's numbers of each symbol."""

    speakers: Mapping[str, int]
    """Numbers by name. Empty of a voice with one speaker."""

    scales: Scales

    def ids(self, phonemes: str) -> list[int]:
        """Return the network's input for a sentence; symbols that it does not know are left out."""
        pad = self.symbols[PAD]
        ids = [*self.symbols[BEGIN], *pad]
        for phoneme in phonemes:
            if phoneme in self.symbols:
                ids += [*self.symbols[phoneme], *pad]
        return [*ids, *self.symbols[END]]


def read_config(path: Path) -> VoiceConfig:
    """Return the content. Raises: EngineError for a file that is not of a Piper voice, or of a kind not known here."""
    try:
        return _config(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as err:
        raise EngineError(f"The voice {path} can't be used: {type(err).__name__}: {err}") from err


def _config(content: Mapping[str, Any]) -> VoiceConfig:
    inference, language = content.get("inference", {}), content.get("language", {})
    rate = int(content["audio"]["sample_rate"])
    symbols = {str(symbol): [int(number) for number in ids] for symbol, ids in content["phoneme_id_map"].items()}
    if rate not in _RATES:
        raise ValueError(f"a rate of {rate} Hz")
    if missing := {PAD, BEGIN, END} - symbols.keys():
        raise ValueError(f"no symbols {' '.join(sorted(missing))}")
    return VoiceConfig(
        rate=rate,
        locale=str(language.get("code", "")),
        language=str(language.get("name_native", "")),
        espeak_voice=str(content.get("espeak", {}).get("voice", "")),
        phoneme_type=PhonemeType(content.get("phoneme_type", PhonemeType.ESPEAK)),
        symbols=symbols,
        speakers=_speakers(content),
        scales=Scales(
            float(inference.get("length_scale", 1.0)),
            float(inference.get("noise_scale", 0.667)),
            float(inference.get("noise_w", 0.8)),
        ),
    )


def _speakers(content: Mapping[str, Any]) -> dict[str, int]:
    if (count := int(content.get("num_speakers", 1))) < 2:
        return {}
    named = {str(name): int(number) for name, number in (content.get("speaker_id_map") or {}).items()}
    return named or {str(number): number for number in range(count)}
