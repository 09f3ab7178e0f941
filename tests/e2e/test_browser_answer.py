"""What surrounds an answer, in a real Chromium: versions of its question, what can be done with it, its trace, and the keys."""

import re
from collections.abc import Iterator

import pytest
from browsing import SMALLEST, OpenPage, ask, at_rest, chip, inaccessible, panel, send
from playwright.sync_api import BrowserContext, Locator, Page, expect

pytestmark = pytest.mark.browser

FIRST = "How long did the ferries stay?"
OTHER = "How long was the harbour frozen?"
NOTE = "The count is off by one"


@pytest.fixture
def page(open_page: OpenPage, fake_pages: str) -> Page:
    """A page with one question, answered."""
    page = open_page(fake_pages)
    ask(page, FIRST)
    expect(offered(page)).to_have_count(2)
    return page


@pytest.fixture
def clipboard(browser: BrowserContext) -> Iterator[None]:
    """Lets the pages read what was copied."""
    browser.grant_permissions(["clipboard-read", "clipboard-write"])
    yield
    browser.clear_permissions()


def turn(page: Page, n: int = 0) -> Locator:
    return page.locator(".turn").nth(n)


def act(page: Page, name: str, n: int = 0) -> Locator:
    return turn(page, n).get_by_role("button", name=name, exact=True)


def choose(page: Page, name: str, n: int = 0) -> None:
    """Choose from the menu of an answer."""
    act(page, "More", n).click()
    turn(page, n).locator(".entry", has_text=name).click()


def offered(page: Page) -> Locator:
    return page.locator(".offered button")


def edit(page: Page) -> Locator:
    act(page, "Edit the question").click()
    return turn(page).get_by_role("textbox", name="Ask instead")


def copied(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def press(page: Page, key: str) -> None:
    """Press a key where no field has the focus."""
    page.get_by_test_id("stChatInputTextArea").blur()
    page.keyboard.press(key)


def asked_otherwise(page: Page) -> None:
    """Ask something else in the place of the first question."""
    edit(page).fill(OTHER)
    page.keyboard.press("Enter")
    expect(page.locator(".turn:not(.running) .question")).to_have_text(OTHER)


def test_a_question_is_edited_where_it_stands_and_both_versions_stay(page: Page) -> None:
    asked_otherwise(page)
    expect(turn(page).get_by_text("2 of 2")).to_be_visible()
    expect(act(page, "Later version")).to_be_disabled()
    act(page, "Earlier version").click()
    expect(page.locator(".question")).to_have_text(FIRST)
    expect(turn(page).get_by_text("1 of 2")).to_be_visible()
    act(page, "Later version").click()
    expect(page.locator(".question")).to_have_text(OTHER)


def test_a_question_of_several_lines_is_written_with_shift(page: Page) -> None:
    field = edit(page)
    field.press("End")
    field.press("Shift+Enter")
    field.press_sequentially("And why?")
    expect(field).to_have_value(f"{FIRST}\nAnd why?")
    expect(page.locator(".turn")).to_have_count(1)


def test_escape_leaves_the_question_as_it_was_and_gives_the_focus_back(page: Page) -> None:
    edit(page).fill("Something else")
    page.keyboard.press("Escape")
    expect(act(page, "Edit the question")).to_be_focused()
    expect(page.locator(".question")).to_have_text(FIRST)


def test_choosing_a_word_with_enter_sends_nothing(page: Page) -> None:
    field = edit(page)
    field.fill("東京")
    field.evaluate("""field => {
        const key = { key: "Enter", bubbles: true, composed: true, cancelable: true, isComposing: true };
        field.dispatchEvent(new KeyboardEvent("keydown", key));
    }""")
    expect(field).to_have_value("東京")
    expect(field).to_be_visible()


@pytest.mark.usefixtures("clipboard")
def test_an_answer_is_copied_with_its_sources(page: Page) -> None:
    act(page, "Copy").click()
    expect(turn(page).locator(".told")).to_have_text("Copied")
    text = copied(page)
    assert text.startswith("Word for word from the articles:")
    assert "\n\nSources\n[1] The winter the harbour froze · Mara Lund · 2024-01-20\n    “Ferries stayed" in text


@pytest.mark.usefixtures("clipboard")
def test_the_link_of_an_answer_leads_to_it(page: Page, open_page: OpenPage) -> None:
    asked_otherwise(page)
    send(page, "Who bought the lighthouse?")
    expect(page.locator(".turn:not(.running)")).to_have_count(2)
    choose(page, "Copy link")
    expect(turn(page).locator(".told")).to_have_text("Copied")
    again = open_page(copied(page), height=500)
    expect(again.locator(".turn.target .question")).to_have_text(OTHER)
    expect(again.locator(".turn.target")).to_have_count(0)
    expect(turn(again).locator(".question")).to_be_in_viewport()


def test_an_answer_is_given_again_beside_the_first_one(page: Page) -> None:
    act(page, "Regenerate").click()
    expect(turn(page).get_by_text("2 of 2")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(1)


def test_feedback_is_kept_with_its_note_and_can_be_taken_back(page: Page) -> None:
    act(page, "Wrong").click()
    expect(turn(page).locator(".told")).to_have_text("Saved")
    note = turn(page).get_by_role("textbox", name="Note")
    note.fill(NOTE)
    note.press("Enter")
    at_rest(page, 500)  # "Saved" stands there already, and a page that is left at once sends nothing more
    page.reload()
    expect(act(page, "Wrong")).to_have_attribute("aria-pressed", "true")
    expect(turn(page).get_by_role("textbox", name="Note")).to_have_value(NOTE)
    act(page, "Wrong").click()
    expect(turn(page).locator(".told")).to_have_text("Taken back")
    expect(act(page, "Wrong")).to_have_attribute("aria-pressed", "false")
    expect(turn(page).get_by_role("textbox", name="Note")).to_be_hidden()


def test_a_note_is_kept_when_its_field_is_left(page: Page) -> None:
    act(page, "Missing source").click()
    turn(page).get_by_role("textbox", name="Note").fill(NOTE)
    act(page, "Useful").click()
    expect(act(page, "Useful")).to_have_attribute("aria-pressed", "true")
    expect(turn(page).locator(".told")).to_have_text("Saved")
    page.reload()
    expect(turn(page).get_by_role("textbox", name="Note")).to_have_value(NOTE)
    expect(act(page, "Useful")).to_have_attribute("aria-pressed", "true")


def test_feedback_on_an_old_answer_does_not_disturb_the_one_that_streams(page: Page) -> None:
    send(page, "Slow please")
    expect(page.get_by_text("word3 ")).to_be_visible()
    act(page, "Useful").click()
    note = turn(page).get_by_role("textbox", name="Note")
    note.fill(NOTE)
    note.press("Enter")
    expect(page.get_by_text("word60 ")).to_be_visible()
    expect(act(page, "Stop", 1)).to_be_visible()
    expect(note).to_have_value(NOTE)
    expect(act(page, "Useful")).to_have_attribute("aria-pressed", "true")


def test_what_is_typed_into_a_note_outlives_what_streams_in(page: Page) -> None:
    send(page, "Slow please")
    expect(page.get_by_text("word3 ")).to_be_visible()
    act(page, "Wrong", 1).click()
    note = turn(page, 1).get_by_role("textbox", name="Note")
    note.press_sequentially("Half a th")
    expect(page.get_by_text("word60 ")).to_be_visible()
    note.press_sequentially("ought")
    expect(note).to_have_value("Half a thought")
    expect(act(page, "Stop", 1)).to_be_visible()


def test_a_question_that_is_offered_is_asked(page: Page) -> None:
    first = offered(page).first.inner_text()
    offered(page).first.click()
    expect(page.locator(".turn:not(.running) .question")).to_have_text([FIRST, first])
    expect(turn(page).locator(".offered")).to_be_hidden()


STILL = """async (node) => {
  let last = NaN;
  for (let same = 0; same < 5; ) {
    await new Promise(requestAnimationFrame);
    const { y } = node.getBoundingClientRect();
    same = y === last ? same + 1 : 0;
    last = y;
  }
}"""
"""Resolves once an element has stood in one place for five frames: a question glides to the top when it is asked."""


def test_the_question_stays_in_place_while_the_answer_ends(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages)
    send(page, FIRST)
    expect(turn(page).locator(".body")).to_contain_text("Word for word")
    turn(page).locator(".body").evaluate(STILL)
    before = turn(page).locator(".body").bounding_box()
    expect(offered(page)).to_have_count(2)
    after = turn(page).locator(".body").bounding_box()
    assert before is not None
    assert after is not None
    assert (before["x"], before["y"]) == (after["x"], after["y"])


def test_the_answer_without_a_passage_stands_beside_it_until_it_is_closed(page: Page) -> None:
    chip(page, 1).click()
    panel(page).get_by_role("button", name="Answer without this passage").click()
    both = page.get_by_role("region", name="The answer with a passage and without it")
    expect(both.get_by_role("heading")).to_have_text(["With passage 1", "Without it"])
    expect(both.get_by_role("status")).to_contain_text("Without this passage")
    expect(both.locator(".note")).to_have_count(1)
    both.get_by_role("button", name="Close the comparison").click()
    expect(both).to_be_hidden()
    expect(turn(page).locator(".question")).to_have_text(FIRST)


def test_the_trace_is_opened_and_put_away(page: Page) -> None:
    choose(page, "Trace")
    trace = page.locator("[class*=st-key-footnote-trace]")
    expect(trace).to_contain_text("How this answer came about")
    expect(trace).to_contain_text("No model was asked: these are quotations.")
    found = trace.get_by_role("table", name="Rank and score of each passage, stage by stage")
    expect(found.get_by_role("row")).to_have_count(6)
    expect(found.get_by_role("row", name=re.compile("^4 "))).to_contain_text("On <b>markup</b> and [links](x)")
    expect(turn(page).locator(".entry", has_text="Trace")).to_have_attribute("aria-checked", "true")
    choose(page, "Trace")
    expect(trace).to_be_hidden()


def test_the_keys_walk_the_footnotes_and_open_them(page: Page) -> None:
    press(page, "j")
    expect(chip(page, 1)).to_be_focused()
    page.keyboard.press("n")
    expect(chip(page, 2)).to_be_focused()
    page.keyboard.press("k")
    expect(chip(page, 1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel(page)).to_be_visible()
    page.keyboard.press("j")
    expect(chip(page, 2)).to_have_attribute("aria-current", "true")
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(chip(page, 2)).to_be_focused()


def test_a_slash_goes_to_the_question_and_is_a_letter_there(page: Page) -> None:
    press(page, "/")
    field = page.get_by_test_id("stChatInputTextArea")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.type("j/k?")
    expect(field).to_have_value("j/k?")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_keys_in_the_fields_of_an_answer_are_letters(page: Page) -> None:
    field = edit(page)
    field.fill("")
    field.press_sequentially("/jn?")
    expect(field).to_have_value("/jn?")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_list_of_keys_has_the_keys_to_itself_and_gives_the_focus_back(page: Page) -> None:
    act(page, "Copy").focus()
    page.keyboard.press("?")
    card = page.get_by_role("dialog", name="Keys")
    expect(card).to_contain_text("Next footnote")
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(act(page, "Copy")).to_be_focused()


def test_on_a_phone_everything_below_an_answer_fits_and_can_be_hit(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages, width=360, height=740)
    ask(page, FIRST)
    asked_otherwise(page)
    act(page, "Useful").click()
    choose(page, "Trace")
    expect(page.get_by_role("heading", name="How this answer came about")).to_be_visible()
    boxes = [one.bounding_box() for one in page.locator(".turn :is(button, input):visible:not(.chip)").all()]
    assert boxes
    assert [box for box in boxes if box is None or min(box["width"], box["height"]) < SMALLEST] == []
    assert [box for box in boxes if box is None or box["x"] < 0 or box["x"] + box["width"] > 360] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_that_surrounds_an_answer_holds_to_the_accessibility_rules(
    open_page: OpenPage, fake_pages: str, scheme: str
) -> None:
    page = open_page(fake_pages, scheme="dark" if scheme == "dark" else "light")
    page.emulate_media(reduced_motion="reduce")
    ask(page, FIRST)
    asked_otherwise(page)
    act(page, "Missing source").click()
    choose(page, "Trace")
    expect(page.get_by_role("heading", name="How this answer came about")).to_be_visible()
    found = inaccessible(page)
    act(page, "Copy").press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert found + inaccessible(page) == []
