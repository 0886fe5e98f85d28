import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge import EmbedderSettings, embedders
from knowledge.embedders.families import Pooling, family_of
from knowledge.embedders.onnx import pooled
from knowledge.errors import EmbedderError
from tests.fakes import tiny_embedder
from tests.fakes.model_api import ModelApi

WORDS = ("query:", "passage:", "кран", "вода")


def lengths(texts: list[str]) -> list[list[float]]:
    return [[float(len(text)), 1.0, 0.0] for text in texts]


def ollama(_path: str, body: dict[str, Any]) -> tuple[int, Any]:
    if any("NaN" in text for text in body["input"]):
        return 500, {"error": "failed to encode response: json: unsupported value: NaN"}
    return 200, {"embeddings": lengths(body["input"])}


def openai(_path: str, body: dict[str, Any]) -> tuple[int, Any]:
    rows = [{"index": index, "embedding": row} for index, row in enumerate(lengths(body["input"]))]
    return 200, {"data": rows[::-1]}


@pytest.mark.parametrize(
    ("engine", "answer", "suffix", "path"),
    [("ollama", ollama, "", "/api/embed"), ("openai", openai, "/v1", "/v1/embeddings")],
)
def test_a_server_gives_vectors_of_length_one_in_order(engine: str, answer: Any, suffix: str, path: str) -> None:
    with ModelApi(answer) as api:
        embedder = embedders.load(EmbedderSettings(engine, "multilingual-e5-large", api.url + suffix, "secret"))
        vectors = embedder.embed_passages(["a", "b" * 30])
        query = embedder.embed_query("a")
    assert embedder.dimension == 3
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert np.allclose(vectors[0] / vectors[0, 1], [len("passage: a"), 1, 0])
    assert np.allclose(query / query[1], [len("query: a"), 1, 0])
    assert {asked for asked, _ in api.asked} == {path}
    assert set(api.tokens) == {"Bearer secret"}


def test_ollama_is_asked_not_to_cut_texts() -> None:
    with ModelApi(ollama) as api:
        embedders.load(EmbedderSettings("ollama", "bge-m3", api.url))
    assert all(body["truncate"] is False for _, body in api.asked)


def test_a_text_that_the_model_fails_at_costs_itself_only() -> None:
    texts = [*"abcdefg", "NaN", *"hijk"]
    with ModelApi(ollama) as api:
        vectors = embedders.load(EmbedderSettings("ollama", "bge-m3", api.url)).embed_passages(texts)
    assert [text for text, vector in zip(texts, vectors, strict=True) if not vector.any()] == ["NaN"]
    assert len(api.asked) < 2 * len(texts)


def test_a_vector_of_anything_but_numbers_is_none() -> None:
    def answer(_path: str, body: dict[str, Any]) -> tuple[int, Any]:
        return 200, {"embeddings": [[None, 1.0] if text == "bad" else [1.0, 1.0] for text in body["input"]]}

    with ModelApi(answer) as api:
        vectors = embedders.load(EmbedderSettings("ollama", "bge-m3", api.url)).embed_passages(["good", "bad"])
    assert vectors.any(axis=1).tolist() == [True, False]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ((404, {"error": "model 'bge-m3' not found"}), "not found"),
        ((500, {"error": "out of memory"}), "out of memory"),
        ((200, b"<html>"), "does not answer in JSON"),
        ((200, {"embedding": []}), "does not answer as Ollama does"),
        ((200, {"embeddings": [[1.0], [2.0]]}), "another number or size"),
        ((200, {"embeddings": "none"}), "does not answer with vectors"),
    ],
)
def test_a_server_that_cannot_is_told_from_a_text_that_fails(answer: Any, problem: str) -> None:
    with ModelApi(lambda path, body: answer) as api, pytest.raises(EmbedderError, match=problem):
        embedders.load(EmbedderSettings("ollama", "bge-m3", api.url))


def test_a_server_that_broke_since_is_no_reason_to_give_texts_up() -> None:
    with ModelApi(ollama) as api:
        embedder = embedders.load(EmbedderSettings("ollama", "bge-m3", api.url))
        api.answer = lambda path, body: (500, {"error": "llama runner process has terminated"})
        with pytest.raises(EmbedderError, match="terminated"):
            embedder.embed_passages(["a", "b"])


def test_a_server_that_is_away_says_so() -> None:
    with ModelApi(ollama) as api:
        url = api.url
    with pytest.raises(EmbedderError, match="cannot be reached"):
        embedders.load(EmbedderSettings("ollama", "bge-m3", url))


def test_a_server_that_goes_away_later_says_so_too() -> None:
    with ModelApi(ollama) as api:
        embedder = embedders.load(EmbedderSettings("ollama", "bge-m3", api.url))
    with pytest.raises(EmbedderError, match="cannot be reached"):
        embedder.embed_query("кран")
    with pytest.raises(EmbedderError, match="cannot be reached"):
        embedder.embed_passages(["кран"])


@pytest.mark.parametrize("answer", [{"data": [{"index": 0}]}, {"data": "none"}, []])
def test_another_server_is_not_taken_for_one_of_embeddings(answer: Any) -> None:
    with ModelApi(lambda _path, _body: (200, answer)) as api, pytest.raises(EmbedderError, match="does not answer as"):
        embedders.load(EmbedderSettings("openai", "bge-m3", api.url))


def test_an_onnx_model_is_asked_as_its_family_wants(tmp_path: Path) -> None:
    folder = tiny_embedder.build(tmp_path / "multilingual-e5-tiny", WORDS)
    embedder = embedders.load(EmbedderSettings("onnx", str(folder)))
    pad, unknown, start, asked, passage, tap, water = embedder.embed_query("кран")
    assert (asked, tap, start) == pytest.approx([3**-0.5] * 3)
    assert (pad, unknown, passage, water) == (0, 0, 0, 0)
    vectors = embedder.embed_passages(["кран кран", "вода", "слово " * 40])
    assert vectors[0] @ embedder.embed_passages(["кран кран"])[0] == pytest.approx(1)
    assert vectors.shape == (3, 7)
    assert vectors[0, 4] > 0
    assert vectors[0, 5] > vectors[1, 5] == 0


def test_an_onnx_model_of_another_size_has_another_name(tmp_path: Path) -> None:
    one = embedders.load(EmbedderSettings("onnx", str(tiny_embedder.build(tmp_path / "a" / "m", WORDS))))
    other = embedders.load(EmbedderSettings("onnx", str(tiny_embedder.build(tmp_path / "b" / "m", WORDS[:3]))))
    assert one.model != other.model


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"no model\.onnx"):
        embedders.load(EmbedderSettings("onnx", str(tmp_path)))
    (tmp_path / "model.onnx").write_bytes(b"no model")
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(EmbedderError, match="cannot be loaded"):
        embedders.load(EmbedderSettings("onnx", str(tmp_path)))


@pytest.mark.parametrize(
    ("pooling", "vector"), [(Pooling.FIRST, [1, 1]), (Pooling.LAST, [3, 5]), (Pooling.MEAN, [2, 3])]
)
def test_padding_is_never_part_of_a_vector(pooling: Pooling, vector: list[float]) -> None:
    states = np.array([[[1, 1], [3, 5], [9, 9]]], np.float32)
    assert pooled(states, np.array([[1, 1, 0]]), pooling)[0].tolist() == vector


@pytest.mark.parametrize(
    ("model", "query", "passage"),
    [
        ("intfloat/multilingual-e5-large", "query: ", "passage: "),
        ("ai-forever/FRIDA", "search_query: ", "search_document: "),
        ("BAAI/bge-m3", "", ""),
        ("deepvk/USER-bge-m3", "", ""),
        ("embeddinggemma:300m", "task: search result | query: ", "title: none | text: "),
        ("snowflake-arctic-embed2", "query: ", ""),
        ("some-other-model", "", ""),
    ],
)
def test_families_are_known_by_the_names_people_give(model: str, query: str, passage: str) -> None:
    family = family_of(model)
    assert (family.query, family.passage) == (query, passage)


def test_an_engine_that_nobody_wrote_is_refused_by_name() -> None:
    with pytest.raises(EmbedderError, match="only ollama, onnx, openai, sentence_transformers"):
        embedders.load(EmbedderSettings("word2vec", "m"))


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EmbedderError, match="A package is missing for the embedder"):
        embedders.load(EmbedderSettings("sentence_transformers", "m"))
