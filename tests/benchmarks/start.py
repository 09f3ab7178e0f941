"""From a command to an answer in a real browser: the second start here, and the first one in a fresh copy of the checkout."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.benchmarks.common import FOOTNOTE, ROOT, Timer, footnote
from tests.benchmarks.table import Row, info, under
from tests.e2e.serving import free_port, serving

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
_QUESTION = "Who translated the op-ed?"
_PATIENCE = 120


def run() -> list[Row]:
    """Seconds from the command until the page's first answer has all its words, the browser being open already."""
    chromium = chromium_path()
    if chromium is None:
        return [
            info("start", "not measured", f"no browser: none of {', '.join(_BROWSERS)} is on the PATH; CHROMIUM may name one")
        ]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        rows = [*_second(browser, Path(scratch)), *_first(browser, Path(scratch))]
        browser.close()
    return rows


def chromium_path() -> str | None:
    """Where a Chromium is, if there is one."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _BROWSERS)), None)


def _second(browser: Browser, scratch: Path) -> list[Row]:
    home = scratch / "home"
    footnote("ingest", ROOT / "seeds", "--home", home)
    ready, answered = _timed(browser, [str(FOOTNOTE), "ui", "--home", str(home)], {})
    return [
        info("second start: server ready, page shown", ready, "footnote ui"),
        under("second start: first answer", answered, 8, "footnote ui, in Chromium", "{:.1f} s"),
    ]


def _first(browser: Browser, scratch: Path) -> list[Row]:
    """With an empty cache of Footnote's own, so that the model is built as well."""
    checkout = scratch / "checkout"
    with _copied(checkout):
        timer = Timer()
        subprocess.run(["make", "-C", checkout, ".venv/installed"], capture_output=True, check=True)
        made = timer.seconds
        ready, answered = _timed(browser, ["make", "-C", str(checkout), "run"], {"FOOTNOTE_CACHE": str(scratch / "cache")})
    where = "make run in a copy of what git would clone, the environment made before"
    return [
        info("fresh clone: environment", f"{made:.1f} s", "make .venv/installed; with whatever had to be downloaded"),
        info("fresh clone: server ready, page shown", ready, where),
        under("fresh clone: first answer", answered, 30, where, "{:.1f} s"),
    ]


@contextmanager
def _copied(target: Path) -> Iterator[None]:
    """The checkout's files without those that git ignores: what a clone would hold, with work that is not committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).exists():  # else it was removed, and that is not committed yet
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name, follow_symlinks=False)
    yield
    shutil.rmtree(target)


def _timed(browser: Browser, command: Sequence[str], environ: dict[str, str]) -> tuple[str, float]:
    """Seconds until the server is healthy and until the page takes a question, as text; and until it has answered one."""
    port = free_port()
    timer = Timer()
    with serving(command, port, {"PORT": str(port), **environ}, seconds=_PATIENCE) as address:
        healthy = timer.seconds
        page = browser.new_page()
        page.set_default_timeout(_PATIENCE * 1000)
        page.goto(address)
        box = page.get_by_test_id("stChatInputTextArea")
        expect(box).to_be_visible(timeout=_PATIENCE * 1000)
        shown = timer.seconds
        box.fill(_QUESTION)
        box.press("Enter")
        # A footnote, in a turn that has ended: an error or an abstention is no answer.
        chip = page.locator(".turn:not(.running)").get_by_role("button", name=re.compile("^Footnote 1:"))
        expect(chip).to_be_visible(timeout=_PATIENCE * 1000)
        answered = timer.seconds
        page.close()
    return f"{healthy:.1f} s, {shown:.1f} s", answered
