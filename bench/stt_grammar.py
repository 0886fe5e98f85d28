"""How well the grammar recogniser understands the house, and how often it takes other speech for a command.

    python -m bench.stt_grammar

Synthetic voices say sentences that are in the grammar and sentences that are not. "understood" counts transcripts that
are word for word what was said, articles apart (which one was said is often inaudible and never matters). The second
table shows what other values of the engine's `worst_fit` would have given on the same audio.
"""

import shutil
import subprocess
import tempfile
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import soxr

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.runtime.espeak import shared_espeak
from wyoming_servers.runtime.vocabulary import Name, Vocabulary
from wyoming_servers.stt.engines.pocketsphinx import _WORST_FIT, PocketSphinxEngine

HOUSE = Vocabulary(
    names=tuple(
        Name(name, domain)
        for name, domain in (
            ("kitchen light", "light"), ("living room lamp", "light"), ("bedroom light", "light"),
            ("coffee machine", "switch"), ("garage door", "cover"), ("ceiling fan", "fan"),
            ("hallway thermostat", "climate"), ("outside temperature", "sensor"),
        )
    ),
    areas=("Kitchen", "Living room", "Bedroom", "Garage"),
    floors=("Ground floor",),
    topics=(
        "Boiler pressure", "Bleeding a radiator", "Resetting the router", "Water shut-off valve", "Guest network",
        "Rubbish collection", "House manual", "Washing machine filter", "Fuse box",
    ),
    titles=("Solaris", "Stalker", "Metropolis", "Brother", "The Mirror", "Andrei Rublev", "Battleship Potemkin"),
)  # fmt: skip
IN_GRAMMAR = (
    "turn on the kitchen light",
    "switch off the living room lamp",
    "turn off all the lights in the kitchen",
    "turn on the lights in the living room",
    "set the bedroom light brightness to fifty percent",
    "open the garage door",
    "set the hallway thermostat to twenty two degrees",
    "what is the temperature in the bedroom",
    "is the coffee machine on",
    "what time is it",
    "set a timer for ten minutes",
    "how do i bleed a radiator",
    "what is the boiler pressure",
    "where is the water shut off valve",
    "when is the rubbish collection",
    "tell me about the guest network",
    "who directed solaris",
    "when was metropolis made",
    "what is stalker about",
    "who stars in battleship potemkin",
)
OUT_OF_GRAMMAR = (
    "i was at the market yesterday and bought some apples",
    "the president said that the economy will grow next year",
    "mary had a little lamb",
    "good evening and welcome to the late show",
    "my brother lives in paris with his two children",
    "they say it never rains in southern california",
    "can you believe what she told me",
    "it was the best of times it was the worst of times",
    "where did you put the keys of my car",
    "he turned the page and went on reading in silence",
    "kitchen",
    "hello",
)
ESPEAK_VOICES = ("en-us", "en-us+f3", "en-us+m3", "en")
FLITE_VOICES = ("slt", "rms", "awb", "kal")
THRESHOLDS = (-0.09, -0.08, -0.07, -0.06, -0.057, -0.05, -0.045, -0.04, -0.03)


@dataclass(frozen=True, slots=True)
class Result:
    """One utterance."""

    voice: str
    said: str
    heard: str
    fit: float
    seconds: float
    """Of work, for `seconds_of_audio`."""

    seconds_of_audio: float

    @property
    def is_meant(self) -> bool:
        """Whether the sentence is one of the grammar's."""
        return self.said in IN_GRAMMAR

    @property
    def is_right(self) -> bool:
        """Whether it was heard as it was said."""
        return _without_articles(self.heard) == _without_articles(self.said)


def main() -> None:
    """Print both tables."""
    engine = PocketSphinxEngine(HOUSE)
    results = [_recognise(engine, voice, text, samples) for voice, text, samples in _utterances()]
    print(f"{len(IN_GRAMMAR)} sentences of the grammar, {len(OUT_OF_GRAMMAR)} others, worst_fit {_WORST_FIT}\n")
    print("| voice | understood | misunderstood | refused | false accepts | ms an utterance | real-time factor |")
    print("|---|---|---|---|---|---|---|")
    for voice in dict.fromkeys(result.voice for result in results):
        print(_row(voice, [result for result in results if result.voice == voice]))
    print(_row("**all**", results))
    print("\n| worst_fit | understood | misunderstood | false accepts |\n|---|---|---|---|")
    for threshold in THRESHOLDS:
        right, wrong, _, false = _shares(results, threshold)
        print(f"| {threshold} | {right:.1%} | {wrong:.1%} | {false:.1%} |")


def _row(title: str, results: Sequence[Result]) -> str:
    right, wrong, refused, false = _shares(results, _WORST_FIT)
    work = sum(result.seconds for result in results)
    factor = work / sum(result.seconds_of_audio for result in results)
    return (
        f"| {title} | {right:.1%} | {wrong:.1%} | {refused:.1%} | {false:.1%} "
        f"| {1000 * work / len(results):.0f} | {factor:.3f} |"
    )


def _shares(results: Sequence[Result], threshold: float) -> tuple[float, float, float, float]:
    """Return the shares understood, misunderstood and refused of what was meant, and accepted of what was not."""
    meant = [result for result in results if result.is_meant]
    other = [result for result in results if not result.is_meant]
    taken = [result for result in meant if result.heard and result.fit >= threshold]
    right = sum(result.is_right for result in taken) / len(meant)
    accepted = len(taken) / len(meant)
    false = sum(bool(result.heard) and result.fit >= threshold for result in other) / len(other)
    return right, accepted - right, 1 - accepted, false


def _recognise(engine: PocketSphinxEngine, voice: str, text: str, samples: Samples) -> Result:
    started = perf_counter()
    heard = engine.hear(samples)
    return Result(voice, text, heard.text, heard.fit, perf_counter() - started, len(samples) / SAMPLE_RATE)


def _utterances() -> Iterator[tuple[str, str, Samples]]:
    for voice in ESPEAK_VOICES:
        for text in (*IN_GRAMMAR, *OUT_OF_GRAMMAR):
            yield f"eSpeak {voice}", text, _espeak(text, voice)
    if shutil.which("flite") is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        for voice in FLITE_VOICES:
            for text in (*IN_GRAMMAR, *OUT_OF_GRAMMAR):
                yield f"flite {voice}", text, _flite(text, voice, Path(folder) / "speech.wav")


def _espeak(text: str, voice: str) -> Samples:
    espeak = shared_espeak()
    return _padded(np.frombuffer(espeak.synthesize(text, voice, words_per_minute=150), np.int16), espeak.sample_rate)


def _flite(text: str, voice: str, path: Path) -> Samples:
    subprocess.run(("flite", "-voice", voice, "-t", text, "-o", str(path)), check=True)
    with wave.open(str(path)) as file:
        return _padded(np.frombuffer(file.readframes(file.getnframes()), np.int16), file.getframerate())


def _padded(speech: Samples, rate: int) -> Samples:
    samples = np.pad(speech, (rate // 4, rate * 2 // 5)).astype(np.float32)
    resampled: Samples = np.clip(soxr.resample(samples, rate, SAMPLE_RATE), -32768, 32767).astype(np.int16)
    return resampled


def _without_articles(text: str) -> list[str]:
    return [word for word in text.split() if word not in ("the", "a", "an")]


if __name__ == "__main__":
    main()
