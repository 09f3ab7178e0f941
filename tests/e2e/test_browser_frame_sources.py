"""The sources in the side column of every page: which of them are asked, and the ways to remove one and to add some."""

import pytest
from browsing import SIZES, OpenPage, ask, inaccessible
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

LIGHTHOUSE = "Lighthouse sold"


# One size, where most can go wrong, as all would take CI minutes; zoom is tested with the question and the panel.
@pytest.fixture(params=["narrow"])
def page(request: pytest.FixtureRequest, open_page: OpenPage, fake_pages: str) -> Page:
    """The chat in each of the sizes, with the list in sight."""
    width, height = SIZES[request.param]
    page = open_page(fake_pages, width=width, height=height)
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_visible()
    unfold(page)
    return page


def sources(page: Page) -> Locator:
    return page.locator("details.sources")


def unfold(page: Page) -> None:
    """The side column and the list in it stand open; a small or low window has them folded."""
    folded = page.get_by_test_id("stExpandSidebarButton")
    expect(sources(page)).to_be_attached()
    if folded.is_visible():
        folded.click()
    expect(sources(page)).to_be_visible()
    if not sources(page).evaluate("node => node.open"):
        sources(page).locator("summary").click()


def box(page: Page, title: str) -> Locator:
    return sources(page).get_by_role("checkbox", name=title)


def fold(page: Page) -> None:
    """Puts the side column of a small window away."""
    if page.viewport_size is not None and page.viewport_size["width"] <= 800:
        page.get_by_test_id("stSidebarHeader").hover()
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()


def test_a_tick_keeps_the_chat_to_an_article(page: Page) -> None:
    expect(box(page, "All 3 articles")).to_be_checked()
    box(page, LIGHTHOUSE).check()
    expect(sources(page).locator(".asked")).to_have_text("1 of 3 asked")
    expect(box(page, "All 3 articles")).not_to_be_checked()
    expect(page.locator(".scope .part")).to_have_text(f"{LIGHTHOUSE}✕")
    fold(page)
    ask(page, "Who bought the lighthouse?")
    expect(page.locator(".turn p.kept")).to_contain_text(LIGHTHOUSE)
    unfold(page)
    box(page, "All 3 articles").check()
    expect(sources(page).locator(".asked")).to_have_text("all are asked")
    expect(page.locator(".scope .part")).to_have_count(0)


def test_an_article_is_removed_and_had_back(page: Page) -> None:
    sources(page).locator("li", has_text=LIGHTHOUSE).hover()
    sources(page).get_by_role("button", name=f"Remove {LIGHTHOUSE}").click()
    expect(box(page, "All 2 articles")).to_be_checked()
    expect(box(page, LIGHTHOUSE)).to_have_count(0)
    sources(page).get_by_role("button", name="Undo").click()
    expect(box(page, LIGHTHOUSE)).to_be_visible()
    expect(sources(page).get_by_text("Removed:")).to_be_hidden()


def test_the_way_to_add_articles_leads_to_the_open_form(page: Page) -> None:
    sources(page).get_by_role("button", name="Add sources").click()
    expect(page.get_by_role("tab", name="Files")).to_be_attached()
    expect(page.get_by_role("heading", name="Articles")).to_be_attached()


def test_the_keyboard_ticks_and_stays_where_it_is(page: Page) -> None:
    box(page, LIGHTHOUSE).focus()
    page.keyboard.press("Space")
    expect(sources(page).locator(".asked")).to_have_text("1 of 3 asked")
    expect(box(page, LIGHTHOUSE)).to_be_focused()


def test_the_list_holds_to_the_accessibility_rules(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    box(page, LIGHTHOUSE).check()
    expect(sources(page).locator(".asked")).to_have_text("1 of 3 asked")
    assert inaccessible(page) == []


def test_the_sources_stand_on_every_page(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages)
    unfold(page)
    for name in ("Articles", "Standing questions", "Check a draft"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        expect(box(page, LIGHTHOUSE)).to_be_visible()
    for name in ("Prompts", "Quality", "Health"):
        page.get_by_role("button", name="For builders").click()
        page.get_by_role("menuitem", name=name).click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        expect(box(page, LIGHTHOUSE)).to_be_visible()
