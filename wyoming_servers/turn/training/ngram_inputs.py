"""Several dialogues as the arrays that the exported network takes. Pure."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from wyoming_servers.turn.ngram import Tokens
from wyoming_servers.turn.ngram_features import MOST_PIECES, PLACE_FEATURES, word_rows


def batch_tokens(dialogues: Sequence[Tokens], table: int) -> Mapping[str, NDArray[np.int64]]:
    """Return the inputs, padded at the end, where a causal network doesn't look; `table` is the number of word rows.

    pieces [dialogues, tokens, MOST_PIECES], -1 where a token has fewer; positions [dialogues, tokens]; place
    [dialogues, PLACE_FEATURES], -1 before the first word; last [dialogues, 1], the index of the last token.
    """
    longest = max(len(tokens.words) for tokens in dialogues)
    pieces = np.full((len(dialogues), longest, MOST_PIECES), -1, np.int64)
    positions = np.zeros((len(dialogues), longest), np.int64)
    place = np.full((len(dialogues), PLACE_FEATURES), -1, np.int64)
    for number, tokens in enumerate(dialogues):
        positions[number, : len(tokens.positions)] = tokens.positions
        place[number, : len(tokens.place)] = tokens.place
        for index, word in enumerate(tokens.words):
            rows = word_rows(word, table)
            pieces[number, index, : len(rows)] = rows
    last = np.array([[len(tokens.words) - 1] for tokens in dialogues], np.int64)
    return {"pieces": pieces, "positions": positions, "place": place, "last": last}
