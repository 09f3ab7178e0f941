"""The very words that differ are marked in the claim, in its card and in the source."""

import pytest
from browsing import OpenPage, ask, at_rest, inaccessible, panel, press
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def contradicted(page: Page) -> None:
    """An answer one claim of which has "ten" where the passage has "nine"; the source of that claim is open."""
    ask(page, "Say something invented")
    page.get_by_role("button", name="Footnote 1: The winter the harbour froze, number differs").click()


def test_the_words_that_differ_are_marked_in_claim_card_and_source(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages)
    contradicted(page)
    expect(page.locator(".turn .body .differs")).to_have_text(["ten"])
    expect(panel(page).locator("mark.against .differs")).to_have_text(["nine"])
    page.mouse.move(5, 5)
    number = page.get_by_role("button", name="Footnote 1: The winter the harbour froze, number differs")
    number.hover()
    expect(page.locator(".turn .card .differs")).to_have_text(["nine"])
    assert inaccessible(page) == []


def test_the_words_that_differ_are_marked_in_a_sentence_of_a_draft(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages, scheme="dark")
    press(page.get_by_role("link", name="Check a draft"), page.get_by_role("heading", name="Check a draft"))
    page.get_by_label("Text to check").fill("🧊 It lasted eleven days. Ferries stayed at their berths.")
    press(page.get_by_role("button", name="Check", exact=True), page.locator(".draft .stage"))
    expect(page.locator(".draft .stage")).to_have_text("2 sentences checked")
    at_rest(page)
    expect(page.locator(".draft .sentence .differs")).to_have_text(["eleven"])
    page.locator(".draft .sentence", has_text="eleven").click()
    expect(panel(page).locator("mark.against")).to_have_text(["It lasted eleven days"])
    assert inaccessible(page) == []
