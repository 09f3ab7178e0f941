"""The page's server as a door for other programs: what is asked below /v1/ is answered as `footnote serve` answers it.

Streamlit's `App` takes routes of one's own, but Starlette's `Mount` would cut "/v1" off, and build the doors before the page is
there. So a middleware before Streamlit passes these requests on, to an application that is built when the first of them comes:
over the page's own service, whose limits both keep to, and behind the access rules of `footnote serve`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from anyio import Lock, to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.errors import FootnoteError

if TYPE_CHECKING:
    from bot.wiring import Service

PREFIX = "/v1/"
Build = Callable[[], ASGIApp]


class PageApiMiddleware:
    """Answers what is asked below /v1/, and passes all else on to the page."""

    def __init__(self, app: ASGIApp, build: Build) -> None:
        """`build` makes the application of the doors; it may take a second, and raise FootnoteError."""
        self._app = app
        self._build = build
        self._doors: ASGIApp | None = None
        self._building = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        # Not the websocket, which is Streamlit's, and not the lifespan, which Streamlit's application has to see.
        wanted = scope["type"] == "http" and str(scope["path"]).startswith(PREFIX)
        await (await self._opened() if wanted else self._app)(scope, receive, send)

    async def _opened(self) -> ASGIApp:
        """The doors, built once; where they cannot be, the sentence that says why."""
        # One at a time: two requests that come together would each build the application, in a thread that takes a second.
        async with self._building:
            if self._doors is None:
                try:
                    # In a thread, so that the page goes on answering meanwhile.
                    self._doors = await to_thread.run_sync(self._build)
                except FootnoteError as error:
                    from bot.serving.failures import error_response, problem_of

                    # Not kept: a setting or a file may be put right while the page runs.
                    return error_response(problem_of(error), PREFIX)
            return self._doors


def page_doors(opened: Callable[[], "Service"], address: str) -> ASGIApp:
    """The doors over the service that is `opened`, which is the page's; `address` is where it listens.

    Raises SettingsError.
    """
    from bot.serving.access import access_rules, checked_token, is_loopback, kept_token
    from bot.serving.app import serving_app
    from bot.settings import load_settings
    from bot.ui.signin import public_names
    from bot.wiring.accounts import Accounts

    settings = load_settings()
    token = settings.serve_token.get_secret_value()
    if token:
        # The name of the setting is told to whoever set a token that is too short.
        checked_token(token, "FOOTNOTE_SERVE_TOKEN")
    elif settings.signin_provider or not is_loopback(address):
        # Where people sign in, a proxy passes on what strangers send, and it comes from this machine.
        token, _ = kept_token(settings.home)
    rules = access_rules(address, token, public_names(settings), Accounts(settings.home).token_holder)
    return serving_app(opened(), rules)
