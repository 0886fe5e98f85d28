"""How much the model can keep in view, in tokens, and what has to go when it is too much. Pure.

Ollama cuts a prompt that is longer than `num_ctx` without a word, and what it cuts first is what it has cached. So the
length is known before it is sent: from the characters, and from how many tokens Ollama counted for such characters.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

FIRST_TOKENS_PER_CHARACTER = 0.35
"""Before anything was counted. Cautious: tool schemas take about 0.28, Russian with a tokenizer for it 0.3."""
_PLAUSIBLE = (0.1, 1.5)
SHORT_CHARACTERS = 1000
REMEMBERED_PROMPTS = 20
"""Prompts differ: of the last ones, the greatest ratio is the safe one."""
ANSWER_TOKENS = 512
THINKING_TOKENS = 2048
TURN_SHARE = 0.3
"""Of the context, for this turn: the question, its notes and the results of its tools."""
HOUSE_SHARE = 0.55
"""Of the context, for the system prompt and the tools. With more than that, the devices are looked for instead."""
FEW_CHARACTERS = 1500
"""A list of devices as short as this one is always given: a tool to look for them is not shorter by much."""


class TokenMeter:
    """Learns from Ollama's counters how many tokens a character takes."""

    def __init__(self) -> None:
        self._ratios: deque[float] = deque(maxlen=REMEMBERED_PROMPTS)

    def observe(self, characters: int, tokens: int) -> None:
        """Take one request's length and Ollama's count of it."""
        if characters >= SHORT_CHARACTERS and is_plausible(characters, tokens):
            self._ratios.append(tokens / characters)

    def latest(self, characters: int) -> int:
        """Return how many tokens these characters take if they are like the last prompt."""
        return int(characters * (self._ratios[-1] if self._ratios else FIRST_TOKENS_PER_CHARACTER)) + 1

    def tokens(self, characters: int) -> int:
        """Return how many tokens these characters take, rather more than less."""
        return int(characters * max(self._ratios, default=FIRST_TOKENS_PER_CHARACTER)) + 1


def is_plausible(characters: int, tokens: int) -> bool:
    """Tell whether a count is that of a whole prompt; some versions count only what was not cached."""
    return _PLAUSIBLE[0] <= tokens / max(characters, 1) <= _PLAUSIBLE[1]


@dataclass(frozen=True, slots=True)
class Budget:
    """What fits into the context of one agent."""

    num_ctx: int
    thinking: bool
    meter: TokenMeter

    @property
    def answer(self) -> int:
        """Tokens kept free for the answer."""
        return min(THINKING_TOKENS if self.thinking else ANSWER_TOKENS, self.num_ctx // 4)

    def fits_house(self, characters: int, devices: int) -> bool:
        """Tell whether a prefix with a list of all devices leaves enough for talking, by their characters."""
        return devices <= FEW_CHARACTERS or self.meter.tokens(characters) <= self.num_ctx * HOUSE_SHARE

    def needed(self, characters: int) -> int:
        """Return how many tokens a request and its answer are going to take."""
        return self.meter.latest(characters) + self.answer

    def first_kept(self, prefix: int, rounds: Sequence[int]) -> int:
        """Return the index of the first round of the history that stays.

        `prefix` and `rounds` are lengths in characters. When the history is full it loses the older half at once: a
        window that moves with each turn would make Ollama read all of it again each time.
        """
        room = self.num_ctx * (1 - TURN_SHARE) - self.answer - self.meter.tokens(prefix)
        start, used = 0, 0
        for index, characters in enumerate(rounds):
            used += self.meter.tokens(characters)
            if used <= room:
                continue
            while start <= index and used > room / 2:
                used -= self.meter.tokens(rounds[start])
                start += 1
        return start
