"""A PDF in a real browser: ingested and asked about, its footnote opens the picture of its page with the words marked."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import OpenPage, ask, inaccessible, panel
from playwright.sync_api import Locator, Page, expect
from serving import footnote, free_port, run_footnote, serving

pytestmark = pytest.mark.browser

CORPUS = Path(__file__).parents[1] / "corpus" / "pdf"


@pytest.fixture(scope="module")
def pdf_pages(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # the browser first
    """The address of a home that holds two of the corpus's PDFs."""
    folder, home = tmp_path_factory.mktemp("pdfs"), tmp_path_factory.mktemp("home")
    for name in ("one-column.pdf", "rotated.pdf"):
        shutil.copy(CORPUS / name, folder / name)
    run_footnote("ingest", folder, "--home", home)
    port = free_port()
    with serving(footnote("ui", "--port", str(port), "--home", home), port, seconds=120) as address:
        yield address


@pytest.fixture
def page(open_page: OpenPage, pdf_pages: str) -> Page:
    page = open_page(pdf_pages)
    ask(page, "What did children count on the wheelhouse door in the museum?")
    page.get_by_role("button", name=re.compile("^Footnote 1:")).last.click()
    expect(picture(page)).to_be_visible()
    return page


def picture(page: Page) -> Locator:
    return panel(page).locator(".paper img")


def test_a_footnote_opens_the_page_with_its_words_marked(page: Page) -> None:
    expect(panel(page).get_by_role("status").filter(has_text="p. 1")).to_have_text("p. 1 of 2")
    expect(panel(page).locator(".on-page").first).to_be_in_viewport()
    drawn = picture(page).evaluate("image => image.complete && image.naturalWidth > 800")
    assert drawn


def test_the_marks_lie_over_ink_of_the_page(page: Page) -> None:
    darkest = picture(page).evaluate(
        """(image) => {
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
          const drawing = canvas.getContext("2d");
          drawing.drawImage(image, 0, 0);
          const marks = [...image.getRootNode().querySelectorAll(".on-page")];
          return marks.map(({ style }) => {
            const [x, y, w, h] = ["left", "top", "width", "height"].map((side) => parseFloat(style[side]) / 100);
            const part = drawing.getImageData(x * canvas.width, y * canvas.height, w * canvas.width, h * canvas.height);
            return Math.min(...part.data.filter((_, at) => at % 4 === 0));
          });
        }"""
    )
    assert darkest
    assert max(darkest) < 120


def test_the_text_is_a_press_away_and_has_the_same_words(page: Page) -> None:
    panel(page).get_by_role("button", name="Text", exact=True).click()
    expect(panel(page).locator("mark.cited").first).to_be_in_viewport()
    expect(picture(page)).to_be_hidden()
    panel(page).get_by_role("button", name="Page", exact=True).click()
    expect(picture(page)).to_be_visible()


def test_the_pages_can_be_turned_and_the_words_found_again(page: Page) -> None:
    panel(page).get_by_role("button", name="Next page").click()
    where = panel(page).locator(".page-where")
    expect(where).to_have_text("p. 2 of 2")
    expect(panel(page).locator(".on-page")).to_have_count(0)
    expect(panel(page).get_by_role("button", name="Next page")).to_be_disabled()
    panel(page).get_by_role("button", name="To the cited words").click()
    expect(where).to_have_text("p. 1 of 2")
    expect(panel(page).locator(".on-page").first).to_be_visible()


def test_the_card_of_a_footnote_names_the_page(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Footnote 1:")).last.hover()
    expect(page.get_by_text(re.compile("p. 1")).first).to_be_visible()


def test_a_page_of_a_pdf_can_be_used_by_everyone(page: Page) -> None:
    assert inaccessible(page) == []


def test_on_a_narrow_screen_the_page_fills_the_panel(open_page: OpenPage, pdf_pages: str) -> None:
    page = open_page(pdf_pages, width=390, height=844, scheme="dark")
    ask(page, "In which year did the gauge on the plateau hold the most?")
    page.get_by_role("button", name=re.compile("^Footnote 1:")).last.click()
    expect(panel(page).locator(".on-page").first).to_be_in_viewport()
    across = picture(page).bounding_box()
    assert across is not None
    assert across["width"] > 340
