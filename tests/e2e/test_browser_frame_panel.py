"""The panel of the source: as high as the window, as wide as the reader wants it, and no reason for the answer to wrap anew."""

from collections.abc import Iterator

import pytest
from browsing import SIZES, OpenPage, ask, chip, inaccessible, panel, watched
from playwright.sync_api import BrowserContext, Locator, Page, expect

pytestmark = pytest.mark.browser

WRAPPED = """(turn) => [...turn.querySelectorAll(".body *")].map((node) => [node.clientWidth, node.getClientRects().length])"""


@pytest.fixture(params=["wide", "zoomed"])
def page(request: pytest.FixtureRequest, open_page: OpenPage, fake_pages: str) -> Page:
    """A page with one answer in each of the sizes."""
    width, height = SIZES[request.param]
    page = open_page(fake_pages, width=width, height=height)
    ask(page, "How long did the ferries stay?")
    return page


@pytest.fixture
def wide(browser: BrowserContext, fake_pages: str) -> Iterator[Page]:
    """A wide page with an open source; the width that a test gives the panel is forgotten."""
    with watched(browser) as opened:
        page = opened(fake_pages, width=1440, height=900)
        ask(page, "How long did the ferries stay?")
        chip(page, 1).click()
        expect(page.locator("mark.cited")).to_be_visible()
        yield page
        page.evaluate("localStorage.clear()")


def edge(page: Page) -> Locator:
    return page.get_by_role("separator", name="Width of the source")


def width_of(node: Locator) -> float:
    box = node.bounding_box()
    assert box is not None
    return box["width"]


def expect_width(page: Page, width: float) -> None:
    """The panel is so wide, once it has been laid out."""
    page.wait_for_function(
        "([node, width]) => Math.abs(node.getBoundingClientRect().width - width) <= 2",
        arg=[panel(page).element_handle(), width],
    )


def test_the_source_is_as_high_as_the_window(page: Page) -> None:
    chip(page, 1).click()
    expect(page.locator("mark.cited")).to_be_in_viewport(ratio=1)
    box, window = panel(page).bounding_box(), page.viewport_size
    assert box is not None
    assert window is not None
    assert (box["y"], box["height"], box["x"] + box["width"]) == (0, window["height"], window["width"])


def test_opening_a_source_wraps_no_line_anew(page: Page) -> None:
    before = page.locator(".turn").evaluate(WRAPPED)
    chip(page, 1).click()
    expect(page.locator("mark.cited")).to_be_visible()
    assert page.locator(".turn").evaluate(WRAPPED) == before


@pytest.mark.parametrize("width", [820, 1024, 1440, 1920])
def test_no_line_wraps_anew_between_the_sizes_either(open_page: OpenPage, fake_pages: str, width: int) -> None:
    page = open_page(fake_pages, width=width, height=800)
    ask(page, "How long did the ferries stay?")
    test_opening_a_source_wraps_no_line_anew(page)
    answer, source = page.locator(".turn").bounding_box(), panel(page).bounding_box()
    assert answer is not None
    assert source is not None
    assert answer["x"] + answer["width"] <= source["x"]


def test_the_source_holds_to_the_accessibility_rules_at_each_size(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    chip(page, 1).click()
    expect(page.locator("mark.cited")).to_be_visible()
    assert inaccessible(page) == []


def test_the_edge_is_dragged_and_its_place_is_remembered(wide: Page) -> None:
    box = edge(wide).bounding_box()
    assert box is not None
    wide.mouse.move(box["x"] + 4, 300)
    wide.mouse.down()
    wide.mouse.move(1000, 300, steps=4)
    wide.mouse.up()
    expect_width(wide, 440)
    wide.reload()
    chip(wide, 1).click()
    expect_width(wide, 440)


def test_the_edge_moves_with_the_arrow_keys_and_keeps_room_for_both(wide: Page) -> None:
    before = width_of(panel(wide))
    edge(wide).focus()
    wide.keyboard.press("ArrowLeft")
    expect_width(wide, before + 32)
    wide.keyboard.press("ArrowRight")
    wide.keyboard.press("ArrowRight")
    expect_width(wide, before - 32)
    wide.keyboard.press("Home")
    expect_width(wide, 320)
    wide.keyboard.press("End")
    expect_width(wide, 1440 - 400)
    assert width_of(wide.locator(".turn")) >= 288


def test_a_double_click_gives_back_the_usual_width(wide: Page) -> None:
    before = width_of(panel(wide))
    edge(wide).focus()
    wide.keyboard.press("Home")
    expect_width(wide, 320)
    edge(wide).dblclick()
    expect_width(wide, before)


def test_a_width_counts_on_the_other_pages_too(wide: Page) -> None:
    edge(wide).focus()
    wide.keyboard.press("Home")
    expect_width(wide, 320)
    wide.get_by_role("link", name="Articles").click()
    wide.locator(".catalog .row", has_text="Lighthouse sold").click()
    expect(panel(wide).locator(".body")).to_contain_text("The lighthouse at Ner was sold")
    expect_width(wide, 320)


def test_where_the_source_covers_the_page_there_is_no_edge(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages, width=390, height=844)
    ask(page, "How long did the ferries stay?")
    chip(page, 1).click()
    expect(page.locator("mark.cited")).to_be_visible()
    expect(edge(page)).to_be_hidden()
