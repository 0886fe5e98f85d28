"""openWakeWord's speech embedding for many streams at once, computing only what is new.

The network sees 76 frames of a mel spectrogram, and the library runs it over all of them every 8 frames. But it is a
stack of convolutions without padding along the time (Lin et al., "Training keyword spotters with limited and
synthesized speech data", 2020), so that 68 of the 76 frames only repeat work. Here each convolution keeps the two
frames that its next step needs: the same embeddings for a tenth of the arithmetic, as matrix products over all streams.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from wyoming_servers.runtime.audio import Samples
from wyoming_servers.runtime.errors import EngineError

from .tflite import MODELS, TfliteModel
from .words import EMBEDDING_SAMPLES, EMBEDDING_SIZE, Embeddings

Values = NDArray[np.float32]

HOP = 160
_FRAME = 512
_MELS = 32
_STEP_FRAMES = EMBEDDING_SAMPLES // HOP
STEP_SAMPLES = (_STEP_FRAMES - 1) * HOP + _FRAME
"""Audio that a step looks at: EMBEDDING_SAMPLES of new samples after the last of the step before."""

OVERLAP_SAMPLES = STEP_SAMPLES - EMBEDDING_SAMPLES
SETTLED_STEPS = 10
"""After so many steps nothing of the time before them is left in an embedding."""

_CONVOLUTIONS = 20
_POOLS = {2: (2, 2), 6: (1, 2), 10: (2, 2), 14: (1, 2), 18: (2, 2)}
"""After which convolutions the largest of so many neighbours in time and frequency is taken."""

_LEAK = np.float32(0.2)
_TOLERANCE = 1e-3
"""Embeddings have a size of about 10; other orders of summation make a difference of 3e-5."""


class SpeechFeatures:
    """Turns audio into embeddings, step by step; one thread at a time.

    A stream's past is one row of numbers, which the caller keeps.
    """

    def __init__(self) -> None:
        """Blocking. Raises: EngineError when the library's models are not those that this was written for."""
        self._mel_filters = _mel_filters()
        network = TfliteModel(MODELS / "embedding_model.tflite")
        self._layers = _layers(network.tensors())
        self._size = sum(layer.past_size for layer in self._layers)
        # Matrices of this size are slower with more threads, and other streams' engines need the processors.
        threadpool_limits(1, user_api="blas")
        self._compare(network)
        silence, past = np.zeros((1, STEP_SAMPLES), np.int16), np.zeros((1, self._size), np.float32)
        for _ in range(SETTLED_STEPS):
            embedding = self.process(silence, past)
        self.after_silence: Values = past[0]
        """The past of a stream that has heard nothing but digital silence; shape [size]."""

        self.silence: Embeddings = embedding[0]
        """The embedding of digital silence; shape [EMBEDDING_SIZE]."""

    def process(self, audio: Samples, pasts: Values) -> Embeddings:
        """Return the next embedding of each stream, shape [streams, EMBEDDING_SIZE]; `pasts` moves on in place.

        `audio` has the shape [streams, STEP_SAMPLES]; it begins with the last OVERLAP_SAMPLES of the step before.
        `pasts` has the shape [streams, size]. Blocking.
        """
        return self._embed(self._mels(audio), pasts)

    def _mels(self, audio: Samples) -> Values:
        """Return the logarithmic mel spectrogram as the network wants it; shape [streams, frames, _MELS]."""
        frames = np.lib.stride_tricks.sliding_window_view(audio.astype(np.float32), _FRAME, axis=1)[:, ::HOP]
        spectrum = np.fft.rfft(frames * _WINDOW)
        power = (spectrum.real**2 + spectrum.imag**2) @ self._mel_filters
        decibels = 10 * np.log10(np.maximum(power, np.float32(1e-10)))
        loudest = decibels.max(axis=(1, 2), keepdims=True)
        # Each stream has its own loudest: the library's model, given a batch, would take that of all streams.
        clipped: Values = np.maximum(decibels, loudest - np.float32(80))
        return clipped / np.float32(10) + np.float32(2)

    def _embed(self, mels: Values, pasts: Values) -> Embeddings:
        values, begin = mels[..., None], 0
        for layer in self._layers:
            values = layer.apply(values, pasts[:, begin : begin + layer.past_size])
            begin += layer.past_size
        return values.reshape(len(mels), EMBEDDING_SIZE)

    def _compare(self, network: TfliteModel) -> None:
        """Raise EngineError unless the network itself gives the same embedding."""
        frames = SETTLED_STEPS * _STEP_FRAMES
        mels = np.random.default_rng(0).normal(0, 2, (1, frames, _MELS)).astype(np.float32)
        past = np.zeros((1, self._size), np.float32)
        for begin in range(0, frames, _STEP_FRAMES):
            ours = self._embed(mels[:, begin : begin + _STEP_FRAMES], past)
        theirs = network.run(mels[:, -network.input_shape[1] :, :, None]).ravel()
        if not np.allclose(ours[0], theirs, atol=_TOLERANCE):
            raise EngineError("The embedding model of pyopen-wakeword is another than expected.")


@dataclass(frozen=True, slots=True)
class _Layer:
    """A convolution with what follows it, for values of the shape [streams, frames, frequencies, channels]."""

    height: int
    """Frames that it looks at."""

    width: int
    """Frequencies that it looks at; the edges are padded with zeros."""

    past_shape: tuple[int, int, int]
    """Frames, frequencies and channels that it keeps for the next step."""

    weights: Values
    """Shape [height * width * channels, new channels]."""

    bias: Values
    floor: np.float32 | None
    """The rectifier's least value; None without a rectifier."""

    pool: tuple[int, int]

    @property
    def past_size(self) -> int:
        return int(np.prod(self.past_shape))

    def apply(self, values: Values, past: Values) -> Values:
        """Return the layer's new values; `past`, shape [streams, past_size], moves on in place."""
        kept = self.past_shape[0]
        if kept:
            values = np.concatenate((past.reshape(len(values), *self.past_shape), values), axis=1)
            past[:] = values[:, -kept:].reshape(len(values), -1)
        columns = self._columns(values)
        result = columns.reshape(-1, columns.shape[-1]) @ self.weights
        result += self.bias
        if self.floor is not None:
            np.maximum(result, result * _LEAK, out=result)
            np.maximum(result, self.floor, out=result)
        return _pooled(result.reshape(*columns.shape[:-1], -1), *self.pool)

    def _columns(self, values: Values) -> Values:
        """Return for each place the values that the convolution looks at, side by side."""
        frames, frequencies = values.shape[1] - self.height + 1, values.shape[2]
        if self.width > 1:
            padded = np.zeros((*values.shape[:2], frequencies + 2, values.shape[3]), np.float32)
            padded[:, :, 1:-1] = values
            values = padded
        shifted = [
            values[:, row : row + frames, column : column + frequencies]
            for row in range(self.height)
            for column in range(self.width)
        ]
        return np.concatenate(shifted, axis=-1)


def _pooled(values: Values, frames: int, frequencies: int) -> Values:
    if frequencies == 2:
        values = np.maximum(values[:, :, 0::2], values[:, :, 1::2])
    if frames == 2:
        values = np.maximum(values[:, 0::2], values[:, 1::2])
    return values


def _layers(tensors: Mapping[str, Values]) -> Sequence[_Layer]:
    """Return the network from its file. Raises: EngineError."""
    layers, frequencies = [], _MELS
    try:
        floor = np.float32(tensors["model/tf.math.maximum/Maximum/y"])
        for number in range(_CONVOLUTIONS):
            weights, bias = _weights(tensors, number)
            channels, height, width, inputs = weights.shape
            pool = _POOLS.get(number, (1, 1))
            layers.append(
                _Layer(
                    height,
                    width,
                    (height - 1, frequencies, inputs),
                    np.ascontiguousarray(weights.reshape(channels, -1).T),
                    bias,
                    floor if number < _CONVOLUTIONS - 1 else None,
                    pool,
                )
            )
            frequencies //= pool[1]
    except (KeyError, StopIteration, ValueError) as err:
        raise EngineError(f"The embedding model of pyopen-wakeword is another than expected ({err}).") from err
    return layers


def _weights(tensors: Mapping[str, Values], number: int) -> tuple[Values, Values]:
    """Return the weights, shape [channels, height, width, inputs], and the bias of a convolution."""
    name = f"model/conv2d_{number}/Conv2D" if number else "model/conv2d/Conv2D"
    if number == _CONVOLUTIONS - 1:
        return tensors[f"{name}1"], tensors[name]
    normalization = name.replace("conv2d", "batch_normalization", 1).replace("Conv2D", "FusedBatchNormV3")
    bias = next(value for key, value in tensors.items() if key.startswith(normalization) and value.ndim == 1)
    return tensors[name], bias


def _mel_filters() -> Values:
    """Return the mel filters, shape [bins of the spectrum, _MELS]. Raises: EngineError."""
    tensors = TfliteModel(MODELS / "melspectrogram.tflite", (1, STEP_SAMPLES)).tensors()
    filters = tensors.get("Const_3")
    if filters is None or filters.shape != (_FRAME // 2 + 1, _MELS):
        raise EngineError("The mel spectrogram of pyopen-wakeword is another than expected.")
    return filters


def _hann(samples: int) -> Values:
    """Return a periodic Hann window in the middle of a frame."""
    window = np.zeros(_FRAME, np.float32)
    begin = (_FRAME - samples) // 2
    window[begin : begin + samples] = np.hanning(samples + 1)[:-1]
    return window


_WINDOW = _hann(400)
