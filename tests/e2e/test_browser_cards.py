"""The card of a footnote is in sight, and lies over neither the footnote nor the words that it stands behind."""

import pytest
from browsing import OpenPage, ask, at_rest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

Rect = tuple[float, float, float, float]
SIZES = [(1280, 800), (390, 844), (640, 400)]


def rects(found: Locator) -> list[Rect]:
    """The lines of what was found, as left, top, right and bottom."""
    lines = found.evaluate_all(
        "nodes => nodes.flatMap(n => [...n.getClientRects()].map(r => [r.left, r.top, r.right, r.bottom]))"
    )
    return [(line[0], line[1], line[2], line[3]) for line in lines]


def covers(card: Rect, line: Rect) -> bool:
    return card[0] < line[2] and line[0] < card[2] and card[1] < line[3] and line[1] < card[3]


def pointed(page: Page, at: Locator, card: Locator) -> Rect:
    """Where the card is that comes when this is pointed at."""
    at.evaluate("node => node.scrollIntoView({ block: 'center' })")
    at_rest(page)
    at.hover()
    expect(card).to_be_visible()
    (found,) = rects(card)
    return found


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_card_of_a_footnote_leaves_its_claim_in_sight(
    open_page: OpenPage, fake_pages: str, width: int, height: int
) -> None:
    page = open_page(fake_pages, width=width, height=height)
    ask(page, "Say something invented")
    card = pointed(page, page.get_by_role("button", name="number differs"), page.locator(".turn .card"))
    claim = [*rects(page.locator(".turn .body .opposed")), *rects(page.locator(".turn .body .chip.bad").first)]
    assert claim
    assert [line for line in claim if covers(card, line)] == []
    assert card[0] >= 0
    assert card[1] >= 0
    assert card[2] <= width
    assert card[3] <= height


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_card_of_a_long_quotation_leaves_it_in_sight(open_page: OpenPage, fake_pages: str, width: int, height: int) -> None:
    page = open_page(fake_pages, width=width, height=height)
    ask(page, "How long did the ferries stay?")
    for n in range(2):
        quotation = page.locator(".turn .body p.quote").nth(n)
        page.mouse.move(2, 2)
        card = pointed(page, quotation.locator(".chip"), page.locator(".turn .card"))
        assert [line for line in rects(quotation.locator(".chip")) if covers(card, line)] == []
        assert card[1] >= 0
        assert card[3] <= height
