"""The apps' configuration is what the Supervisor of today accepts, and what the servers understand.

Keys and patterns: https://developers.home-assistant.io/docs/apps/configuration, and Supervisor's own schema of 2026.08.
"""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path, PurePath
from typing import Any

import pytest

from tests.fakes.app import ADDONS, APPS, read_yaml

ROOT = ADDONS.parent
NEEDED = {"name", "version", "slug", "description", "arch"}
KNOWN = NEEDED | {
    *("url", "startup", "boot", "init", "stage", "ports", "ports_description", "watchdog", "ingress", "ingress_port"),
    *("ingress_stream", "panel_icon", "panel_title", "panel_admin", "homeassistant", "map", "homeassistant_api"),
    *("discovery", "backup", "backup_pre", "backup_post", "backup_exclude", "options", "schema", "image", "timeout"),
    *("video", "apparmor", "hassio_api"),
}
ELEMENT = re.compile(
    r"^(?:bool|email|url|port|device(?:\(subsystem=[a-z]+\))?|str(?:\(\d*,\d*\))?|password(?:\(\d*,\d*\))?"
    r"|int(?:\(-?\d*,-?\d*\))?|float(?:\(-?[\d.]*,-?[\d.]*\))?|match\(.*\)|list\(.+\))\??$"
)
MAPS = {"data", "ssl", "share", "media", "homeassistant_config", "app_config", "all_app_configs", "backup"}

pytestmark = pytest.mark.parametrize("slug", APPS)


def config(slug: str) -> dict[str, Any]:
    return read_yaml(ADDONS / slug / "config.yaml")


def test_every_key_is_one_of_the_supervisor_s(slug: str) -> None:
    keys = config(slug).keys()
    assert keys >= NEEDED
    assert keys <= KNOWN


def test_the_values_have_the_forms_that_are_asked_for(slug: str) -> None:
    app = config(slug)
    assert app["slug"] == slug
    assert app["arch"] == ["amd64", "aarch64"]
    assert app["init"] is False, "the base image has s6 as its own init"
    assert app["startup"] in {"initialize", "system", "services", "application", "once"}
    assert app["stage"] in {"stable", "experimental", "deprecated"}
    assert app["backup"] == "hot"
    assert re.match(r"^(?:https?|\[PROTO:\w+\]|tcp):\/\/\[HOST\]:(\[PORT:\d+\]|\d+).*$", app["watchdog"])
    assert 10 <= app["timeout"] <= 300
    assert all(entry["type"] in MAPS and isinstance(entry["read_only"], bool) for entry in app["map"])
    assert all(re.fullmatch(r"\d+/tcp", port) for port in app["ports"])
    assert app["ports"].keys() == app["ports_description"].keys()


def test_a_backup_leaves_out_what_is_fetched_or_made_again_and_nothing_of_the_household_s(slug: str) -> None:
    def is_left_out(path: str) -> bool:
        """As the Supervisor decides it: by the whole path on its side."""
        return any(PurePath("/data", path).match(pattern) for pattern in config(slug)["backup_exclude"])

    assert is_left_out(f"addons/data/0123abcd_{slug}/models/gigaam")
    kept = ("documents", "wake-words", "voices", "lecture-templates")
    assert not any(is_left_out(f"addon_configs/0123abcd_{slug}/{folder}/a.wav") for folder in kept)
    if slug == "voice_rag":
        assert is_left_out(f"addons/data/0123abcd_{slug}/knowledge/index")
        assert not is_left_out(f"addon_configs/0123abcd_{slug}/knowledge/manual.pdf")
        assert not is_left_out(f"addons/data/0123abcd_{slug}/catalogue.backup.sqlite")


@pytest.mark.skipif(shutil.which("apparmor_parser") is None, reason="there is no AppArmor here")
def test_the_profile_is_one_that_apparmor_understands(slug: str) -> None:
    command = ["apparmor_parser", "--skip-kernel-load", "--skip-cache", ADDONS / slug / "apparmor.txt"]
    read = subprocess.run(command, capture_output=True, text=True, check=False)
    assert read.returncode == 0, read.stderr


def test_the_servers_may_read_the_certificates_for_their_downloads(slug: str) -> None:
    servers = (ADDONS / slug / "apparmor.txt").read_text(encoding="utf-8").partition("profile servers ")[2]
    assert "#include <abstractions/ssl_certs>" in servers


def test_the_servers_may_link_what_they_keep(slug: str) -> None:
    """LanceDB commits each version of the index by a link."""
    servers = (ADDONS / slug / "apparmor.txt").read_text(encoding="utf-8").partition("profile servers ")[2]
    assert "/data/** rwkl," in servers


def test_nothing_is_exposed_unless_the_owner_asks_for_it(slug: str) -> None:
    app = config(slug)
    assert set(app["ports"].values()) == {None}
    assert not app.keys() & {"host_network", "full_access", "privileged", "docker_api", "hassio_role"}


def test_every_option_has_a_schema_and_its_default_fits(slug: str) -> None:
    app = config(slug)
    schema, options = app["schema"], app["options"]
    required = {key for key, element in schema.items() if isinstance(element, str) and not element.endswith("?")}
    assert required <= options.keys() <= schema.keys()
    for key, element in schema.items():
        for one in element if isinstance(element, list) else [element]:
            assert ELEMENT.match(one), key
        if isinstance(element, str) and (choice := re.fullmatch(r"list\((.+)\)\??", element)) and key in options:
            assert options[key] in choice[1].split("|"), key


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_option_and_port_is_explained(slug: str, language: str) -> None:
    app = config(slug)
    texts = read_yaml(ADDONS / slug / "translations" / f"{language}.yaml")
    assert texts["configuration"].keys() == app["schema"].keys()
    assert texts["network"].keys() == app["ports"].keys()
    assert all(text["name"] and text["description"] for text in texts["configuration"].values())


def test_it_has_the_project_s_version_and_says_what_changed(slug: str) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert config(slug)["version"] == version
    assert f"## {version}\n" in (ADDONS / slug / "CHANGELOG.md").read_text(encoding="utf-8")


def test_it_has_what_the_store_shows(slug: str) -> None:
    folder = ADDONS / slug
    for name in ("README.md", "DOCS.md", "Dockerfile", "apparmor.txt"):
        assert (folder / name).stat().st_size > 0, name
    assert png_size(folder / "icon.png") == (128, 128)
    assert png_size(folder / "logo.png") == (250, 100)
    assert not (folder / "build.yaml").exists(), "retired: the base image stands in the Dockerfile"


def png_size(path: Path) -> tuple[int, int]:
    header = path.read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(header[16:20]), int.from_bytes(header[20:24])


def test_services_are_known_to_s6_and_depend_on_what_is_there(slug: str) -> None:
    services = ADDONS / slug / "rootfs/etc/s6-overlay/s6-rc.d"
    names = {path.parent.name for path in services.glob("*/type")}
    assert {path.name for path in services.glob("user/contents.d/*")} == names
    for name in names:
        dependencies = {path.name for path in (services / name / "dependencies.d").iterdir()}
        assert dependencies
        assert dependencies <= names | {"base"}
        run = services / name / "run"
        assert run.stat().st_mode & 0o111
        assert run.read_text(encoding="utf-8").startswith("#!/command/with-contenv bashio\n")
        if (services / name / "type").read_text() == "oneshot\n":
            assert (services / name / "up").read_text().strip() == f"/etc/s6-overlay/s6-rc.d/{name}/run"
