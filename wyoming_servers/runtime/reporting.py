"""Telling a client what went wrong: one `error` event, one log line, one count."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from wyoming.error import Error

from . import metrics
from .errors import ServerError
from .service import Send

_LOGGER = logging.getLogger(__name__)


async def report(send: Send, err: ServerError) -> None:
    """Send the failure as an `error` event; a client that has gone misses nothing."""
    metrics.ERRORS.labels(err.code).inc()
    _LOGGER.warning("Told the client: %s (%s)", err, err.code)
    with suppress(ConnectionError):
        await send(Error(text=str(err), code=err.code))


@asynccontextmanager
async def telling(send: Send, work: str) -> AsyncIterator[None]:
    """Tell the client of whatever fails inside; `work` names it in the log."""
    try:
        yield
    except ServerError as err:
        await report(send, err)
    except ConnectionError as err:
        _LOGGER.debug("The client has gone: %s", err)
    except Exception:
        # A bug of ours must not look like a closed socket to the client, nor take other dialogues with it.
        _LOGGER.exception("Unexpected failure: %s", work)
        await report(send, ServerError("Something went wrong inside the server; its log has the details."))
