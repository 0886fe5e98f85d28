"""Whether a recogniser heard a text or made it up, as those do that were trained on subtitles. Pure.

The first three limits are those of Whisper's authors (Radford et al. 2022, section 4.5). The rest is about texts that
subtitles are full of and that nobody has said: they are believed only where there is enough speech for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .hot_words import words_of

NO_SPEECH_ABOVE = 0.6
UNSURE_BELOW = -1.0
"""Mean log-probability of a text's tokens."""

REPEATS_ABOVE = 2.4
"""How far a text can be compressed."""

_DOUBTFUL_NO_SPEECH = 0.3
_DOUBTFUL_BELOW = -0.5
_LETTERS_A_SECOND = 20
"""Of fast speech; a text with more of them was not spoken in the time."""

_LETTERS_IN_A_SYLLABLE = 4
_FIRST_IDEOGRAPH = "\u3400"

_ECHOED_NAMES = 3
"""In the order of the hint; people name fewer things in one sentence, and seldom in that order."""

_SUBTITLES = (
    "продолжение следует",
    "субтитры сделал",
    "субтитры создавал",
    "субтитры подогнал",
    "редактор субтитров",
    "спасибо за просмотр",
    "спасибо за внимание",
    "подписывайтесь на канал",
    "подписывайтесь на мой канал",
    "ставьте лайки",
    "до новых встреч",
    "thanks for watching",
    "thank you for watching",
    "thank you very much for watching",
    "please subscribe",
    "dont forget to subscribe",
    "see you in the next video",
    "subtitles by",
    "subtitled by",
    "transcribed by",
    "字幕",
    "谢谢观看",
    "謝謝觀看",
    "请不吝点赞",
    "請不吝點贊",
)
"""How such texts begin, as `_spelled` spells them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a text."""

    log_probability: float
    """Mean of its tokens."""

    no_speech: float
    """Probability, by the recogniser itself."""

    compression: float
    speech_seconds: float
    """In the audio that the text was heard in."""


def is_credible(text: str, evidence: Evidence, hint: Sequence[str] = ()) -> bool:
    """Return whether the text was said; `hint` are the names that the recogniser had read before."""
    if evidence.log_probability < UNSURE_BELOW or evidence.compression > REPEATS_ABOVE:
        return False
    return not (_is_doubtful(text, evidence) and (_is_from_subtitles(text) or _is_echo(text, hint)))


def _is_doubtful(text: str, evidence: Evidence) -> bool:
    is_unsure = evidence.log_probability < _DOUBTFUL_BELOW or evidence.no_speech > _DOUBTFUL_NO_SPEECH
    return is_unsure or _letters(text) > evidence.speech_seconds * _LETTERS_A_SECOND


def _letters(text: str) -> int:
    """Return how many letters the text takes to say; a Chinese character is a syllable."""
    return sum(_LETTERS_IN_A_SYLLABLE if character > _FIRST_IDEOGRAPH else 1 for character in "".join(words_of(text)))


def _is_from_subtitles(text: str) -> bool:
    return _spelled(text).startswith(_SUBTITLES)


def _is_echo(text: str, hint: Sequence[str]) -> bool:
    names = [_spelled(name) for name in hint]
    runs = (names[start : start + _ECHOED_NAMES] for start in range(len(names) - _ECHOED_NAMES + 1))
    spelled = _spelled(text)
    return any(" ".join(run) in spelled for run in runs)


def _spelled(text: str) -> str:
    return " ".join(words_of(text.replace("'", "").replace("’", "")))
