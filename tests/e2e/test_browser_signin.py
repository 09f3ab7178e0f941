"""Sign-in to a server's page with a real provider: who may come in, who is told they may not, and what nobody sees before."""

import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest
from browsing import OpenPage, ask, at_rest
from playwright.sync_api import BrowserContext, Page, expect
from serving import footnote, free_port, process, serving

from bot.audit import AuditLog
from bot.wiring.accounts import Accounts
from tests.oidc_provider import CLIENT, SECRET

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class SignedPages:
    """A server that asks for sign-in: its address, its port and its home."""

    address: str
    port: int
    home: Path


@pytest.fixture(scope="module")
def signed(chromium: str, seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignedPages]:
    """`footnote ui` on the example articles, with a provider on another port."""
    home = tmp_path_factory.mktemp("signin") / "home"
    shutil.copytree(seeds_home, home)
    accounts = Accounts(home)
    accounts.admit("@example.org", "reader")
    accounts.admit("ada@example.org", "admin")
    port, other = free_port(), free_port()
    address = f"http://127.0.0.1:{port}"
    environ = {
        "FOOTNOTE_PUBLIC_ADDRESS": address,
        "FOOTNOTE_SIGNIN_PROVIDER": f"http://127.0.0.1:{other}",
        "FOOTNOTE_SIGNIN_CLIENT": CLIENT,
        "FOOTNOTE_SIGNIN_SECRET": SECRET,
        "FOOTNOTE_MODEL": "quotes",
        "FOOTNOTE_EMBEDDING": "minilm",
    }
    provider = [sys.executable, "-m", "tests.oidc_provider", str(other), f"{address}/oauth2callback"]
    described = "/.well-known/openid-configuration"
    pages = footnote("ui", "--port", str(port), "--home", home)
    with process(provider, other, path=described), serving(pages, port, environ, seconds=120):
        yield SignedPages(address, port, home)


def sign_in(page: Page, who: str) -> None:
    """Signs in from the page that asks for it, as one of the provider's people."""
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name=who).click()


def forget(browser: BrowserContext) -> None:
    browser.clear_cookies()


def holds_nothing_of(page: Page, words: str, beside: str) -> None:
    """Asserts of all the markup of the page that says `beside`, once it is there: the page may still come back from the
    provider, which a bare `page.content()` does not wait for.
    """
    page.wait_for_function(
        "([words, beside]) => document.body?.innerText.includes(beside) && !document.documentElement.outerHTML.includes(words)",
        arg=[words, beside],
    )


def status(port: int, path: str, **headers: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_signing_in_asking_sharing_and_signing_out(open_page: OpenPage, browser: BrowserContext, signed: SignedPages) -> None:
    forget(browser)
    page = open_page(signed.address)
    expect(page.get_by_text("Sign in to ask the articles.")).to_be_visible()
    assert "op-ed" not in page.content() and page.get_by_test_id("stChatInputTextArea").count() == 0

    sign_in(page, "ada@example.org")
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_visible()
    ask(page, "Who launched the alliance?")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_test_id("stCode").locator("code").inner_text()
    assert re.fullmatch(rf"{signed.address}/\?link=[\w-]{{43}}", link)
    assert (
        AuditLog(signed.home).entries()[-1] | {"who": "ada@example.org", "action": "conversations.share"}
        == (AuditLog(signed.home).entries()[-1])
    )

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("Sign in to ask the articles.")).to_be_visible()
    holds_nothing_of(page, "alliance", beside="Sign in to ask the articles.")

    sign_in(page, "ben@example.org")
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_visible()
    at_rest(page)
    assert "Who launched the alliance?" not in page.content()
    assert page.get_by_role("link", name="Models").count() == 0
    page.goto(link)
    expect(page.get_by_role("heading", name="Who launched the alliance?").first).to_be_visible()


def test_a_reader_is_not_offered_what_only_an_editor_may(
    open_page: OpenPage, browser: BrowserContext, signed: SignedPages
) -> None:
    forget(browser)
    page = open_page(signed.address)
    sign_in(page, "ben@example.org")
    ask(page, "Who launched the alliance?")
    page.get_by_role("button", name="More", exact=True).click()
    expect(page.get_by_role("menuitem", name="Copy link")).to_be_visible()
    for name in ("Make this a test case", "Open in the lab"):
        expect(page.get_by_role("menuitem", name=name)).to_have_count(0)


def test_who_is_not_on_the_list_is_told_so(open_page: OpenPage, browser: BrowserContext, signed: SignedPages) -> None:
    forget(browser)
    page = open_page(signed.address)
    sign_in(page, "eve@evil.example")
    expect(page.get_by_text("You are not on the list")).to_be_visible()
    holds_nothing_of(page, "op-ed", beside="You are not on the list")
    for path in ("/media/anything.png", "/_stcore/upload_file/a/b", "/_stcore/bidi-components/answer/a.js", "/_stcore/metrics"):
        assert status(signed.port, path) == 401
    # Names and pages that are not ours stay out, signed in or not.
    assert status(signed.port, "/", Host=f"evil.example:{signed.port}") == 400
    assert status(signed.port, "/", Origin="http://127.0.0.1:1234") == 403
