"""The evidence pack in a real browser: readable wide and narrow, light and dark, with no network and no script."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from bot.export import as_html
from tests.bot.export.packs import full

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: BrowserContext, tmp_path: Path) -> Iterator[Page]:
    """The file, opened from the disk; in the end it must have asked for nothing but itself."""
    file = tmp_path / "pack.html"
    file.write_text(as_html(full()), encoding="utf-8")
    page, asked = browser.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    yield page
    assert set(asked) == {file.as_uri()}
    page.close()


@pytest.mark.parametrize("width", [320, 1280, 3840])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_and_fits(page: Page, width: int, scheme: Literal["light", "dark"]) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    # axe itself has to run in the page, which the page's own rule forbids it.
    page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
    page.reload()
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_footnote_leads_to_its_quotation_and_back(page: Page) -> None:
    page.get_by_role("link", name="Footnote 1", exact=True).nth(1).click()
    target = page.locator("#q1-c2")
    expect(target).to_be_in_viewport()
    expect(target.locator("mark")).to_have_text("after four years of work")
    target.get_by_role("link", name="Back to footnote 1 in the answer").click()
    expect(page.locator("#q1-m2")).to_be_in_viewport()


def test_no_word_of_it_is_run(page: Page) -> None:
    assert page.locator("script, img").count() == 0
    assert page.evaluate("document.body.innerText.includes('<script>alert(1)</script>')")
