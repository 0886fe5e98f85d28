"""The embeddings beside those of the library, which computes each of them from its whole past."""

import numpy as np
import pytest
from numpy.typing import NDArray
from pyopen_wakeword import OpenWakeWordFeatures

from tests.fakes.spoken import spoken
from tests.wyoming_servers.wake.hearing import in_a_room
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.wake import features
from wyoming_servers.wake.features import STEP_SAMPLES, SpeechFeatures

STEP = 1280
AHEAD = 91
"""The library's embeddings of the eight seconds of silence that it puts before each stream."""


@pytest.fixture(scope="module")
def extractor() -> SpeechFeatures:
    return SpeechFeatures()


def ours(extractor: SpeechFeatures, samples: NDArray[np.int16]) -> NDArray[np.float32]:
    past = extractor.after_silence[None].copy()
    heard = np.concatenate((np.zeros(640, np.int16), samples))
    begins = range(0, len(heard) - STEP_SAMPLES, STEP)
    return np.concatenate([extractor.process(heard[None, begin : begin + STEP_SAMPLES], past) for begin in begins])


def the_librarys(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    library = OpenWakeWordFeatures.from_builtin()
    pieces = [samples[begin : begin + 160].tobytes() for begin in range(0, len(samples), 160)]
    return np.concatenate([item[0, 0] for piece in pieces for item in library.process_streaming(piece)])


def test_the_embeddings_are_those_of_the_library(extractor: SpeechFeatures) -> None:
    speech = in_a_room(spoken("okay nabu, what is the weather", "en-us+f3", silence=1.0))
    theirs = the_librarys(speech)[AHEAD:]
    both = min(len(theirs), 25)
    settled = 10  # before, a frame of digital silence and one of noise are in the same embedding
    assert both > 20
    assert np.abs(theirs[settled:both]).max() > 5
    np.testing.assert_allclose(ours(extractor, speech)[settled:both], theirs[settled:both], atol=1e-3)


def test_silence_brings_the_embedding_of_silence(extractor: SpeechFeatures) -> None:
    for embedding in ours(extractor, np.zeros(16_000, np.int16)):
        np.testing.assert_allclose(embedding, extractor.silence, atol=1e-4)


def test_streams_in_a_batch_do_not_mix(extractor: SpeechFeatures) -> None:
    sounds = [in_a_room(spoken("okay nabu", "en-us+f3", silence=1.0)), np.zeros(40_000, np.int16)]
    sounds.append(np.random.default_rng(1).normal(0, 8000, 40_000).astype(np.int16))
    alone = [ours(extractor, sound)[:20] for sound in sounds]
    pasts = np.repeat(extractor.after_silence[None], 3, axis=0)
    heard = np.stack([np.concatenate((np.zeros(640, np.int16), sound[:30_000])) for sound in sounds])
    for number in range(20):
        together = extractor.process(heard[:, number * STEP : number * STEP + STEP_SAMPLES], pasts)
        np.testing.assert_allclose(together, [one[number] for one in alone], atol=1e-3)


def test_a_network_that_gives_other_embeddings_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "_LEAK", np.float32(0.3))
    with pytest.raises(EngineError, match="another than expected"):
        SpeechFeatures()
