"""How much an echo is like what was spoken, and how much a person is: python -m bench.wake_echo.

Two answers with a wake word in them are played in rooms, at gains of -25 to 0 dB and with noise 5 to 25 dB below; then
another voice says the word after silence, and at the very moment of the word in the answer, louder or softer than it.
Prints the correlation that `wyoming_servers.wake.echo` compares with its limit.
"""

from __future__ import annotations

import numpy as np

from wyoming_servers.runtime.audio import SAMPLE_RATE
from wyoming_servers.wake.enrolment.rooms import Sound, reverberated, scene
from wyoming_servers.wake.enrolment.speakers import EspeakSpeaker
from wyoming_servers.wake.likeness import Spectrogram, likeness, spectrogram

ANSWERS = (
    ("ru", "домовой", "Вечером ожидается дождь, а домовой спит под печкой и никому не мешает.", 0.4),
    ("en-us", "okay nabu", "You can say okay nabu to wake me, and then ask for the weather.", 0.42),
)
"""Voice, word, text, and where in the text's sound the word ends."""

_LIMIT = 0.6
_COMPARED = 3 * SAMPLE_RATE // 2
_PEOPLE = ("f2", "m3", "Alex", "f4", "m7")
_LEVELS = (-10, -5, 0, 5, 10)
_ROOMS = 30


def main() -> None:
    """Measure and print."""
    random = np.random.default_rng(1)
    found: dict[str, list[float]] = {}
    for voice, word, text, share in ANSWERS:
        answer = EspeakSpeaker(voice, "").say(text, random).astype(float)
        known = spectrogram(np.pad(answer, _COMPARED).astype(np.int16))
        for _ in range(_ROOMS):
            end = int(share * len(answer)) + int(random.integers(6000))
            person = EspeakSpeaker(voice, str(random.choice(_PEOPLE))).say(word, random).astype(float)
            person *= np.abs(answer).max() / np.abs(person).max()
            cases = {"echo": answer, "a person after silence": np.pad(person, (_COMPARED, 2000))}
            for level in _LEVELS:
                cases[f"a person over the word, {level:+d} dB"] = _over(answer, person * 10 ** (level / 20), end)
            for name, sound in cases.items():
                begin = len(sound) if name == "a person after silence" else end
                found.setdefault(name, []).append(_correlation(sound, begin, known, random))
    print("| heard | lowest | median | highest | taken for an echo |\n|---|---|---|---|---|")
    for name, values in found.items():
        taken = np.mean(np.array(values) >= _LIMIT)
        print(f"| {name} | {min(values):.2f} | {np.median(values):.2f} | {max(values):.2f} | {taken:.0%} |")


def _over(answer: Sound, person: Sound, end: int) -> Sound:
    """Return both, the person ending shortly before `end`."""
    begin = max(0, end - len(person) - 1500)
    mixed = answer.copy()
    mixed[begin : begin + len(person)] += person[: len(mixed) - begin]
    return mixed


def _correlation(sound: Sound, end: int, known: Spectrogram, random: np.random.Generator) -> float:
    heard = scene(
        reverberated(sound, random)[: len(sound)], random.uniform(5, 25), 10 ** random.uniform(-1.25, 0), random
    )
    return likeness(spectrogram(heard[max(0, end - _COMPARED) : end]), known).correlation


if __name__ == "__main__":
    main()
