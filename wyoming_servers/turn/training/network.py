"""The shipped model's network in PyTorch; `turn/ngram.py` computes the same in numpy."""

import math
from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from wyoming_servers.turn.ngram import NgramConfig

from .samples import Mark


class NgramNetwork(nn.Module):
    """Logits of "the turn is over" after each word, and of what would be written there (a second, auxiliary task)."""

    def __init__(self, config: NgramConfig, pieces: NDArray[np.int64], dropout: float, word_dropout: float) -> None:
        super().__init__()
        self.config = config
        self.words = nn.Embedding(config.word_table, config.embedding)
        self.places = nn.Embedding(config.place_table, config.embedding)
        self.positions = nn.Embedding(config.positions, config.width)
        self.project = nn.Linear(config.embedding, config.width, bias=False)
        self.layers = nn.ModuleList(_Layer(config, dropout) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.width)
        self.hidden = nn.Linear(config.width + config.embedding, config.hidden)
        self.out = nn.Linear(config.hidden, 1)
        self.mark = nn.Linear(config.hidden, len(Mark) - 1)
        self.dropout = nn.Dropout(dropout)
        self._word_dropout = word_dropout
        self.register_buffer("_pieces", torch.from_numpy(pieces), persistent=False)
        self.register_buffer("_bias", _alibi(config), persistent=False)
        for embedding in (self.words, self.places, self.positions):
            nn.init.normal_(embedding.weight, std=0.05)

    def forward(self, words: Tensor, positions: Tensor, places: Tensor, is_word: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits of the tokens that are words, in their order: of the end, and of the marks.

        `words`, `positions` and `is_word` have shape [stretches, tokens], `places` those of the words alone.
        """
        numbers, inverse = words.unique(return_inverse=True)
        states = self._embed(self._pieces[numbers])[inverse]
        if self.training:
            is_kept = torch.rand(words.shape, device=words.device) >= self._word_dropout
            states = states * (is_kept | ~is_word)[:, :, None]
        hidden = self._judge(self._attend(states, positions)[is_word], self.places(places).sum(dim=1))
        return self.out(hidden)[:, 0], self.mark(hidden)

    def logits_of_pieces(self, pieces: Tensor, positions: Tensor, place: Tensor, last: Tensor) -> Tensor:
        """Return the logits of whole turns, shape [dialogues, 1]; the inputs are those of `ngram_inputs.py`."""
        states = self._attend(self._embed(pieces), positions)
        seen = states.gather(1, last[:, :, None].expand(-1, -1, states.shape[2]))[:, 0]
        ngrams = (self.places(place.clamp(min=0)) * (place >= 0)[:, :, None]).sum(dim=1)
        logits: Tensor = self.out(self._judge(seen, ngrams))
        return logits

    def _embed(self, pieces: Tensor) -> Tensor:
        """Return the mean of each token's pieces, of which -1 is none."""
        is_used = (pieces >= 0)[..., None].float()
        mean = (self.words(pieces.clamp(min=0)) * is_used).sum(dim=-2) / is_used.sum(dim=-2).clamp(min=1)
        embedded: Tensor = self.project(mean)
        return embedded

    def _attend(self, states: Tensor, positions: Tensor) -> Tensor:
        states = self.dropout(states + self.positions(positions))
        bias = self._bias[:, : states.shape[1], : states.shape[1]]
        for layer in self.layers:
            states = layer(states, bias)
        return states

    def _judge(self, states: Tensor, ngrams: Tensor) -> Tensor:
        joined = self.dropout(torch.cat([self.norm(states), ngrams], dim=-1))
        hidden: Tensor = self.dropout(functional.relu(self.hidden(joined)))
        return hidden

    def weights(self) -> Mapping[str, NDArray[np.float32]]:
        """Return the weights as `NgramModel` takes them: matrices of layers with inputs first."""
        tensors = {_shipped_name(name): tensor for name, tensor in self.state_dict().items()}
        arrays = {name: tensor.T if _is_matrix(name) else tensor for name, tensor in tensors.items()}
        return {name: array.contiguous().numpy() for name, array in arrays.items() if not name.startswith("mark.")}

    def take(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        """Replace the weights by those that `weights` returned, as they are after rounding."""
        state = self.state_dict()
        for name, tensor in state.items():
            array = weights.get(_shipped_name(name))
            if array is not None:
                tensor.copy_(torch.from_numpy(array.T if _is_matrix(_shipped_name(name)) else array))


_TABLES = frozenset({"words.weight", "places.weight", "positions.weight"})


def _shipped_name(name: str) -> str:
    return name.removesuffix(".weight") if name in _TABLES else name


def _is_matrix(name: str) -> bool:
    return name.endswith(".weight") and "norm" not in name


class _Layer(nn.Module):
    def __init__(self, config: NgramConfig, dropout: float) -> None:
        super().__init__()
        self.heads = config.heads
        self.norm1 = nn.LayerNorm(config.width)
        self.qkv = nn.Linear(config.width, 3 * config.width)
        self.attended = nn.Linear(config.width, config.width)
        self.norm2 = nn.LayerNorm(config.width)
        self.wide = nn.Linear(config.width, 4 * config.width)
        self.narrow = nn.Linear(4 * config.width, config.width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        stretches, tokens, width = states.shape
        split = self.qkv(self.norm1(states)).view(stretches, tokens, 3, self.heads, -1)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        scores = query @ key.transpose(2, 3) / math.sqrt(width / self.heads) + bias
        mixed = (scores.softmax(dim=-1) @ value).transpose(1, 2).reshape(stretches, tokens, width)
        states = states + self.dropout(self.attended(mixed))
        return states + self.dropout(self.narrow(functional.relu(self.wide(self.norm2(states)))))


def _alibi(config: NgramConfig) -> Tensor:
    place = torch.arange(config.longest)
    distance = (place[None, :] - place[:, None]).float()
    slopes = 2.0 ** (-8.0 * torch.arange(1, config.heads + 1) / config.heads)
    return (slopes[:, None, None] * distance).masked_fill(distance > 0, float("-inf"))
