"""Which models hear more than the commands of the house. Pure."""

from collections.abc import Sequence

from knowledge.errors import TranscriberUnavailableError

_COMMANDS_ONLY = frozenset({"pocketsphinx"})
"""Models that choose among the sentences that make sense to the house: a lecture has none of them."""


def chosen_model(known: Sequence[str], who: str) -> str | None:
    """Return the model to ask for by name; None where whatever there is will do.

    Raises: TranscriberUnavailableError where all models hear commands only.
    """
    if _COMMANDS_ONLY.isdisjoint(known):
        return None
    for name in known:
        if name not in _COMMANDS_ONLY:
            return name
    raise TranscriberUnavailableError(
        f"{who} has PocketSphinx only, which hears the commands of the house and no lectures. Install "
        "voice-rag[stt-gigaam] or voice-rag[stt-whisper] there, and choose that engine beside the other."
    )
