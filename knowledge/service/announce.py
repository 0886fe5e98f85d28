"""Telling Home Assistant where the service is, by zeroconf; only if the package is installed."""

from __future__ import annotations

import logging
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_LOGGER = logging.getLogger(__name__)

SERVICE_TYPE = "_voice-rag._tcp.local."
_ANY = frozenset({"0.0.0.0", "::", ""})  # noqa: S104
_DOCUMENTATION_ADDRESS = ("192.0.2.1", 9)


@asynccontextmanager
async def announced(host: str, port: int, version: str) -> AsyncIterator[None]:
    """Announce the service until the block ends; without zeroconf or a network, only log that it is not."""
    try:
        from zeroconf import Error, IPVersion  # noqa: PLC0415  an optional extra
        from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf  # noqa: PLC0415
    except ImportError:
        _LOGGER.info("Not announced on the network: the zeroconf package is not installed")
        yield
        return
    try:
        address = real_address(host)
        name = socket.gethostname().split(".")[0]
        info = AsyncServiceInfo(
            SERVICE_TYPE,
            f"{name}.{SERVICE_TYPE}",
            port=port,
            server=f"{name}-voice-rag.local.",
            parsed_addresses=[address],
            properties={"version": version},
        )
        zeroconf = AsyncZeroconf(ip_version=IPVersion.V4Only)
        await zeroconf.async_register_service(info, allow_name_change=True)
    except (OSError, Error) as err:
        _LOGGER.warning("Not announced on the network: %s", err)
        yield
        return
    _LOGGER.info("Announced on the network as %s at %s:%d", info.name, address, port)
    try:
        yield
    finally:
        await zeroconf.async_unregister_service(info)
        await zeroconf.async_close()


def real_address(host: str) -> str:
    """Return the address that others reach this machine at; raises OSError without a network.

    Connecting a datagram socket sends nothing: the system only chooses the address that it would send from.
    """
    if host not in _ANY:
        return socket.gethostbyname(host)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(_DOCUMENTATION_ADDRESS)
        address: str = probe.getsockname()[0]
        return address
