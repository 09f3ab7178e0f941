"""The pages in a real Chromium, on a made-up service: what a reader sees and does."""

import re
from collections.abc import Iterator

import pytest
from browsing import OpenPage, ask, chip, inaccessible, panel, watched
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.browser

FERRIES = "Ferries stayed at their berths for nine days."
ELEVEN = "It lasted eleven days, two more than anybody had planned for."
SCRIPT = "<script>window.hacked = true</script> is only text here"


@pytest.fixture
def page(open_page: OpenPage, fake_pages: str) -> Page:
    return open_page(fake_pages)


@pytest.fixture(scope="module")
def one_answer(browser: BrowserContext, fake_pages: str) -> Iterator[Page]:
    with watched(browser) as opened:
        page = opened(fake_pages)
        ask(page, "How long did the ferries stay?")
        yield page


@pytest.fixture
def answered(one_answer: Page) -> Page:
    """A page with one answer and no source open, for tests that leave the conversation as it is."""
    one_answer.bring_to_front()
    one_answer.mouse.move(5, 500)
    one_answer.keyboard.press("Escape")
    expect(panel(one_answer)).to_be_hidden()
    return one_answer


def test_an_example_is_shown_without_markdown_and_asked_by_a_click(page: Page) -> None:
    page.get_by_role("button", name="What is $x$ in <b>this</b> really?").click()
    expect(page.locator(".question")).to_have_text("What is $x$ in <b>this</b> really?")


def test_a_click_on_a_chip_shows_the_very_words_highlighted(answered: Page) -> None:
    chip(answered, 2).click()
    expect(answered.locator("mark.cited")).to_have_text(ELEVEN)


def test_the_highlighted_words_stand_in_the_middle_of_the_panel(answered: Page) -> None:
    chip(answered, 1).click()
    expect(answered.locator("mark.cited")).to_have_text(FERRIES)
    chip(answered, 2).click()
    expect(answered.locator("mark.cited")).to_have_text(ELEVEN)
    body, mark = panel(answered).locator(".body").bounding_box(), answered.locator("mark.cited").bounding_box()
    assert body is not None
    assert mark is not None
    assert body["y"] <= mark["y"]
    assert mark["y"] + mark["height"] <= body["y"] + body["height"]


def test_other_footnotes_in_the_same_article_are_marked_fainter(answered: Page) -> None:
    chip(answered, 2).click()
    expect(answered.locator("mark.other")).to_have_text(FERRIES)


def test_the_source_tells_what_it_is(answered: Page) -> None:
    chip(answered, 1).click()
    expect(panel(answered).locator("header")).to_contain_text("The winter the harbour froze")
    expect(panel(answered).locator(".byline")).to_contain_text("Mara Lund · translated by Jon Vik · 2024-01-20")


def test_wide_the_source_stands_beside_the_answer(answered: Page) -> None:
    chip(answered, 1).click()
    answer, source = answered.locator(".turn").bounding_box(), panel(answered).bounding_box()
    assert answer is not None
    assert source is not None
    assert source["x"] >= answer["x"] + answer["width"]


def test_pointing_at_a_chip_shows_its_quotation(answered: Page) -> None:
    chip(answered, 1).hover()
    expect(answered.get_by_role("tooltip")).to_contain_text(FERRIES)
    expect(answered.get_by_role("tooltip")).to_contain_text("Quoted word for word")
    answered.mouse.move(5, 500)
    expect(answered.get_by_role("tooltip")).to_be_hidden()


def test_the_keyboard_reaches_a_chip_opens_its_source_and_closes_it(answered: Page) -> None:
    answered.get_by_role("button", name="Edit the search").focus()
    answered.keyboard.press("Tab")
    expect(chip(answered, 1)).to_be_focused()
    expect(answered.get_by_role("tooltip")).to_contain_text(FERRIES)
    answered.keyboard.press("Enter")
    expect(answered.locator("mark.cited")).to_have_text(FERRIES)
    answered.keyboard.press("Escape")
    expect(panel(answered)).to_be_hidden()
    expect(chip(answered, 1)).to_be_focused()


def test_a_source_that_is_closed_and_opened_in_a_hurry_is_there(answered: Page) -> None:
    for n in (1, 2, 1, 1):
        chip(answered, n).click()
        answered.keyboard.press("Escape")
    chip(answered, 1).click()
    expect(answered.locator("mark.cited")).to_have_text(FERRIES)


def test_a_follow_up_is_searched_with_what_it_follows_on(page: Page) -> None:
    ask(page, "How long did the ferries stay?")
    ask(page, "And the reserve?")
    expect(page.locator(".searched").last).to_have_text("Searched for: How long did the ferries stay? And the reserve?")


def test_passages_that_are_not_cited_are_folded_and_open_as_such(answered: Page) -> None:
    expect(answered.locator(".passages .row").first).to_be_hidden()
    answered.get_by_text("3 passages found but not cited").click()
    answered.locator(".row", has_text="Lighthouse sold").click()
    expect(answered.locator("mark.found")).to_have_text("The lighthouse at Ner was sold last week for a single crown.")
    expect(panel(answered)).to_contain_text("The source breaks off here.")


def test_a_footnote_that_does_not_exist_is_seen_to_have_failed(page: Page) -> None:
    ask(page, "Something invented")
    page.get_by_role("button", name="Footnote 9: no such passage").click()
    expect(page.get_by_role("tooltip")).to_contain_text("No passage 9 was given to the model.")
    expect(panel(page)).to_be_hidden()


def test_what_articles_hold_is_never_markup(page: Page) -> None:
    ask(page, "Some markup")
    expect(page.locator(".body .quote")).to_contain_text(SCRIPT)
    chip(page, 1).click()
    expect(page.locator("mark.cited")).to_have_text(SCRIPT)
    expect(panel(page).locator(".body")).to_contain_text('<img src=x onerror="window.hacked = true">')
    expect(panel(page).locator(".title")).to_have_text("On <b>markup</b> and [links](x)")
    assert panel(page).locator(":is(.title, .body) :is(img, script, b, a)").count() == 0
    assert page.evaluate("window.hacked === undefined")


def test_an_error_is_a_sentence_and_the_chat_goes_on(page: Page) -> None:
    ask(page, "Please fail")
    expect(page.get_by_role("alert")).to_have_text(re.compile("refused the key.*Set FOOTNOTE_API_KEY to a valid key"))
    ask(page, "How long did the ferries stay?")
    expect(chip(page, 1)).to_be_visible()


def test_a_source_opens_while_another_answer_streams_and_does_not_stop_it(page: Page) -> None:
    ask(page, "How long did the ferries stay?")
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill("Slow please")
    box.press("Enter")
    expect(page.get_by_text("word3 ")).to_be_visible()
    chip(page, 1).click()
    expect(page.locator("mark.cited")).to_have_text(FERRIES)
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(page.get_by_text("word60 ")).to_be_visible()


def test_stopping_keeps_the_part_and_calls_it_incomplete(page: Page) -> None:
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill("Slow please")
    box.press("Enter")
    expect(page.get_by_text("word3 ")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".turn .stage")).to_have_text("Stopped: this answer is incomplete.")
    expect(page.get_by_text("word3 ")).to_be_visible()
    chip(page, 1).click()
    expect(page.locator("mark.cited")).to_have_text(FERRIES)


def test_a_new_chat_closes_the_source_and_starts_over(page: Page) -> None:
    ask(page, "How long did the ferries stay?")
    chip(page, 1).click()
    expect(page.locator("mark.cited")).to_be_visible()
    page.get_by_role("button", name="New chat").click()
    expect(page.get_by_role("heading", name="Ask your articles")).to_be_visible()
    expect(panel(page)).to_be_hidden()


def test_a_reloaded_page_is_ready_for_a_question(page: Page) -> None:
    ask(page, "How long did the ferries stay?")
    chip(page, 1).click()
    page.reload()
    ask(page, "How long did the ferries stay?")
    expect(chip(page, 1)).to_be_visible()


def test_articles_are_listed_and_read(page: Page) -> None:
    page.get_by_role("link", name="Articles").click()
    page.locator(".catalog .row", has_text="Lighthouse sold").click()
    expect(panel(page).locator(".body")).to_contain_text("The lighthouse at Ner was sold last week")
    expect(panel(page)).to_contain_text("The source breaks off here.")


def test_narrow_the_source_covers_the_page_and_is_closed_by_its_button(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages, width=390, height=844)
    ask(page, "How long did the ferries stay?")
    chip(page, 2).click()
    expect(page.locator("mark.cited")).to_be_in_viewport()
    assert panel(page).bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    page.get_by_role("button", name="Close the source").click()
    expect(panel(page)).to_be_hidden()


def test_nothing_is_wider_than_a_small_phone(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages, width=360, height=740)
    ask(page, "Something invented, with a notice")
    main = page.get_by_test_id("stMain").or_(page.get_by_test_id("stAppScrollToBottomContainer"))
    assert main.evaluate("node => node.scrollWidth <= node.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_schemes_hold_to_the_accessibility_rules(open_page: OpenPage, fake_pages: str, scheme: str) -> None:
    page = open_page(fake_pages, scheme="dark" if scheme == "dark" else "light")
    # The contrast is measured on colours that do not move.
    page.emulate_media(reduced_motion="reduce")
    ask(page, "Something invented, with a notice")
    page.get_by_text("4 passages found but not cited").click()
    chip(page, 1).click()
    expect(page.locator("mark.cited")).to_be_visible()
    assert inaccessible(page) == []


def test_a_dark_system_gets_a_dark_page(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages, scheme="dark")
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", "rgb(24, 23, 22)")
