import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge import KnowledgeBase, KnowledgeSettings
from knowledge.settings import IngestSettings
from knowledge.store.cpu import require_lancedb

SAMPLES = Path(__file__).parents[2] / "demo" / "knowledge"
AT_ONCE = IngestSettings(settle_seconds=0.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "knowledge"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def probed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder where LanceDB was seen to run, so that each test need not try again."""
    data = tmp_path_factory.mktemp("probed")
    require_lancedb(data)
    return data


@pytest.fixture
def data(tmp_path: Path, probed: Path) -> Path:
    data = tmp_path / "data"
    shutil.copytree(probed, data)
    return data


@pytest.fixture(scope="session")
def sample_base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """The shipped samples, read as a house would read them."""
    root = tmp_path_factory.mktemp("samples")
    folder = root / "knowledge"
    shutil.copytree(SAMPLES, folder)
    with KnowledgeBase(KnowledgeSettings(folder, root / "data", AT_ONCE)) as base:
        report = base.scan()
        assert report.failed == 0
        yield base
