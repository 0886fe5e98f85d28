"""What the voice adds to the words: python -m bench.turn_prosody.

Sentences of a household are said with a comma at a place where people do pause. The sound up to that pause is a turn
that goes on, the whole is one that is over, both with 0.2 s of silence after them. The words are judged by the shipped
model, the sound by smart-turn, both together by a logistic regression of the two logits that has seen other sentences.
The interval of the difference to the words alone is a bootstrap over sentences.

Voices: eSpeak NG, and Festival and flite where they are installed (Debian: festival, festvox-ru, festvox-us-slt-hts).
The model: pip install pipecat-ai --no-deps, or the model hub. Five minutes on two cores.
"""

from __future__ import annotations

import random
import subprocess
import tempfile
import wave
from collections import defaultdict
from dataclasses import dataclass
from math import log
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import numpy as np
import soxr

from bench.stt_endpoint import SENTENCES, UNSEEN
from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.runtime.espeak import shared_espeak
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.engines import ngram, smart_turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from wyoming_servers.turn.detector import TurnDetector

    Floats = NDArray[np.float64]
    Voice = Callable[[str], Samples]
    """Says a text, at 16 kHz."""

COMMANDS = Path(__file__).parent / "data"
COMMANDS_EACH = 40
FOLDS = 5
SILENCE_SECONDS = 0.2
_ROOM_NOISE = 20.0
"""Root mean square, -64 dB: no room is digitally silent."""

_AUDIBLE = 0.02
"""Of the loudest sample."""

_SHORTEST_PAUSE = SAMPLE_RATE // 20
_FESTIVAL = {"ru": ("msu_ru_nsh_clunits",), "en": ("cmu_us_slt_arctic_hts",)}
_FLITE = {"ru": (), "en": ("slt", "rms")}
_ESPEAK = {"ru": ("ru", "ru+f3", "ru+m3"), "en": ("en-us", "en-us+f3")}


@dataclass(frozen=True, slots=True)
class Turn:
    """A sentence and the place of the pause in it."""

    language: str
    begun: str
    rest: str

    @property
    def text(self) -> str:
        """The whole, with the comma that makes a voice pause."""
        return f"{self.begun}, {self.rest}."


@dataclass(frozen=True, slots=True)
class Decision:
    """A pause to be judged."""

    turn: Turn
    voice: str
    is_over: bool
    words: float
    """Logit."""

    sound: float
    """Logit."""


def main() -> None:
    """Print the tables."""
    decisions = list(_decisions(ngram.load(TurnOptions()), smart_turn.load(TurnOptions())))
    print("| language | voice | pauses | words | sound | words + sound | difference (95 %) |")
    print("|---|---|---|---|---|---|---|")
    for language in ("ru", "en"):
        own = [decision for decision in decisions if decision.turn.language == language]
        scores = _cross_validated(own)
        for voice in (*dict.fromkeys(decision.voice for decision in own), "all"):
            chosen = [number for number, one in enumerate(own) if voice in (one.voice, "all")]
            print(_row(language, voice, [own[number] for number in chosen], scores[chosen]))
        print(f"\n{language}: weight of the sound {_fit(own)[1]:.2f}, of the words {_fit(own)[0]:.2f}\n")


def _decisions(words: TurnDetector, sound: TurnDetector) -> Iterator[Decision]:
    for language in ("ru", "en"):
        voices = _voices(language)
        for turn in _turns(language):
            for name, say in voices.items():
                samples = say(turn.text)
                if (pause := _longest_pause(samples)) is None:
                    continue
                heard = {False: (turn.begun, samples[:pause]), True: (f"{turn.begun} {turn.rest}", samples)}
                for is_over, (text, part) in heard.items():
                    judged = Pause(text, language, (), _in_a_room(part))
                    logits = _logit(words.completeness(judged)), _logit(sound.completeness(judged))
                    yield Decision(turn, name, is_over, *logits)


def _turns(language: str) -> Iterator[Turn]:
    for sentences in (SENTENCES[language], UNSEEN[language]):
        for marked in (text for texts in sentences.values() for text in texts if "|" in text):
            begun, rest = marked.split("|")
            yield Turn(language, begun.strip(), rest.strip())
    choice = random.Random(1)
    lines = (COMMANDS / f"turn_commands_{language}.txt").read_text(encoding="utf-8").splitlines()
    for line in choice.sample([line for line in lines if len(line.split()) > 2], COMMANDS_EACH):
        words = line.split()
        cut = choice.randrange(1, len(words))
        yield Turn(language, " ".join(words[:cut]), " ".join(words[cut:]))


def _voices(language: str) -> Mapping[str, Voice]:
    voices: dict[str, Voice] = {
        f"eSpeak {name}": lambda text, name=name: _espeak(text, name) for name in _ESPEAK[language]
    }
    if which("text2wave"):
        voices |= {f"Festival {name}": lambda text, name=name: _festival(text, name) for name in _FESTIVAL[language]}
    if which("flite"):
        voices |= {f"flite {name}": lambda text, name=name: _flite(text, name) for name in _FLITE[language]}
    return voices


def _espeak(text: str, voice: str) -> Samples:
    espeak = shared_espeak()
    pcm = np.frombuffer(espeak.synthesize(text, voice, words_per_minute=150), np.int16)
    return _prepared(pcm, espeak.sample_rate)


def _festival(text: str, voice: str) -> Samples:
    return _written_by(["text2wave", "-eval", f"(voice_{voice})", "-o"], text)


def _flite(text: str, voice: str) -> Samples:
    return _written_by(["flite", "-voice", voice, "-t", text, "-o"], "")


def _written_by(command: Sequence[str], text: str) -> Samples:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run([*command, file.name], input=text.encode(), check=True)
        with wave.open(file.name) as audio:
            return _prepared(np.frombuffer(audio.readframes(audio.getnframes()), np.int16), audio.getframerate())


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


def _logit(probability: float) -> float:
    kept = min(max(probability, 1e-3), 1 - 1e-3)
    return log(kept / (1 - kept))


def _cross_validated(decisions: Sequence[Decision]) -> Floats:
    """Return the joint score of each, from weights of other sentences."""
    turns = list(dict.fromkeys(decision.turn for decision in decisions))
    fold = {turn: number % FOLDS for number, turn in enumerate(turns)}
    scores = np.empty(len(decisions))
    for left_out in range(FOLDS):
        weights = _fit([decision for decision in decisions if fold[decision.turn] != left_out])
        for number, decision in enumerate(decisions):
            if fold[decision.turn] == left_out:
                scores[number] = weights @ (decision.words, decision.sound, 1.0)
    return scores


def _fit(decisions: Sequence[Decision]) -> Floats:
    """Return the weights of words and sound and the offset, by Newton's method."""
    features = np.array([(one.words, one.sound, 1.0) for one in decisions])
    labels = np.array([one.is_over for one in decisions], np.float64)
    weights = np.zeros(3)
    for _ in range(25):
        expected = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (labels - expected) - 1e-3 * weights
        curvature = features.T * (expected * (1 - expected)) @ features + 1e-3 * np.eye(3)
        weights = weights + np.linalg.solve(curvature, slope)
    return weights


def _row(language: str, voice: str, decisions: Sequence[Decision], scores: Floats) -> str:
    labels = np.array([one.is_over for one in decisions])
    words, sound = (np.array(values) for values in zip(*((one.words, one.sound) for one in decisions), strict=True))
    by_turn = defaultdict(list)
    for number, decision in enumerate(decisions):
        by_turn[decision.turn].append(number)
    groups, choice = list(by_turn.values()), random.Random(2)
    gains = []
    for _ in range(500):
        drawn = np.concatenate(choice.choices(groups, k=len(groups)))
        gains.append(_auc(scores[drawn], labels[drawn]) - _auc(words[drawn], labels[drawn]))
    low, high = np.percentile(gains, [2.5, 97.5])
    alone = f"{_auc(words, labels):.3f} | {_auc(sound, labels):.3f} | {_auc(scores, labels):.3f}"
    return f"| {language} | {voice} | {len(labels)} | {alone} | {low:+.3f} to {high:+.3f} |"


def _auc(scores: Floats, labels: NDArray[np.bool_]) -> float:
    """Return the chance that an end scores higher than a pause; ties count half."""
    ends, holds = scores[labels], scores[~labels]
    above = (ends[:, None] > holds[None, :]).mean() + (ends[:, None] == holds[None, :]).mean() / 2
    return float(above)


if __name__ == "__main__":
    main()
