"""The page of the standing questions in a real Chromium, on a real index whose article has changed."""

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from browsing import OpenPage, at_rest, inaccessible, panel
from playwright.sync_api import Page, expect
from serving import footnote, free_port, indexed, run_footnote, serving

pytestmark = pytest.mark.browser

WHEN = "When did the bridge at Ner open?"
BRIDGE = "The bridge at Ner opened on 4 May 1931. It carries 12 trains a day.\n"


@pytest.fixture(scope="module")
def pages(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # the browser first
    """The address of `footnote ui` on a home whose one question has changed its answer."""
    home = indexed(tmp_path_factory.mktemp("standing") / "home", {"bridge.md": BRIDGE})
    folder = home.with_name("home-articles")

    run_footnote("watch", "add", WHEN, "--home", home)
    (folder / "bridge.md").write_text(BRIDGE.replace("4 May 1931", "9 June 1932"))
    run_footnote("ingest", folder, "--home", home)
    run_footnote("watch", "--home", home)
    port = free_port()
    with serving(footnote("ui", "--port", str(port), "--home", home), port, seconds=120) as address:
        yield address


def opened(open_page: OpenPage, pages: str, scheme: Literal["light", "dark"] = "light") -> Page:
    """The page, come to from the chat as a reader does."""
    page = open_page(pages, scheme=scheme)
    page.get_by_role("link", name="Standing questions").click()
    expect(page.get_by_role("heading", name=WHEN)).to_be_visible()
    return page


@pytest.fixture
def page(open_page: OpenPage, pages: str) -> Page:
    return opened(open_page, pages)


def test_what_changed_is_marked_word_by_word(page: Page) -> None:
    changed = page.locator(".change .reworded")
    expect(changed.locator("del")).to_have_text(["4 May 1931"])
    expect(changed.locator("ins")).to_have_text(["9 June 1932"])
    expect(page.locator(".answer ins")).to_have_text("The bridge at Ner opened on 9 June 1932.")


def test_a_broken_footnote_opens_the_article_as_it_is_now(page: Page) -> None:
    page.locator(".broken").get_by_role("button", name="Footnote 1").click()
    expect(panel(page)).to_contain_text("The source has changed since: these words are gone.")
    expect(panel(page).get_by_role("button", name="Review")).to_be_hidden()


def test_a_footnote_of_the_answer_opens_its_words(page: Page) -> None:
    page.locator(".answer").get_by_role("button", name="Footnote 1").click()
    expect(page.locator("mark.cited")).to_have_text("The bridge at Ner opened on 9 June 1932.")


def test_a_question_is_kept_asked_and_removed_again(page: Page) -> None:
    page.get_by_role("textbox").fill("How many trains does the bridge carry?")
    page.get_by_role("button", name="Keep asking").click()
    expect(page.get_by_role("heading", name="How many trains does the bridge carry?")).to_be_visible()
    expect(page.locator(".answer", has_text="It carries 12 trains a day.")).to_be_visible()
    at_rest(page)
    # Articles can be removed too, in the side column.
    page.get_by_test_id("stMain").get_by_role("button", name="Remove").last.click()
    expect(page.get_by_text(re.compile("^Removed: How many trains"))).to_be_visible()
    expect(page.get_by_role("heading", name="How many trains does the bridge carry?")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_holds_to_the_accessibility_rules(open_page: OpenPage, pages: str, scheme: str) -> None:
    page = opened(open_page, pages, "dark" if scheme == "dark" else "light")
    page.emulate_media(reduced_motion="reduce")
    at_rest(page, 800)
    assert inaccessible(page) == []


def test_nothing_is_wider_than_a_small_phone(open_page: OpenPage, pages: str) -> None:
    page = opened(open_page, pages)
    page.set_viewport_size({"width": 360, "height": 740})
    at_rest(page, 500)
    assert page.get_by_test_id("stMain").evaluate("node => node.scrollWidth <= node.clientWidth")
