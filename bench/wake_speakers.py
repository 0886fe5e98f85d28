"""The speaker check on voices that it was not made from: python -m bench.wake_speakers.

Each of Flite's four English voices in turn is the household: six utterances of "hey jarvis" are its recordings, eSpeak
NG's voices are the strangers to learn from. Measured are twenty other utterances of the same voice, and those of all
other Flite voices and of eSpeak NG's formants that enrolment does not use, in rooms and noise of 10 to 30 dB. The same
with the mean embedding alone and with the classical features alone. Prints a Markdown table. Needs flite.
"""

from __future__ import annotations

import numpy as np

from bench.wake_enrolment import FLITE, WITHHELD
from wyoming_servers.wake.enrolment.embeddings import Embedder
from wyoming_servers.wake.enrolment.household import Features, fit, heard
from wyoming_servers.wake.enrolment.scenes import HOME_NOISE, word_scene
from wyoming_servers.wake.enrolment.speakers import EspeakSpeaker, FliteSpeaker, Speaker, installed_speakers
from wyoming_servers.wake.words import EMBEDDING_SIZE

_TEXT = "hey jarvis"
_RECORDINGS, _SCENES, _TESTED, _STRANGER_SCENES = 6, 12, 20, 6
_PARTS = {
    "embeddings, cepstra, pitch": slice(None),
    "embeddings": slice(0, EMBEDDING_SIZE),
    "cepstra, pitch": slice(EMBEDDING_SIZE, None),
}


def main() -> None:
    """Measure and print."""
    random, embedder = np.random.default_rng(0), Embedder()
    strangers = [
        _utterances(speaker, _STRANGER_SCENES, 1, embedder, random)
        for speaker in installed_speakers("en")
        if isinstance(speaker, EspeakSpeaker)
    ]
    flite = {voice: FliteSpeaker(voice) for voice in FLITE}
    recorded = {
        voice: [_utterances(one, 1, _SCENES, embedder, random) for _ in range(_RECORDINGS)]
        for voice, one in flite.items()
    }
    tested = {voice: _utterances(one, _TESTED, 1, embedder, random) for voice, one in flite.items()}
    withheld = [_utterances(EspeakSpeaker("en-us", variant), _TESTED, 1, embedder, random) for variant in WITHHELD]
    print("| features | household | own words refused | other Flite voices accepted | eSpeak NG accepted |")
    print("|---|---|---|---|---|")
    for part, columns in _PARTS.items():
        for voice in flite:
            model = fit(voice, [one[:, columns] for one in recorded[voice]], [one[:, columns] for one in strangers])
            shares = [
                float(np.mean(model.score(rows[:, columns]) > 0))
                for rows in (
                    tested[voice],
                    np.concatenate([rows for other, rows in tested.items() if other != voice]),
                    np.concatenate(withheld),
                )
            ]
            print(f"| {part} | {voice} | {1 - shares[0]:.0%} | {shares[1]:.0%} | {shares[2]:.0%} |", flush=True)


def _utterances(
    speaker: Speaker, count: int, scenes_each: int, embedder: Embedder, random: np.random.Generator
) -> Features:
    """Return features of so many utterances, each in several rooms."""
    said = [speaker.say(_TEXT, random) for _ in range(count)]
    scenes = [word_scene(word, None, random, HOME_NOISE) for word in said for _ in range(scenes_each)]
    seen = embedder.embed([scene.samples for scene in scenes])
    return np.stack([heard(scene, one, random) for scene, one in zip(scenes, seen, strict=True)])


if __name__ == "__main__":
    main()
