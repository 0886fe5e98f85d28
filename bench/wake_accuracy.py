"""What the built-in wake words miss and what they mistake for themselves, on speech that anyone can make again.

    python -m bench.wake_accuracy DATA [--hours 0.25]

Misses: each word in synthetic voices, beside noise and music at several levels. False accepts: the paragraphs in
DATA/xquad_{ru,en,zh}/corpus.jsonl.xz in synthetic voices, --hours of each, and the recordings that Festival's Russian
voice was made of (a man reads novels). Voices that are not installed are left out.
"""

import argparse
import json
import lzma
import subprocess
import tempfile
import wave
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from shutil import which

import numpy as np
import soxr

from tests.fakes.sounds import NOISES
from tests.fakes.spoken import spoken
from tests.wyoming_servers.wake.hearing import in_a_room, mixed, scores_of
from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.runtime.espeak import shared_espeak
from wyoming_servers.wake.engine import Due
from wyoming_servers.wake.engines import openwakeword
from wyoming_servers.wake.engines.openwakeword import OpenWakeWordEngine
from wyoming_servers.wake.library import WordLibrary
from wyoming_servers.wake.settings import TriggerSettings, WakeSettings
from wyoming_servers.wake.trigger import Trigger

WORDS = ("okay_nabu", "hey_jarvis", "alexa", "hey_rhasspy", "hey_mycroft")
WORD_VOICES = (
    *("en-us", "en-us+f2", "en-us+f3", "en-us+m1", "en-us+m3", "en-us+m7"),
    *("en-gb-x-rp", "en-gb-scotland", "en-029"),
)
PACES = (140, 170)
BESIDE = (("", 0), *((sound, level) for sound in ("pink-300", "music-quiet") for level in (20, 10, 5)))
SPEECH_VOICES = {
    "ru": ("ru", "ru+f3", "ru+m3"),
    "en": ("en-us", "en-us+f3", "en-gb-scotland"),
    "zh": ("cmn", "cmn+f3"),
}
FLITE_VOICES = ("slt", "rms", "awb")
READER = Path("/usr/share/festival/voices/russian/msu_ru_nsh_clunits/wav")
STREAMS = 16
_PAUSE = np.zeros(SAMPLE_RATE // 2, np.int16)


def main() -> None:
    """Print the tables."""
    options = _options()
    engine = openwakeword.load(WordLibrary(openwakeword.builtin(), WakeSettings()))
    _misses(engine)
    _false_accepts(engine, options.data, options.hours)


def _misses(engine: OpenWakeWordEngine) -> None:
    print("| word | " + " | ".join(f"{sound} {level:g} dB" if sound else "alone" for sound, level in BESIDE) + " |")
    print("|---" * (len(BESIDE) + 1) + "|")
    for word in WORDS:
        said = [_said(word, voice, pace) for voice in WORD_VOICES for pace in PACES]
        heard = [sum(max(scores_of(engine, _beside(one, *sound), word)) > 0.5 for one in said) for sound in BESIDE]
        print(f"| {word} | " + " | ".join(f"{count} of {len(said)}" for count in heard) + " |", flush=True)


def _said(word: str, voice: str, pace: int) -> Samples:
    return spoken(word.replace("_", " "), voice, words_per_minute=pace, silence=1.0)


def _beside(speech: Samples, sound: str, level: float) -> Samples:
    return mixed(speech, NOISES[sound], level) if sound else in_a_room(speech)


def _false_accepts(engine: OpenWakeWordEngine, data: Path, hours: float) -> None:
    print("\n| speech | hours | " + " | ".join(WORDS) + " |")
    print("|---" * (len(WORDS) + 2) + "|")
    everything: Counter[str] = Counter()
    total = 0.0
    for name, speech in _sources(data, hours).items():
        seconds, found = _listen(engine, speech)
        everything.update(found)
        total += seconds
        _print(name, seconds, found)
    _print("all", total, everything)
    print(f"\n{sum(everything.values()) / (total / 3600):.2f} per hour of speech with all five words listened for")


def _print(name: str, seconds: float, found: Mapping[str, int]) -> None:
    counts = " | ".join(str(found.get(word, 0)) for word in WORDS)
    print(f"| {name} | {seconds / 3600:.2f} | {counts} |", flush=True)


def _listen(engine: OpenWakeWordEngine, speech: Iterator[Samples]) -> tuple[float, Counter[str]]:
    """Return the seconds heard and how often each word was detected; several streams at once, each a part."""
    found: Counter[str] = Counter()
    heard_samples = [0] * STREAMS
    streams = [engine.open(WORDS) for _ in range(STREAMS)]
    triggers = [{word: Trigger(TriggerSettings()) for word in WORDS} for _ in streams]
    size = engine.window_samples
    while parts := [in_a_room(np.concatenate(part)) for part in _batches(speech)]:
        for begin in range(0, max(map(len, parts)), size):
            active = [number for number, part in enumerate(parts) if begin + size <= len(part)]
            due = [Due(streams[number], parts[number][begin : begin + size]) for number in active]
            for number, heard in zip(active, engine.process(due) if due else (), strict=True):
                heard_samples[number] += size
                for score in heard.scores:
                    trigger = triggers[number][score.name]
                    found[score.name] += trigger.process(score.probability, heard_samples[number])
    return sum(heard_samples) / SAMPLE_RATE, found


def _batches(speech: Iterator[Samples]) -> Sequence[Sequence[Samples]]:
    """Return the next paragraphs, one for each stream, each with a pause after it."""
    return [(paragraph, _PAUSE) for paragraph in islice(speech, STREAMS)]


def _sources(data: Path, hours: float) -> Mapping[str, Iterator[Samples]]:
    sources = {
        f"eSpeak {voice}": _limited(_espeak(voice, _paragraphs(data, language)), hours)
        for language, voices in SPEECH_VOICES.items()
        for voice in voices
    }
    if which("flite"):
        for voice in FLITE_VOICES:
            sources[f"flite {voice}"] = _limited(_flite(voice, _paragraphs(data, "en")), hours)
    if READER.is_dir():
        sources["a reader of novels (ru, recorded)"] = (_read(path) for path in sorted(READER.glob("*.wav")))
    return sources


def _limited(speech: Iterator[Samples], hours: float) -> Iterator[Samples]:
    rest = hours * 3600 * SAMPLE_RATE
    for paragraph in speech:
        yield paragraph
        rest -= len(paragraph)
        if rest <= 0:
            return


def _paragraphs(data: Path, language: str) -> Iterable[str]:
    with lzma.open(data / f"xquad_{language}" / "corpus.jsonl.xz", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def _espeak(voice: str, texts: Iterable[str]) -> Iterator[Samples]:
    espeak = shared_espeak()
    for text in texts:
        pcm = np.frombuffer(espeak.synthesize(text, voice, words_per_minute=160), np.int16)
        yield _resampled(pcm, espeak.sample_rate)


def _flite(voice: str, texts: Iterable[str]) -> Iterator[Samples]:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        for text in texts:
            subprocess.run(["flite", "-voice", voice, "-t", text, "-o", file.name], check=True)
            yield _read(Path(file.name))


def _read(path: Path) -> Samples:
    with wave.open(str(path)) as audio:
        return _resampled(np.frombuffer(audio.readframes(audio.getnframes()), np.int16), audio.getframerate())


def _resampled(samples: Samples, rate: int) -> Samples:
    if rate == SAMPLE_RATE:
        return samples
    return np.clip(soxr.resample(samples.astype(np.float32), rate, SAMPLE_RATE), -32768, 32767).astype(np.int16)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--hours", type=float, default=0.25, help="of each synthetic voice (%(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
