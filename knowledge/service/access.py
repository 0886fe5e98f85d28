"""Who may ask: decisions on a request's address and headers, apart from HTTP."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

SESSION_COOKIE = "voice_rag_session"
SUPERVISOR_ADDRESS = "172.30.32.2"
"""The only address that Home Assistant's ingress speaks from, in the network that the Supervisor makes."""

_INGRESS_HEADER = "X-Ingress-Path"
_READING = frozenset({"GET", "HEAD"})


class Verdict(Enum):
    """What becomes of a request."""

    LET_IN = "let in"
    FOREIGN_PAGE = "foreign page"
    NO_TOKEN = "no token"  # noqa: S105
    NOT_LOCAL = "not local"


@dataclass(frozen=True, slots=True)
class Caller:
    """What a request says of its sender."""

    method: str
    host: str
    """The name it was sent to, with its port."""
    peer: str | None
    """The address it came from."""
    headers: Mapping[str, str]
    cookie: str | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """The rules of one service."""

    token: str | None
    trusts_ingress: bool = False

    def judge(self, caller: Caller) -> Verdict:
        """Let in a bearer of the token, a browser that logged in with it, ingress, and without a token this machine.

        Whatever a browser sends by itself (a cookie, its place in the network) is no proof that its user meant it: what
        another site's page asks for is refused.
        """
        if self._has_token(caller):
            return Verdict.LET_IN
        if _is_foreign(caller, is_ingress=self.is_ingress(caller)):
            return Verdict.FOREIGN_PAGE
        if self.is_ingress(caller):
            return Verdict.LET_IN
        if self.token is None:
            # A name of this machine: a page whose name was made to point here has another one.
            return Verdict.LET_IN if is_loopback(_name(caller.host)) else Verdict.NOT_LOCAL
        is_logged_in = caller.cookie is not None and _is_same(caller.cookie, self.session())
        return Verdict.LET_IN if is_logged_in else Verdict.NO_TOKEN

    def is_token(self, given: str) -> bool:
        """Say whether somebody gave the token."""
        return self.token is not None and _is_same(given.strip(), self.token)

    def is_ingress(self, caller: Caller) -> bool:
        """Say whether a request comes through Home Assistant."""
        return self.trusts_ingress and caller.peer == SUPERVISOR_ADDRESS and _INGRESS_HEADER in caller.headers

    def session(self) -> str:
        """Return the cookie of a browser that logged in; it ends when the token changes."""
        return hmac.new((self.token or "").encode(), b"session", hashlib.sha256).hexdigest()

    def _has_token(self, caller: Caller) -> bool:
        scheme, _, given = caller.headers.get("Authorization", "").partition(" ")
        return scheme.casefold() == "bearer" and self.is_token(given)


def is_loopback(host: str) -> bool:
    """Say whether an address or a name means this machine only."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_foreign(caller: Caller, *, is_ingress: bool) -> bool:
    """Say whether a browser sends this for a page of another site; following a link there is no harm."""
    site = caller.headers.get("Sec-Fetch-Site", "none")
    if site not in {"none", "same-origin"}:
        return not (caller.method in _READING and caller.headers.get("Sec-Fetch-Mode") == "navigate")
    origin = caller.headers.get("Origin")
    # Behind ingress the page's own origin is Home Assistant's, whose name we don't know.
    return origin is not None and not is_ingress and urlsplit(origin).netloc != caller.host


def _name(host: str) -> str:
    return urlsplit(f"//{host}").hostname or ""


def _is_same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode())
