"""Vectors in the background."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from knowledge import EmbedderSettings, Query
from knowledge.errors import EmbedderError
from knowledge.models import EmbeddingState, FileRecord, Kind, Language, LanguageTest, Prepared, SelfTestReport, Status
from knowledge.search import retrieval, self_test
from knowledge.search.embedding import Embedding
from knowledge.search.retrieval import Stages
from knowledge.store.catalogue import Catalogue
from knowledge.store.lancedb_index import PassageIndex
from knowledge.store.library import Library
from tests.fakes.embedders import FakeEmbedder, letters
from tests.knowledge.test_vectors import passage
from tests.waiting import wait_until

ONE = EmbedderSettings("fake", "one")
OTHER = EmbedderSettings("fake", "other")
WANTED = "чем заткнуть течь"
"""In no word like its passage."""


def understands(text: str) -> np.ndarray:
    return letters("течь" if "течь" in text or "прокладка" in text else text)


def report(model: str, *languages: Language) -> SelfTestReport:
    tests = [LanguageTest(one, 64, 0.5, 0.9, 0.1, 0.9, 0.95, 0.3, 0.5, one in languages) for one in Language]
    return SelfTestReport(model, self_test.VERSION, tuple(tests))


class House:
    """A library with an embedder, and what happens to it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.embedders = {"one": FakeEmbedder(understands, "one"), "other": FakeEmbedder(understands, "other")}
        self.tests: list[str] = []
        self.library = self.opened()
        self.embedding: Embedding | None = None

    def opened(self) -> Library:
        return Library(Catalogue(self.data / "catalogue.sqlite"), PassageIndex(self.data / "index"))

    def put(self, path: str, *texts: str) -> None:
        passages = tuple(passage(text, number=number) for number, text in enumerate(texts))
        record = FileRecord(path, Kind.DOCUMENT, path, Status.INDEXED, None, len(texts), 1, 1, "", 0, "", "now")
        self.library.put(record, Prepared(path, passages))

    def load(self, settings: EmbedderSettings) -> FakeEmbedder:
        embedder = self.embedders[settings.model]
        if embedder.is_away:
            raise EmbedderError("The embedder is away.")
        return embedder

    def embed(self, settings: EmbedderSettings = ONE) -> Embedding:
        self.embedding = Embedding(self.library, self.data / "vectors", settings, self.load)
        self.embedding.start()
        return self.embedding

    def restart(self, settings: EmbedderSettings = ONE) -> Embedding:
        self.close()
        self.library = self.opened()
        return self.embed(settings)

    def found(self) -> list[str]:
        assert self.embedding is not None
        hits = retrieval.search(self.library, Query(WANTED), Stages(self.embedding.dense)).hits
        return [hit.passage.text for hit in hits]

    def close(self) -> None:
        if self.embedding is not None:
            self.embedding.close()
        self.library.close()


def until_ready(embedding: Embedding, passages: int, serving: str = "one") -> None:
    wait_until(lambda: embedding.status.state is EmbeddingState.READY and embedding.status.embedded == passages)
    assert embedding.status.passages == passages
    assert embedding.status.serving == serving


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    house = House(tmp_path)

    def run(embedder: FakeEmbedder) -> SelfTestReport:
        house.tests.append(embedder.model)
        return report(embedder.model, Language.RUSSIAN)

    monkeypatch.setattr(self_test, "run", run)
    house.put("pipe.md", "новая прокладка", "прочее")
    yield house
    house.close()


def test_what_no_word_finds_is_found_once_there_are_vectors(house: House) -> None:
    embedding = house.embed()
    until_ready(embedding, 2)
    assert house.found()[0] == "новая прокладка"
    assert retrieval.search(house.library, Query(WANTED), Stages(embedding.dense)).relevant


def test_text_is_found_at_once_and_vectors_follow(house: House) -> None:
    embedding = house.embed()
    until_ready(embedding, 2)
    house.put("b.md", "раз", "два", "три")
    assert [hit.document for hit in house.library.search(["раз"], 5)] == ["b.md"]
    until_ready(embedding, 5)
    house.library.forget("b.md")
    until_ready(embedding, 2)


def test_a_changed_file_is_embedded_anew_and_its_old_vectors_go(house: House) -> None:
    embedding = house.embed()
    until_ready(embedding, 2)
    house.put("pipe.md", "совсем другое")
    until_ready(embedding, 1)
    assert house.found() in ([], ["совсем другое"])


def test_a_file_longer_than_a_batch_is_embedded_whole(house: House) -> None:
    house.put("long.md", *(f"строка {number}" for number in range(40)))
    until_ready(house.embed(), 42)
    assert max(map(len, house.embedders["one"].batches)) <= 16


def test_what_is_embedded_stays_so_after_a_restart_and_is_not_tested_again(house: House) -> None:
    until_ready(house.embed(), 2)
    house.embedders["one"].batches.clear()
    embedding = house.restart()
    until_ready(embedding, 2)
    assert house.embedders["one"].batches == []
    assert house.tests == ["one"]
    assert house.found()[0] == "новая прокладка"


def test_an_embedder_that_goes_away_is_waited_for_and_words_go_on(house: House) -> None:
    until_ready(house.embed(), 2)
    house.embedders["one"].is_away = True
    house.put("b.md", "заткнуть")
    assert house.embedding is not None
    wait_until(lambda: house.embedding is not None and house.embedding.status.state is EmbeddingState.UNAVAILABLE)
    assert house.embedding.status.problem == "The embedder is away."
    assert house.found() == ["заткнуть"]
    house.embedders["one"].is_away = False
    until_ready(house.embedding, 3)


@pytest.mark.parametrize("kind", ["*.manifest", "*.lance", ""])
def test_vectors_that_are_damaged_or_deleted_are_made_anew(house: House, kind: str) -> None:
    until_ready(house.embed(), 2)
    house.close()
    for path in list((house.data / "vectors").rglob(kind)) if kind else []:
        if path.is_file():
            path.write_bytes(b"damaged")
    if not kind:
        shutil.rmtree(house.data / "vectors")
    house.library = house.opened()
    until_ready(house.embed(), 2)
    assert house.found()[0] == "новая прокладка"


KILLED = """
import sys, time
from pathlib import Path
from knowledge.search import self_test
from tests.knowledge import test_embedding as this
self_test.run = lambda embedder: this.report(embedder.model, this.Language.RUSSIAN)
house = this.House(Path(sys.argv[1]))
house.put("long.md", *(f"строка {number}" for number in range(200)))
one = house.embedders["one"]
embed = one.embed_passages
def slowly(texts):
    print(len(texts), flush=True)
    time.sleep(0.02)
    return embed(texts)
one.embed_passages = slowly
house.embed()
time.sleep(60)
"""


def test_a_kill_while_vectors_are_written_loses_and_doubles_none(house: House) -> None:
    house.library.close()
    with subprocess.Popen(
        (sys.executable, "-c", KILLED, str(house.data)), stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    ) as child:
        assert child.stdout is not None
        for _ in range(4):
            assert child.stdout.readline()
        child.kill()
    house.library = house.opened()
    embedding = house.embed()
    until_ready(embedding, 202)
    assert embedding.dense.served is not None
    assert sum(embedding.dense.served.vectors.counts().values()) == 202
    assert 0 < sum(map(len, house.embedders["one"].batches)) < 202


def test_the_former_embedder_serves_until_the_new_one_has_everything(house: House) -> None:
    until_ready(house.embed(ONE), 2)
    house.embedders["other"].is_away = True
    embedding = house.restart(OTHER)
    wait_until(lambda: embedding.status.state is EmbeddingState.UNAVAILABLE)
    assert embedding.status.serving == "one"
    assert house.found()[0] == "новая прокладка"
    house.embedders["other"].is_away = False
    until_ready(embedding, 2, serving="other")
    assert house.found()[0] == "новая прокладка"
    (record,) = house.library.catalogue.embedders().values()
    assert record["settings"]["model"] == "other"


def test_a_language_that_is_refused_has_no_vectors_and_is_searched_by_words(house: House) -> None:
    house.put("en.md", "a new gasket stops the leak")
    embedding = house.embed()
    until_ready(embedding, 3)
    assert embedding.dense("how do I stop a leak", Language.ENGLISH, 5, Query("").filters) == []
    assert all(hit.document != "en.md" for hit in embedding.dense(WANTED, Language.RUSSIAN, 5, Query("").filters))


def test_an_embedder_that_is_refused_everywhere_is_not_used(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "run", lambda embedder: report(embedder.model))
    embedding = house.embed()
    wait_until(lambda: embedding.status.state is EmbeddingState.REFUSED)
    assert embedding.status.report is not None
    assert house.embedders["one"].batches == []
    assert embedding.dense.served is None


def test_the_test_can_be_asked_for_again(house: House) -> None:
    embedding = house.embed()
    until_ready(embedding, 2)
    assert embedding.test() == embedding.status.report
    assert house.tests == ["one", "one"]


def test_the_same_question_is_embedded_once(house: House) -> None:
    until_ready(house.embed(), 2)
    for _ in range(3):
        house.found()
    assert house.embedders["one"].questions == [WANTED]


def test_a_question_whose_embedder_is_away_is_answered_by_words_without_waiting_again(house: House) -> None:
    until_ready(house.embed(), 2)
    house.embedders["one"].is_away = True
    assert house.found() == []
    house.embedders["one"].is_away = False
    assert house.found() == []  # it rests
