"""Runs in a real browser: begun, left and found again, stopped, gone on with and compared; and a case from the chat."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from browsing import SMALLEST, OpenPage, ask, at_rest, inaccessible
from fake_runs import CASES, FILE, MARKUP, FakeLab, made
from playwright.sync_api import Page, expect
from serving import free_port, serving, streamlit

from bot.evals.cases import dump
from bot.evals.records import Case

pytestmark = pytest.mark.browser

MANY = (*CASES, *(replace(CASES[0], id=f"days-{i}") for i in range(10)))
STRICT = 2
"""The row of the oldest of the three runs."""
# On a small window the side column is folded, and what is in it is squeezed out of sight.
SMALL = """() => [...document.querySelectorAll('*')]
  .filter((node) => innerWidth > 800 || !node.closest('[data-testid=stSidebar]'))
  .flatMap((node) => [...(node.shadowRoot?.querySelectorAll('button:not(.chip), summary') ?? [])])
  .map((node) => [node.textContent, node.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < %d || box.height < %d)).map(([text]) => text)"""
OVER = """() => {
  const main = document.querySelector('[data-testid=stMain], [data-testid=stAppScrollToBottomContainer]');
  return main.scrollWidth - main.clientWidth;
}"""


@dataclass(frozen=True)
class Place:
    """A server, and the lab that it shows."""

    address: str
    lab: FakeLab


@contextmanager
def served(home: Path) -> Iterator[Place]:
    port = free_port()
    command = [*streamlit(Path(__file__).with_name("runs_app.py"), port), "--", str(home)]
    with serving(command, port) as address:
        yield Place(address, FakeLab(home))


@pytest.fixture(scope="module")
def empty(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:  # the browser first
    """Where runs are made."""
    with served(tmp_path_factory.mktemp("empty")) as place:
        yield place


@pytest.fixture(scope="module")
def full(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Where three runs were made before."""
    home = tmp_path_factory.mktemp("full")
    lab = FakeLab(home)
    made(lab, "strict", MANY, "As it is")
    made(lab, "terse", MANY, "<b>Short</b>")
    made(lab, "quotes", stop=lambda: True)
    with served(home) as place:
        yield place


def shown(open_page: OpenPage, address: str, *, width: int = 1440, scheme: str = "light") -> Page:
    page = open_page(address, width=width, scheme="dark" if scheme == "dark" else "light")
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    return page


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=re.compile(option)).click()


def unfold(page: Page) -> None:
    """Opens what a run is made with; where there is no run yet, it stands open."""
    summary = page.get_by_test_id("stExpander").locator("summary")
    expect(summary).to_be_visible()
    if not page.get_by_test_id("stExpander").locator("details[open]").count():
        summary.click()
    expect(page.get_by_text("Cases at a time")).to_be_visible()


def begin(page: Page, raw: bytes) -> None:
    """A run of quotations over an uploaded file."""
    unfold(page)
    choose(page, "Cases", "From a file")
    page.locator("input[type=file]").set_input_files({"name": "my.yaml", "mimeType": "text/yaml", "buffer": raw})
    expect(page.get_by_text("my.yaml")).to_be_visible()
    page.get_by_role("button", name="Start").click()


def pick(page: Page, row: int) -> None:
    """Chooses the run in this row of the table, or no run where it was chosen: the table is drawn on a canvas."""
    table = page.get_by_test_id("stDataFrame")
    expect(table.locator("canvas").first).to_be_visible()
    page.wait_for_timeout(500)
    table.click(position={"x": 20, "y": 35 * (row + 1) + 17})


def sound(page: Page) -> None:
    """Nothing that axe knows of is wrong, every target is large enough, and nothing hangs over the edge."""
    # A list or a page that fades is measured once it stands.
    at_rest(page, 500)
    assert inaccessible(page) == []
    assert page.evaluate(SMALL % (SMALLEST, SMALLEST)) == []
    assert page.evaluate(OVER) <= 0


def test_a_run_is_made_of_an_uploaded_file(empty: Place, open_page: OpenPage) -> None:
    page = shown(open_page, empty.address)
    begin(page, FILE)
    expect(page.get_by_text("Done: 1 case.")).to_be_visible()
    pick(page, 0)
    expect(page.locator(".result .verdict").first).to_have_text("Passed")
    expect(page.locator(".result details")).not_to_have_attribute("open", "")


def test_a_mistake_in_a_file_is_told_by_its_line(empty: Place, open_page: OpenPage) -> None:
    page = shown(open_page, empty.address)
    begin(page, b"- id: a\n  qestion: Why?\n")
    expect(page.get_by_text("my.yaml, line 2:")).to_be_visible()


def test_a_run_goes_on_unwatched_and_can_be_stopped_and_resumed(empty: Place, open_page: OpenPage) -> None:
    page = shown(open_page, empty.address)
    begin(page, dump([*CASES, Case("slow", "Do they wait?")]).encode())
    expect(page.get_by_text("quotes: 3 of 4 cases done")).to_be_visible()
    page.get_by_role("link", name="Elsewhere").click()
    expect(page.get_by_role("heading", name="Elsewhere")).to_be_visible()
    page.get_by_role("link", name="Prompts").click()
    bar = page.get_by_test_id("stProgress")
    expect(bar).to_contain_text("3 of 4 cases done")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("Stopped: 3 of 4 cases are kept.")).to_be_visible()
    page.get_by_role("button", name="Go on with the run").click()
    expect(bar).to_be_visible()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("Stopped: 3 of 4 cases are kept.")).to_be_visible()


def test_results_are_filtered_and_hold_no_markup(full: Place, open_page: OpenPage) -> None:
    page = shown(open_page, full.address)
    pick(page, STRICT)
    expect(page.locator(".result")).to_have_count(13)
    page.get_by_test_id("stButtonGroup").get_by_text("Not passed").click()
    expect(page.locator(".result .question")).to_have_text([MARKUP, "Who owns the ferries?"])
    choose(page, "Tag", "number")
    expect(page.get_by_text("There is none of this kind.")).to_be_visible()
    pick(page, STRICT)
    expect(page.locator(".result")).to_have_count(0)


def test_what_changed_is_told_drawn_and_downloaded(full: Place, open_page: OpenPage) -> None:
    page = shown(open_page, full.address)
    expect(page.locator(".overall")).to_contain_text("Worse, with 13 cases")
    expect(page.locator(".moves li").first).to_contain_text("worse")
    # What changed stands beside the table, and not far below it.
    assert page.locator(".overall").bounding_box()["y"] < 800  # type: ignore[index]
    expect(page.get_by_role("img", name=re.compile("^Passes all checks: −0.85"))).to_be_visible()
    expect(page.locator(".flip")).to_have_count(11)
    expect(page.locator(".moved-list li").first).to_contain_text("Lost: [1] The winter the harbour froze")
    expect(page.get_by_text("<b>Short</b>").first).to_be_visible()
    page.locator(".strip a").last.click()
    expect(page.locator(".flip").last).to_be_in_viewport()
    for name, ending, held in (("Report (HTML)", ".html", "<!doctype html>"), ("Data (JSON)", ".json", '"verdict": "worse"')):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        assert download.value.suggested_filename.endswith(ending)
        assert held in Path(download.value.path()).read_text(encoding="utf-8")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (360, "light"), (360, "dark")])
def test_everything_has_a_name_a_contrast_and_room(full: Place, open_page: OpenPage, width: int, scheme: str) -> None:
    page = shown(open_page, full.address, width=width, scheme=scheme)
    unfold(page)
    pick(page, STRICT)
    expect(page.locator(".result").first).to_be_visible()
    page.locator(".result summary").first.click()
    sound(page)
    page.get_by_test_id("stButtonGroup").get_by_text("What changed").click()
    expect(page.locator(".report .flip").first).to_be_visible()
    sound(page)


def test_a_turn_of_the_chat_becomes_a_case_and_leads_to_the_lab(fake_pages: str, open_page: OpenPage) -> None:
    page = open_page(fake_pages)
    ask(page, "How long did the ferries stay?")
    more = page.get_by_role("button", name="More", exact=True)
    expect(page.get_by_role("menuitem", name="Make this a test case")).to_be_hidden()
    more.click()
    expect(more).to_have_attribute("aria-expanded", "true")
    link = page.get_by_role("menuitem", name="Open in the lab")
    expect(link).to_have_attribute("href", re.compile(r"^/prompts\?conversation=[0-9a-f]+&turn=[0-9a-f]+$"))
    page.get_by_role("menuitem", name="Make this a test case").click()
    expect(page.locator(".row [role=status]", has_text="Kept as a test case: how-long-did-the-ferries-stay-")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_row_of_acts_fits_a_narrow_page(fake_pages: str, open_page: OpenPage, scheme: str) -> None:
    page = open_page(fake_pages, width=360, scheme="dark" if scheme == "dark" else "light")
    ask(page, "How long did the ferries stay?")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Make this a test case").click()
    expect(page.locator(".case")).to_contain_text("Kept as a test case")
    sound(page)
