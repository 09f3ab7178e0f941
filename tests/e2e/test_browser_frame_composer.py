"""The question's field: ready for the keyboard when the page is there, and again when an answer is; nothing typed is lost."""

import pytest
from browsing import SIZES, OpenPage, ask, at_rest, chip, panel, send
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

UNSENT = "How long did the ferr"


# One size, where most can go wrong, as all would take CI minutes; zoom is tested with the question and the panel.
@pytest.fixture(params=["wide"])
def page(request: pytest.FixtureRequest, open_page: OpenPage, fake_pages: str) -> Page:
    """A page in each of the sizes."""
    width, height = SIZES[request.param]
    page = open_page(fake_pages, width=width, height=height)
    expect(page.get_by_role("button", name="Who bought the lighthouse?", exact=True)).to_be_visible()
    return page


def field(page: Page) -> Locator:
    return page.get_by_test_id("stChatInputTextArea")


def test_the_field_has_the_focus_when_the_page_is_there(page: Page) -> None:
    expect(field(page)).to_be_focused()


def test_the_field_has_the_focus_after_an_answer_asked_by_a_click(page: Page) -> None:
    page.get_by_role("button", name="Who bought the lighthouse?", exact=True).click()
    expect(page.locator(".turn:not(.running)")).to_be_visible()
    expect(field(page)).to_be_focused()


def test_a_reader_at_work_elsewhere_keeps_the_focus(page: Page) -> None:
    ask(page, "How long did the ferries stay?")
    send(page, "Slow please")
    chip(page, 1).focus()
    expect(page.locator(".turn.running")).to_have_count(0)
    at_rest(page)
    expect(chip(page, 1)).to_be_focused()


def test_an_unsent_question_survives_a_reload(page: Page) -> None:
    field(page).press_sequentially(UNSENT)
    page.reload()
    expect(field(page)).to_have_value(UNSENT)
    ask(page, f"{UNSENT}ies stay?")
    page.reload()
    expect(page.locator(".turn")).to_be_visible()
    expect(field(page)).to_have_value("")


def test_an_unsent_question_survives_a_change_of_page(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages)
    field(page).fill(UNSENT)
    page.get_by_role("link", name="Articles").click()
    expect(page.get_by_role("heading", name="Articles")).to_be_visible()
    page.get_by_role("link", name="Chat").click()
    expect(field(page)).to_have_value(UNSENT)
    expect(field(page)).to_be_focused()
    field(page).press("End")
    field(page).press_sequentially("ies stay?")
    field(page).press("Enter")
    expect(page.locator(".turn .question")).to_have_text(f"{UNSENT}ies stay?")


def test_another_tab_has_a_field_of_its_own(open_page: OpenPage, fake_pages: str) -> None:
    field(open_page(fake_pages)).fill(UNSENT)
    other = open_page(fake_pages)
    expect(field(other)).to_be_focused()
    expect(field(other)).to_have_value("")


def test_escape_leaves_an_empty_field_for_the_keys_of_the_page(page: Page) -> None:
    ask(page, "How long did the ferries stay?")
    expect(field(page)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(chip(page, 1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel(page)).to_be_visible()
