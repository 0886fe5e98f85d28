"""How the servers are, on a terminal."""

from collections.abc import Iterable

from rich.table import Column, Table
from rich.text import Text

from .config import Server
from .supervisor import State, Watched

_COLOURS = {State.OK: "green", State.FAILED: "red", State.RESTARTING: "red", State.STOPPED: "dim"}


def render(servers: Iterable[Watched]) -> Table:
    """Return the table: one line a server."""
    table = Table("Server", "State", "Ports", Column("Folders", overflow="fold"), "Restarts")
    for watched in servers:
        table.add_row(
            watched.server.name,
            Text(f"{watched.state} {watched.reason}".strip(), style=_COLOURS.get(watched.state, "yellow")),
            _ports(watched.server),
            "\n".join(f"{name}: {path}" for name, path in watched.server.folders.items()),
            str(watched.restarts),
        )
    return table


def describe(server: Server) -> str:
    """Return the ports and folders of a server in one line."""
    folders = ", ".join(f"{name} {path}" for name, path in server.folders.items())
    return f"{server.name}: {_ports(server)}; {folders}"


def _ports(server: Server) -> str:
    return ", ".join(f"{name.replace('_', '-')} {port}" for name, port in server.ports.items())
