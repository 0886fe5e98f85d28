"""Announcing the server by zeroconf, so that Home Assistant offers it by itself."""

import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address

from .settings import RuntimeSettings, is_loopback

_LOGGER = logging.getLogger(__name__)
_SERVICE_TYPE = "_wyoming._tcp.local."


@asynccontextmanager
async def announced(settings: RuntimeSettings, port: int) -> AsyncIterator[None]:
    """Announce the port while the context is open, where the settings ask for it and others can reach it."""
    name = settings.zeroconf_name
    if name is None:
        yield
        return
    address = reachable_address(settings.host)
    if address is None:
        _LOGGER.warning(
            "Not announced: only this machine can reach %s. Use --host with an address of the network.", settings.host
        )
        yield
        return
    try:
        async with _registered(f"{name}.{_SERVICE_TYPE}", address, port):
            _LOGGER.info("Announced as %s at %s:%d", name, address, port)
            yield
    except _NotAnnouncedError as err:
        _LOGGER.warning("Not announced: %s", err)
        yield


class _NotAnnouncedError(Exception):
    """The network or a missing library does not allow it; the message says why."""


@asynccontextmanager
async def _registered(service_name: str, address: str, port: int) -> AsyncIterator[None]:
    try:
        from zeroconf import Error as ZeroconfError  # noqa: PLC0415 (an extra)
        from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf  # noqa: PLC0415
    except ImportError as err:
        raise _NotAnnouncedError("install the extra voice-rag[zeroconf]") from err
    service = AsyncServiceInfo(_SERVICE_TYPE, service_name, addresses=[ip_address(address).packed], port=port)
    try:
        zeroconf = AsyncZeroconf()
    except OSError as err:
        raise _NotAnnouncedError(str(err)) from err
    try:
        try:
            await zeroconf.async_register_service(service)
        except (OSError, ZeroconfError) as err:
            raise _NotAnnouncedError(str(err) or type(err).__name__) from err
        yield
        await zeroconf.async_unregister_service(service)
    finally:
        await zeroconf.async_close()


def reachable_address(host: str) -> str | None:
    """Return an address that other machines can use for `host`, or None.

    A wildcard address is replaced by the one this machine uses towards its network: Home Assistant drops an
    announcement of 0.0.0.0.
    """
    if is_loopback(host):
        return None
    if host not in ("0.0.0.0", "::", ""):  # noqa: S104 (compared, not bound)
        try:
            return str(socket.getaddrinfo(host, None)[0][4][0])
        except OSError:
            return None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("224.0.0.251", 5353))  # no packet is sent: this only asks the routing table
        except OSError:
            return None
        address: str = probe.getsockname()[0]
    return None if is_loopback(address) else address
