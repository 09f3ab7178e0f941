"""Conversations that outlive the page, the browser and the server."""

import os
import re
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest
from browsing import OpenPage, ask, chip, panel, send
from playwright.sync_api import Locator, Page, expect
from serving import footnote, free_port, indexed, process

from tests import openai_server
from tests.openai_server import KEY, OpenAIServer, Said
from tests.waiting import until

pytestmark = pytest.mark.browser

ARTICLE = "# The bridge at Ner\n\nThe bridge at Ner opened on 4 May 1931. It carries 12 trains a day.\n"
GOOD = "The bridge at Ner opened on 4 May 1931 [1]."
Serve = Callable[[], AbstractContextManager["subprocess.Popen[str]"]]


@pytest.fixture
def model() -> Iterator[OpenAIServer]:
    with openai_server.serving() as server:
        server.aside = openai_server.asks_for_follow_ups
        yield server


@pytest.fixture
def port(chromium: str) -> int:  # the browser first: without one no server is needed
    return free_port()


@pytest.fixture
def serve(tmp_path: Path, model: OpenAIServer, port: int) -> Serve:
    """Starts `footnote ui` on one home and one port, as often as it is called."""
    home = indexed(tmp_path / "home", {"bridge.md": ARTICLE})
    environ = {"OPENAI_BASE_URL": model.address, "OPENAI_API_KEY": KEY, "FOOTNOTE_MODEL": "openai:fake-model"}
    return lambda: process(footnote("ui", "--port", str(port), "--home", home), port, environ, seconds=120)


def kept(home: Path) -> str:
    """What is kept of the answers at this moment, as it stands in the database."""
    with closing(sqlite3.connect(home / "history.sqlite")) as database:
        return str(database.execute("select outcome from turns").fetchall())


def test_an_answer_of_a_killed_server_is_kept_as_far_as_it_came(
    serve: Serve, port: int, model: OpenAIServer, open_page: OpenPage, tmp_path: Path
) -> None:
    model.script(Said((GOOD, " It carries", *([" many"] * 2000)), delay=0.02))
    with serve() as server:
        page = open_page(f"http://127.0.0.1:{port}")
        send(page, "When did the bridge open?")
        expect(page.locator(".turn .body")).to_contain_text("many many many", timeout=60_000)
        expect(page).to_have_url(re.compile("conversation="))
        address = page.url
        until(lambda: "many many many" in kept(tmp_path / "home"))
        page.goto("about:blank")
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    with serve():
        page = open_page(address)
        turn = page.locator(".turn")
        expect(turn.locator(".body")).to_contain_text("opened on 4 May 1931", timeout=60_000)
        expect(turn.locator(".body")).to_contain_text("many many many")
        expect(turn).to_contain_text("Stopped: this answer is incomplete.")
        expect(turn.locator(".problem")).to_contain_text("Footnote was ended while this answer was being written")
        chip(page, 1).click()
        expect(panel(page).locator("mark.cited")).to_contain_text("opened on 4 May 1931")
        page.goto("about:blank")


def test_a_conversation_goes_on_after_a_restart(serve: Serve, port: int, model: OpenAIServer, open_page: OpenPage) -> None:
    model.responder = lambda _: GOOD
    with serve():
        page = open_page(f"http://127.0.0.1:{port}")
        ask(page, "When did the bridge open?")
        page.goto("about:blank")
    with serve():
        page = open_page(f"http://127.0.0.1:{port}")
        _in_list(page, "When did the bridge open?").click()
        expect(page.locator(".turn .body")).to_contain_text("opened on 4 May 1931")
        ask(page, "And how many trains does it carry?")
        expect(page.locator(".turn")).to_have_count(2)
        page.goto("about:blank")  # a page misses its server


@pytest.fixture
def fake(open_page: OpenPage, fake_pages: str) -> Page:
    return open_page(fake_pages)


def test_an_address_opens_a_footnote_of_a_turn(fake: Page, open_page: OpenPage) -> None:
    ask(fake, "How long for an address?")
    ask(fake, "And the reserve?")
    turn = fake.locator(".st-key-footnote-main [class*='st-key-footnote-turn-']").first.get_attribute("class")
    id = re.findall("footnote-turn-([0-9a-f]+)", turn or "")[0]
    page = open_page(f"{fake.url}&turn={id}&citation=2")
    expect(panel(page).locator("mark.cited")).to_have_text("It lasted eleven days, two more than anybody had planned for.")
    expect(page.locator(".turn .question").first).to_be_in_viewport()


def test_an_address_that_leads_nowhere_says_so(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(f"{fake_pages}/?conversation=abc")
    expect(page.get_by_text("This conversation is not kept any more.")).to_be_visible()


def test_back_leads_to_the_conversation_before(fake: Page) -> None:
    ask(fake, "How long before?")
    before = fake.url
    fake.get_by_test_id("stSidebar").get_by_role("button", name="New chat").click()
    expect(fake.locator(".turn")).to_have_count(0)
    ask(fake, "How long after?")
    fake.goto(before)
    expect(fake.locator(".turn .question")).to_have_text(["How long before?"])


def test_the_turns_before_the_last_ones_come_on_request(fake: Page) -> None:
    for n in range(14):
        ask(fake, f"Question {n}?")
    fake.reload()
    expect(fake.locator(".turn")).to_have_count(12)
    fake.get_by_role("button", name="Show earlier questions (2)").click()
    expect(fake.locator(".turn")).to_have_count(14)


def test_on_a_narrow_screen_the_list_makes_way_for_what_was_opened(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages, width=390, height=800)
    ask(page, "How long on a telephone?")
    page.get_by_test_id("stExpandSidebarButton").click()
    _in_list(page, "How long on a telephone?").click()
    expect(page.locator(".turn .question")).to_be_in_viewport()
    expect(page.get_by_test_id("stSidebarUserContent")).not_to_be_in_viewport()


def test_the_pack_is_downloaded_as_a_file_that_needs_no_network(fake: Page, tmp_path: Path) -> None:
    ask(fake, "How long for the file?")
    fake.get_by_role("button", name="Export").click()
    with fake.expect_download() as download:
        fake.get_by_role("button", name="Web page (HTML)").click()
    assert download.value.suggested_filename == "how-long-for-the-file.html"
    file = tmp_path / "pack.html"
    download.value.save_as(file)
    text = file.read_text(encoding="utf-8")
    assert "Ferries stayed at their berths for nine days." in text
    assert "<script" not in text.casefold()


def _in_list(page: Page, title: str) -> Locator:
    return page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile(re.escape(title))).first
