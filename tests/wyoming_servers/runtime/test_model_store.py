"""Models on disk and from a hub: a real HTTP server on loopback, real files."""

import json
import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.model_hub import FakeHub, serving_hub
from tests.waiting import PATIENCE_SECONDS
from wyoming_servers.runtime.errors import StoreError
from wyoming_servers.runtime.model_hub import ModelHub
from wyoming_servers.runtime.model_store import ModelFiles, default_folder, fetch, locate

WEIGHTS = bytes(range(256)) * 5000
FILES = {"config.json": b"{}", "model.bin": WEIGHTS, "vocabulary.txt": b"a\nb\n", "README.md": b"not wanted"}
MODEL = ModelFiles("house/model", ("config.json", "vocabulary.*", "model.bin"), extra=("preprocessor.json",))
NO_WAITS = (0.0, 0.0, 0.0)


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with serving_hub(dict(FILES)) as served:
        yield served


@pytest.fixture(autouse=True)
def no_hub_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_ENDPOINT", "HF_HUB_OFFLINE", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def fetched(hub: FakeHub, folder: Path, files: ModelFiles = MODEL) -> Path:
    return fetch(files, folder, ModelHub(hub.url, NO_WAITS))


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {".lock"}


def test_only_what_is_wanted_is_downloaded_and_what_is_there_is_not_asked_for_again(
    hub: FakeHub, tmp_path: Path
) -> None:
    assert locate(MODEL, tmp_path) is None
    folder = fetched(hub, tmp_path)
    assert folder == tmp_path / "house--model"
    assert names_in(folder) == {"config.json", "model.bin", "vocabulary.txt"}
    assert (folder / "model.bin").read_bytes() == WEIGHTS
    asked = len(hub.requests)
    assert fetched(hub, tmp_path) == folder == locate(MODEL, tmp_path)
    assert len(hub.requests) == asked


def test_a_file_that_the_model_need_not_have_comes_where_it_has_it(hub: FakeHub, tmp_path: Path) -> None:
    hub.files["preprocessor.json"] = b"[]"
    assert (fetched(hub, tmp_path) / "preprocessor.json").read_bytes() == b"[]"
    assert hub.requests[1][0].endswith("preprocessor.json"), "a folder with all that is needed must be complete"


def test_a_download_that_is_cut_goes_on_where_it_stopped(hub: FakeHub, tmp_path: Path) -> None:
    hub.cuts = [2, 4, 1000, 600_000, 1]
    folder = fetched(hub, tmp_path)
    assert (folder / "model.bin").read_bytes() == WEIGHTS
    assert [begin for path, begin in hub.requests if path.endswith("model.bin")] == [
        None,
        "bytes=1000-",
        "bytes=601000-",
        "bytes=601001-",
    ]


def test_a_download_goes_on_after_a_restart_too(hub: FakeHub, tmp_path: Path) -> None:
    hub.cuts = [2, 4, 1000, 0, 0, 0, 0]
    with pytest.raises(StoreError, match="ended after"):
        fetched(hub, tmp_path)
    assert locate(MODEL, tmp_path) is None
    assert (fetched(hub, tmp_path) / "model.bin").read_bytes() == WEIGHTS
    assert hub.requests[-1] == ("/house/model/resolve/c0ffee/model.bin", "bytes=1000-")
    assert names_in(tmp_path / "house--model") == {"config.json", "model.bin", "vocabulary.txt"}


def test_a_part_is_not_taken_for_the_file_that_a_pattern_means(hub: FakeHub, tmp_path: Path) -> None:
    files = ModelFiles("house/model", ("config.json", "vocabulary.*"))
    hub.cuts = [2, 1, 0, 0, 0]
    with pytest.raises(StoreError):
        fetched(hub, tmp_path, files)
    assert list((tmp_path / "house--model").glob("vocabulary.*"))
    assert locate(files, tmp_path) is None


def test_a_hub_that_knows_no_ranges_sends_the_file_from_its_beginning(hub: FakeHub, tmp_path: Path) -> None:
    hub.cuts, hub.ignores_range = [2, 4, 1000], True
    assert (fetched(hub, tmp_path) / "model.bin").read_bytes() == WEIGHTS


def test_a_part_that_is_longer_than_the_file_is_begun_anew(hub: FakeHub, tmp_path: Path) -> None:
    hub.cuts = [2, 4, 1000, 0, 0, 0, 0]
    with pytest.raises(StoreError):
        fetched(hub, tmp_path)
    part = next((tmp_path / "house--model").glob("model.bin.*.part"))
    part.write_bytes(WEIGHTS + b"more")
    assert (fetched(hub, tmp_path) / "model.bin").read_bytes() == WEIGHTS


@pytest.mark.parametrize("name", ["model.bin", "config.json"], ids=["sha256", "git blob"])
def test_a_file_with_a_wrong_checksum_is_deleted_and_said(name: str, hub: FakeHub, tmp_path: Path) -> None:
    hub.damaged = {name}
    with pytest.raises(StoreError, match="damaged"):
        fetched(hub, tmp_path)
    assert not list((tmp_path / "house--model").glob(f"{name}*"))
    hub.damaged = set()
    assert (fetched(hub, tmp_path) / name).read_bytes() == FILES[name]


def test_an_interrupted_hub_is_asked_again(hub: FakeHub, tmp_path: Path) -> None:
    hub.statuses = [503, 200, 500, 429]
    assert (fetched(hub, tmp_path) / "model.bin").read_bytes() == WEIGHTS


def test_a_failure_names_the_model_the_address_and_the_folder_for_its_files(hub: FakeHub, tmp_path: Path) -> None:
    unknown = ModelFiles("house/unknown", ("model.bin",))
    with pytest.raises(StoreError) as failure:
        fetched(hub, tmp_path, unknown)
    for part in ("house/unknown", f"{hub.url}/api/models/house/unknown", "404", "model.bin"):
        assert part in str(failure.value)
    place = tmp_path / "house--unknown"
    assert str(place) in str(failure.value)
    (place / "model.bin").write_bytes(b"put there by hand")
    assert fetched(hub, tmp_path, unknown) == place


def test_a_file_that_the_repository_lacks_is_named(hub: FakeHub, tmp_path: Path) -> None:
    del hub.files["vocabulary.txt"]
    with pytest.raises(StoreError, match=r"no file vocabulary\.\*"):
        fetched(hub, tmp_path)


def test_without_a_network_what_is_there_works_and_the_rest_is_explained(hub: FakeHub, tmp_path: Path) -> None:
    folder = fetched(hub, tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = ModelHub(f"http://127.0.0.1:{taken.getsockname()[1]}", NO_WAITS)
    assert fetch(MODEL, tmp_path, nobody) == folder
    with pytest.raises(StoreError, match="the connection fails"):
        fetch(ModelFiles("house/other", ("model.bin",)), tmp_path, nobody)


def test_a_mirror_is_used_and_offline_forbids_it(hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", f"{hub.url}/")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(StoreError, match="HF_HUB_OFFLINE"):
        fetch(MODEL, tmp_path)
    assert not hub.requests
    monkeypatch.delenv("HF_HUB_OFFLINE")
    assert (fetch(MODEL, tmp_path) / "model.bin").read_bytes() == WEIGHTS


def test_a_model_behind_terms_comes_with_the_token_which_no_other_host_sees(
    hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    hub.token = "secret"
    with pytest.raises(StoreError, match=r"401 Unauthorized\. .* set HF_TOKEN"):
        fetch(MODEL, tmp_path)
    monkeypatch.setenv("HF_TOKEN", "wrong")
    with pytest.raises(StoreError, match="terms on its page with the account of HF_TOKEN"):
        fetch(MODEL, tmp_path)
    monkeypatch.setenv("HF_TOKEN", "secret")
    with serving_hub(dict(FILES)) as content:
        hub.content_host = content.url
        fetch(MODEL, tmp_path)
    assert set(hub.tokens) == {None, "Bearer wrong", "Bearer secret"}
    assert len(content.tokens) == 3
    assert set(content.tokens) == {None}


@pytest.mark.parametrize("endpoint", ["file:///etc", "ftp://host", "hub"])
def test_a_mirror_is_reached_by_http_only(endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    with pytest.raises(StoreError, match="not an http address"):
        fetch(MODEL, tmp_path)


@pytest.mark.parametrize("name", ["../vocabulary.txt", "/vocabulary.txt", "a/../../vocabulary.x", "vocabulary.\\..\\x"])
def test_a_file_name_that_leaves_the_folder_is_refused(name: str, hub: FakeHub, tmp_path: Path) -> None:
    hub.files[name] = b"bad"
    wide = ModelFiles("house/model", ("*vocabulary.*", "model.bin"))
    with pytest.raises(StoreError, match="forbidden name"):
        fetched(hub, tmp_path / "models", wide)
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.name != ".lock"]


@pytest.mark.parametrize("model", ["../..", "a/b/c", "..", "a", "-/..", "a/..", "", "a/ b"])
def test_an_odd_repository_is_refused(model: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        fetch(ModelFiles(model, ("model.bin",)), tmp_path / "deep" / "models", ModelHub("http://127.0.0.1:9", ()))
    assert not list(tmp_path.iterdir())


def test_a_revision_has_a_folder_of_its_own_and_an_odd_one_is_refused(hub: FakeHub, tmp_path: Path) -> None:
    revised = ModelFiles("house/model", ("config.json",), revision="refs/pr/1")
    assert fetched(hub, tmp_path, revised).name == "house--model@refs--pr--1"
    with pytest.raises(StoreError):
        fetched(hub, tmp_path, ModelFiles("house/model", ("config.json",), revision="../x"))


def test_a_folder_of_ones_own_is_used_as_it_is_and_never_filled(hub: FakeHub, tmp_path: Path) -> None:
    own = tmp_path / "mine"
    own.mkdir()
    files = ModelFiles(str(own), ("model.bin",))
    with pytest.raises(StoreError, match=r"lacks model\.bin"):
        fetched(hub, tmp_path / "models", files)
    (own / "model.bin").write_bytes(b"mine")
    assert fetched(hub, tmp_path / "models", files) == own
    assert not hub.requests


@pytest.mark.parametrize(
    "listing",
    [
        b"<html>",
        b"[]",
        b"{}",
        b'{"sha": "c0ffee", "siblings": [{"rfilename": "model.bin", "size": 5}]}',
        b'{"sha": "c0ffee", "siblings": [{"rfilename": "model.bin", "size": 5, "blobId": "../../../x"}]}',
        b'{"sha": "c0ffee", "siblings": [{"rfilename": "model.bin", "size": "many", "blobId": "%s"}]}' % (b"a" * 40),
    ],
)
def test_something_else_than_a_hub_is_recognised(listing: bytes, hub: FakeHub, tmp_path: Path) -> None:
    hub.listing = listing
    with pytest.raises(StoreError, match="not a model hub"):
        fetched(hub, tmp_path)


def test_a_model_that_the_disk_has_no_room_for_is_not_begun(hub: FakeHub, tmp_path: Path) -> None:
    listing = json.loads(hub.list())
    for entry in listing["siblings"]:
        entry["size"] = 10**18
        if "lfs" in entry:
            entry["lfs"]["size"] = 10**18
    hub.listing = json.dumps(listing).encode()
    with pytest.raises(StoreError, match="GB are needed"):
        fetched(hub, tmp_path)
    assert len(hub.requests) == 1


def test_a_folder_that_cannot_be_written_to_is_explained(hub: FakeHub, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("in the way")
    with pytest.raises(StoreError, match="can't write there"):
        fetched(hub, tmp_path / "models")


def test_two_at_a_time_download_once(hub: FakeHub, tmp_path: Path) -> None:
    threads = [threading.Thread(target=fetched, args=(hub, tmp_path)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert len([path for path, _ in hub.requests if path.endswith("model.bin")]) == 1


def test_the_log_tells_how_far_a_download_is(hub: FakeHub, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        fetched(hub, tmp_path)
    lines = [record.message for record in caplog.records if "Downloading house/model" in record.message]
    assert lines[0].endswith("1.3 MB")
    assert "100 % of 1.3 MB" in lines[-1]
    assert 3 <= len(lines) == len(set(lines)) <= 11


def test_downloads_are_kept_in_the_cache_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "voice-rag" / "models"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert default_folder() == Path("/home/somebody/.cache/voice-rag/models")
