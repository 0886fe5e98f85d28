"""TensorFlow Lite models through the C library in the wheel of `pyopen-wakeword`, with inputs of any batch size.

The library releases Python's lock while it computes: ctypes does so for every call of a `CDLL`.
"""

import ctypes
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pyopen_wakeword
from numpy.typing import NDArray

from wyoming_servers.runtime.errors import EngineError

_PACKAGE = Path(pyopen_wakeword.__file__).parent
MODELS = _PACKAGE / "models"
"""openWakeWord's models, in the wheel."""

_MAGIC = b"TFL3"
_FLOAT32 = 1
_POINTERS = (
    "TfLiteModelCreate",
    "TfLiteInterpreterOptionsCreate",
    "TfLiteInterpreterCreate",
    "TfLiteInterpreterGetInputTensor",
    "TfLiteInterpreterGetOutputTensor",
    "TfLiteInterpreterGetTensor",
)

# The library reports to stderr otherwise, also that a model has a fixed batch size. The arguments are printf's.
_NO_REPORT = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)(lambda *_: None)


class TfliteModel:
    """A loaded model with one input and one output of float32; one thread at a time."""

    def __init__(self, path: Path, input_shape: Sequence[int] | None = None) -> None:
        """`input_shape` is for a model that leaves its own open. Blocking. Raises: EngineError naming the file."""
        self._path = path
        self._model = self._interpreter = None
        self._library = _library()
        try:
            self._content = path.read_bytes()  # must outlive the interpreter, which reads its weights there
        except OSError as err:
            raise EngineError(f"The model {path} can't be read: {err.strerror}.") from err
        if self._content[4:8] != _MAGIC:
            raise EngineError(f"The model {path} is not a TensorFlow Lite file.")
        self._model = self._library.TfLiteModelCreate(self._content, ctypes.c_size_t(len(self._content)))
        if not self._model:
            raise EngineError(f"The model {path} is damaged.")
        self._interpreter = self._new_interpreter()
        if not self._set_shape(input_shape or self.input_shape):
            raise EngineError(f"The model {path} can't be used.")
        self._check_types()

    @property
    def input_shape(self) -> Sequence[int]:
        """The input's shape as it is now."""
        return _shape(self._library, self._input())

    @property
    def output_shape(self) -> Sequence[int]:
        """The output's shape as it is now."""
        return _shape(self._library, self._output())

    def resize(self, shape: Sequence[int]) -> bool:
        """Return whether the model takes inputs of this shape from now on; else it goes on as before."""
        before = self.input_shape
        if self._set_shape(shape):
            return True
        if not self._set_shape(before):
            raise EngineError(f"The model {self._path} can't go back to the shape {before}.")
        return False

    def run(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the output for an input of the present shape. Blocking. Raises: EngineError."""
        values = np.ascontiguousarray(values, np.float32)
        copied = self._library.TfLiteTensorCopyFromBuffer(self._input(), values.ctypes, ctypes.c_size_t(values.nbytes))
        self._check(copied, f"does not take an input of the shape {values.shape}")
        self._check(self._library.TfLiteInterpreterInvoke(self._interpreter), "failed")
        return self._copy_of(self._output())

    def tensors(self) -> dict[str, NDArray[np.float32]]:
        """Return the values by name: the weights, and what the last run left."""
        found = {}
        for index in range(self._library.TfLiteInterpreterGetOutputTensorIndex(self._interpreter, 0)):
            tensor = ctypes.c_void_p(self._library.TfLiteInterpreterGetTensor(self._interpreter, index))
            is_float = tensor.value and self._library.TfLiteTensorType(tensor) == _FLOAT32
            if is_float and self._library.TfLiteTensorData(tensor):
                found[self._library.TfLiteTensorName(tensor).decode()] = self._copy_of(tensor)
        return found

    def _new_interpreter(self) -> ctypes.c_void_p:
        options = ctypes.c_void_p(self._library.TfLiteInterpreterOptionsCreate())
        self._library.TfLiteInterpreterOptionsSetErrorReporter(options, _NO_REPORT, None)
        # More threads only spin: twice the processor time for a quarter less delay, measured with the embedding.
        self._library.TfLiteInterpreterOptionsSetNumThreads(options, 1)
        interpreter = ctypes.c_void_p(self._library.TfLiteInterpreterCreate(ctypes.c_void_p(self._model), options))
        self._library.TfLiteInterpreterOptionsDelete(options)
        if not interpreter.value:
            raise EngineError(f"The model {self._path} needs operations that this library does not have.")
        return interpreter

    def _set_shape(self, shape: Sequence[int]) -> bool:
        sizes = (ctypes.c_int32 * len(shape))(*shape)
        status = self._library.TfLiteInterpreterResizeInputTensor(self._interpreter, 0, sizes, len(shape))
        return not (status or self._library.TfLiteInterpreterAllocateTensors(self._interpreter))

    def _check_types(self) -> None:
        for tensor in (self._input(), self._output()):
            if self._library.TfLiteTensorType(tensor) != _FLOAT32:
                raise EngineError(f"The model {self._path} does not work with 32 bit floating point numbers.")

    def _check(self, status: int, problem: str) -> None:
        if status:
            raise EngineError(f"The model {self._path} {problem} (status {status}).")

    def _input(self) -> ctypes.c_void_p:
        return ctypes.c_void_p(self._library.TfLiteInterpreterGetInputTensor(self._interpreter, 0))

    def _output(self) -> ctypes.c_void_p:
        return ctypes.c_void_p(self._library.TfLiteInterpreterGetOutputTensor(self._interpreter, 0))

    def _copy_of(self, tensor: ctypes.c_void_p) -> NDArray[np.float32]:
        values = np.empty(_shape(self._library, tensor), np.float32)
        self._library.TfLiteTensorCopyToBuffer(tensor, values.ctypes, ctypes.c_size_t(values.nbytes))
        return values

    def __del__(self) -> None:
        """Free what Python does not know of."""
        if self._interpreter:
            self._library.TfLiteInterpreterDelete(self._interpreter)
        if self._model:
            self._library.TfLiteModelDelete(ctypes.c_void_p(self._model))


@cache
def _library() -> ctypes.CDLL:
    """Return the C library. Raises: EngineError where the wheel has none for this machine."""
    paths = list((_PACKAGE / "lib").glob("*tensorflowlite_c.*"))
    if not paths:
        raise EngineError("pyopen-wakeword has no TensorFlow Lite library for this machine.")
    library = ctypes.CDLL(str(paths[0]), mode=os.RTLD_LOCAL)
    for name in _POINTERS:
        getattr(library, name).restype = ctypes.c_void_p
    library.TfLiteTensorData.restype = ctypes.c_void_p
    library.TfLiteTensorName.restype = ctypes.c_char_p
    return library


def _shape(library: ctypes.CDLL, tensor: ctypes.c_void_p) -> tuple[int, ...]:
    return tuple(library.TfLiteTensorDim(tensor, axis) for axis in range(library.TfLiteTensorNumDims(tensor)))
