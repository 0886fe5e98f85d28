"""The configuration file: sections are servers, keys are the options of their commands."""

import argparse
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Never

from voice_rag.commands import knowledge, speech
from voice_rag.lectures.options import can_read_recordings

from .errors import ConfigError

EXAMPLE = Path(__file__).with_name("example.toml")
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Server:
    """A server as the configuration wants it."""

    name: str
    argv: tuple[str, ...]
    """The arguments of `voice-rag`."""
    folder: Path
    """Where relative paths begin."""
    health_url: str
    ports: Mapping[str, int]
    folders: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class Config:
    """All servers, and the token that they ask for."""

    servers: tuple[Server, ...]
    token: str | None


def read_config(path: Path) -> Config:
    """Return what a configuration file asks for.

    Raises: ConfigError.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"There is no {path}. Write one: voice-rag up --example > {path}") from None
    except (OSError, UnicodeDecodeError) as err:
        raise ConfigError(f"{path} can't be read: {err}") from err
    except tomllib.TOMLDecodeError as err:
        raise ConfigError(f"{path} is not TOML: {err}") from err
    return parse_config(values, path.resolve().parent)


def parse_config(values: Mapping[str, Any], folder: Path) -> Config:
    """Return what a configuration asks for; paths in it are relative to the folder.

    Raises: ConfigError.
    """
    if unknown := values.keys() - _COMMANDS.keys() - {"data", "token"}:
        raise ConfigError(f"Unknown in the configuration: {', '.join(sorted(unknown))}. Servers are speech, knowledge.")
    token, data = values.get("token"), values.get("data", "data")
    if not isinstance(data, str) or not isinstance(token, str | None):
        raise ConfigError("data and token are texts in quotes.")
    servers = {name: _server(name, values[name], Path(data), folder) for name in _COMMANDS if name in values}
    if not servers:
        raise ConfigError("The configuration has no server. Add a section [speech], [knowledge] or both.")
    _require_different_ports(tuple(servers.values()))
    if servers.keys() >= {"speech", "knowledge"}:
        servers["knowledge"] = _with_transcriber(servers["knowledge"], servers["speech"])
    return Config(tuple(servers.values()), token)


_COMMANDS = {"speech": ("speech",), "knowledge": ("knowledge", "serve")}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Never:
        raise ConfigError(message)


def _server(name: str, section: Any, data: Path, folder: Path) -> Server:
    if not isinstance(section, dict):
        raise ConfigError(f"{name} is not a section. Write [{name}] on a line of its own.")
    if "token" in section:
        raise ConfigError(f"token stands above [{name}], not in it: all servers ask for the same.")
    argv = (*_COMMANDS[name], *_arguments(name, {"data": str(data / name), **section}))
    options = _parse(name, argv)
    return Server(
        name=name,
        argv=argv,
        folder=folder,
        health_url=_health_url(options),
        ports={key: value for key in ("port", "side_port") if (value := getattr(options, key, None))},
        folders={key: folder / value for key, value in sorted(vars(options).items()) if isinstance(value, Path)},
    )


def _with_transcriber(knowledge: Server, speech_server: Server) -> Server:
    """Let the speech server transcribe lectures.

    Unless another choice was made, it recognises no speech, or what reads recordings is not installed.
    """
    chosen, heard = _parse(knowledge.name, knowledge.argv), _parse(speech_server.name, speech_server.argv)
    is_chosen = chosen.transcriber is not None or chosen.transcriber_url
    if is_chosen or heard.stt_engine == "none" or not can_read_recordings():
        return knowledge
    url = speech_server.health_url.removesuffix("/health")
    return replace(knowledge, argv=(*knowledge.argv, f"--transcriber-url={url}"))


def _arguments(name: str, section: Mapping[str, Any]) -> list[str]:
    arguments = []
    for key, value in section.items():
        option = "--" + key.replace("_", "-")
        values: Sequence[Any] = value if isinstance(value, list) else [value]
        for one in values:
            if isinstance(one, dict):
                raise ConfigError(f"{key} in [{name}] is a text, a number, true or false, or a list of these.")
            if isinstance(one, bool):
                arguments += [option] if one else []
            else:
                arguments.append(f"{option}={one}")
    return arguments


def _parse(name: str, argv: Sequence[str]) -> argparse.Namespace:
    parser: argparse.ArgumentParser = _Parser(prog="voice-rag", allow_abbrev=False)
    commands = parser.add_subparsers()  # of the same class, so their errors come here too
    speech.add_to(commands)
    knowledge.add_to(commands)
    try:
        options = parser.parse_args(argv)
    except ConfigError as err:
        command = " ".join(_COMMANDS[name])
        raise ConfigError(f"[{name}]: {err}. What there is: voice-rag {command} --help") from None
    if getattr(options, "port", None) is None and name == "knowledge":
        from knowledge.settings import DEFAULT_PORT  # noqa: PLC0415 (its packages are an extra)

        options.port = DEFAULT_PORT
    return options


def _health_url(options: argparse.Namespace) -> str:
    host = getattr(options, "side_host", options.host)
    port = getattr(options, "side_port", options.port)
    return f"http://{LOOPBACK if host in ('0.0.0.0', '::') else host}:{port}/health"  # noqa: S104 (a comparison)


def _require_different_ports(servers: Sequence[Server]) -> None:
    owners: dict[int, str] = {}
    for server in servers:
        for key, port in server.ports.items():
            place = f"{key.replace('_', '-')} of [{server.name}]"
            if port in owners:
                raise ConfigError(f"Port {port} is both {owners[port]} and {place}. Give one of them another.")
            owners[port] = place
