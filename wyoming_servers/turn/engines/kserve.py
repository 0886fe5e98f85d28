"""A model behind KServe's protocol, version 2, over HTTP: Triton, or any other server that speaks it.

    GET {model}         -> the names, types and shapes of its inputs and outputs
    POST {model}/infer  -> its answer

`--model` is the model's address, http://host:8000/v2/models/NAME. A model of texts (BYTES) is sent them normalised: the
words so far, and the earlier turns as lines before them, or apart where it has an input `context`. A model of tokens
needs `--tokenizer`. Local rules answer while the server does not.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wyoming_servers.runtime.engines import needing_extra
from wyoming_servers.runtime.errors import EngineError, StartError
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.http_client import JsonClient, RemoteError
from wyoming_servers.turn.labels import Labels
from wyoming_servers.turn.remote import Circuit, GuardedDetector, timeout_seconds
from wyoming_servers.turn.rules import RuleTurnDetector
from wyoming_servers.turn.text import normalize

Tensor = Mapping[str, Any]
"""Of the protocol: name, datatype, shape and, with values, data."""

Encode = Callable[[Sequence[Tensor], Sequence[Pause]], Sequence[Tensor]]
"""Returns the declared inputs with their values."""


class KServeTurnDetector:
    """Asks the model."""

    def __init__(self, client: JsonClient, encode: Encode, labels: Labels) -> None:
        self._client = client
        self._encode = encode
        self._labels = labels
        self._model: Mapping[str, Any] | None = None

    def completeness(self, pause: Pause) -> float:
        """Return the probability that the speaker has finished. Raises: EngineError."""
        return self.completeness_of_all([pause])[0]

    def completeness_of_all(self, pauses: Sequence[Pause]) -> Sequence[float]:
        """Return it for each pause, by one request. Raises: EngineError."""
        try:
            return self._ask(pauses)
        except (LookupError, TypeError, ValueError) as err:
            reason = f"this is not an answer of KServe's protocol, version 2 ({err!r})"
            raise RemoteError(self._client.address, reason) from err

    def _ask(self, pauses: Sequence[Pause]) -> Sequence[float]:
        seconds = timeout_seconds(len(pauses))
        if self._model is None:
            self._model = self._client.get("", timeout_seconds=seconds)
        name = str(self._model["outputs"][0]["name"])
        request = {"inputs": self._encode(self._model["inputs"], pauses), "outputs": [{"name": name}]}
        answer = self._client.post("/infer", request, timeout_seconds=seconds)
        (output,) = [tensor for tensor in answer["outputs"] if tensor["name"] == name]
        values = np.asarray(output["data"], np.float64).reshape(output["shape"])
        return self._labels.given(values) if "prob" in name else self._labels.probabilities(values)


def load(options: TurnOptions) -> GuardedDetector:
    """Return the detector; whether the server is there shows when it is asked. Raises: EngineError."""
    if options.model is None:
        raise EngineError("Name the model with --model, as http://host:8000/v2/models/NAME.")
    encode, labels = _with_tokenizer(options.tokenizer) if options.tokenizer else (_texts, Labels())
    detector = KServeTurnDetector(JsonClient(options.model, options.token), encode, labels)
    return GuardedDetector(detector, RuleTurnDetector(), Circuit())


def _with_tokenizer(folder: Path) -> tuple[Encode, Labels]:
    try:
        with needing_extra("turn-onnx"):  # a model of texts needs no packages
            from wyoming_servers.turn.encoding import load_encoder  # noqa: PLC0415
    except StartError as err:
        raise EngineError(str(err)) from err
    encoder = load_encoder(folder)

    def tokens(declared: Sequence[Tensor], pauses: Sequence[Pause]) -> Sequence[Tensor]:
        arrays = encoder.encode(pauses)
        return [_token_tensor(tensor, arrays[tensor["name"]]) for tensor in declared]

    return tokens, encoder.labels


def _token_tensor(tensor: Tensor, array: NDArray[np.int64]) -> Tensor:
    values = {"shape": list(array.shape), "data": array.ravel().tolist()}
    return {"name": tensor["name"], "datatype": tensor["datatype"], **values}


def _texts(declared: Sequence[Tensor], pauses: Sequence[Pause]) -> Sequence[Tensor]:
    if any(tensor["datatype"] != "BYTES" for tensor in declared):
        raise EngineError("The model takes tokens. Name the folder of its tokenizer with --tokenizer.")
    has_context = any(tensor["name"] == "context" for tensor in declared)
    return [_text_tensor(tensor, pauses, has_context=has_context) for tensor in declared]


def _text_tensor(tensor: Tensor, pauses: Sequence[Pause], *, has_context: bool) -> Tensor:
    """Return an input with texts, of the declared rank: [pauses] or [pauses, 1]."""
    texts = []
    for pause in pauses:
        context = () if has_context and tensor["name"] != "context" else pause.context
        words = () if tensor["name"] == "context" else (pause.text,)
        texts.append("\n".join(map(normalize, (*context, *words))))
    shape = [len(texts), *[1] * (len(tensor["shape"]) - 1)]
    return {"name": tensor["name"], "datatype": "BYTES", "shape": shape, "data": texts}
