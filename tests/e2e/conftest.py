"""A Chromium for the browser tests, and pages that notice what goes wrong inside them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import SECONDS, OpenPage, watched
from playwright.sync_api import BrowserContext, expect, sync_playwright
from serving import footnote, free_port, serving, streamlit

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


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[BrowserContext]:
    """One Chromium and one cache for a module. Playwright keeps an event loop running, which other modules should not meet."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        context = browser.new_context()
        context.set_default_timeout(SECONDS * 1000)
        expect.set_options(timeout=SECONDS * 1000)
        yield context
        browser.close()


@pytest.fixture(scope="module")
def fake_pages(chromium: str) -> Iterator[str]:  # the browser first: without one no server is needed
    """The address of the real pages on a made-up service."""
    port = free_port()
    with serving(streamlit(Path(__file__).with_name("fake_app.py"), port), port) as address:
        yield address


@pytest.fixture(scope="module")
def real_pages(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # the browser first
    """The address of `footnote ui` on a home of its own, which indexes the example articles first."""
    port = free_port()
    with serving(footnote("ui", "--port", str(port), "--home", tmp_path_factory.mktemp("home")), port, seconds=120) as address:
        yield address


@pytest.fixture
def open_page(browser: BrowserContext) -> Iterator[OpenPage]:
    """Opens pages for one test."""
    with watched(browser) as opened:
        yield opened
