"""ONNX models for engines: how one is opened, and what can go wrong with it. Needs an extra that has onnxruntime."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as onnx_errors

from .errors import EngineError

_PROVIDERS = ("CUDAExecutionProvider", "CPUExecutionProvider")
_ERRORS: tuple[type[Exception], ...] = (
    onnx_errors.Fail,
    onnx_errors.InvalidArgument,
    onnx_errors.InvalidGraph,
    onnx_errors.InvalidProtobuf,
    onnx_errors.NoSuchFile,
    onnx_errors.NotImplemented,
    onnx_errors.RuntimeException,
    ValueError,  # inputs that the model does not have
)


class OnnxSession:
    """A loaded model; may run in several threads at once."""

    def __init__(self, path: Path, threads: int = 0) -> None:
        """`threads` is for one run; 0 lets the library decide. Blocking. Raises: EngineError."""
        self._path = path
        _share_working_memory()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.use_env_allocators", "1")
        # Threads that spin for their next share took a fifth of the processor from others, and from each other.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        available = onnxruntime.get_available_providers()
        providers = [name for name in _PROVIDERS if name in available]
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers)
        except _ERRORS as err:
            raise EngineError(f"The model {path} can't be used: {err}") from err
        self.inputs: Sequence[str] = [entry.name for entry in self._session.get_inputs()]
        self.input_shape: Sequence[int | str | None] = self._session.get_inputs()[0].shape
        """Of the first input; what is no number is left open."""

    def run(
        self, inputs: Mapping[str, NDArray[Any]], options: onnxruntime.RunOptions | None = None
    ) -> NDArray[np.float32]:
        """Return the model's first output. `options.terminate`, set in another thread, makes it end with an error.

        Blocking. Raises: EngineError.
        """
        try:
            return np.asarray(self._session.run(None, dict(inputs), options)[0], np.float32)
        except _ERRORS as err:
            raise EngineError(f"The model {self._path} failed: {err}") from err


@cache
def _share_working_memory() -> None:
    """Let all models of the process work in the same memory; by itself each keeps that of its largest run."""
    memory = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    onnxruntime.create_and_register_allocator(memory, onnxruntime.OrtArenaCfg({}))
