"""What the knowledge service answers, as the voice says it."""

import pytest

from knowledge.models import Kind, Language, Passage
from knowledge.texts import TEXTS
from wyoming_servers.tts.text import speakable


def said_in(kind: Kind, language: Language, start_seconds: int | None) -> Passage:
    return Passage(kind, "Звук", (), None, language, "", "", start_seconds=start_seconds)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "на первой минуте"),
        (2, "на третьей минуте"),
        (11, "на двенадцатой минуте"),
        (74, "на семьдесят пятой минуте"),
        (99, "на сотой минуте"),
    ],
)
def test_the_minute_of_a_lecture_is_said_as_people_say_it(minutes: int, said: str) -> None:
    sentence = TEXTS[Language.RUSSIAN].source(said_in(Kind.TERM, Language.RUSSIAN, minutes * 60 + 5))
    assert speakable(sentence, "ru") == f"Это из лекции «Звук», {said}."


def test_the_minute_of_a_lecture_is_said_in_english_and_chinese() -> None:
    passage = said_in(Kind.LECTURE, Language.ENGLISH, 11 * 60)
    assert speakable(TEXTS[Language.ENGLISH].source(passage), "en") == "That is in the lecture Звук, minute twelve."
    assert speakable(TEXTS[Language.CHINESE].source(passage), "zh") == "这出自讲座《Звук》第十二分钟。"


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (2, "Нашлось две лекции: «Звук» и «Свет»."),
        (5, "Нашлось пять лекций, последние из них — «Звук» и «Свет»."),
        (12, "Нашлось двенадцать лекций, последние из них — «Звук» и «Свет»."),
        (21, "Нашлась двадцать одна лекция, последние из них — «Звук» и «Свет»."),
    ],
)
def test_several_lectures_are_counted_in_the_right_form(count: int, said: str) -> None:
    assert speakable(TEXTS[Language.RUSSIAN].lectures_held(count, ["Звук", "Свет"]), "ru") == said
