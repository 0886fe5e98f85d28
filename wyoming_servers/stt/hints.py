"""The household's names as a hint to a recogniser that reads a text before it listens. Pure."""

from collections.abc import Callable, Iterator, Sequence

from wyoming_servers.runtime.vocabulary import Vocabulary

SEPARATOR = ", "


def hint(vocabulary: Vocabulary, count_tokens: Callable[[str], int], budget: int, terms: Sequence[str] = ()) -> str:
    """Return as many of the names as the budget of tokens holds: `terms`, devices and rooms first, headings last."""
    chosen: list[str] = []
    left = budget
    for entry in dict.fromkeys([*terms, *entries_of(vocabulary)]):
        cost = count_tokens(f"{entry}{SEPARATOR}")
        if cost > left:
            break
        chosen.append(entry)
        left -= cost
    return SEPARATOR.join(chosen)


def entries_of(vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the names, the important ones first."""
    yield from (name.name for name in vocabulary.names)
    yield from vocabulary.areas
    yield from vocabulary.floors
    yield from vocabulary.titles
    yield from vocabulary.topics
