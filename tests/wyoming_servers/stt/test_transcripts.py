"""Transcripts in lines that people can read, and their formats."""

import json
import re
from itertools import pairwise

import numpy as np
import pytest

from wyoming_servers.stt.engine import Transcription, Word
from wyoming_servers.stt.formats import FORMATS, to_json, to_srt, to_txt, to_vtt
from wyoming_servers.stt.pauses import Piece
from wyoming_servers.stt.recordings import TranscriptBuilder
from wyoming_servers.stt.transcripts import Transcript, segments_of, wrap
from wyoming_servers.stt.word_times import SpokenToken, timed, words_from_tokens

LECTURE = (
    "Дискретизация, как вы помните, ограничивает полосу частот сверху, и всё, что выше половины частоты "
    "дискретизации, отражается вниз. Это называется наложением спектров! Поэтому перед преобразователем стоит фильтр"
)


def said(
    text: str, *, seconds_a_word: float = 0.4, gaps: dict[int, float] | None = None, apart: str = " "
) -> Transcription:
    """Return a text with its words, one after the other; `gaps` are pauses before some of them."""
    words, now = [], 0.0
    for number, word in enumerate(text.split()):
        now += (gaps or {}).get(number, 0.0)
        words.append(Word(word, round(now, 3), round(now + seconds_a_word, 3), 0.9))
        now += seconds_a_word
    return Transcription(apart.join(text.split()), "ru", words=tuple(words))


def transcript(*parts: Transcription, piece_seconds: float = 60.0) -> Transcript:
    builder = TranscriptBuilder(None)
    for number, part in enumerate(parts):
        builder.add(Piece(number * piece_seconds, np.zeros(int(piece_seconds * 16_000), np.int16)), part)
    return builder.transcript()


def times_in(subtitles: str, mark: str) -> list[tuple[float, float]]:
    def seconds(clock: str) -> float:
        hours, minutes, rest = clock.replace(mark, ".").split(":")
        return int(hours) * 3600 + int(minutes) * 60 + float(rest)

    return [(seconds(start), seconds(end)) for start, end in re.findall(r"^(\S+) --> (\S+)$", subtitles, re.MULTILINE)]


def lines_in(subtitles: str) -> list[list[str]]:
    return [block.splitlines()[2:] for block in subtitles.strip().split("\n\n")]


@pytest.mark.parametrize("seconds_a_word", [0.05, 0.3, 0.9])
def test_subtitles_can_be_read(seconds_a_word: float) -> None:
    subtitles = to_srt(transcript(said(LECTURE, seconds_a_word=seconds_a_word)))
    blocks = lines_in(subtitles)
    assert " ".join(" ".join(lines) for lines in blocks) == LECTURE
    assert all(1 <= len(lines) <= 2 and all(0 < len(line) <= 42 for line in lines) for lines in blocks)
    times = times_in(subtitles, ",")
    assert all(0 < end - start <= 7.001 for start, end in times)
    assert all(end <= following for (_, end), (following, _) in pairwise(times))


def test_a_segment_ends_with_its_sentence_and_at_a_pause() -> None:
    texts = [
        segment.text
        for segment in segments_of(said("Скажите, где фильтр стоит? Он стоит там же. Да", gaps={7: 1.0}), 0)
    ]
    assert texts == ["Скажите, где фильтр стоит?", "Он стоит там", "же. Да"]


def test_an_abbreviation_ends_no_segment() -> None:
    assert [segment.text for segment in segments_of(said("См. рис. 3 на доске."), 0)] == ["См. рис. 3 на доске."]


def test_a_long_sentence_is_divided_at_its_comma_rather_than_in_a_clause() -> None:
    first, *_ = segments_of(
        said("Мы перед преобразователем поставим фильтр нижних частот, а потом измерим то, что за ним получилось"), 0
    )
    assert first.text.endswith("частот,")


def test_chinese_keeps_its_words_together() -> None:
    (segment,) = segments_of(said("打开 厨房 的 灯", apart=""), 0)
    assert segment.text == "打开厨房的灯"
    assert max(map(len, wrap("灯" * 80))) <= 42


def test_words_count_from_the_beginning_of_the_recording() -> None:
    whole = transcript(said("раз два"), said("три"), piece_seconds=25.0)
    assert [(segment.start, segment.end) for segment in whole.segments] == [(0.0, 0.8), (25.0, 25.4)]
    assert (whole.duration, whole.language, whole.text) == (50.0, "ru", "раз два три")


def test_a_short_line_stays_long_enough_to_be_read_but_not_over_the_next() -> None:
    assert times_in(to_srt(transcript(said("Да", seconds_a_word=0.1))), ",") == [(0.0, 1.0)]
    two = said("Да Нет", seconds_a_word=0.1, gaps={1: 0.75})
    assert times_in(to_srt(transcript(two)), ",") == [(0.0, 0.85), (0.85, 1.85)]


def test_text_has_paragraphs_where_the_speaker_paused() -> None:
    assert to_txt(transcript(said("Раз два. Три четыре", gaps={2: 1.0, 3: 3.0}))) == "Раз два. Три\nчетыре\n"


def test_webvtt_is_not_mistaken_for_markup() -> None:
    subtitles = to_vtt(transcript(said("если a<b --> то R&D")))
    assert subtitles.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:")
    assert "a&lt;b --&gt; то R&amp;D" in subtitles
    assert len(times_in(subtitles, ".")) == 1


def test_hours_are_written() -> None:
    later = said("поздно", gaps={0: 3 * 3600 + 25 * 60 + 45.6789})
    assert "03:25:45,679 --> 03:25:46,679" in to_srt(transcript(later))


def test_json_has_every_word_with_its_time() -> None:
    body = json.loads(to_json(transcript(said("Привет, мир"))))
    (segment,) = body["segments"]
    assert segment["words"][0] == {"word": "Привет,", "start": 0.0, "end": 0.4, "probability": 0.9}
    assert (body["text"], body["language"], body["duration"]) == ("Привет, мир", "ru", 60.0)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_recording_in_which_nobody_speaks_is_no_error(kind: str) -> None:
    assert FORMATS[kind](transcript()).strip() in ("", "WEBVTT") or kind == "json"


def test_tokens_become_words_with_their_punctuation() -> None:
    tokens = [(" При", 0.0), ("вет", 0.2), (",", 0.4), (" ", 0.5), ("м", 0.6), ("ир", 0.7), (" !", 0.8)]
    words = words_from_tokens([SpokenToken(text, start, -0.1) for text, start in tokens], 10.0, 10.85)
    assert [word.text for word in words] == ["Привет,", "мир!"]
    assert [(word.start, word.end) for word in words] == [(10.0, 10.6), (10.6, 10.85)]
    assert [word.probability for word in words] == pytest.approx([0.905] * 2, abs=0.001)


def test_a_text_without_times_is_spread_over_its_audio() -> None:
    words = timed(Transcription("раз два", "ru"), 1.0).words
    assert [(word.text, word.start, word.end) for word in words] == [("раз", 0.0, 0.5), ("два", 0.5, 1.0)]
    assert timed(Transcription("", "ru"), 1.0).words == ()
