"""The browser's Back and Forward: between pages, between conversations, and out of an open source."""

import re

import pytest
from browsing import SIZES, OpenPage, ask, at_rest, chip, inaccessible, panel
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

FERRIES, RESERVE = "How long did the ferries stay?", "And the reserve?"


# One size, where most can go wrong, as all would take CI minutes; zoom is tested with the question and the panel.
@pytest.fixture(params=["narrow"])
def page(request: pytest.FixtureRequest, open_page: OpenPage, fake_pages: str) -> Page:
    """A page with one answer in each of the sizes."""
    width, height = SIZES[request.param]
    page = open_page(fake_pages, width=width, height=height)
    ask(page, FERRIES)
    return page


def unfold(page: Page) -> None:
    """The side column, which a small window folds, is in sight; a browser may remember that it stood open."""
    if page.viewport_size is not None and page.viewport_size["width"] > 800:
        return
    folded = page.get_by_test_id("stExpandSidebarButton")
    expect(folded.or_(page.get_by_test_id("stSidebarUserContent")).first).to_be_attached()
    if folded.is_visible():
        folded.click()


def link(page: Page, name: str) -> Locator:
    """The link to a page, wherever this size has it."""
    unfold(page)
    return page.get_by_role("link", name=name, exact=True)


def test_back_closes_the_source_and_forward_opens_it_again(page: Page) -> None:
    chip(page, 1).click()
    expect(page.locator("mark.cited")).to_be_visible()
    page.go_back()
    expect(panel(page)).to_be_hidden()
    expect(page.locator(".turn .question")).to_have_text(FERRIES)
    page.go_forward()
    expect(page.locator("mark.cited")).to_be_visible()


def test_back_after_a_walk_through_the_citations_closes_the_source(page: Page) -> None:
    chip(page, 1).click()
    expect(panel(page).locator(".where")).to_have_text(re.compile("^1 of"))
    page.keyboard.press("n")
    expect(panel(page).locator(".where")).to_have_text(re.compile("^2 of"))
    page.go_back()
    expect(panel(page)).to_be_hidden()


def test_a_source_closed_by_hand_costs_no_step_back(page: Page) -> None:
    chip(page, 1).click()
    expect(page.locator("mark.cited")).to_be_visible()
    page.get_by_role("button", name="Close the source").click()
    expect(panel(page)).to_be_hidden()
    page.go_back()
    expect(page.get_by_role("heading", name="Ask your articles")).to_be_visible()


def test_back_from_the_first_answer_is_a_new_chat(page: Page) -> None:
    page.go_back()
    expect(page.get_by_role("heading", name="Ask your articles")).to_be_visible()
    page.go_forward()
    expect(page.locator(".turn .question")).to_have_text(FERRIES)


def test_back_from_a_page_is_the_conversation_that_was_left(page: Page) -> None:
    link(page, "Articles").click()
    expect(page.get_by_role("heading", name="Articles")).to_be_visible()
    at_rest(page)
    page.go_back()
    expect(page.locator(".turn .question")).to_have_text(FERRIES)


def test_back_from_the_chat_is_the_page_that_led_there(page: Page) -> None:
    link(page, "Articles").click()
    expect(page.get_by_role("heading", name="Articles")).to_be_visible()
    link(page, "Chat").click()
    expect(page.locator(".turn .question")).to_have_text(FERRIES)
    expect(page).to_have_url(re.compile("conversation="))
    page.go_back()
    expect(page.get_by_role("heading", name="Articles")).to_be_visible()


def test_back_from_a_conversation_is_the_one_before(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages)
    ask(page, FERRIES)
    first = page.url
    page.get_by_role("button", name="New chat").click()
    expect(page.get_by_role("heading", name="Ask your articles")).to_be_visible()
    ask(page, RESERVE)
    expect(page).not_to_have_url(first)
    page.go_back()
    expect(page.get_by_role("heading", name="Ask your articles")).to_be_visible()
    at_rest(page)
    page.go_back()
    expect(page).to_have_url(first)
    expect(page.locator(".turn .question")).to_have_text(FERRIES)


def test_builder_pages_stand_under_one_heading(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages)
    header = page.get_by_test_id("stHeader")
    for name in ("Chat", "Articles", "Standing questions", "Check a draft"):
        expect(header.get_by_role("link", name=name)).to_be_visible()
    for name in ("Prompts", "Quality", "Health"):
        expect(page.get_by_role("link", name=name)).to_be_hidden()
    page.get_by_role("button", name="For builders").click()
    for name in ("Prompts", "Quality", "Health"):
        expect(page.get_by_role("menuitem", name=name)).to_be_visible()
    assert inaccessible(page) == []
    page.get_by_role("menuitem", name="Health").click()
    expect(page.get_by_role("heading", name="Health")).to_be_visible()


@pytest.mark.parametrize("size", ["narrow", "zoomed"])
def test_builder_pages_have_one_heading_in_the_side_column_too(open_page: OpenPage, fake_pages: str, size: str) -> None:
    width, height = SIZES[size]
    page = open_page(fake_pages, width=width, height=height)
    expect(page.get_by_role("heading", name="Ask your articles")).to_be_attached()
    unfold(page)
    expect(page.get_by_test_id("stSidebar").get_by_text("For builders")).to_be_visible()
    link(page, "Health").click()
    expect(page.get_by_role("heading", name="Health")).to_be_visible()
    assert inaccessible(page) == []
