"""Detectors on other machines, which may be slow, broken or gone."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import tiny_encoder
from tests.fakes.turn_detector import FakeTurnDetector
from tests.fakes.turn_servers import KServeModel, TurnServer, infer, serving
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.turn.detector import Pause, TurnDetector
from wyoming_servers.turn.engine import TurnOptions, judge_all
from wyoming_servers.turn.engines import kserve, onnx, remote
from wyoming_servers.turn.http_client import JsonClient, RemoteError
from wyoming_servers.turn.labels import Labels
from wyoming_servers.turn.remote import Circuit, GuardedDetector

PAUSE = Pause("включи свет", "ru", ("привет",))


def probabilities(detector: TurnDetector, pauses: Sequence[Pause]) -> list[float]:
    return [judgement.probability for judgement in judge_all(detector, pauses)]


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def asked_of(server: TurnServer) -> float:
    """Return what the remote engine says, without its guard."""
    return remote.RemoteTurnDetector(JsonClient(server.url)).completeness(PAUSE)


def test_the_server_is_asked_as_the_contract_says_and_connections_are_kept() -> None:
    with serving(infer) as server:
        detector = remote.load(TurnOptions(server.url + "/", token="secret"))
        answers = [detector.completeness(PAUSE) for _ in range(3)]
        assert answers == [0.4] * 3
        assert server.connections == 1
        message = {"context": ["привет"], "message": "включи свет", "language": "ru"}
        assert server.requests[0] == ("/infer", [message])
        assert server.headers[0]["Authorization"] == "Bearer secret"


def test_a_connection_that_the_server_has_closed_is_replaced() -> None:
    with serving(infer) as server:
        server.closes = True
        detector = remote.RemoteTurnDetector(JsonClient(server.url))
        assert [detector.completeness(PAUSE) for _ in range(3)] == [0.4] * 3
        assert server.connections == 3


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"<html>", "not JSON"),
        (b"[]", "not a list of 1"),
        (b'{"probas": {"speak": 1}}', "not a list of 1"),
        (b'[{"probas": {"speak": "much"}}]', "no 'probas'"),
        (b'[{"probas": {"speak": NaN}}]', "no probability"),
        (b'[{"probas": {"speak": 7}}]', "no probability"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_an_answer_that_cannot_be_used_is_named(answer: bytes, reason: str) -> None:
    with serving(infer) as server:
        server.answers = [answer]
        with pytest.raises(RemoteError, match=reason):
            asked_of(server)
        assert asked_of(server) == 0.4


def test_a_status_of_failure_is_named_with_what_the_server_says() -> None:
    with serving(infer) as server:
        server.statuses, server.answers = [503], [b"It is loading."]
        with pytest.raises(RemoteError, match=r"answers 503: It is loading\."):
            asked_of(server)


@pytest.mark.parametrize("address", ["localhost:1", "ftp://here", "", "http://here:port"])
def test_an_address_that_is_none_is_refused_at_once(address: str) -> None:
    with pytest.raises(EngineError, match="not an address"):
        remote.load(TurnOptions(address))


def test_a_server_that_hangs_does_not_hold_up_a_speaker() -> None:
    with serving(infer) as server:
        server.is_hanging = True
        with pytest.raises(RemoteError, match="timed out"):
            asked_of(server)


def test_rules_answer_while_nobody_listens_there() -> None:
    with serving(infer) as server:
        address = server.url
    detector = remote.load(TurnOptions(address))
    assert probabilities(detector, [PAUSE, Pause("включи свет в", "ru")]) == [0.4, 0.05]


def test_a_circuit_opens_after_failures_in_a_row_and_tries_one_question_later() -> None:
    clock = Clock()
    circuit = Circuit(failures=2, seconds=30, clock=clock)
    circuit.failed()
    assert not circuit.succeeded()
    circuit.failed()
    assert circuit.allows()
    circuit.failed()
    assert not circuit.allows()
    clock.now += 30
    assert [circuit.allows(), circuit.allows()] == [True, False]
    circuit.failed()
    clock.now += 29
    assert not circuit.allows()
    clock.now += 1
    assert circuit.allows()
    assert circuit.succeeded()
    assert [circuit.allows(), circuit.allows()] == [True, True]


def test_a_remote_detector_that_fails_is_left_alone_for_a_while(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    far = FakeTurnDetector({PAUSE.text: 0.9}, failure=EngineError("No."))
    near = FakeTurnDetector({PAUSE.text: 0.1})
    detector = GuardedDetector(far, near, Circuit(failures=3, seconds=30, clock=clock))
    assert [detector.completeness(PAUSE) for _ in range(10)] == [0.1] * 10
    assert len(far.pauses) == 3
    assert caplog.text.count("a local one answers: No.") == 3
    far.failure = None
    clock.now += 30
    assert detector.completeness(PAUSE) == 0.9


def kserve_detector(server: TurnServer, tokenizer: Path | None = None) -> TurnOptions:
    return TurnOptions(f"{server.url}/v2/models/turn", tokenizer=tokenizer)


def test_a_model_of_texts_is_sent_the_turns_as_lines() -> None:
    with serving(KServeModel()) as server:
        detector = kserve.load(kserve_detector(server))
        assert probabilities(detector, [PAUSE, Pause("Turn on the, ", "en")]) == pytest.approx([0.4, 0.05])
        assert server.requests[0] == ("/v2/models/turn", None)
        assert server.requests[1] == (
            "/v2/models/turn/infer",
            {
                "inputs": [
                    {
                        "name": "text",
                        "datatype": "BYTES",
                        "shape": [2, 1],
                        "data": ["привет\nвключи свет", "turn on the"],
                    }
                ],
                "outputs": [{"name": "probabilities"}],
            },
        )


def test_a_model_with_an_input_for_the_context_gets_it_apart() -> None:
    model = KServeModel(
        {"context": ("BYTES", [-1]), "message": ("BYTES", [-1])},
        judge=lambda inputs: [[0.25, 0.75]] * len(inputs["message"]),
    )
    with serving(model) as server:
        assert kserve.load(kserve_detector(server)).completeness(PAUSE) == 0.75
        assert [tensor["data"] for tensor in server.requests[1][1]["inputs"]] == [["привет"], ["включи свет"]]


def test_a_model_of_tokens_gives_what_the_same_network_gives_here(tmp_path: Path) -> None:
    worth = list(tiny_encoder.WORTH.values())

    def network(inputs: dict[str, list[list[int]]]) -> list[list[float]]:
        rows = zip(inputs["input_ids"], inputs["attention_mask"], strict=True)
        return [[0.0, sum(worth[word] * mask for word, mask in zip(*row, strict=True))] for row in rows]

    tokens = {"input_ids": ("INT64", [-1, -1]), "attention_mask": ("INT64", [-1, -1])}
    folder = tiny_encoder.build(tmp_path)
    pauses = [PAUSE, Pause("включи", "ru"), Pause("свет в", "ru", ("да", "включи"))]
    with serving(KServeModel(tokens, "logits", network)) as server:
        there = probabilities(kserve.load(kserve_detector(server, folder)), pauses)
        assert len(server.requests) == 2
    here = probabilities(onnx.load(TurnOptions(str(folder))), pauses)
    assert there == pytest.approx(here, abs=1e-6)


@pytest.mark.parametrize(
    "answer",
    [b"[]", b"7", b"{}", b'{"outputs": []}', b'{"outputs": [{"name": "probabilities", "shape": [5], "data": [1]}]}',
     b'{"outputs": [{"name": "probabilities", "shape": [1, 2], "data": ["a", "b"]}]}',
     b'{"outputs": [{"name": "probabilities", "shape": [1, 3], "data": [0, 0, 1]}]}'],
)  # fmt: skip
def test_rules_answer_when_the_model_says_something_else(answer: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with serving(KServeModel()) as server:
        detector = kserve.load(kserve_detector(server))
        assert detector.completeness(PAUSE) == pytest.approx(0.4)
        server.answers = [answer]
        assert detector.completeness(Pause("да", "ru")) == 0.95
        assert "a local one answers" in caplog.text


def test_a_model_of_tokens_without_a_tokenizer_says_what_it_needs(caplog: pytest.LogCaptureFixture) -> None:
    with serving(KServeModel({"input_ids": ("INT64", [-1, -1])})) as server:
        assert kserve.load(kserve_detector(server)).completeness(PAUSE) == 0.4
    assert "--tokenizer" in caplog.text


@pytest.mark.parametrize(
    ("names", "logits", "expected"),
    [
        (("wait", "speak"), [[0.0, 0.0], [0.0, 2.0]], [0.5, 0.8807970779778823]),
        (("speak", "wait"), [[2.0, 0.0]], [0.8807970779778823]),
        (("speak",), [[2.0]], [0.8807970779778823]),
        (("wait", "invalid", "speak"), [[1000.0, 0.0, 1000.0]], [0.5]),
    ],
)
def test_logits_become_the_probability_of_speak(
    names: tuple[str, ...], logits: list[list[float]], expected: list[float]
) -> None:
    assert Labels(names).probabilities(np.array(logits, np.float32)) == pytest.approx(expected)
