"""What is asked stands at the top of the page, with its answer in sight below it, whatever the size of the window."""

import pytest
from browsing import SIZES, OpenPage, ask, at_rest, inaccessible, send
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

HIGHEST = """([turn, head]) => {
  const [question, header] = [turn, head].map((node) => node.getBoundingClientRect());
  const below = question.top - header.bottom;
  return below >= 0 && below <= 40;
}"""


def turns(page: Page) -> Locator:
    return page.locator(".turn")


def expect_at_top(page: Page, turn: Locator) -> None:
    """The turn begins right below the page's header, once the page has settled."""
    header = page.get_by_test_id("stHeader").element_handle()
    page.wait_for_function(HIGHEST, arg=[turn.element_handle(), header])


@pytest.fixture(params=["narrow", "zoomed"])
def page(request: pytest.FixtureRequest, open_page: OpenPage, fake_pages: str) -> Page:
    """A page in each of the sizes."""
    width, height = SIZES[request.param]
    return open_page(fake_pages, width=width, height=height)


def test_a_question_goes_to_the_top_and_its_answer_is_in_sight(page: Page) -> None:
    for n, question in enumerate(("How long did the ferries stay?", "And the reserve?", "Who bought the lighthouse?")):
        ask(page, question)
        expect_at_top(page, turns(page).nth(n))
        expect(turns(page).nth(n).locator(".body .quote, .body p").first).to_be_in_viewport(ratio=1)


def test_an_answer_that_grows_leaves_its_question_at_the_top(page: Page) -> None:
    ask(page, "How long did the ferries stay?")
    send(page, "Slow please")
    expect(page.get_by_text("word3 ")).to_be_in_viewport()
    expect_at_top(page, turns(page).nth(1))
    expect(turns(page).nth(1).locator(".stop")).to_be_hidden()
    at_rest(page)
    expect_at_top(page, turns(page).nth(1))


def test_a_reader_who_scrolls_while_an_answer_comes_is_left_alone(page: Page) -> None:
    ask(page, "How long did the ferries stay?")
    send(page, "Slow please")
    expect(page.get_by_text("word3 ")).to_be_visible()
    expect_at_top(page, turns(page).nth(1))  # the page has scrolled by itself, and will not again
    width, height = (page.viewport_size or {"width": 0, "height": 0}).values()
    page.mouse.move(width / 2, height / 3)
    page.mouse.wheel(0, -5000)
    expect(turns(page).nth(0).locator(".question")).to_be_in_viewport()
    expect(turns(page).nth(1).locator(".stop")).to_be_hidden()
    at_rest(page)
    expect(turns(page).nth(0).locator(".question")).to_be_in_viewport()


def test_a_conversation_opens_at_its_last_question(page: Page) -> None:
    ask(page, "How long did the ferries stay?")
    ask(page, "And the reserve?")
    page.reload()
    expect(turns(page)).to_have_count(2)
    expect_at_top(page, turns(page).nth(1))


def test_the_welcome_begins_with_its_heading(page: Page) -> None:
    expect(page.get_by_role("button", name="Who bought the lighthouse?", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Ask your articles")).to_be_in_viewport(ratio=1)


def test_the_page_at_this_size_holds_to_the_accessibility_rules(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    ask(page, "How long did the ferries stay?")
    assert inaccessible(page) == []
