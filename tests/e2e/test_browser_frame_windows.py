"""Two windows on one conversation: neither goes past what the other has asked without being told."""

import pytest
from browsing import SIZES, OpenPage, ask, inaccessible, send
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

FERRIES, RESERVE, LIGHTHOUSE = "How long did the ferries stay?", "And the reserve?", "Who bought the lighthouse?"
ADDED = "Another window has asked 1 more question in this conversation."


# One size, where most can go wrong, as all would take CI minutes; zoom is tested with the question and the panel.
@pytest.fixture(params=["narrow"])
def two(request: pytest.FixtureRequest, open_page: OpenPage, fake_pages: str) -> tuple[Page, Page]:
    """Two windows of one of the sizes; the second has asked a question more than the first."""
    width, height = SIZES[request.param]
    first = open_page(fake_pages, width=width, height=height)
    ask(first, FERRIES)
    second = open_page(first.url, width=width, height=height)
    expect(second.locator(".turn .question")).to_have_text(FERRIES)
    ask(second, RESERVE)
    first.bring_to_front()
    return first, second


def questions(page: Page) -> Locator:
    return page.locator(".turn .question")


def field(page: Page) -> Locator:
    return page.get_by_test_id("stChatInputTextArea")


def test_the_other_window_is_told_at_once_and_loads_what_was_added(two: tuple[Page, Page]) -> None:
    first, _ = two
    expect(first.get_by_text(ADDED)).to_be_in_viewport()
    assert inaccessible(first) == []
    first.get_by_role("button", name="Load what was added").click()
    expect(questions(first)).to_have_text([FERRIES, RESERVE])
    expect(first.get_by_text(ADDED)).to_be_hidden()


def test_a_question_past_it_waits_in_the_field_until_sent_again(two: tuple[Page, Page]) -> None:
    first, second = two
    expect(first.get_by_text(ADDED)).to_be_visible()
    send(first, LIGHTHOUSE)
    expect(first.get_by_text("Yours has not been asked")).to_be_in_viewport()
    expect(field(first)).to_have_value(LIGHTHOUSE)
    expect(questions(first)).to_have_text([FERRIES])
    expect(field(first)).to_be_focused()
    first.keyboard.press("Enter")
    expect(questions(first)).to_have_text([FERRIES, LIGHTHOUSE])
    expect(field(first)).to_have_value("")
    expect(first.get_by_text(ADDED)).to_be_hidden()
    expect(questions(second)).to_have_text([FERRIES, RESERVE])


def test_a_question_that_waits_survives_the_loading(two: tuple[Page, Page]) -> None:
    first, _ = two
    expect(first.get_by_text(ADDED)).to_be_visible()
    send(first, LIGHTHOUSE)
    expect(field(first)).to_have_value(LIGHTHOUSE)
    first.get_by_role("button", name="Load what was added").click()
    expect(questions(first)).to_have_text([FERRIES, RESERVE])
    expect(field(first)).to_have_value(LIGHTHOUSE)
    ask(first, LIGHTHOUSE)
    expect(questions(first)).to_have_text([FERRIES, RESERVE, LIGHTHOUSE])
