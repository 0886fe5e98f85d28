"""Ports on the loopback address."""

from __future__ import annotations

import socket
from contextlib import ExitStack

from demo.errors import PortInUseError

LOOPBACK = "127.0.0.1"


def free_ports(count: int) -> list[int]:
    """Return `count` different ports that nobody listens on now."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return [each.getsockname()[1] for each in sockets]


def is_free(port: int) -> bool:
    """Say whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def require_free(port: int, option: str) -> int:
    """Return the port that somebody asked for with `option`.

    Raises: PortInUseError.
    """
    if not is_free(port):
        raise PortInUseError(port, option)
    return port
