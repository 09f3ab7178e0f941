"""Sign-in to the page of a server, by OpenID Connect: who a browser's session is for, and what one that is not let in may have.

Streamlit's own `st.login` does the exchange with the provider, and keeps what the provider says of a person in a signed cookie.
Here it is decided whether that person may come in, and in which role; `bot.permissions` then guards whatever acts.
"""

import logging
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import FootnoteError
from bot.models.choices import write_private
from bot.request_context import Role
from bot.settings import Settings, load_settings
from bot.ui.words import word
from bot.wiring.accounts import Accounts

if TYPE_CHECKING:
    from streamlit.runtime.secrets import SecretsValue

log = logging.getLogger(__name__)

Hindrance = Literal["", "signed out", "expired", "no address", "unverified", "not on the list"]
"""Why somebody is not let in; "" for who is."""

COOKIE_SECRET = "signin-cookie-secret"
"""The file in the home with the key of the cookies' signature: who is signed in stays so when the page is started again."""
CALLBACK = "/oauth2callback"
_OPEN = ("/_stcore/health", "/_stcore/host-config", "/_stcore/stream")
"""What a browser needs to show that somebody must sign in. Over the stream it is sent what the page draws, and no more."""
_CLOSED = ("/_stcore/", "/media/", "/component/", "/app/")
"""Where files of a session, uploads and parts of pages are had."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at the page: their address and role, or why they are not let in."""

    address: str = ""
    role: Role = "none"
    hindrance: Hindrance = "signed out"


class SignIn:
    """The sign-in of one server by its settings.

    >>> sign_in = SignIn(load_settings(home=home, signin_provider="https://id.example.org"))
    >>> sign_in.visitor({}).hindrance
    'signed out'
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._accounts = Accounts(settings.home)
        self.address = settings.public_address.rstrip("/")

    def visitor(self, claims: Mapping[str, object]) -> Visitor:
        """Whoever the provider's claims are about; nobody without claims."""
        # Streamlit's own mark, in `st.user` as in its cookie; a session without sign-in has none.
        if claims.get("is_logged_in") is not True:
            return Visitor()
        address = str(claims.get("email") or "").strip().lower()
        issued = claims.get("iat")
        # Streamlit's cookie is good for 30 days; `iat` is when the provider said who this is, in seconds since 1970.
        if not isinstance(issued, int | float) or issued + 3600 * self._settings.signin_hours < time.time():
            return Visitor(address, hindrance="expired")
        if not address:
            return Visitor(hindrance="no address")
        # Some providers let everybody enter any address, and say so here.
        if not (claims.get("email_verified") is True or self._settings.signin_unverified):
            return Visitor(address, hindrance="unverified")
        try:
            role = self._accounts.role_of(address)
        except FootnoteError as error:
            # A list that can't be read lets nobody in: the other way round, a damaged file would open the door.
            log.error("nobody is let in: %s", error.message)
            role = "none"
        return Visitor(address, role, "" if role != "none" else "not on the list")

    def cookies_visitor(self, cookies: Mapping[str, str]) -> Visitor:
        """Whoever a request's cookies are of, as Streamlit would read them for a session."""
        from streamlit.web.server.starlette import starlette_websocket as streamlit_cookies
        from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

        # Streamlit has no public function for this; its version is pinned, and a test signs in through both.
        signed = streamlit_cookies._get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME)
        return self.visitor(streamlit_cookies._parse_decoded_user_cookie(signed, self.address) if signed else {})

    def secrets(self) -> "Mapping[str, SecretsValue]":
        """What Streamlit reads of the sign-in, which it is given in memory: no file holds the client's secret."""
        settings = self._settings
        auth: dict[str, SecretsValue] = {
            # Must be word for word what is registered with the provider.
            "redirect_uri": self.address + CALLBACK,
            "cookie_secret": self._cookie_secret(),
            "client_id": settings.signin_client,
            "client_secret": settings.signin_secret.get_secret_value(),
            "server_metadata_url": discovery_address(settings.signin_provider),
        }
        return {"auth": auth}

    def _cookie_secret(self) -> str:
        path = self._settings.home / COOKIE_SECRET
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            # 48 random bytes; written once, as another secret would sign everybody out.
            write_private(path, secrets.token_urlsafe(48) + "\n")
        return path.read_text(encoding="utf-8").strip()


def discovery_address(provider: str) -> str:
    """Where a provider describes itself, whether its own address was given or that of its description.

    >>> discovery_address("https://id.example.org/realms/news/")
    'https://id.example.org/realms/news/.well-known/openid-configuration'
    """
    # The place is fixed by OpenID Connect Discovery 1.0, section 4.
    path = "/.well-known/openid-configuration"
    return provider if provider.endswith(path) else provider.rstrip("/") + path


# Sessions, requests and threads ask for it all the time, and the environment of a process does not change.
@cache
def server_signin() -> SignIn | None:
    """The sign-in of this process, by its environment; None where nobody signs in."""
    settings = load_settings()
    return SignIn(settings) if settings.signin_provider else None


def public_names(settings: Settings) -> tuple[str, ...]:
    """The names, beside this machine's own, by which the page may be asked for."""
    name = urlsplit(settings.public_address).hostname
    return (name,) if name else ()


class SignedInMiddleware:
    """Keeps what belongs to sessions (files, uploads, parts of pages) from browsers that nobody has signed in with."""

    def __init__(self, app: ASGIApp, sign_in: SignIn) -> None:
        self._app = app
        self._sign_in = sign_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or answers it with 401."""
        path = scope.get("path", "")
        # A websocket is let through: what it carries is drawn by `app.main`, which shows the sign-in alone to whoever is not
        # let in.
        closed = scope["type"] == "http" and path not in _OPEN and path.startswith(_CLOSED)
        if closed and self._sign_in.cookies_visitor(cookie_parser(Headers(scope=scope).get("cookie", ""))).role == "none":
            await PlainTextResponse(word("signin.sign_in_first"), 401)(scope, receive, send)
        else:
            await self._app(scope, receive, self._sent(send))

    def _sent(self, send: Send) -> Send:
        """The same; over HTTPS, each cookie for HTTPS alone, which Streamlit leaves open."""
        # Over plain HTTP a browser does not send a secure cookie back, and nobody could sign in.
        if not self._sign_in.address.startswith("https://"):
            return send

        async def told(message: Message) -> None:
            """Sends a message."""
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                cookies = headers.getlist("set-cookie")
                del headers["set-cookie"]
                # Set one by one: a header may be there several times, and assigning to a name would leave the last one.
                for cookie in cookies:
                    headers.append("set-cookie", cookie if "secure" in cookie.lower().split("; ") else f"{cookie}; Secure")
            await send(message)

        return told
