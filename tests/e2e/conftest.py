"""A Chromium for the browser tests, and pages that notice what goes wrong inside them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from browsing import SECONDS, OpenPage, watched
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from serving import empty_history, footnote, free_port, serving, streamlit

from tests import openai_server
from tests.openai_server import OpenAIServer

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one the test is skipped, or fails where FOOTNOTE_REQUIRE_BROWSER=1 asks for one."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    reason = f"No Chromium was found: none of {', '.join(NAMES)} is on the PATH, and CHROMIUM is not set."
    if os.environ.get("FOOTNOTE_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def lifetime(fixture_name: str, config: pytest.Config) -> Literal["session", "module"]:
    """How long Chromium and the made-up service run: one start for all tests costs a minute and a half less than one a file.

    Playwright keeps an event loop running, which tests of other kinds must not meet: beside them it ends with its file.
    """
    return "session" if config.option.markexpr == "browser" else "module"


@pytest.fixture(scope=lifetime)
def started_browser(chromium: str) -> Iterator[Browser]:
    """A Chromium that runs, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        expect.set_options(timeout=SECONDS * 1000)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browser(started_browser: Browser) -> Iterator[BrowserContext]:
    """A profile of its own for a file of tests: what another file left in the browser's storage is not there."""
    context = started_browser.new_context()
    context.set_default_timeout(SECONDS * 1000)
    yield context
    context.close()


@pytest.fixture(scope=lifetime)
def fake_server(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:  # the browser first
    """The address of the real pages on a made-up service, and its home."""
    port, home = free_port(), tmp_path_factory.mktemp("fake")
    with serving([*streamlit(Path(__file__).with_name("fake_app.py"), port), "--", str(home)], port) as address:
        yield address, home


@pytest.fixture(scope="module")
def fake_pages(fake_server: tuple[str, Path]) -> str:
    """The address of the real pages on a made-up service that has no conversations, drafts or test cases yet."""
    address, home = fake_server
    empty_history(home / "history.sqlite")
    shutil.rmtree(home / "evals", ignore_errors=True)
    return address


@pytest.fixture(scope="module")
def real_pages(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # the browser first
    """The address of `footnote ui` on a home of its own, which indexes the example articles first."""
    port = free_port()
    with serving(footnote("ui", "--port", str(port), "--home", tmp_path_factory.mktemp("home")), port, seconds=120) as address:
        yield address


@pytest.fixture(scope="module")
def model() -> Iterator[OpenAIServer]:
    """A server of two models, which answers requests for follow-ups apart from the answers that a test scripts."""
    with openai_server.serving() as server:
        server.models = ("small-model", "large-model")
        server.aside = openai_server.asks_for_follow_ups
        yield server


@pytest.fixture
def open_page(browser: BrowserContext) -> Iterator[OpenPage]:
    """Opens pages for one test."""
    with watched(browser) as opened:
        yield opened
