from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from knowledge import RerankerSettings, rerankers
from knowledge.errors import RerankerError
from knowledge.search.reranking import DeadlineReranking
from tests.fakes import tiny_encoder
from tests.fakes.model_api import ModelApi
from tests.waiting import PATIENCE_SECONDS

TEXTS = ["one", "three words here", "two words"]


def rerank(_path: str, body: dict[str, Any]) -> tuple[int, Any]:
    """Rank by length, best first, in the form that was asked for."""
    texts = body.get("documents") or body["texts"]
    order = sorted(range(len(texts)), key=lambda index: -len(texts[index]))
    if "documents" in body:
        return 200, {"results": [{"index": index, "relevance_score": len(texts[index])} for index in order]}
    return 200, [{"index": index, "score": len(texts[index])} for index in order]


@pytest.mark.parametrize("path", ["/v1/rerank", "/rerank"])
def test_scores_come_in_the_order_of_the_texts(path: str) -> None:
    with ModelApi(rerank) as api:
        reranker = rerankers.load(RerankerSettings("rerank_api", "bge-reranker-v2-m3", api.url + path, "secret"))
        assert reranker.scores("question", TEXTS) == [len(text) for text in TEXTS]
    assert api.asked[0][0] == path
    assert api.tokens == ["Bearer secret"]


@pytest.mark.parametrize("answer", [(500, {}), (200, {"results": [{"index": 0, "relevance_score": 1}]}), (200, b"-")])
def test_a_server_that_cannot_is_an_error(answer: Any) -> None:
    with ModelApi(lambda path, body: answer) as api:
        reranker = rerankers.load(RerankerSettings("rerank_api", url=f"{api.url}/v1/rerank"))
        with pytest.raises(RerankerError):
            reranker.scores("question", TEXTS)


def test_an_onnx_cross_encoder_reads_question_and_passage(tmp_path: Path) -> None:
    folder = tiny_encoder.build(tmp_path / "reranker", labels=("speak",))
    reranker = rerankers.load(RerankerSettings("onnx", str(folder)))
    low, high = reranker.scores("включи", ["в", "гостиной свет"])
    assert high > low
    with pytest.raises(RerankerError, match="no model"):
        rerankers.load(RerankerSettings("onnx", str(tmp_path)))


class Slow:
    """Answers when it is let."""

    def __init__(self) -> None:
        self.may_answer, self.calls = Event(), 0

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        self.calls += 1
        self.may_answer.wait(PATIENCE_SECONDS)
        return [float(len(text)) for text in texts]


def loaded(reranking: DeadlineReranking) -> DeadlineReranking:
    reranking._loading.result(10)
    return reranking


def test_a_late_result_is_dropped_and_the_next_question_does_not_queue_behind_it() -> None:
    slow = Slow()
    reranking = loaded(DeadlineReranking(RerankerSettings("slow", seconds=0.05), lambda settings: slow))
    assert reranking("question", TEXTS) is None
    assert reranking("another", TEXTS) is None
    assert slow.calls == 1
    slow.may_answer.set()
    assert reranking._work is not None
    reranking._work.result(10)
    assert reranking("third", TEXTS) == [len(text) for text in TEXTS]
    reranking.close()


def test_a_reranker_that_cannot_be_loaded_costs_nothing_but_itself() -> None:
    def load(settings: RerankerSettings) -> Slow:
        raise RerankerError("There is no such model.")

    reranking = DeadlineReranking(RerankerSettings("none"), load)
    with pytest.raises(RerankerError):
        loaded(reranking)
    assert reranking("question", TEXTS) is None
    reranking.close()


def test_a_reranker_that_nobody_wrote_is_refused_by_name() -> None:
    with pytest.raises(RerankerError, match="no reranker 'best', only cross_encoder, onnx, rerank_api"):
        rerankers.load(RerankerSettings("best"))
