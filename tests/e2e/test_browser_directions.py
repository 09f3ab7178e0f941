"""Right-to-left text is set from right to left wherever it is shown, on a page whose own words run from left to right."""

import re
from collections.abc import Iterator

import pytest
from browsing import OpenPage, ask
from playwright.sync_api import Locator, Page, expect
from serving import footnote, free_port, run_footnote, serving

pytestmark = pytest.mark.browser

ARABIC = """---
title: جسر الميناء القديم
author: ليلى منصور
date: 1931-05-24
---
افتتح الجسر القديم فوق الميناء في ربيع عام 1931 بعد عامين من البناء. دفعت المدينة ثمنه كله، ولم تطلب قرضا من أحد.

كتبت المهندسة Ada Brandt أن الجسر يتحمل قطارين في وقت واحد. وأغلق الجسر مرتين بسبب الجليد.
"""
ENGLISH = "The lighthouse at Ner was sold last week for a single crown. The buyer did not want to be named.\n"


@pytest.fixture(scope="module")
def pages(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `footnote ui` on a home with one Arabic and one English article."""
    folder, home, port = tmp_path_factory.mktemp("articles"), tmp_path_factory.mktemp("home"), free_port()
    (folder / "bridge.md").write_text(ARABIC, encoding="utf-8")
    (folder / "lighthouse.txt").write_text(ENGLISH, encoding="utf-8")
    run_footnote("ingest", folder, "--home", home)
    with serving(footnote("ui", "--port", str(port), "--home", home), port, seconds=120) as address:
        yield address


def direction(node: Locator) -> str:
    return str(node.first.evaluate("node => getComputedStyle(node).direction"))


@pytest.fixture
def answered(open_page: OpenPage, pages: str) -> Page:
    page = open_page(pages)
    ask(page, "متى افتتح الجسر القديم فوق الميناء؟")
    return page


def test_an_arabic_question_and_its_quotation_run_from_right_to_left(answered: Page) -> None:
    turn = answered.locator(".turn").last
    expect(turn.locator(".quote").first).to_contain_text("1931")
    assert [direction(turn.locator(name)) for name in (".question", ".quote", ".searched")] == ["rtl", "rtl", "ltr"]


def test_source_and_hover_card_of_arabic_run_from_right_to_left(answered: Page) -> None:
    chip = answered.get_by_role("button", name=re.compile("^Footnote 1:")).last
    chip.hover()
    words = answered.locator(".card .words")
    expect(words.first).to_be_visible()
    assert direction(words) == "rtl"
    chip.click()
    text = answered.locator("aside.panel .body p").first
    expect(text).to_contain_text("الميناء")
    panel = answered.locator("aside.panel")
    assert [direction(panel.locator(name)) for name in (".title", ".byline", ".body p", ".kicker")] == [
        "rtl",
        "rtl",
        "rtl",
        "ltr",
    ]


def test_the_list_of_articles_sets_each_title_in_its_own_direction(open_page: OpenPage, pages: str) -> None:
    page = open_page(pages)
    page.get_by_role("link", name="Articles").click()
    rows = page.locator(".catalog .row")
    expect(rows).to_have_count(2)
    titles = page.locator(".catalog .title")
    assert {direction(titles.nth(0)), direction(titles.nth(1))} == {"rtl", "ltr"}
    expect(page.locator(".catalog .byline")).to_contain_text("Arabic")


def test_a_date_beside_an_arabic_author_is_not_turned_round(open_page: OpenPage, pages: str) -> None:
    page = open_page(pages)
    page.get_by_role("link", name="Articles").click()
    byline = page.locator(".catalog .byline", has_text="1931-05-24")
    assert direction(byline) == "rtl"
    assert byline.evaluate(PLACES) == sorted(byline.evaluate(PLACES))


PLACES = """line => {
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  let text;
  while ((text = walker.nextNode()) && !text.data.includes("1931-05-24"));
  const from = text.data.indexOf("1931");
  return [0, 5, 8].map((at) => {
    const range = document.createRange();
    range.setStart(text, from + at);
    range.setEnd(text, from + at + 1);
    return range.getBoundingClientRect().left;
  });
}"""
"""Where the first digits of the year, the month and the day stand, in pixels from the left."""
