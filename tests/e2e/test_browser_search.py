"""What was searched and what it was kept to, in a real Chromium: seen, edited, chosen, cleared."""

from pathlib import Path

import pytest
from browsing import SMALLEST, OpenPage, ask, chip, inaccessible, panel, press, send
from playwright.sync_api import Locator, Page, expect

from bot.ui import components

pytestmark = pytest.mark.browser

FIRST = "How long did the ferries stay?"
FOLLOW_UP = "And the reserve?"


@pytest.fixture
def page(open_page: OpenPage, fake_pages: str) -> Page:
    """A page with a question and a follow-up, both answered."""
    page = open_page(fake_pages)
    ask(page, FIRST)
    ask(page, FOLLOW_UP)
    return page


@pytest.fixture
def empty(open_page: OpenPage, fake_pages: str) -> Page:
    return open_page(fake_pages)


def turn(page: Page, n: int) -> Locator:
    return page.locator(".turn").nth(n)


def edit(page: Page, n: int) -> Locator:
    """Opens the field of a turn's search."""
    turn(page, n).get_by_role("button", name="Edit the search").click()
    return turn(page, n).get_by_role("textbox", name="Search for")


def scope(page: Page) -> Locator:
    return page.get_by_role("group", name="What the search is kept to")


def open_scope(page: Page) -> None:
    page.get_by_role("button", name="Scope").click()
    expect(page.get_by_label("Since", exact=True)).to_be_visible()


def fill(page: Page, field: str, text: str) -> None:
    page.get_by_label(field, exact=True).fill(text)
    page.get_by_label(field, exact=True).press("Enter")


def test_an_edited_search_is_answered_in_a_branch_of_its_own(page: Page) -> None:
    edit(page, 0).fill("How many days were the <b>ferries</b> idle?")
    page.keyboard.press("Enter")
    searched = "Searched for: How many days were the <b>ferries</b> idle? (your words)"
    expect(turn(page, 0).locator(".searched")).to_have_text(searched)
    expect(page.locator(".turn:not(.running) .question")).to_have_text([FIRST])
    expect(chip(page, 1)).to_be_visible()
    page.get_by_role("button", name="Earlier version").click()
    expect(page.locator(".turn:not(.running) .question")).to_have_text([FIRST, FOLLOW_UP])
    expect(turn(page, 1).locator(".searched")).to_have_text(f"Searched for: {FIRST} {FOLLOW_UP}")


def test_the_field_holds_what_was_searched_and_has_the_focus(page: Page) -> None:
    field = edit(page, 1)
    expect(field).to_be_focused()
    expect(field).to_have_value(f"{FIRST} {FOLLOW_UP}")


def test_escape_leaves_the_search_as_it_was_and_gives_the_focus_back(page: Page) -> None:
    edit(page, 1).fill("Something else")
    page.keyboard.press("Escape")
    expect(turn(page, 1).get_by_role("button", name="Edit the search")).to_be_focused()
    expect(turn(page, 1).locator(".searched")).to_have_text(f"Searched for: {FIRST} {FOLLOW_UP}")


def test_what_is_being_typed_outlives_its_turn_being_built_anew(page: Page) -> None:
    edit(page, 0).fill("How many days")
    for name, heading in (("Articles", "Articles"), ("Chat", "")):
        page.get_by_role("link", name=name, exact=True).click()
        if heading:
            expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(turn(page, 0).get_by_role("textbox", name="Search for")).to_have_value("How many days")
    turn(page, 0).get_by_role("button", name="Cancel").click()
    expect(turn(page, 0).get_by_role("button", name="Edit the search")).to_be_visible()


def test_shortcut_letters_are_only_letters_in_the_field(page: Page) -> None:
    field = edit(page, 0)
    field.press_sequentially("rc C R")
    expect(field).to_have_value("rc C R")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_escape_in_the_field_leaves_an_open_source_alone(page: Page) -> None:
    chip(page, 1).click()
    expect(page.locator("mark.cited")).to_be_visible()
    edit(page, 1).press("Escape")
    expect(panel(page)).to_be_visible()


def test_the_source_of_an_answer_that_is_given_anew_is_closed(page: Page) -> None:
    press(chip(page, 1), page.locator("mark.cited"))
    edit(page, 0).fill("How many days?")
    turn(page, 0).get_by_role("button", name="Search", exact=True).click()
    expect(panel(page)).to_be_hidden()


def test_a_search_is_edited_while_another_answer_streams_which_is_kept(page: Page) -> None:
    send(page, "Slow please")
    expect(page.get_by_text("word3 ")).to_be_visible()
    edit(page, 0).fill("How many days?")
    page.keyboard.press("Enter")
    expect(turn(page, 0).locator(".searched")).to_have_text("Searched for: How many days? (your words)")
    page.get_by_role("button", name="Earlier version").click()
    expect(turn(page, 2)).to_contain_text("Stopped: this answer is incomplete.")
    expect(page.get_by_text("word3 ")).to_be_visible()
    expect(page.locator(".turn.running")).to_have_count(0)


def test_what_is_typed_into_the_field_outlives_what_streams_in(empty: Page) -> None:
    send(empty, "Slow please")
    expect(empty.get_by_text("word3 ")).to_be_visible()
    edit(empty, 0).fill("Half a thought")
    expect(empty.get_by_text("word60 ")).to_be_visible()
    expect(turn(empty, 0).get_by_role("textbox", name="Search for")).to_have_value("Half a thought")


def test_a_question_is_kept_to_what_was_chosen_and_says_so(empty: Page) -> None:
    open_scope(empty)
    fill(empty, "Since", "2023")
    expect(scope(empty)).to_have_text("since 2023✕2 articles")
    empty.get_by_role("combobox", name="Articles").fill("markup")
    empty.get_by_role("option", name="On <b>markup</b> and [links](x)").click()
    # Once for the list of articles, which hides all else from the accessibility tree, and once for the fields.
    empty.keyboard.press("Escape")
    empty.keyboard.press("Escape")
    expect(scope(empty)).to_contain_text("On <b>markup</b> and [links](x)")
    ask(empty, FIRST)
    expect(empty.locator("p.kept")).to_have_text("Kept to: On <b>markup</b> and [links](x) · since 2023")


def test_a_date_counts_though_its_field_is_closed_unconfirmed(empty: Page) -> None:
    open_scope(empty)
    empty.get_by_label("Since", exact=True).fill("2024")
    empty.get_by_test_id("stChatInputTextArea").click()
    expect(scope(empty)).to_have_text("since 2024✕1 article")


def test_a_wrong_date_is_told_beside_its_field(empty: Page) -> None:
    open_scope(empty)
    fill(empty, "Until", "never")
    expect(empty.get_by_role("alert")).to_contain_text("“never” is not a date.")
    expect(scope(empty)).to_have_text("All articles")
    fill(empty, "Until", "2023")
    expect(empty.get_by_role("alert")).to_be_hidden()
    expect(scope(empty)).to_contain_text("until 2023")


def test_a_part_of_the_scope_is_dropped_and_then_the_rest(empty: Page) -> None:
    open_scope(empty)
    fill(empty, "Since", "2022")
    fill(empty, "Until", "2023")
    expect(scope(empty)).to_contain_text("until 2023")
    empty.keyboard.press("Escape")
    scope(empty).get_by_role("button", name="Do not keep to: until 2023").click()
    expect(scope(empty)).to_have_text("since 2022✕3 articles")
    open_scope(empty)
    expect(empty.get_by_label("Until", exact=True)).to_have_value("")
    fill(empty, "Until", "2023")
    empty.keyboard.press("Escape")
    scope(empty).get_by_role("button", name="Clear the scope").click()
    expect(scope(empty)).to_have_text("All articles")


def test_the_scope_is_still_in_force_after_a_look_at_the_articles(empty: Page) -> None:
    open_scope(empty)
    fill(empty, "Since", "2024")
    expect(scope(empty)).to_contain_text("since 2024")
    empty.keyboard.press("Escape")
    empty.get_by_role("link", name="Articles").click()
    expect(empty.get_by_label("Find an article")).to_be_visible()
    empty.get_by_role("link", name="Chat").click()
    expect(scope(empty)).to_contain_text("since 2024")
    open_scope(empty)
    expect(empty.get_by_label("Since", exact=True)).to_have_value("2024")


def test_on_a_phone_everything_fits_and_can_be_hit(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages, width=360, height=740)
    ask(page, FIRST)
    open_scope(page)
    fill(page, "Since", "2022")
    expect(scope(page)).to_contain_text("since 2022")
    page.keyboard.press("Escape")
    ask(page, FOLLOW_UP)
    edit(page, 1)
    expect(turn(page, 1).locator(".question")).to_be_in_viewport()
    # A chip's target is larger than it looks, which its box does not tell.
    boxes = [button.bounding_box() for button in page.locator(".turn button:visible:not(.chip), .scope button").all()]
    assert boxes
    assert [box for box in boxes if box is None or min(box["width"], box["height"]) < SMALLEST] == []
    assert (
        page.get_by_test_id("stMain")
        .or_(page.get_by_test_id("stAppScrollToBottomContainer"))
        .evaluate("node => node.scrollWidth <= node.clientWidth")
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_field_and_scope_hold_to_the_accessibility_rules(open_page: OpenPage, fake_pages: str, scheme: str) -> None:
    page = open_page(fake_pages, scheme="dark" if scheme == "dark" else "light")
    page.emulate_media(reduced_motion="reduce")
    ask(page, FIRST)
    open_scope(page)
    fill(page, "Since", "2022")
    fill(page, "Until", "never")
    expect(page.get_by_role("alert")).to_be_visible()
    page.keyboard.press("Escape")
    edit(page, 0)
    assert inaccessible(page) == []


# What Streamlit does when data comes twice while the script of a component is still being loaded.
OVERTAKEN = """async (script) => {
  const component = (await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })))).default;
  const parentElement = document.createElement("div");
  const drawn = () => parentElement.textContent;
  const entry = (title) => ({ id: title, title, byline: [], size: "", cut_off: false, notes: [] });
  const of = (title) => ({ data: { entries: [entry(title)], cleared: 0 }, parentElement });
  const ends = [component(of("first")), component(of("second"))];
  ends[0]();
  const seen = [drawn()];
  ends[1]();
  return [...seen, drawn()];
}"""


def test_the_end_of_a_call_that_was_overtaken_takes_nothing_away(empty: Page) -> None:
    folder = Path(components.__file__).parent
    script = "".join(folder.joinpath(name).read_text(encoding="utf-8") for name in ("shared.js", "catalog/catalog.js"))
    words = "const WORDS = { choose: '' };"  # the page puts its own before the scripts
    assert empty.evaluate(OVERTAKEN, words + script) == ["second", ""]
