"""The page's server: `python -m bot.ui.serve PORT ADDRESS`. It answers the browsers of this machine, for its own pages alone,
and programs of this machine below /v1/, as `footnote serve` does.

The articles are opened while Streamlit starts and the browser connects, so that the first answer need not wait for Chroma's
import and the model.
"""

import os
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.ending import end
from bot.errors import FootnoteError, describe
from bot.logs import start_logging
from bot.request_context import RequestContext, background_request, request_scope, set_request_source
from bot.resources import app_file
from bot.settings import Settings, load_settings, variable
from bot.ui.page_api import PageApiMiddleware, page_doors
from bot.ui.signin import SignedInMiddleware, public_names, server_signin
from bot.ui.words import word
from bot.wiring import shared_service
from bot.wiring.accounts import check_signin
from vectorstore.errors import VectorstoreError

NAMES = ("127.0.0.1", "localhost")
"""The names by which a browser of this machine reaches the page."""


class SameOriginMiddleware:
    """Refuses what another page sends: requests and websockets whose Origin is not the very host and port that they ask.

    Streamlit lets in whatever page any port of this machine has served, and asks another server for its own address to compare
    it with a foreign Origin. What sends no Origin is no page: browsers send it with every websocket.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or answers it with 403."""
        # The lifespan of the application is passed on too, and has no headers.
        headers = Headers(scope=scope) if scope["type"] in {"http", "websocket"} else None
        if headers is None or "origin" not in headers or _host_of(headers["origin"]) == headers.get("host"):
            await self._app(scope, receive, send)
        else:
            await PlainTextResponse(word("app.only_footnotes_own_pages"), 403)(scope, receive, send)


def _host_of(origin: str) -> str:
    """The host and port of an Origin; nothing where it names none, which no request's Host is."""
    try:
        # A page in a sandboxed frame, or of a file, sends "null". An empty string would be equal to a missing Host.
        return urlsplit(origin).netloc or "no host"
    except ValueError:
        return "no host"


def main() -> None:
    """Runs Streamlit in this process until it is stopped."""
    settings = _begin_logging()
    set_request_source(page_request, "page")
    # Begun before Streamlit is imported, so that both go on at the same time.
    threading.Thread(target=_warm, name="warm", daemon=True).start()
    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.starlette import App

    # The folder `pages` holds modules, not Streamlit's scripts: until the router has run once, an address like /check would be
    # taken for one of those, and the page stay empty.
    PagesManager.uses_pages_directory = False
    port, address = int(sys.argv[1]), sys.argv[2]
    names = [*NAMES, *(public_names(settings) if settings else ())]
    # In the order in which a request meets them: a foreign name or origin is refused before anything else is asked.
    guards = [
        # Against DNS rebinding: a foreign name that leads to this machine would make Host and Origin agree, and Streamlit lets
        # that in.
        Middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False),
        Middleware(SameOriginMiddleware),
        # Programs bring a token and no cookie, so they are asked before the sign-in of browsers.
        Middleware(PageApiMiddleware, build=partial(page_doors, shared_service, address)),
    ]
    secrets = None
    if settings and settings.signin_provider and (sign_in := server_signin()):
        guards.append(Middleware(SignedInMiddleware, sign_in=sign_in))
        secrets = sign_in.secrets()
    options = {
        "server.port": port,
        "server.address": address,
        # Named, so that Streamlit does not ask a server outside by which address it is reached.
        "browser.serverAddress": "localhost",
        # Streamlit would open a browser by itself, and ask for an e-mail address in the terminal first.
        "server.headless": True,
        "browser.gatherUsageStats": False,
        # It speaks of Streamlit, and names another address than Footnote does.
        "logger.hideWelcomeMessage": True,
    }
    if settings:
        # Megabytes, for Streamlit as for the setting.
        options["server.maxUploadSize"] = settings.largest_upload
    if secrets:
        # A fault of the program may show what it was about, and here others look on than its owner.
        options["client.showErrorDetails"] = "none"
    # Streamlit hands the arguments of this process on to the program that it runs, which takes none.
    sys.argv[1:] = []
    opened_at = (settings.public_address if settings else "") or f"http://{NAMES[0]}:{port}"
    app = App(app_file(), lifespan=_told(opened_at), middleware=guards, secrets=secrets, on_script_error=tell_error)
    app.run(config=options)


def _told(address: str) -> Callable[[object], AbstractAsyncContextManager[None]]:
    """A lifespan that prints where the page opens. Streamlit begins it when the port takes connections, and not before."""

    @asynccontextmanager
    async def lifespan(_app: object) -> AsyncIterator[None]:
        """Prints the line once, when the server has begun."""
        sys.stdout.write(f"Footnote opens at {address} (Ctrl-C stops it).\n")
        # A pipe would hold it back for as long as the server runs.
        sys.stdout.flush()
        yield

    return lifespan


def tell_error(error: Exception) -> bool | None:
    """Tells an error of Footnote's that came out of a click as a sentence; others are left to Streamlit, and to the log."""
    import streamlit as st

    from bot.ui.layout import literal

    if not isinstance(error, FootnoteError | VectorstoreError):
        return None
    # Two spaces at the end of a line are Markdown's line break.
    st.error("  \n".join(map(literal, describe(error))))
    return True


def page_request() -> RequestContext:
    """For whom a thread works: who signed in to the page that it draws, or the tab of the browser where nobody signs in.

    Where people sign in, a thread that draws no page and was not told for whom it works may do nothing.
    """
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    # Streamlit ties a context to each thread that draws a page; the warning is for threads that should have had one.
    context, sign_in = get_script_run_ctx(suppress_warning=True), server_signin()
    # Its digest, as whoever knows a session's own id could take it over.
    session = sha256(context.session_id.encode()).hexdigest()[:12] if context else ""
    if sign_in is None:
        return RequestContext("page", session=session)
    visitor = sign_in.visitor(context.user_info if context else {})
    known = visitor.address if visitor.role != "none" else ""
    return RequestContext("page", session=session, person=known, role=visitor.role)


def _begin_logging() -> Settings | None:
    """Logs as the settings say, and returns them; None for settings that cannot be used, of which the page tells.

    Sign-in that cannot be had ends the program instead: without it, everybody would be let in.
    """
    try:
        settings = load_settings()
    except FootnoteError as error:
        # The settings can't be read, so the environment alone says whether people sign in here.
        if os.environ.get(variable("signin_provider")):
            sys.exit(f"footnote: {error.message} {error.help}")
        return None
    try:
        check_signin(settings)
    except FootnoteError as error:
        sys.exit(f"footnote: {error.message} {error.help}")
    # A log file that can't be written is no reason to show no page.
    with suppress(FootnoteError):
        start_logging(settings)
    return settings


def _warm() -> None:
    """Opens what the first question needs, then watches. What stands in the way is told by the page, which meets it again."""
    with suppress(FootnoteError, VectorstoreError), request_scope(background_request()):
        service = shared_service()
        # Before the warming, as that may fail where there are no articles yet.
        service.watching.start()
        service.chat.warm()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):  # Ctrl-C is how it is stopped
        main()
    end(0)
