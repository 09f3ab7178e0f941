"""Who may ask the server: callers of this machine, and beyond it those who send a token; and what their token's role is.

A page of any website can have a browser send requests to a server on this machine, or give its own name this machine's address
(DNS rebinding). So requests are refused whose `Host` is no name of this server or whose `Origin` is another page, unless they
had to bring a token, which no such page has. There is no CORS: no page of another origin can read an answer.
"""

import hmac
import logging
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import FootnoteError, InputError
from bot.models.choices import write_private
from bot.request_context import Door, RequestContext, Role, current_request, request_id, request_scope
from bot.serving.failures import HttpProblem, RequestRefused, error_response
from bot.wiring.accounts import TOKEN_PREFIX, AccessToken

FILE = "serve-token"
"""The file in the home that holds the token which was made there."""
# Characters of a token: as hexadecimal digits, sixteen are 64 bits.
SHORTEST = 16
ID_HEADER = "X-Request-Id"
OPEN_PATHS = ("/healthz", "/docs", "/openapi.json")
"""What needs no token: whether the server lives, and how it is asked."""

log = logging.getLogger(__name__)

# Printable ASCII without blanks: it goes into a header.
_TOKEN = re.compile(r"[!-~]+")

TokenHolders = Callable[[str], AccessToken | None]
"""Tells whose token one is, None where it is nobody's."""


@dataclass(frozen=True, slots=True)
class TokenCaller:
    """Who sent a request, by its token: the name of the token, "" for the server's own or none, and its role."""

    person: str = ""
    role: Role = "admin"


@dataclass(frozen=True, slots=True)
class AccessRules:
    """What a request must have: the `token` ("" for none), and a `Host` among `hosts` (None: any), an address being one.

    Instead of that token, which is an admin's, one of the `holders` may be sent.

    >>> rules = AccessRules(hosts=("localhost",))
    >>> rules.names("localhost:8600"), rules.names("127.0.0.1:8600"), rules.names("evil.example:8600")
    (True, True, False)
    """

    token: str = ""
    hosts: tuple[str, ...] | None = ("localhost",)
    holders: TokenHolders = lambda _: None

    def names(self, host: str) -> bool:
        """Whether a `Host` header names this server."""
        if self.hosts is None:
            return True
        name = _name_of(host)
        # Only a name can be given another address; who writes an address means the machine that has it.
        return name.lower() in self.hosts or _is_address(name)

    def caller(self, authorization: str) -> TokenCaller | None:
        """Whose token an `Authorization` header carries, None where that is nobody's; the owner where none is asked for.

        Raises DamagedAccounts.
        """
        scheme, _, given = authorization.partition(" ")
        given = given.strip() if scheme.lower() == "bearer" else ""
        # Looked for first: a token of the list has a role of its own, the server's own is an admin's.
        if (holder := self.holders(given)) is not None:
            return TokenCaller(holder.name, holder.role)
        # In a time that does not tell how many characters fit.
        if self.token:
            return TokenCaller() if hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode()) else None
        # Clients that want a key send one of any kind; but one that was revoked opens nothing, not even what is open.
        return None if given.startswith(TOKEN_PREFIX) else TokenCaller()


def access_rules(host: str, token: str, allowed: Sequence[str] = (), holders: TokenHolders = lambda _: None) -> AccessRules:
    """The rules of a server that listens on `host`; `allowed` are further names by which it is reached."""
    # Whoever sends the token is no website's page, and the names of a machine on a network are many.
    if token and not allowed and not is_loopback(host):
        return AccessRules(token, None, holders)
    return AccessRules(token, tuple(name.lower() for name in ("localhost", host, *allowed)), holders)


def is_loopback(host: str) -> bool:
    """Whether nothing but this machine reaches what listens there."""
    return host.lower() == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def read_token(path: Path) -> str:
    """The token in a file, white space around it aside; raises InputError."""
    try:
        return checked_token(path.read_text(encoding="utf-8").strip(), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The token in {path} cannot be read: {getattr(error, 'strerror', None) or 'no text'}.") from None


def checked_token(token: str, where: str) -> str:
    """The token, if nobody can guess it; raises InputError, which does not show it."""
    if len(token) < SHORTEST or not _TOKEN.fullmatch(token):
        raise InputError(
            f"The token of {where} cannot be used.",
            f"It must have {SHORTEST} characters or more, without spaces and none beyond ASCII.",
        )
    return token


def kept_token(home: Path) -> tuple[str, Path]:
    """The token of a home, made the first time, and the file that holds it, which only its owner can read."""
    path = home / FILE
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        write_private(path, secrets.token_urlsafe(32) + "\n")
    return read_token(path), path


class AccessMiddleware:
    """Refuses requests by the rules before anything reads them, and what is larger than a request may be.

    What it lets in works for the person of its token, and within that token's role.
    """

    def __init__(self, app: ASGIApp, rules: AccessRules, largest: int) -> None:
        self._app = app
        self._rules = rules
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or answers it with what is wrong."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        caller = self._caller(headers)
        # `/healthz` is open to everybody and tells more to whoever is trusted.
        scope.setdefault("state", {})["trusted"] = caller is not None
        if problem := self._problem(scope, headers):
            await error_response(problem, scope["path"])(scope, receive, _guarded(send))
            return
        # Only the open paths come this far without a token; they work within the role “none”.
        who = caller or TokenCaller(role="none")
        with request_scope(replace(current_request(), person=who.person, role=who.role)):
            await self._app(scope, _limited(receive, self._largest), _guarded(send))

    def _caller(self, headers: Headers) -> TokenCaller | None:
        try:
            return self._rules.caller(headers.get("authorization", ""))
        except FootnoteError as error:
            # A file that cannot be read lets nobody in; what is wrong with it is not told to strangers.
            log.error("no token can be looked up: %s", error.message)
            return None

    def _problem(self, scope: Scope, headers: Headers) -> HttpProblem | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._rules.names(host):
            help = "Ask by the machine's address, or start the server with --allow-host and this name."
            # 421, "Misdirected Request": the name of another server was asked for.
            return HttpProblem(421, "This server is not known by that name.", help, "unknown_host")
        # Other programs send no `Origin`, and a page of this server its own name.
        if not self._rules.token and origin is not None and _netloc(origin) != host:
            return HttpProblem(403, "Pages of other websites may not ask Footnote.", "", "foreign_origin")
        if not scope["state"]["trusted"] and scope["path"] not in OPEN_PATHS:
            help = "Send the header `Authorization: Bearer` with the token; `footnote serve` says where that is kept."
            return HttpProblem(401, "This server asks for a token.", help, "no_token", {"WWW-Authenticate": "Bearer"})
        # The length that is stated is refused before a byte is read; `_limited` counts what comes without one.
        stated = headers.get("content-length", "0")
        return _too_large(self._largest) if not stated.isdecimal() or int(stated) > self._largest else None


class CallerMiddleware:
    """Has each request work under an id of its own, and for the address by which the limits of the settings count it."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on; the response bears its id, which is the caller's own where one was sent."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        host = (scope.get("client") or ("", 0))[0]
        id = request_id(Headers(scope=scope).get(ID_HEADER, ""))
        # Programs of this machine are its owner's, and no limit per caller holds them up.
        with request_scope(RequestContext(self._door, id, session="" if is_loopback(host) else host)):
            await self._app(scope, receive, _with_header(send, ID_HEADER, id))


def _too_large(most: int) -> HttpProblem:
    return HttpProblem(413, f"The request is larger than {most // 1_000_000} MB.", "Send the text in parts.", "too_large")


def _limited(receive: Receive, most: int) -> Receive:
    """The same, raising RequestRefused once more has come than a request may be: its length need not be stated."""
    came = 0

    async def counted() -> Message:
        """The next message."""
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > most:
            raise RequestRefused(_too_large(most))
        return message

    return counted


def _guarded(send: Send) -> Send:
    """The same, with the headers that keep browsers from guessing types and from keeping answers."""

    async def told(message: Message) -> None:
        """Sends a message."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["X-Content-Type-Options"] = "nosniff"
            # A route may have set another one, as streams do.
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return told


def _with_header(send: Send, name: str, value: str) -> Send:
    """The same, with one header more in the response."""

    async def told(message: Message) -> None:
        """Sends a message."""
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)[name] = value
        await send(message)

    return told


def _name_of(host: str) -> str:
    """A `Host` without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
