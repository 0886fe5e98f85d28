"""Embedder and reranker of sentence-transformers, with BERT in small and random weights."""

from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import CrossEncoder, SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

from knowledge import EmbedderSettings, RerankerSettings, embedders, rerankers
from knowledge.errors import EmbedderError, RerankerError
from tests.fakes import tiny_bert

WORDS = {"query", "passage", "кран", "вода", "насос", ":"}


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_bert.build(tmp_path_factory.mktemp("bert"), WORDS)


def test_a_model_gives_vectors_of_length_one_and_is_asked_as_its_family_wants(bert: Path, tmp_path: Path) -> None:
    folder = tmp_path / "multilingual-e5-tiny"
    transformer = Transformer(str(bert))
    SentenceTransformer(modules=[transformer, Pooling(transformer.get_embedding_dimension())]).save(str(folder))
    embedder = embedders.load(EmbedderSettings("sentence_transformers", str(folder)))
    vectors = embedder.embed_passages(["кран", "вода", "кран вода насос"])
    assert vectors.shape == (3, embedder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    plain = SentenceTransformer(str(folder)).encode(["passage: кран", "query: кран"], normalize_embeddings=True)
    assert np.allclose(vectors[0], plain[0], atol=1e-5)
    assert np.allclose(embedder.embed_query("кран"), plain[1], atol=1e-5)


def test_a_cross_encoder_scores_each_pair(bert: Path, tmp_path: Path) -> None:
    CrossEncoder(str(bert), num_labels=1).save(str(tmp_path / "reranker"))
    reranker = rerankers.load(RerankerSettings("cross_encoder", str(tmp_path / "reranker")))
    scores = reranker.scores("кран", ["вода", "насос"])
    assert len(scores) == 2
    assert scores == pytest.approx([reranker.scores("кран", [text])[0] for text in ("вода", "насос")], abs=1e-4)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="cannot be loaded"):
        embedders.load(EmbedderSettings("sentence_transformers", str(tmp_path)))
    with pytest.raises(RerankerError, match="cannot be loaded"):
        rerankers.load(RerankerSettings("cross_encoder", str(tmp_path)))
