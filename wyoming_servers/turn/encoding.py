"""A dialogue as an encoder reads it: the latest turns and the words so far, each closed by the separator.

    [CLS] turn [SEP] turn [SEP] words so far [SEP]

The same for training and for use. Texts are normalised, so that punctuation and case can't matter; what is beyond the
length that the encoder was trained with is cut off at the beginning. Needs an extra that has `tokenizers`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from wyoming_servers.runtime.errors import EngineError

from .detector import Pause
from .labels import Labels, read_labels
from .text import normalize


class DialogueEncoder:
    """Turns pauses into the inputs of an encoder. For any thread."""

    def __init__(self, tokenizer: Tokenizer, labels: Labels) -> None:
        """`tokenizer` is changed: no padding, no truncation of its own."""
        tokenizer.no_padding()
        tokenizer.no_truncation()
        special = tokenizer.encode("").ids
        self.labels = labels
        self._tokenizer = tokenizer
        self._begin, self._separator = special[:1], special[-1:]
        self._padding = tokenizer.token_to_id("[PAD]") or tokenizer.token_to_id("<pad>") or 0

    def encode(self, pauses: Sequence[Pause]) -> Mapping[str, NDArray[np.int64]]:
        """Return `input_ids`, `attention_mask` and `token_type_ids`, all of shape [pauses, tokens]."""
        rows = [self._tokens(pause) for pause in pauses]
        shape = len(rows), max(map(len, rows), default=0)
        ids, mask = np.full(shape, self._padding, np.int64), np.zeros(shape, np.int64)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = row
            mask[number, : len(row)] = 1
        return {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros(shape, np.int64)}

    def _tokens(self, pause: Pause) -> list[int]:
        texts = [normalize(text) for text in (*pause.context, pause.text)]
        turns = [self._tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
        body = [token for turn in turns for token in (*turn, *self._separator)]
        return [*self._begin, *body[-(self.labels.longest - len(self._begin)) :]]


def load_encoder(folder: Path) -> DialogueEncoder:
    """Return the encoder of a folder with `tokenizer.json` and `config.json`. Raises: EngineError."""
    path = folder / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as err:  # the library raises Exception itself
        raise EngineError(f"The tokenizer {path} can't be used: {err}") from err
    return DialogueEncoder(tokenizer, read_labels(folder / "config.json"))
