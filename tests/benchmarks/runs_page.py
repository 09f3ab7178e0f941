"""The runs of the prompt lab in Chromium, on a home with two runs of 5,000 cases: how long until the page is drawn.

Nothing is asked of a model: the runs are written as `footnote eval` writes them, with made-up answers. In one case of five the
later prompt leaves out the citation, so a thousand cases flip.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.evals.records import Case, Run
from bot.evals.store import RunStore
from bot.types import Answer
from tests.benchmarks.common import FOOTNOTE, Timer
from tests.benchmarks.start import FLAGS, chromium_path
from tests.benchmarks.table import Row, info, under
from tests.bot.evals.lab_runs import bare, cases, good
from tests.bot.evals.lab_runs import run as made_up
from tests.e2e.serving import free_port, serving

_CASES = 5_000
_TARGET = 2.0
_WAIT = 60_000  # milliseconds, at most


def run() -> list[Row]:
    """The visit before anything is kept of the runs, the first one of a server that starts later, and the next one."""
    if (chromium := chromium_path()) is None:
        return [info("runs page", "not measured", "no browser; CHROMIUM may name one")]
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        home = Path(scratch) / "home"
        _write_runs(RunStore(home / "evals"))
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        rows = list[Row]()
        for visits in (("first of all",), ("first of a start", "second of a start")):
            port = free_port()
            with serving([str(FOOTNOTE), "ui", "--port", str(port), "--home", str(home)], port, seconds=300) as address:
                rows += (row for name in visits for row in _visit(browser, address, name))
        browser.close()
    return rows


def _write_runs(store: RunStore) -> None:
    asked = cases(_CASES)
    for name, say in (("strict", good), ("terse", _sometimes_bare)):
        whole: Run = made_up(name, asked, say)
        begun = store.begin(asked, whole.setup)
        for result in whole.results:
            store.add(begun.id, result)


def _sometimes_bare(case: Case) -> Answer:
    return bare(case) if int(case.id.partition("-")[2]) % 5 == 0 else good(case)


def _visit(browser: Browser, address: str, name: str) -> list[Row]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{address}/prompts")
    expect(page.get_by_role("heading", name="Prompts", exact=True)).to_be_visible(timeout=_WAIT)
    _at_rest(page)
    timer = Timer()
    page.get_by_test_id("stButtonGroup").get_by_text("Runs", exact=True).first.click()
    expect(page.locator(".st-key-footnote-runs-list canvas").first).to_be_visible(timeout=_WAIT)
    listed = timer.seconds
    expect(page.locator(".report .overall")).to_be_visible(timeout=_WAIT)
    compared = timer.seconds
    _at_rest(page)
    timer = Timer()
    page.get_by_test_id("stButtonGroup").get_by_text("Case by case", exact=True).click()
    expect(page.locator(".result").first).to_be_visible(timeout=_WAIT)
    cases_shown = timer.seconds
    page.close()
    where = f"two runs of {_CASES:,} cases, the visit that is the {name}"
    return [
        under("runs page: from the click to the table", listed, _TARGET, where),
        under("runs page: from the click to what changed", compared, _TARGET, where),
        under("runs page: from the click to the cases", cases_shown, _TARGET, where),
    ]


def _at_rest(page: Page) -> None:
    """Waits until the script of the page has run to its end."""
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible(timeout=_WAIT)
