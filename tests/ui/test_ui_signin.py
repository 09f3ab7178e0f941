"""Who is let in to the page of a server, and what a browser may have that nobody has signed in with."""

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime.secrets import secrets_singleton
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from bot.request_context import RequestContext, set_request_source
from bot.settings import Settings, load_settings
from bot.ui.components.sharing import link_address
from bot.ui.signin import COOKIE_SECRET, SignedInMiddleware, SignIn, discovery_address, public_names
from bot.wiring.accounts import Accounts

ADDRESS = "https://notes.example.org"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    accounts = Accounts(tmp_path)
    accounts.admit("@example.org", "reader")
    accounts.admit("ada@example.org", "admin")
    given = {"signin_provider": "https://id.example.org", "signin_client": "footnote", "signin_secret": "s3cret"}
    return load_settings(home=tmp_path, public_address=f"{ADDRESS}/", signin_hours=2, **given)


def claims(email: object = "ada@example.org", **more: object) -> Mapping[str, object]:
    return {"is_logged_in": True, "email": email, "email_verified": True, "iat": time.time(), **more}


@pytest.mark.parametrize(
    ("told", "role", "hindrance"),
    [
        (claims(), "admin", ""),
        (claims("ADA@Example.Org"), "admin", ""),
        (claims("ben@example.org"), "reader", ""),
        (claims("eve@evil.example"), "none", "not on the list"),
        (claims(email_verified=False), "none", "unverified"),
        (claims(email_verified="true"), "none", "unverified"),
        (claims(email_verified=None), "none", "unverified"),
        (claims(""), "none", "no address"),
        (claims(None), "none", "no address"),
        (claims(iat=time.time() - 3 * 3600), "none", "expired"),
        (claims(iat=None), "none", "expired"),
        (claims(is_logged_in=False), "none", "signed out"),
        (claims(is_logged_in="yes"), "none", "signed out"),
        ({}, "none", "signed out"),
    ],
)
def test_who_is_let_in(settings: Settings, told: Mapping[str, object], role: str, hindrance: str) -> None:
    found = SignIn(settings).visitor(told)
    assert (found.role, found.hindrance) == (role, hindrance)


def test_an_unverified_address_counts_where_a_setting_says_so(settings: Settings) -> None:
    told = claims(email_verified=False)
    assert SignIn(settings.model_copy(update={"signin_unverified": True})).visitor(told).role == "admin"


def test_a_damaged_list_lets_nobody_in(settings: Settings) -> None:
    sign_in = SignIn(settings)
    Accounts(settings.home).path.write_text("{")
    assert sign_in.visitor(claims()).role == "none"


def test_streamlit_is_told_of_the_provider_in_memory(settings: Settings) -> None:
    auth = SignIn(settings).secrets()["auth"]
    assert isinstance(auth, Mapping)
    assert auth["redirect_uri"] == f"{ADDRESS}/oauth2callback"
    assert auth["server_metadata_url"] == "https://id.example.org/.well-known/openid-configuration"
    assert SignIn(settings).secrets()["auth"] == auth  # who is signed in stays so after a restart
    assert len(str(auth["cookie_secret"])) > 40 and (settings.home / COOKIE_SECRET).stat().st_mode & 0o777 == 0o600
    assert not any(b"s3cret" in file.read_bytes() for file in settings.home.iterdir())


def test_the_address_of_a_provider_may_be_that_of_its_description() -> None:
    described = "https://id.example.org/a/.well-known/openid-configuration"
    assert discovery_address(described) == described == discovery_address("https://id.example.org/a")


def test_the_page_has_the_name_of_its_public_address(settings: Settings) -> None:
    assert public_names(settings) == ("notes.example.org",)
    assert public_names(load_settings()) == ()


# What a browser may have


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands where Streamlit does, which sets cookies of its own."""
    response = PlainTextResponse(Request(scope).url.path)
    response.set_cookie("_streamlit_xsrf", "x")
    await response(scope, receive, send)


@pytest.fixture
def guarded(settings: Settings) -> Iterator[ASGIApp]:
    sign_in = SignIn(settings)
    secrets_singleton.merge_programmatic_secrets(sign_in.secrets())
    yield SignedInMiddleware(echo, sign_in)
    secrets_singleton.merge_programmatic_secrets({})
    secrets_singleton._reset()


def cookie(secret: str, **told: object) -> dict[str, str]:
    value = json.dumps({"origin": ADDRESS, **claims(**told)})
    return {"_streamlit_user": create_signed_value(secret, "_streamlit_user", value).decode()}


def test_files_of_sessions_are_for_those_who_are_let_in(guarded: ASGIApp, settings: Settings) -> None:
    secret = (settings.home / COOKIE_SECRET).read_text().strip()
    cookies = {
        "nobody": {},
        "ada": cookie(secret),
        "forged": cookie("another-secret-of-some-length"),
        "eve": cookie(secret, email="eve@evil.example"),
        "elsewhere": {"_streamlit_user": create_signed_value(secret, "_streamlit_user", json.dumps(claims())).decode()},
    }
    paths = ("/media/a.png", "/_stcore/upload_file/a/b", "/_stcore/bidi-components/x.js", "/component/x", "/app/static/x")
    for who, sent in cookies.items():
        client = TestClient(guarded, base_url=ADDRESS, cookies=sent)
        assert [client.get(path).status_code for path in paths] == [200 if who == "ada" else 401] * len(paths), who
        # What a browser needs to ask for sign-in.
        assert client.get("/").status_code == client.get("/_stcore/health").status_code == 200


def test_cookies_are_for_https_alone_where_the_page_is(guarded: ASGIApp) -> None:
    came = TestClient(guarded, base_url=ADDRESS).get("/")
    assert came.headers["set-cookie"].endswith("; Secure")


# The pages


@pytest.fixture
def as_role() -> Iterator[None]:
    yield
    set_request_source(RequestContext)


def _app() -> None:
    """The router on a service that fails at the first touch."""
    from bot.ui.app import main

    def untouched() -> object:
        raise AssertionError("the service was asked for")

    main(untouched)  # type: ignore[arg-type]


def test_who_is_not_let_in_has_no_service_asked(as_role: None) -> None:
    set_request_source(lambda: RequestContext("page", role="none"))
    page = AppTest.from_function(_app).run()
    assert [one.value for one in page.title] == ["Footnote"]
    assert [one.value for one in page.text] == ["Sign in to ask the articles."]
    assert [one.label for one in page.button] == ["Sign in"]
    assert not page.exception and not page.sidebar.children


def test_a_link_stands_beside_the_page() -> None:
    assert link_address("http://127.0.0.1:8501/chat?conversation=1", "t") == "http://127.0.0.1:8501/?link=t"
