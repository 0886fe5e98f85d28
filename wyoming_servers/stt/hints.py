"""The household's names as a hint to a recogniser that reads a text before it listens. Pure."""

from collections.abc import Callable, Iterator

from .vocabulary import Vocabulary

SEPARATOR = ", "


def hint(vocabulary: Vocabulary, count_tokens: Callable[[str], int], budget: int) -> str:
    """Return as many of the names as the budget of tokens holds: devices and rooms first, headings last."""
    chosen: list[str] = []
    left = budget
    for entry in dict.fromkeys(_entries(vocabulary)):
        cost = count_tokens(f"{entry}{SEPARATOR}")
        if cost > left:
            break
        chosen.append(entry)
        left -= cost
    return SEPARATOR.join(chosen)


def _entries(vocabulary: Vocabulary) -> Iterator[str]:
    yield from (name.name for name in vocabulary.names)
    yield from vocabulary.areas
    yield from vocabulary.floors
    yield from vocabulary.titles
    yield from vocabulary.topics
