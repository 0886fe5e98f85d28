"""Ports on the loopback address."""

from __future__ import annotations

import socket
from itertools import islice
from random import SystemRandom

from demo.errors import PortInUseError

LOOPBACK = "127.0.0.1"
_PORTS = range(20_000, 32_768)
"""Below those that Linux gives to connections, and to servers that take any port: nobody gets one of them meanwhile."""


def free_ports(count: int) -> list[int]:
    """Return `count` different ports that nobody listens on now."""
    return list(islice(filter(is_free, SystemRandom().sample(_PORTS, len(_PORTS))), count))


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
