"""JSON over HTTP for detectors that ask another machine: blocking, with time-outs, and connections kept open."""

import json
from collections import deque
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from wyoming_servers.runtime.errors import EngineError

_LARGEST_ANSWER = 4 * 1024 * 1024


class RemoteError(EngineError):
    """The other machine did not give an answer that can be used."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address}: {reason}")


class JsonClient:
    """One server, for any number of threads."""

    def __init__(self, address: str, token: str | None = None) -> None:
        """Raises: EngineError for an address that is not http or https."""
        parts = urlsplit(address)
        try:
            kind = {"http": HTTPConnection, "https": HTTPSConnection}[parts.scheme]
            self._host, self._port = parts.hostname or "", parts.port
        except (KeyError, ValueError) as err:
            raise EngineError(f"{address!r} is not an address of the form http://host:port.") from err
        self.address = address.rstrip("/")
        self._path = parts.path.rstrip("/")
        self._kind = kind
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._free = deque[HTTPConnection]()

    def get(self, path: str, *, timeout_seconds: float) -> Any:
        """Return the JSON at the path. Raises: RemoteError."""
        return self._request(_Request("GET", self._path + path, None, timeout_seconds))

    def post(self, path: str, body: Any, *, timeout_seconds: float) -> Any:
        """Return the JSON that answers the body. Raises: RemoteError."""
        return self._request(_Request("POST", self._path + path, json.dumps(body).encode(), timeout_seconds))

    def _request(self, request: "_Request") -> Any:
        try:
            status, answer = self._exchange(request)
        except (OSError, HTTPException) as err:
            raise RemoteError(self.address, str(err) or type(err).__name__) from err
        if status != 200:
            raise RemoteError(self.address, f"it answers {status}: {answer[:200].decode(errors='replace')}")
        try:
            return json.loads(answer)
        except (ValueError, RecursionError) as err:
            raise RemoteError(self.address, "the answer is not JSON") from err

    def _exchange(self, request: "_Request") -> tuple[int, bytes]:
        """Return status and body. The other side may have closed a kept connection: then the next one is used."""
        while self._free:
            try:
                return self._exchange_on(self._free.pop(), request)
            except TimeoutError:
                raise
            except (IndexError, OSError, HTTPException):
                continue
        return self._exchange_on(self._kind(self._host, self._port), request)

    def _exchange_on(self, connection: HTTPConnection, request: "_Request") -> tuple[int, bytes]:
        is_done = False
        connection.timeout = request.timeout_seconds
        if connection.sock is not None:
            connection.sock.settimeout(request.timeout_seconds)
        try:
            headers = {"Content-Type": "application/json", **self._headers}
            connection.request(request.method, request.path, request.body, headers)
            response = connection.getresponse()
            answer = response.read(_LARGEST_ANSWER)
            is_done = response.isclosed() and not response.will_close
        finally:
            if is_done:
                self._free.append(connection)
            else:
                connection.close()
        return response.status, answer


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    body: bytes | None
    timeout_seconds: float
