"""Words of one's own beside openWakeWord's built-in models: python -m bench.wake_enrolment WORK [--data FOLDER].

Five words are enrolled from eSpeak NG's voices alone, as `voice-rag wake enroll NAME --say TEXT` does. Then other
voices say them, after silence, in rooms and noise: Festival's Russian voice and Flite's English ones; for Chinese there
is no other voice, so five of eSpeak NG's formants that enrolment does not use. Those say the built-in words too.

False accepts are counted on speech without the words: the recordings that Festival's Russian voice is made of (a person
reading novels, 1.7 hours), and with `--data` half an hour of English and of Chinese encyclopedia sentences (XQuAD) by
Flite and by eSpeak NG's withheld formants. Everything slow is kept in WORK. Prints Markdown tables; takes about ten
minutes of one core. Needs festival with the voice msu_ru_nsh_clunits, and flite.
"""

from __future__ import annotations

import argparse
import json
import lzma
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.wake.engines.openwakeword import builtin
from wyoming_servers.wake.enrolment.embeddings import Embedder, end_of
from wyoming_servers.wake.enrolment.enrol import Wish, enrol
from wyoming_servers.wake.enrolment.recordings import read_wav, spoken_part
from wyoming_servers.wake.enrolment.rooms import reverberated, scene
from wyoming_servers.wake.enrolment.speakers import EspeakSpeaker, FliteSpeaker, Speaker, installed_speakers
from wyoming_servers.wake.library import WordLibrary
from wyoming_servers.wake.own_word import read
from wyoming_servers.wake.settings import WakeSettings
from wyoming_servers.wake.trigger import Trigger
from wyoming_servers.wake.words import EMBEDDING_SAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from wyoming_servers.wake.words import Embeddings, WordModel

WORDS = (
    ("domovoy", "домовой", "ru"),
    ("lighthouse", "hey lighthouse", "en"),
    ("jinjian", "金坚", "zh"),
    ("samovar", "эй, самовар", "ru"),
    ("pumpkin", "okay pumpkin", "en"),
)
BUILTIN = ("okay_nabu", "hey_jarvis", "hey_mycroft", "alexa", "hey_rhasspy")
SNRS = (30, 20, 10, 5)
_UTTERANCES = 10
_SAID_EACH = 20
"""Times a word is said at each signal-to-noise ratio."""

_READER = Path("/usr/share/festival/voices/russian/msu_ru_nsh_clunits/wav")
FLITE = ("slt", "rms", "awb", "kal16")
WITHHELD = ("m5", "m8", "klatt3", "iven3", "steph2")
_SYNTHETIC_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance of a word."""

    embeddings: Embeddings
    end: int
    snr: int


class FestivalSpeaker:
    """Festival's Russian voice."""

    name = "festival msu_ru_nsh_clunits"

    def say(self, text: str, random: np.random.Generator) -> Samples:
        """Return the text at a pace of the moment."""
        with tempfile.TemporaryDirectory() as folder:
            wav, script = Path(folder) / "said.wav", Path(folder) / "say.scm"
            lines = (
                "(voice_msu_ru_nsh_clunits)",
                f"(Parameter.set 'Duration_Stretch {random.uniform(0.85, 1.3):.2f})",
                f'(utt.save.wave (utt.synth (Utterance Text "{text}")) "{wav}" \'riff)',
            )
            script.write_text("\n".join(lines), encoding="utf-8")
            subprocess.run(["festival", "--batch", str(script)], check=True)
            return spoken_part(read_wav(wav))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path, help="folder for what is made once")
    parser.add_argument("--data", type=Path, help="folder with xquad_sent_en and xquad_sent_zh")
    names = [name for name, _, _ in WORDS]
    parser.add_argument("--words", nargs="+", choices=names, default=names, help="only these")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    embedder = Embedder()
    others = dict(_others(options.work, options.data, embedder))
    _report(_measured(options, others, embedder), others)


def _held_out(language: str) -> Sequence[Speaker]:
    if language == "ru":
        return [FestivalSpeaker()]
    if language == "en":
        return [FliteSpeaker(voice) for voice in FLITE]
    return [EspeakSpeaker("cmn", variant) for variant in WITHHELD]


def _others(work: Path, data: Path | None, embedder: Embedder) -> Iterator[tuple[str, Embeddings]]:
    """Yield speech without the words, as embeddings."""
    sources = {"reader, Russian": lambda: [read_wav(path) for path in sorted(_READER.glob("*.wav"))]}
    if data is not None:
        sources["Flite, English"] = lambda: _read_aloud(data / "xquad_sent_en", _held_out("en"))
        sources["eSpeak NG, Chinese"] = lambda: _read_aloud(data / "xquad_sent_zh", _held_out("zh"))
    for number, (name, clips) in enumerate(sources.items()):
        kept = work / f"others{number}.npy"
        if not kept.exists():
            np.save(kept, np.concatenate(list(embedder.embed(clips()))))
        yield name, np.load(kept)


def _read_aloud(folder: Path, speakers: Sequence[Speaker]) -> Sequence[Samples]:
    random = np.random.default_rng(1)
    clips: list[Samples] = []
    with lzma.open(folder / "corpus.jsonl.xz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            speech = speakers[number % len(speakers)].say(json.loads(line)["text"], random)
            clips.append(np.pad(speech, SAMPLE_RATE // 4))
            if sum(map(len, clips)) > _SYNTHETIC_SECONDS * SAMPLE_RATE:
                break
    return clips


@dataclass(frozen=True, slots=True)
class Measured:
    """What one word was worth."""

    name: str
    language: str
    missed: Mapping[int, float]
    """Share, by signal-to-noise ratio."""

    false_accepts: Mapping[str, int]
    enrolment_seconds: float | None


def _measured(options: argparse.Namespace, others: Mapping[str, Embeddings], embedder: Embedder) -> Iterator[Measured]:
    for name, phrase, language in (word for word in WORDS if word[0] in options.words):
        path = options.work / f"{name}.npz"
        seconds = _enrolled(path, phrase, language)
        yield _measure(phrase, language, read(path), _said(phrase, language, embedder), others, seconds)
    library = WordLibrary(builtin(), WakeSettings(folder=None))
    for name in BUILTIN:
        said = _said(name.replace("_", " "), "en", embedder)
        yield _measure(f"{name} (built in)", "en", library.model(name), said, others, None)


def _enrolled(path: Path, phrase: str, language: str) -> float | None:
    """Make the word if it is not there; return how long it took."""
    if path.exists():
        return None
    began = time.perf_counter()
    word = enrol(Wish(phrase, language, phrase), _espeak_alone, _Silent())
    with path.open("wb") as file:
        word.write(file)
    print(f"{phrase}: {dict(word.facts)}, threshold {word.threshold:.2f}", flush=True)
    return time.perf_counter() - began


def _espeak_alone(language: str) -> Sequence[Speaker]:
    return [speaker for speaker in installed_speakers(language) if isinstance(speaker, EspeakSpeaker)]


class _Silent:
    def phase(self, title: str, steps: int) -> None:
        """Say nothing."""

    def step(self) -> None:
        """Say nothing."""


def _said(phrase: str, language: str, embedder: Embedder) -> Sequence[Said]:
    random = np.random.default_rng(0)
    speakers = _held_out(language)
    spoken = [speakers[number % len(speakers)].say(phrase, random) for number in range(_UTTERANCES)]
    clips, ends = [], []
    for number in range(_SAID_EACH * len(SNRS)):
        lead = 2 * SAMPLE_RATE + int(random.integers(EMBEDDING_SAMPLES))
        sound = np.pad(spoken[number % len(spoken)].astype(float), (lead, SAMPLE_RATE // 2))
        if random.random() < 0.5:
            sound = reverberated(sound, random)[: len(sound)]
        clips.append(scene(sound, SNRS[number // _SAID_EACH], 10 ** (random.uniform(-25, -3) / 20), random))
        ends.append(len(sound) - SAMPLE_RATE // 2)
    seen = embedder.embed(clips)
    return [
        Said(one, end, SNRS[number // _SAID_EACH]) for number, (one, end) in enumerate(zip(seen, ends, strict=True))
    ]


def _measure(
    name: str,
    language: str,
    model: WordModel,
    said: Sequence[Said],
    others: Mapping[str, Embeddings],
    seconds: float | None,
) -> Measured:
    missed = {snr: float(np.mean([not _is_heard(model, one) for one in said if one.snr == snr])) for snr in SNRS}
    false_accepts = {source: _detections(model, embeddings) for source, embeddings in others.items()}
    return Measured(name, language, missed, false_accepts, seconds)


def _is_heard(model: WordModel, said: Said) -> bool:
    scores = _scores(model, said.embeddings)
    ends = np.array([end_of(step) for step in range(len(said.embeddings) - len(scores), len(said.embeddings))])
    return bool((scores[ends > said.end - SAMPLE_RATE // 5] > 0.5).any())


def _detections(model: WordModel, embeddings: Embeddings) -> int:
    trigger = Trigger(WakeSettings().trigger)
    steps = enumerate(_scores(model, embeddings))
    return sum(trigger.process(float(score), end_of(step)) for step, score in steps)


def _scores(model: WordModel, embeddings: Embeddings) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    windows = np.lib.stride_tricks.sliding_window_view(embeddings, model.windows, axis=0).transpose(0, 2, 1)
    return np.concatenate([model.score(windows[begin : begin + 4096]) for begin in range(0, len(windows), 4096)])


def _report(measured: Iterable[Measured], others: Mapping[str, Embeddings]) -> None:
    hours = {name: len(embeddings) * EMBEDDING_SAMPLES / SAMPLE_RATE / 3600 for name, embeddings in others.items()}
    heads = [f"{name}, {count:.2f} h" for name, count in hours.items()]
    columns = ["word", *(f"missed at {snr} dB" for snr in SNRS), *heads, "false accepts an hour", "made in"]
    print("|", " | ".join(columns), "|")
    print("|---" * len(columns) + "|")
    for one in measured:
        missed = [f"{100 * one.missed[snr]:.0f}%" for snr in SNRS]
        accepts = [f"{count}" for count in one.false_accepts.values()]
        rate = sum(one.false_accepts.values()) / sum(hours.values())
        made = f"{one.enrolment_seconds:.0f} s" if one.enrolment_seconds else ""
        print(
            "|", " | ".join([f"{one.name} ({one.language})", *missed, *accepts, f"{rate:.1f}", made]), "|", flush=True
        )


if __name__ == "__main__":
    main()
