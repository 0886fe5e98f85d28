"""What a service gives to the server: its part of `info`, a handler for each client's dialogue, its state."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from types import UnionType
from typing import Any, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints

from aiohttp import web
from wyoming.event import Event, Eventable
from wyoming.info import Info

from .errors import ProtocolError

E = TypeVar("E", bound=Eventable)

Send = Callable[[Eventable], Awaitable[None]]
"""Writes one event to the client. Raises ConnectionError when the client has gone."""

AUDIO_EVENTS = frozenset({"audio-start", "audio-chunk", "audio-stop"})


class Handler(Protocol):
    """One client's dialogue with one service. `handle` must return soon: long work runs in a task of the handler."""

    async def handle(self, event: Event) -> None:
        """Take the next event. Raises ServerError for what the client should be told."""

    @property
    def is_busy(self) -> bool:
        """Whether an answer is under way that a stopping server should finish."""

    async def close(self) -> None:
        """The client has gone: cancel what still runs for it."""


class Service(Protocol):
    """One kind of work on the shared port."""

    name: str
    opening_events: frozenset[str]
    """Events that begin a dialogue with this service."""

    following_events: frozenset[str]
    """Events that belong to a dialogue that has begun."""

    def start(self) -> None:
        """Begin to load; returns at once."""

    async def stop(self) -> None:
        """Release the engine."""

    def info(self) -> Info:
        """Return this service's part of the server's info; cheap, answers while the engine loads."""

    def open(self, send: Send) -> Handler:
        """Return a handler for a new dialogue."""

    def health(self) -> Mapping[str, Any]:
        """Return the state for people: at least `state` ("loading", "ready" or "failed") and `engine`."""

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what this service adds to the side port."""


def parse(kind: type[E], event: Event) -> E:
    """Return the event's data as its class. Raises: ProtocolError when a field is missing or of another type."""
    try:
        value: E = kind.from_event(event)  # type: ignore[assignment]  # the library's base class is untyped here
    except (AssertionError, AttributeError, KeyError, TypeError, ValueError) as err:
        raise ProtocolError(f"The event {event.type!r} lacks a field or has one of a wrong type: {err}.") from err
    for name, types in _field_types(kind).items():
        if not isinstance(getattr(value, name), types):
            raise ProtocolError(f"The event {event.type!r} has a {name!r} of a wrong type.")
    return value


@cache
def _field_types(kind: type[Any]) -> Mapping[str, tuple[type, ...]]:
    """Return the classes that each field may have; the library itself takes whatever the JSON holds."""
    hints = get_type_hints(kind)
    return {field.name: tuple(_classes(hints[field.name])) for field in fields(kind)}


def _classes(hint: Any) -> Iterator[type]:
    origin = get_origin(hint) or hint
    if origin in (Union, UnionType):
        for part in get_args(hint):
            yield from _classes(part)
    elif isinstance(origin, type):
        yield from (int, float) if origin is int else (origin,)
    else:
        yield object
