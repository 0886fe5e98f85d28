"""Where an utterance is found to end, ours beside Home Assistant's: python -m bench.stt_endpoint.

eSpeak NG says sentences of a household, each once without a pause and five times with one at a place where
people do think: after a word that needs another ("turn on the | ..."), inside a phrase that only looks whole ("... the
kitchen | light"), or after a whole command that goes on all the same ("turn on the light | in the hall").

The recogniser is an oracle: it knows every word whose sound has ended. What a decode costs is left out for all; Home
Assistant's comes on top of its delay, ours runs during the pause. Prints Markdown tables; takes
about three minutes on two cores. Needs `homeassistant`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
import soxr
from homeassistant.components.assist_pipeline.vad import VoiceCommandSegmenter
from pymicro_vad import MicroVad  # type: ignore[import-untyped]

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.runtime.espeak import shared_espeak
from wyoming_servers.turn.detector import Pause, TurnDetector
from wyoming_servers.turn.endpoint import FINAL, Endpoint, Signal
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.engines.fused import load
from wyoming_servers.turn.judgement import judge
from wyoming_servers.turn.policy import pause_ms
from wyoming_servers.turn.rules import RuleTurnDetector
from wyoming_servers.turn.settings import Patience, TurnSettings
from wyoming_servers.turn.survival import DEFAULT_PAUSES
from wyoming_servers.turn.vad import WINDOW_SAMPLES, VoiceActivity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Policy = Callable[["Spoken"], int | None]
    """Returns the sample after which it answers; None when the audio is over before."""

PAUSES = ((0.4, 0.56), (0.56, 0.72), (0.72, 0.88), (0.88, 1.04), (1.04, 1.2))
"""Shortest and longest, seconds: each sentence is said with one pause out of each."""

_LEAD_SECONDS, _TAIL_SECONDS = 0.6, 3.0
_ROOM_NOISE = 20.0
"""Root mean square, -64 dB: no room is digitally silent."""

_AUDIBLE = 300
"""Amplitude from which a sample belongs to speech."""

_MICRO_VAD_SAMPLES = 160
_VOICES = {"en": "en-us", "ru": "ru"}


class Place(StrEnum):
    """What stands before the pause."""

    NONE = "no pause"
    UNFINISHED = "after an unfinished phrase"
    INSIDE = "inside a phrase"
    WHOLE = "after a whole command"


SENTENCES = {
    "en": {
        Place.UNFINISHED: (
            "turn on the | kitchen light",
            "set a timer for | ten minutes",
            "turn off the lights in the living room and | close the curtains",
            "what is the | temperature in the bedroom",
            "please turn on | the coffee machine",
            "set the thermostat to | twenty two degrees",
            "add milk and | bread to the shopping list",
            "how do I replace the filter in | the washing machine",
            "open the um | garage door",
            "who plays the main role in | that film about the lighthouse",
        ),
        Place.INSIDE: (
            "turn on the kitchen | light",
            "set a timer for ten | minutes",
            "how often should the water | filter be changed",
            "set the brightness of the bedroom lamp to fifty | percent",
            "play the second | lecture about the planets",
            "which film | won the prize",
        ),
        Place.WHOLE: (
            "turn on the light | in the hall",
            "switch off the television | and the lamp",
            "close the blinds | in the study please",
            "is the window open | in the bathroom",
            "start the vacuum cleaner | at six in the evening",
            "find the recipe | with apples and cinnamon",
            "remind me to call the plumber | tomorrow morning",
            "tell me about the film | with the old lighthouse",
        ),
    },
    "ru": {
        Place.UNFINISHED: (
            "включи свет в | гостиной",
            "поставь таймер на | десять минут",
            "выключи телевизор и | закрой шторы",
            "какая температура в | спальне",
            "включи пожалуйста | кофеварку",
            "сделай потеплее на | два градуса",
            "добавь в список покупок молоко и | хлеб",
            "как заменить фильтр в | стиральной машине",
            "открой эм | дверь гаража",
            "что лектор говорил про | законы Кеплера",
        ),
        Place.INSIDE: (
            "включи настольную | лампу",
            "поставь таймер на десять | минут",
            "как часто нужно менять водяной | фильтр",
            "сделай яркость лампы пятьдесят | процентов",
            "расскажи о втором | законе термодинамики",
            "какой фильм | получил главный приз",
        ),
        Place.WHOLE: (
            "включи свет | в прихожей",
            "выключи телевизор | и лампу",
            "закрой шторы | в кабинете пожалуйста",
            "окно открыто | в ванной",
            "запусти пылесос | в шесть часов вечера",
            "найди рецепт | с яблоками и корицей",
            "напомни позвонить сантехнику | завтра утром",
            "расскажи про фильм | про старый маяк",
        ),
    },
}


UNSEEN = {
    "en": {
        Place.UNFINISHED: (
            "dim the | lamp by the sofa",
            "is there any | rain tomorrow",
            "lock the front door and | turn off the heating",
            "I would like | some music in the kitchen",
        ),
        Place.INSIDE: ("switch off the garden | sprinkler", "when was the old | bridge built"),
        Place.WHOLE: (
            "make it warmer | in the nursery",
            "stop the music | at ten o'clock",
            "read me the recipe | once more",
        ),
    },
    "ru": {
        Place.UNFINISHED: (
            "убавь свет над | диваном",
            "будет ли | завтра дождь",
            "запри входную дверь и | выключи отопление",
            "сколько минут надо варить | эту гречку",
        ),
        Place.INSIDE: ("выключи садовый | насос", "когда построили старый | мост"),
        Place.WHOLE: ("сделай теплее | в детской", "останови музыку | в десять часов", "прочитай рецепт | еще раз"),
    },
}
"""Written after the rules; no rule was changed for them."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """An utterance whose every word is known with its time."""

    language: str
    place: Place
    samples: Samples
    words: Sequence[tuple[int, str]]
    """Where each word ends, in samples, and the word."""

    silero: Sequence[float]
    """Probability of speech of each of our windows."""

    micro: Sequence[float]
    """Probability of speech of each 10 ms, as Home Assistant has it."""

    @property
    def end(self) -> int:
        """Return the sample at which the last word ends."""
        return self.words[-1][0]

    def text_at(self, sample: int) -> str:
        """Return the words whose sound is complete."""
        return " ".join(word for end, word in self.words if end <= sample)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a policy made of one utterance."""

    spoken: Spoken
    end: int | None
    """The sample after which it answered; None when the audio was over before."""

    @property
    def is_cut_in(self) -> bool:
        """Return whether it answered while the speaker had more to say."""
        return self.end is not None and self.end < self.spoken.end

    @property
    def delay(self) -> float:
        """Return the seconds from the last word to the answer."""
        end = len(self.spoken.samples) if self.end is None else self.end
        return (end - self.spoken.end) / SAMPLE_RATE


def ours(settings: TurnSettings, detector: TurnDetector) -> Policy:
    """Return our end of the turn: pauses weighed by the words before them."""

    def find(spoken: Spoken) -> int | None:
        endpoint = Endpoint(settings)
        for number, probability in enumerate(spoken.silero, start=1):
            signal = endpoint.process(probability)
            if signal in FINAL:
                return number * WINDOW_SAMPLES
            if signal is Signal.PAUSE:
                judgement = judge(detector, Pause(spoken.text_at(number * WINDOW_SAMPLES), spoken.language))
                endpoint.expect(pause_ms(judgement, DEFAULT_PAUSES, settings))
        return None

    return find


def home_assistant(silence_seconds: float) -> Policy:
    """Return Home Assistant's end of a command, driven by microVAD as its pipeline does."""

    def find(spoken: Spoken) -> int | None:
        segmenter = VoiceCommandSegmenter(silence_seconds=silence_seconds)
        for number, probability in enumerate(spoken.micro, start=1):
            if not segmenter.process(_MICRO_VAD_SAMPLES / SAMPLE_RATE, probability):
                return number * _MICRO_VAD_SAMPLES
        return None

    return find


def fixed(silence_seconds: float) -> Policy:
    """Return the end after so much silence by our voice activity detector, whatever was said."""
    waited = int(silence_seconds * 1000)
    settings = TurnSettings(shortest_pause_ms=waited, longest_pause_ms=waited)
    return ours(settings, RuleTurnDetector())


def policies() -> dict[str, Policy]:
    """Return what is compared, the ones that people run first."""
    fused = load(TurnOptions())
    return {
        **{f"ours, {patience}": ours(TurnSettings(patience=patience), fused) for patience in Patience},
        "Home Assistant, default (0.7 s)": home_assistant(0.7),
        "Home Assistant, relaxed (1.25 s)": home_assistant(1.25),
        "Home Assistant, aggressive (0.25 s)": home_assistant(0.25),
        **{f"fixed silence {seconds} s": fixed(seconds) for seconds in (0.5, 0.7, 1.0, 1.25)},
        "ours, rules in the place of the model": ours(TurnSettings(), RuleTurnDetector()),
        **{
            f"ours, longest pause {milliseconds} ms": ours(TurnSettings(longest_pause_ms=milliseconds), fused)
            for milliseconds in (1250, 1500, 1800, 2000, 2500)
            if milliseconds != TurnSettings().longest_pause_ms
        },
    }


def main() -> None:
    """Print the tables."""
    utterances = [spoken for language in SENTENCES for spoken in speak_all(SENTENCES[language], language)]
    compared = policies()
    found = {name: [Outcome(one, policy(one)) for one in utterances] for name, policy in compared.items()}
    for language in SENTENCES:
        print_table(language, {name: select(outcomes, language) for name, outcomes in found.items()})
    unseen = [spoken for language in UNSEEN for spoken in speak_all(UNSEEN[language], language)]
    print_table(
        "en and ru, sentences unseen when the rules were written",
        {name: [Outcome(one, policy(one)) for one in unseen] for name, policy in compared.items()},
    )
    print("\nCut in, by what stands before the pause (all but the unseen)\n")
    print("| policy |", " | ".join(Place), "|\n|---|", "---|" * len(Place), sep="")
    for name, outcomes in found.items():
        shares = (share_cut_in([one for one in outcomes if one.spoken.place is place]) for place in Place)
        print(f"| {name} | {' | '.join(f'{share:.0%}' for share in shares)} |")


def print_table(title: str, found: Mapping[str, Sequence[Outcome]]) -> None:
    """Print what each policy made of the same utterances."""
    print(f"\n{title}: {len(next(iter(found.values())))} utterances\n")
    print("| policy | cut in | with a pause inside | mean delay | p95 |\n|---|---|---|---|---|")
    for name, outcomes in found.items():
        print(row(name, outcomes))


def select(outcomes: Sequence[Outcome], language: str) -> list[Outcome]:
    """Return those of one language."""
    return [one for one in outcomes if one.spoken.language == language]


def row(name: str, outcomes: Sequence[Outcome]) -> str:
    """Return one line of a language's table."""
    with_pause = [one for one in outcomes if one.spoken.place is not Place.NONE]
    delays = [one.delay for one in outcomes if not one.is_cut_in]
    mean, late = (f"{np.mean(delays):.2f} s", f"{np.percentile(delays, 95):.2f} s") if delays else ("", "")
    return f"| {name} | {share_cut_in(outcomes):.1%} | {share_cut_in(with_pause):.1%} | {mean} | {late} |"


def share_cut_in(outcomes: Sequence[Outcome]) -> float:
    """Return the share of utterances that were answered too early."""
    return sum(one.is_cut_in for one in outcomes) / len(outcomes)


def speak_all(places: Mapping[Place, Sequence[str]], language: str) -> Iterator[Spoken]:
    """Yield each sentence without a pause and with each pause."""
    lengths = np.random.default_rng(0)
    for place, sentences in places.items():
        for sentence in sentences:
            first, second = sentence.split(" | ")
            yield speak(language, Place.NONE, (f"{first} {second}",), 0.0)
            for shortest, longest in PAUSES:
                yield speak(language, place, (first, second), lengths.uniform(shortest, longest))


def speak(language: str, place: Place, parts: Sequence[str], pause_seconds: float) -> Spoken:
    """Return the parts with a pause between them, in a quiet room."""
    pieces = [np.zeros(int(_LEAD_SECONDS * SAMPLE_RATE), np.float32)]
    words: list[tuple[int, str]] = []
    for number, part in enumerate(parts):
        if number:
            pieces.append(np.zeros(int(pause_seconds * SAMPLE_RATE), np.float32))
        start = sum(map(len, pieces))
        speech, ends = say(part, language)
        words += [(start + end, word) for end, word in zip(ends, part.split(), strict=True)]
        pieces.append(speech)
    pieces.append(np.zeros(int(_TAIL_SECONDS * SAMPLE_RATE), np.float32))
    audio = np.concatenate(pieces)
    audio += np.random.default_rng(len(audio)).normal(0.0, _ROOM_NOISE, len(audio)).astype(np.float32)
    samples = np.clip(np.rint(audio), -32768, 32767).astype(np.int16)
    return Spoken(language, place, samples, words, _silero(samples), _micro(samples))


@cache
def say(text: str, language: str) -> tuple[NDArray[np.float32], tuple[int, ...]]:
    """Return the text's sound without the silence around it, and where each of its words ends.

    A word is taken to end where the sound of the text up to it does: within a few hundredths of a second.
    """
    words = text.split()
    prefixes = [_sound(" ".join(words[: count + 1]), language) for count in range(len(words))]
    whole = prefixes[-1]
    return whole, tuple(accumulate((min(len(prefix), len(whole)) for prefix in prefixes), max))


def _sound(text: str, language: str) -> NDArray[np.float32]:
    espeak = shared_espeak()
    pcm = np.frombuffer(espeak.synthesize(text, _VOICES[language], words_per_minute=150), np.int16)
    sound = soxr.resample(pcm.astype(np.float32), espeak.sample_rate, SAMPLE_RATE)
    audible = np.flatnonzero(np.abs(sound) > _AUDIBLE)
    trimmed: NDArray[np.float32] = sound[audible[0] : audible[-1] + 1]
    return trimmed


def _silero(samples: Samples) -> Sequence[float]:
    return VoiceActivity().process(samples[: len(samples) - len(samples) % WINDOW_SAMPLES])


def _micro(samples: Samples) -> Sequence[float]:
    vad = MicroVad()
    starts = range(0, len(samples) - _MICRO_VAD_SAMPLES + 1, _MICRO_VAD_SAMPLES)
    return [vad.Process10ms(samples[start : start + _MICRO_VAD_SAMPLES].tobytes()) for start in starts]


if __name__ == "__main__":
    main()
