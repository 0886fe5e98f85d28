"""Spoken turns for `bench.turn_prosody`: synthetic voices, and the recordings that a synthetic voice was made of."""

from __future__ import annotations

import random
import re
import subprocess
import tempfile
import wave
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import numpy as np
import soxr

from bench.stt_endpoint import SENTENCES, UNSEEN
from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.runtime.espeak import shared_espeak

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Voice = Callable[[Sequence[str]], Iterator[Samples]]
    """Says texts, at 16 kHz."""

COMMANDS = Path(__file__).parent / "data"
COMMANDS_EACH = 30
SILENCE_SECONDS = 0.2
"""What is heard of a pause before it is judged."""

_ROOM_NOISE = 20.0
"""Root mean square, -64 dB: no room is digitally silent."""

_AUDIBLE = 0.02
"""Of the loudest sample."""

_SHORTEST_PAUSE = SAMPLE_RATE // 20
_VOICES = {
    "ru": (("eSpeak", "ru"), ("eSpeak", "ru+f3"), ("festival", "msu_ru_nsh_clunits")),
    "en": (("eSpeak", "en-us"), ("festival", "cmu_us_slt_arctic_hts"), ("flite", "slt"), ("flite", "rms")),
}
_READER = Path("/usr/share/festival/voices/russian/msu_ru_nsh_clunits")
_LINE = re.compile(r'\( (\S+) "(.*)" \)')
_STOPS = re.compile(r"[,;:.!?…—]+(?:\s*-\s*)?|\s-\s")


@dataclass(frozen=True, slots=True)
class Said:
    """The words and the sound before a pause."""

    sentence: str
    """What the words are the beginning of, or all of."""

    language: str
    voice: str
    text: str
    samples: Samples
    is_over: bool


@dataclass(frozen=True, slots=True)
class _Turn:
    """A sentence and the place of the pause in it."""

    begun: str
    rest: str

    @property
    def text(self) -> str:
        """The whole, with the comma that makes a voice pause."""
        return f"{self.begun}, {self.rest}."


def synthetic() -> Iterator[Said]:
    """Yield sentences of a household, each cut at one pause and whole, by every voice that is installed."""
    for language, voices in _voices().items():
        turns = list(_turns(language))
        for name, say in voices.items():
            for turn, samples in zip(turns, say([turn.text for turn in turns]), strict=True):
                if (pause := _longest_pause(samples)) is None:
                    continue
                begun, whole = _in_a_room(samples[:pause]), _in_a_room(samples)
                yield Said(turn.text, language, name, turn.begun, begun, is_over=False)
                yield Said(turn.text, language, name, f"{turn.begun} {turn.rest}", whole, is_over=True)


def recorded() -> Iterator[Said]:
    """Yield sentences of Russian novels read aloud, at each pause and whole: what Festival's voice was made of.

    Where the reader paused as often as the text has stops the n-th pause is taken for the n-th stop; other sentences,
    seven of ten, are left out.
    """
    for line in (_READER / "etc" / "txt.done.data").read_text(encoding="utf-8").splitlines():
        name, text = (_LINE.match(line) or _fail(line)).groups()
        parts = [part.strip(" -") for part in _STOPS.split(text.replace("+", "")) if part.strip(" -")]
        pauses = _labelled_pauses(_READER / "lab" / f"{name}.lab")
        if len(pauses) != len(parts):
            continue
        samples, _ = _read(_READER / "wav" / f"{name}.wav")
        for number, (begin, end) in enumerate(pauses, 1):
            is_over = number == len(parts)
            if is_over or end - begin >= SILENCE_SECONDS:
                heard = samples[: int((begin + SILENCE_SECONDS) * SAMPLE_RATE)]
                yield Said(text, "ru", "reader", " ".join(parts[:number]), heard, is_over)


def _labelled_pauses(path: Path) -> Sequence[tuple[float, float]]:
    """Return when pauses begin and end, the one at the end included, that at the beginning not."""
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line[:1].isdigit()]
    ends = [float(row[0]) for row in rows]
    return [(ends[number - 1], ends[number]) for number in range(1, len(rows)) if rows[number][2] == "pau"]


def _fail(line: str) -> re.Match[str]:
    raise ValueError(f"not a line of the voice's texts: {line}")


def _turns(language: str) -> Iterator[_Turn]:
    for sentences in (SENTENCES[language], UNSEEN[language]):
        for marked in (text for texts in sentences.values() for text in texts if "|" in text):
            begun, rest = marked.split("|")
            yield _Turn(begun.strip(), rest.strip())
    choice = random.Random(1)
    lines = (COMMANDS / f"turn_commands_{language}.txt").read_text(encoding="utf-8").splitlines()
    for line in choice.sample([line for line in lines if len(line.split()) > 2], COMMANDS_EACH):
        words = line.split()
        cut = choice.randrange(1, len(words))
        yield _Turn(" ".join(words[:cut]), " ".join(words[cut:]))


def _voices() -> Mapping[str, Mapping[str, Voice]]:
    """Return the voices of each language that are installed."""
    voices: dict[str, dict[str, Voice]] = {}
    for language, names in _VOICES.items():
        voices[language] = {
            f"{program} {name}": partial(say, name)
            for program, name in names
            for say in (_SPEAKERS[program],)
            if program == "eSpeak" or which(program)
        }
    return voices


def _espeak(voice: str, texts: Sequence[str]) -> Iterator[Samples]:
    espeak = shared_espeak()
    for text in texts:
        pcm = np.frombuffer(espeak.synthesize(text, voice, words_per_minute=150), np.int16)
        yield _prepared(pcm, espeak.sample_rate)


def _festival(voice: str, texts: Sequence[str]) -> Iterator[Samples]:
    """Say all of them in one process: the Russian voice takes seconds to load."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.wav" for number in range(len(texts))]
        said = [
            f'(utt.save.wave (utt.synth (Utterance Text "{text}")) "{path}" \'riff)'
            for text, path in zip(texts, paths, strict=True)
        ]
        script = Path(folder) / "script.scm"
        script.write_text("\n".join([f"(voice_{voice})", *said]), encoding="utf-8")
        subprocess.run(["festival", "--batch", str(script)], check=True)
        yield from (_prepared(*_read(path)) for path in paths)


def _flite(voice: str, texts: Sequence[str]) -> Iterator[Samples]:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        for text in texts:
            subprocess.run(["flite", "-voice", voice, "-t", text, "-o", file.name], check=True)
            yield _prepared(*_read(Path(file.name)))


_SPEAKERS = {"eSpeak": _espeak, "festival": _festival, "flite": _flite}


def _read(path: Path) -> tuple[Samples, int]:
    """Return the samples and their rate."""
    with wave.open(str(path)) as audio:
        return np.frombuffer(audio.readframes(audio.getnframes()), np.int16), audio.getframerate()


def _prepared(pcm: Samples, rate: int) -> Samples:
    """Return the sound at 16 kHz and of one loudness, without the silence around it."""
    resampled = soxr.resample(pcm.astype(np.float32), rate, SAMPLE_RATE)
    audible = np.flatnonzero(np.abs(resampled) > _AUDIBLE * np.abs(resampled).max())
    kept = resampled[audible[0] : audible[-1] + 1]
    scaled: Samples = (kept * (12_000 / np.abs(kept).max())).astype(np.int16)
    return scaled


def _longest_pause(samples: Samples) -> int | None:
    """Return where the longest silence within begins; None where there is none to speak of."""
    audible = np.flatnonzero(np.abs(samples.astype(np.int32)) > _AUDIBLE * 12_000)
    gaps = np.diff(audible)
    longest = int(gaps.argmax())
    return int(audible[longest]) if gaps[longest] >= _SHORTEST_PAUSE else None


def _in_a_room(samples: Samples) -> Samples:
    padded = np.pad(samples.astype(np.float64), (SAMPLE_RATE // 2, int(SILENCE_SECONDS * SAMPLE_RATE)))
    noisy: Samples = (padded + np.random.default_rng(0).normal(0, _ROOM_NOISE, len(padded))).astype(np.int16)
    return noisy
