"""Small talk by rule, for trainings that take a second."""

from pathlib import Path
from random import Random

from wyoming_servers.turn.text import normalize

WORDS = ("свет", "лампу", "чайник", "музыку", "кухне", "спальне", "light", "kitchen")
_OPENINGS = ("включи, пожалуйста,", "я хочу, чтобы ты выключил", "turn off the")


def write(folder: Path, count: int = 300) -> Path:
    """Write dialogues, every turn of which ends with one of WORDS and has none of them before."""
    random = Random(0)
    blocks = (
        "\n".join(f"- {random.choice(_OPENINGS)} {number} {random.choice(WORDS)}." for _ in range(3))
        for number in range(count)
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "talk.txt").write_text("\n\n".join(blocks), encoding="utf-8")
    phrases = "\n".join(f"открой окно {number} в спальне" for number in range(count))
    (folder / "home.txt").write_text(phrases, encoding="utf-8")
    return folder


def vocabulary(folder: Path) -> set[str]:
    """Return the words of what `write` wrote, without the numbers."""
    text = " ".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    return {word for word in normalize(text).split() if not word.isdigit()}
