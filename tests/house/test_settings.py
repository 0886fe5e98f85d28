"""What a person may choose, and how Home Assistant is told."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest

from demo.__main__ import main, parse
from demo.errors import HomeAssistantError, PortInUseError
from demo.furnishing import matching
from demo.house import choose_addresses
from demo.ports import free_ports
from demo.servers import write_home_assistant_configuration
from demo.settings import OLLAMA_MODEL, Settings, ollama_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("", None),
        ("  ", None),
        ("nas", "http://nas:11434"),
        ("nas:8080", "http://nas:8080"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("http://nas:11434/", "http://nas:11434"),
        ("https://nas", "https://nas"),
    ],
)
def test_ollama_host_is_read_in_the_forms_that_ollama_takes(host: str, url: str | None) -> None:
    assert ollama_url(host) == url


def test_without_an_environment_there_is_no_language_model_and_our_own_home_assistant() -> None:
    settings = Settings.from_environment({})
    assert (settings.ollama_url, settings.ollama_model) == (None, OLLAMA_MODEL)
    assert settings.hass.name == "hass"


def test_another_home_assistant_can_be_named_in_the_environment() -> None:
    assert str(Settings.from_environment({"HOUSE_HASS": "/opt/older/bin/hass"}).hass) == "/opt/older/bin/hass"


def test_the_command_line_says_where_and_how_long() -> None:
    settings = parse(["--keep", "--port", "8200", "--folder", "/tmp/a-house"])
    assert (settings.keep, settings.port, str(settings.folder)) == (True, 8200, "/tmp/a-house")


def test_ports_are_different_and_a_wanted_one_is_taken() -> None:
    (wanted,) = free_ports(1)
    addresses = choose_addresses(Settings(port=wanted))
    ports = {addresses.home_assistant, addresses.speech, addresses.speech_side, addresses.knowledge}
    assert addresses.home_assistant == wanted
    assert len(ports) == 4


def test_a_wanted_port_that_is_in_use_is_refused_with_the_option_to_change(taken_port: int) -> None:
    with pytest.raises(PortInUseError, match=rf"Port {taken_port} .* --port"):
        choose_addresses(Settings(port=taken_port))


def test_the_program_ends_with_one_sentence_and_status_1_when_it_cannot_start(
    taken_port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--port", str(taken_port), "--folder", str(tmp_path / "house")]) == 1
    printed = capsys.readouterr().out
    assert f"Port {taken_port} on 127.0.0.1 is in use." in printed
    assert "Traceback" not in printed


def test_home_assistant_is_told_to_listen_on_the_loopback_address_only(tmp_path: Path) -> None:
    write_home_assistant_configuration(tmp_path, 8200)
    http = json.loads((tmp_path / ".storage" / "http").read_text())
    assert http["data"] == {"server_host": ["127.0.0.1"], "server_port": 8200}
    assert (tmp_path / "configuration.yaml").is_file()


@pytest.mark.parametrize(
    ("tags", "language", "tag"),
    [(["en-GB", "en"], "en", "en"), (["ru_RU", "en"], "ru", "ru_RU"), (["zh-CN", "zh-TW"], "zh", "zh-CN")],
)
def test_a_language_is_found_with_and_without_a_region(tags: list[str], language: str, tag: str) -> None:
    assert matching(tags, language) == tag


def test_a_language_that_is_not_offered_is_an_error_that_lists_what_is() -> None:
    with pytest.raises(HomeAssistantError, match="ru is not offered, only de, en"):
        matching(["en", "de"], "ru")
