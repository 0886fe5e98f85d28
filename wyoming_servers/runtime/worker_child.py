"""The process of a `Worker`; started by it, imported by nobody.

It ends when its owner does: the owner's end of the socket closes then, whatever the reason.
"""

import logging
import os
import pickle
import queue
import select
import signal
import socket
import sys
import threading
import time
from importlib import import_module
from typing import Any, BinaryIO, cast

from wyoming_servers.runtime.errors import ServerError, StartError

_LOGGER = logging.getLogger("wyoming_servers.runtime.worker_child")  # it runs as __main__
_LOG_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
_GRACE_SECONDS = 1.0
_Call = tuple[str, tuple[Any, ...]]


def serve(target: Any, stream: BinaryIO) -> None:
    """Call the target's methods until the owner goes away."""
    calls: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(target, stream, calls), daemon=True).start()
    try:
        while (call := calls.get()) is not None:
            pickle.dump(_reply(target, *call), stream)
            stream.flush()
    except OSError as err:
        _LOGGER.debug("The owner has gone: %s", err)


def _receive(target: Any, stream: BinaryIO, calls: "queue.SimpleQueue[_Call | None]") -> None:
    """Hand over the calls that want an answer and make the others at once."""
    try:
        while True:
            is_answered, method, arguments = pickle.load(stream)  # noqa: S301 (from our own parent)
            if is_answered:
                calls.put((method, arguments))
            else:
                getattr(target, method)(*arguments)
    except (EOFError, OSError) as err:
        _LOGGER.debug("The owner has gone: %s", err)
    finally:
        calls.put(None)


def _reply(target: Any, method: str, arguments: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return "value", getattr(target, method)(*arguments)
    except StartError as err:
        return "start", str(err)
    except ServerError as err:
        return "engine", str(err)
    except (ImportError, OSError) as err:
        return "engine", f"{type(err).__name__}: {err}"
    except Exception as err:
        # A bug of one request must not end the process that others wait for.
        _LOGGER.exception("Unexpected failure in %s", method)
        return "engine", f"{type(err).__name__}: {err}"


def _leave_with_owner(connection: socket.socket) -> None:
    """End the process, also in the midst of a computation or a download, when nobody waits for it any more."""
    poll = select.poll()
    poll.register(connection, select.POLLRDHUP)
    poll.poll()
    time.sleep(_GRACE_SECONDS)  # enough for an idle process to end by itself
    os._exit(0)


def _main() -> None:
    target, number, level = sys.argv[1:]
    # A terminal or a service manager signals the whole group; the owner still needs answers while it drains.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    logging.basicConfig(level=int(level), format=_LOG_FORMAT, stream=sys.stderr)
    connection = socket.socket(fileno=int(number))
    threading.Thread(target=_leave_with_owner, args=(connection,), daemon=True).start()
    module, _, name = target.partition(":")
    serve(getattr(import_module(module), name)(), cast("BinaryIO", connection.makefile("rwb")))


if __name__ == "__main__":
    _main()
