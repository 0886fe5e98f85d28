"""The zip of a release, unpacked as HACS does it: Home Assistant starts with it and its dialogue opens."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import zipfile
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

import pytest
from aiohttp import ClientSession

from demo import servers
from demo.folders import HouseFolders
from demo.homeassistant import Owner, create_owner
from demo.house import START_SECONDS
from demo.ports import free_ports
from demo.processes import running
from demo.settings import REPOSITORY, Settings

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.house, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    subprocess.run([REPOSITORY / "script/release", folder], check=True)
    return folder


def test_it_carries_the_integration_and_the_servers(release: Path) -> None:
    hacs = json.loads((REPOSITORY / "hacs.json").read_text(encoding="utf-8"))
    assert {path.suffix for path in release.iterdir()} >= {".zip", ".whl", ".gz"}
    with zipfile.ZipFile(release / hacs["filename"]) as archive:
        names = set(archive.namelist())
        manifest = json.loads(archive.read("manifest.json"))
    assert names >= {"__init__.py", "brand/icon.png", "strings.json", "translations/ru.json", "services.yaml"}
    assert not any("__pycache__" in name for name in names)
    assert manifest["domain"] == "voice_rag"


async def test_home_assistant_starts_with_it_and_asks_for_the_addresses(release: Path, tmp_path: Path) -> None:
    folders = HouseFolders(tmp_path)
    addresses = servers.Addresses(*free_ports(4))
    for folder in folders.cleared:
        folder.mkdir()
    servers.write_home_assistant_configuration(folders.ha, addresses.home_assistant)
    installed = folders.ha / "custom_components/voice_rag"
    installed.unlink()
    shutil.unpack_archive(release / "voice_rag.zip", installed)

    hass = Settings.from_environment({"HOUSE_HASS": os.environ.get("HOUSE_HASS", "")}).hass
    url = addresses.home_assistant_url
    async with running(servers.home_assistant_command(folders, addresses, hass)) as process, ClientSession() as session:
        await process.wait_until(partial(servers.home_assistant_answers, session, url), START_SECONDS)
        owner = Owner("owner", secrets.token_urlsafe(9))
        async with aclosing(await create_owner(session, url, owner, "en")) as home:
            form = await home.post("/api/config/config_entries/flow", {"handler": "voice_rag"})
    assert form["type"] == "form"
    assert not form["errors"]
    assert {"url", "token"} <= {field["name"] for field in form["data_schema"]}
