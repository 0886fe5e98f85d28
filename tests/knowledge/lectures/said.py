"""Transcripts for tests."""

from collections.abc import Iterable

from knowledge.lectures.models import Segment, Transcript, Word
from knowledge.models import Language

SECONDS_PER_LETTER = 0.07


def transcript(text: str, language: Language = Language.RUSSIAN, pause: float = 0.5) -> Transcript:
    """Return a transcript with a segment for each line."""
    return Transcript(tuple(segments(text.strip().splitlines(), pause)), language)


def segments(lines: Iterable[str], pause: float = 0.5) -> list[Segment]:
    """Return segments that follow each other at a steady pace."""
    start, found = 0.0, []
    for line in lines:
        end = start + len(line) * SECONDS_PER_LETTER
        found.append(Segment(line, round(start, 3), round(end, 3)))
        start = end + pause
    return found


def words(text: str, pauses: dict[str, float], start: float = 0.0) -> Segment:
    """Return a segment with times of words; `pauses` are the silences behind some of them."""
    at, found = start, []
    for word in text.split():
        end = at + len(word) * SECONDS_PER_LETTER
        found.append(Word(word, round(at, 3), round(end, 3)))
        at = end + pauses.get(word, 0.1)
    return Segment(text, start, found[-1].end, tuple(found))


DESCENT = """
Здравствуйте, сегодня поговорим о градиентном спуске.
Градиентный спуск — это способ найти минимум функции, шагая против градиента.
Градиентом называется вектор, который показывает направление наибольшего роста функции.
Если идти против градиента, функция убывает быстрее всего.
Длина шага градиентного спуска задаётся числом, которое называется скоростью обучения.
Если скорость обучения слишком велика, спуск перескакивает минимум и расходится.
Если скорость обучения мала, спуск идёт очень долго, тысячи шагов вместо 20.
Шаг обычно уменьшают постепенно, от большого к маленькому.
Теперь перейдём ко второму вопросу, к оврагам.
Под оврагом понимают область, где функция меняется быстро лишь в одном направлении.
В оврагах спуск скачет от стены к стене и почти не движется вдоль дна.
Чтобы справиться с оврагами, придумали метод моментов.
Метод моментов представляет собой спуск, который помнит прежние шаги и складывает их с новым.
Метод моментов гасит скачки в овраге и ускоряет движение вдоль дна.
Тяжёлый шар катится по дну оврага и не застревает в мелких ямках.
"""
