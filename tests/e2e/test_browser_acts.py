"""What can be done with an answer: a few signs, and a menu that works by keyboard at every size."""

import pytest
from browsing import OpenPage, ask, inaccessible
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

QUESTION = "How long did the ferries stay?"


def opened(page: Page) -> Locator:
    """The menu of the answer, opened by keyboard."""
    page.get_by_role("button", name="More", exact=True).press("Enter")
    found = page.get_by_role("menu", name="More")
    expect(found).to_be_visible()
    return found


def test_each_sign_says_what_it_does(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages)
    ask(page, QUESTION)
    names = ["Copy", "Regenerate", "Review", "More", "Useful", "Wrong", "Missing source"]
    for name in names:
        expect(page.locator(".turn .row").get_by_role("button", name=name, exact=True)).to_be_visible()
        if name != "More":
            expect(page.locator(".turn .row").get_by_title(name, exact=True)).to_be_visible()


def test_the_menu_is_walked_by_keyboard_and_gives_the_focus_back(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages)
    ask(page, QUESTION)
    entries = opened(page).locator(".entry")
    expect(entries).to_have_text(["Copy link", "Trace", "Keep asking", "Open in the lab", "Make this a test case"])
    expect(entries.nth(0)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(entries.nth(4)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(entries.nth(0)).to_be_focused()
    page.keyboard.press("k")
    expect(entries.nth(2)).to_be_focused()
    page.keyboard.press("End")
    expect(entries.nth(4)).to_be_focused()
    page.keyboard.press("Escape")
    expect(entries.nth(0)).to_be_hidden()
    expect(page.get_by_role("button", name="More", exact=True)).to_be_focused()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844), (640, 400)])
def test_the_menu_lies_within_the_window_and_holds_to_the_rules(
    open_page: OpenPage, fake_pages: str, width: int, height: int
) -> None:
    page = open_page(fake_pages, width=width, height=height, scheme="dark" if width == 640 else "light")
    ask(page, QUESTION)
    box = opened(page).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= height
    assert inaccessible(page) == []


def test_a_question_is_kept_as_a_standing_one_once(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages)
    ask(page, "How long will the ferries stay this time?")
    for told in ("Kept: it is asked again", "kept already"):
        opened(page).get_by_role("menuitem", name="Keep asking").press("Enter")
        expect(page.locator(".turn .case")).to_contain_text(told)
