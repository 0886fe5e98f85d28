"""What training can be told: a TOML file whose tables are the classes here."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from wyoming_servers.turn.ngram import NgramConfig

from .errors import ConfigError

SHIPPED = Path(__file__).with_name("ngram.toml")


@dataclass(frozen=True, slots=True)
class DataSettings:
    """How dialogues become samples."""

    held_out: float = 0.05
    """Share of the dialogues for evaluation."""

    comma_share: float = 0.25
    """Share of the weight of a turn's cuts that goes to its commas, where people pause."""

    phrase_weight: float = 2.0
    """What a phrase without a dialogue counts beside a turn of a dialogue."""

    shares: dict[str, float] = field(default_factory=dict)
    """Share of the dialogues to train on, for sources of which there are too many."""


@dataclass(frozen=True, slots=True)
class NgramTraining:
    """How the shipped model is trained."""

    seed: int = 0
    threads: int = 2
    epochs: int = 3
    batch_tokens: int = 4096
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    dropout: float = 0.1
    word_dropout: float = 0.03
    """Share of words that are blanked in training; a recogniser's errors look much the same."""

    mark_weight: float = 0.3
    """Weight of the second task: the punctuation after each word."""


@dataclass(frozen=True, slots=True)
class EncoderTraining:
    """How a pretrained encoder is fine-tuned."""

    seed: int = 0
    epochs: int = 2
    batch: int = 32
    learning_rate: float = 2e-5
    warmup: float = 0.1
    longest: int = 128
    """Tokens that are read, the last ones of the dialogue."""

    context_turns: int = 2
    samples: int = 0
    """How many samples to train on at most; 0 is all."""


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """Everything; each field is a table of the file."""

    data: DataSettings = field(default_factory=DataSettings)
    model: NgramConfig = field(default_factory=NgramConfig)
    ngram: NgramTraining = field(default_factory=NgramTraining)
    encoder: EncoderTraining = field(default_factory=EncoderTraining)


def read_config(path: Path | None) -> TrainingConfig:
    """Return the configuration of a file; None is that of the shipped model. Raises: ConfigError."""
    path = path or SHIPPED
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return TrainingConfig(
            data=DataSettings(**tables.pop("data", {})),
            model=NgramConfig(**tables.pop("model", {})),
            ngram=NgramTraining(**tables.pop("ngram", {})),
            encoder=EncoderTraining(**tables.pop("encoder", {})),
            **tables,
        )
    except (OSError, AttributeError, TypeError, ValueError) as err:
        raise ConfigError(f"{path} is no configuration: {err}") from err
