"""What tells one person's voice from another's, of the two seconds in which a word was said. Pure.

openWakeWord's embeddings carry more of what is said than of who says it, so the means of the last ones are joined by
classical features: mel cepstra (Davis and Mermelstein, 1980) and the pitch, by autocorrelation.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.turn.log_mel import BANDS, log_mel

from .words import EMBEDDING_SIZE, Embeddings

_SECONDS = 2
_EMBEDDINGS = 12
_CEPSTRA = 20
_SPEECH_RANGE = 0.5
"""20 dB below the loudest frame's level there is no more voice."""

_PITCH_FRAME, _PITCH_HOP = 640, 160
_PITCH_LAGS = slice(40, 250)
"""400 to 64 Hz."""

_VOICED = 0.5
_LEAST_ENERGY = 0.03
_UNKNOWN_PITCH = float(np.log(150))
_FULL_SCALE = 32768
FEATURES = EMBEDDING_SIZE + 2 * (_CEPSTRA - 1) + 2
"""Means of the embeddings, means and deviations of the cepstra, middle and deviation of the pitch."""


def voice_features(samples: Samples, embeddings: Embeddings) -> NDArray[np.float64]:
    """Return the features of the end of a stream; shape [FEATURES]."""
    sound = samples[-_SECONDS * SAMPLE_RATE :]
    return np.concatenate([embeddings[-_EMBEDDINGS:].mean(axis=0), _cepstra(sound), _pitch(sound)])


def _cepstra(samples: Samples) -> NDArray[np.float64]:
    """Return means and deviations of the mel cepstra of what is loud."""
    mel = log_mel(samples.astype(np.float32) / np.float32(_FULL_SCALE)).astype(np.float64)
    level = mel.mean(axis=0)
    loud = mel[:, level > level.max() - _SPEECH_RANGE]
    angles = np.pi / BANDS * np.outer(np.arange(1, _CEPSTRA), np.arange(BANDS) + 0.5)
    cepstra = np.cos(angles) @ loud / BANDS
    return np.concatenate([cepstra.mean(axis=1), cepstra.std(axis=1)])


def _pitch(samples: Samples) -> NDArray[np.float64]:
    """Return the middle and the deviation of the pitch's logarithm."""
    frames = sliding_window_view(samples.astype(np.float64), _PITCH_FRAME)[::_PITCH_HOP]
    energy = (frames**2).mean(axis=1)
    frames = frames[energy > energy.max() * _LEAST_ENERGY]
    spectrum = np.abs(np.fft.rfft(frames - frames.mean(axis=1, keepdims=True), 2 * 1024)) ** 2
    correlation = np.fft.irfft(spectrum)[:, : _PITCH_LAGS.stop]
    correlation /= correlation[:, :1] + 1e-9
    lags = correlation[:, _PITCH_LAGS].argmax(axis=1) + _PITCH_LAGS.start
    voiced = lags[correlation[np.arange(len(lags)), lags] > _VOICED]
    if not len(voiced):
        return np.array([_UNKNOWN_PITCH, 0.0])
    pitch = np.log(SAMPLE_RATE / voiced)
    return np.array([np.median(pitch), pitch.std()])
