"""Fine-tuning of a pretrained encoder to tell whole turns from cut ones. Needs the extra turn-train."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModelForSequenceClassification, AutoTokenizer, PreTrainedModel
from transformers.optimization import get_linear_schedule_with_warmup

from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.encoding import DialogueEncoder, load_encoder

from .config import EncoderTraining, TrainingConfig
from .dialogues import Dialogue, find_files
from .drawn import Drawn, draw_all
from .errors import ConfigError
from .evaluate import auc_by_language, evaluate
from .progress import History, Watcher
from .report import Report
from .samples import Mark, Sample
from .split import split

LABELS = {0: "wait", 1: "speak"}
INPUTS = ("input_ids", "attention_mask")
_EVALUATIONS = 8
_GLANCE = 1_000
"""Held-out samples for each look during the training."""

_BUCKET = 50
"""Batches whose samples are sorted by length together, so that little is padded."""


def train(paths: Sequence[Path], folder: Path, config: TrainingConfig, encoder: str, watcher: Watcher) -> Report:
    """Fine-tune an encoder, a folder or an id of the model hub, and write it to the folder.

    Raises: DataError, ConfigError for an encoder that can't be loaded, OSError.
    """
    history = History(watcher, every=5)
    history.phase("Reading dialogues")
    trained, held_out = split(find_files(paths), config.data)
    settings = config.encoder
    drawn, evaluation = _draw(trained, settings), _draw(held_out, settings)
    history.phase("Training")
    torch.manual_seed(settings.seed)
    model = _load(encoder, folder, settings)
    model.to("cuda" if torch.cuda.is_available() else "cpu")
    trainer = _Trainer(model, load_encoder(folder), settings)
    trainer.fit(drawn, evaluation.first(_GLANCE), history)
    history.phase("Evaluating")
    table = evaluate(trainer.predict(evaluation.samples), evaluation.describe())
    model.save_pretrained(folder)
    files = tuple(folder / name for name in ("model.safetensors", "config.json", "tokenizer.json"))
    return Report(config, history, table, files, {"trained": len(trained), "held_out": len(held_out)})


class _Trainer:
    def __init__(self, model: PreTrainedModel, encoder: DialogueEncoder, settings: EncoderTraining) -> None:
        self._model = model
        self._encoder = encoder
        self._settings = settings

    def fit(self, drawn: Drawn, glance: Drawn, history: History) -> None:
        """Train the model in place."""
        settings, random = self._settings, Random(self._settings.seed)
        batches = [batch for _ in range(settings.epochs) for batch in _batches(drawn.samples, settings.batch, random)]
        optimizer = torch.optim.AdamW(self._model.parameters(), lr=settings.learning_rate)
        schedule = get_linear_schedule_with_warmup(optimizer, int(settings.warmup * len(batches)), len(batches))
        for number, batch in enumerate(batches, start=1):
            self._model.train()
            loss = torch.nn.functional.cross_entropy(self._logits(batch), self._targets(batch))
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            history.step(number, len(batches), float(loss.detach()))
            if number % max(1, len(batches) // _EVALUATIONS) == 0 or number == len(batches):
                history.evaluated(number, auc_by_language(self.predict(glance.samples), glance.describe()))

    def predict(self, samples: Sequence[Sample]) -> NDArray[np.float64]:
        """Return the probability of each sample to be a whole turn."""
        self._model.eval()
        found: list[float] = []
        with torch.inference_mode():
            for start in range(0, len(samples), self._settings.batch):
                logits = self._logits(samples[start : start + self._settings.batch])
                found += self._encoder.labels.probabilities(logits.float().cpu().numpy())
        return np.array(found)

    def _logits(self, samples: Sequence[Sample]) -> torch.Tensor:
        inputs = self._encoder.encode([Pause(sample.text, "", sample.context) for sample in samples])
        tensors = {name: torch.from_numpy(inputs[name]).to(self._model.device) for name in INPUTS}
        logits: torch.Tensor = self._model(**tensors).logits
        return logits

    def _targets(self, samples: Sequence[Sample]) -> torch.Tensor:
        whole = [int(sample.mark is Mark.TURN) for sample in samples]
        return torch.tensor(whole, device=self._model.device)


def _load(encoder: str, folder: Path, settings: EncoderTraining) -> PreTrainedModel:
    """Return the encoder with a new head, and write its tokenizer and configuration to the folder."""
    names = {name: number for number, name in LABELS.items()}
    try:
        tokenizer = AutoTokenizer.from_pretrained(encoder)
        model: PreTrainedModel = AutoModelForSequenceClassification.from_pretrained(
            encoder, num_labels=len(LABELS), id2label=LABELS, label2id=names, ignore_mismatched_sizes=True
        )
    except (OSError, ValueError) as err:
        raise ConfigError(f"The encoder {encoder} can't be loaded: {err}") from err
    model.config.turn_max_length = settings.longest  # read by turn/encoding.py
    tokenizer.save_pretrained(folder)
    model.config.save_pretrained(folder)
    return model


def _draw(dialogues: Sequence[Dialogue], settings: EncoderTraining) -> Drawn:
    random = Random(settings.seed)
    drawn = draw_all(random.sample(dialogues, len(dialogues)), random, settings.context_turns)
    return drawn.first(settings.samples) if settings.samples else drawn


def _batches(samples: Sequence[Sample], size: int, random: Random) -> Iterator[Sequence[Sample]]:
    """Yield all samples in batches of similar length."""
    order = random.sample(samples, len(samples))
    for start in range(0, len(order), size * _BUCKET):
        bucket = sorted(order[start : start + size * _BUCKET], key=lambda sample: len(sample.text))
        batches = [bucket[first : first + size] for first in range(0, len(bucket), size)]
        yield from random.sample(batches, len(batches))
