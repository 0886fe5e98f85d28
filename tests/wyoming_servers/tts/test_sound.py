"""What is done to an engine's audio: loudness, ends, fades, rates."""

import numpy as np
import pytest

from tests.fakes.spoken import spoken
from wyoming_servers.tts.joining import faded, pause_seconds, resampled, trimmed
from wyoming_servers.tts.loudness import Floats, VoiceLevel, levelled, limited, to_floats, to_int16

RATE = 22_050


def tone(seconds: float, amplitude: float, hertz: float = 997.0, rate: int = RATE) -> Floats:
    return (32768 * amplitude * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


def loudness_of(sound: Floats, rate: int = RATE) -> float:
    level = VoiceLevel(rate, -20.0)
    level.hear(sound)
    return level.loudness


def in_blocks(sound: Floats, size: int) -> list[Floats]:
    return [sound[begin : begin + size] for begin in range(0, len(sound), size)]


def joined(blocks: list[Floats]) -> Floats:
    return np.concatenate([np.empty(0, np.float32), *blocks])


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 48_000])
@pytest.mark.parametrize(
    ("hertz", "amplitude", "loudness"),
    # BS.1770-5: a sine of 997 Hz at full scale in one channel reads -3.01 LKFS; of 100 Hz the weighting takes more
    [(997, 1.0, -3.01), (997, 0.1, -23.01), (100, 0.1, -24.8)],
)
def test_the_level_is_that_of_the_standard(rate: int, hertz: float, amplitude: float, loudness: float) -> None:
    assert loudness_of(tone(3, amplitude, hertz, rate), rate) == pytest.approx(loudness, abs=0.1)


def test_pauses_do_not_make_a_voice_quieter() -> None:
    speech, pause = tone(2, 0.1), np.zeros(4 * RATE, np.float32)
    assert loudness_of(joined([speech, pause, speech])) == pytest.approx(loudness_of(speech), abs=0.5)


@pytest.mark.parametrize("amplitude", [0.03, 0.1, 0.4])
@pytest.mark.parametrize("block", [1000, 10_000, 1_000_000])
def test_voices_of_all_levels_become_equally_loud_from_their_first_word_on(amplitude: float, block: int) -> None:
    level = VoiceLevel(RATE, -20.0)
    for _ in range(2):
        sound = joined(list(levelled(in_blocks(tone(2, amplitude), block), level)))
        assert len(sound) == 2 * RATE
        assert loudness_of(sound) == pytest.approx(-20.0, abs=0.3)


def test_a_phrase_shorter_than_a_window_is_levelled_too() -> None:
    level = VoiceLevel(RATE, -20.0)
    short = joined(list(levelled([tone(0.3, 0.02)], level)))
    assert np.abs(short).max() > 2 * 0.02 * 32768


@pytest.mark.parametrize("sound", [np.zeros(RATE, np.float32), np.full(RATE, 4096, np.float32)], ids=["none", "hum"])
def test_what_has_no_loudness_is_left_as_it_is(sound: Floats) -> None:
    np.testing.assert_array_equal(joined(list(levelled([sound], VoiceLevel(RATE, -20.0)))), sound)


def test_peaks_are_bent_and_never_clipped_and_quiet_sound_is_untouched() -> None:
    loud, quiet = tone(0.1, 4.0), tone(0.1, 0.6)
    bent = to_int16(limited(loud))
    assert 31_000 < np.abs(bent.astype(np.int32)).max() < 32_700
    assert np.array_equal(np.sign(bent), np.sign(to_int16(np.clip(loud, -32768, 32767))))
    assert limited(quiet) is quiet
    assert limited(np.empty(0, np.float32)).size == 0


@pytest.mark.parametrize("block", [100, 3000, 1_000_000])
def test_silence_around_a_unit_goes_and_silence_within_stays(block: int) -> None:
    pause = np.zeros(RATE // 2, np.float32)
    sound = joined([pause, tone(0.5, 0.1), pause, tone(0.5, 0.1), pause])
    kept = joined(list(trimmed(in_blocks(sound, block), RATE)))
    assert len(kept) / RATE == pytest.approx(1.5 + 0.02 + 0.06, abs=0.005)


def test_of_silence_nothing_is_left() -> None:
    assert list(trimmed([np.zeros(RATE, np.float32)] * 3, RATE)) == []


@pytest.mark.parametrize("block", [1, 50, 1000, 1_000_000])
def test_a_unit_begins_and_ends_at_zero_and_its_middle_is_untouched(block: int) -> None:
    sound = np.full(RATE // 5, 10_000, np.float32)
    result = joined(list(faded(in_blocks(sound.copy(), block), RATE)))
    assert len(result) == len(sound)
    assert result[0] == result[-1] == 0
    assert np.abs(np.diff(result)).max() < 200
    middle = slice(RATE // 100, -RATE // 50)
    np.testing.assert_array_equal(result[middle], sound[middle])


def test_another_rate_keeps_the_length_and_the_tone() -> None:
    sound = joined(list(resampled(in_blocks(tone(1, 0.5), 1000), RATE, 16_000)))
    assert len(sound) / 16_000 == pytest.approx(1.0, abs=0.01)
    spectrum = np.abs(np.fft.rfft(sound))
    assert np.argmax(spectrum) / len(sound) * 16_000 == pytest.approx(997, abs=2)


def test_real_speech_keeps_its_words_and_loses_only_its_ends() -> None:
    speech = spoken("the kitchen light is on", rate=RATE, silence=0.5)
    sound = trimmed([to_floats(speech.tobytes())], RATE)
    result = joined(list(faded(levelled(sound, VoiceLevel(RATE, -20.0)), RATE)))
    assert loudness_of(result) == pytest.approx(-20.0, abs=0.3)
    assert 0.8 < (len(speech) - len(result)) / RATE < 1.2


@pytest.mark.parametrize(
    ("unit", "pause"),
    [("Готово.", 0.3), ("«Готово!»", 0.3), ("Готово", 0.3), ("好。", 0.3), ("Если хочешь,", 0.15), ("Вот что —", 0.15)],
)
def test_the_pause_is_shorter_within_a_sentence(unit: str, pause: float) -> None:
    assert pause_seconds(unit, 0.3) == pause
