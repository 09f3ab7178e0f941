"""Makes the README's moving picture of a real run: `python -m tests.moving_picture docs/footnote.webp`. Needs a Chromium.

A question is asked and answered in quotations, a footnote is opened, and a draft is checked; no model and no network take part.
The frames are screenshots of the page, taken when something has changed, so the file holds no more than what is seen.
"""

import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.e2e.serving import footnote, free_port, serving
from tests.screenshots import DRAFT, QUESTION

SIZE = {"width": 1120, "height": 700}
MOST_BYTES = 2_000_000
PATIENCE = 60_000
"""Milliseconds that anything on the page may take."""

_POINTER = """() => {
  const dot = document.createElement("div");
  dot.id = "pointer";
  dot.style.cssText = "position:fixed;z-index:999999;width:22px;height:22px;margin:-11px;border-radius:50%;left:50%;top:70%;" +
    "pointer-events:none;background:rgba(37,99,235,.35);border:2px solid rgba(37,99,235,.9)";
  document.body.append(dot);
  window.addEventListener("mousemove", (event) => {
    dot.style.left = event.clientX + "px";
    dot.style.top = event.clientY + "px";
  });
}"""


@dataclass
class Film:
    """The frames so far, each with the milliseconds that it stands.

    >>> film = Film(page)
    >>> film.frame(500)
    >>> film.save(Path("footnote.webp"))
    """

    page: Page
    frames: list[Image.Image] = field(default_factory=list)
    lasting: list[int] = field(default_factory=list)
    last: bytes = b""

    def frame(self, milliseconds: int) -> None:
        """Takes a picture of the page, or lets the one before stand longer where nothing has changed."""
        taken = self.page.screenshot()
        if taken == self.last:
            self.lasting[-1] += milliseconds
            return
        self.last = taken
        self.frames.append(Image.open(BytesIO(taken)).convert("RGB"))
        self.lasting.append(milliseconds)

    def watch(self, shown: Locator, hold: int) -> None:
        """Takes pictures until `shown` is in sight, and then lets the page stand for `hold` milliseconds."""
        waited = 0
        while not shown.first.is_visible() and waited < PATIENCE:
            self.frame(120)
            self.page.wait_for_timeout(60)
            waited += 60
        expect(shown.first).to_be_visible(timeout=PATIENCE)
        self.page.wait_for_timeout(700)  # what comes with it is drawn as well
        self.frame(hold)

    def type(self, box: Locator, text: str, at_once: int = 3) -> None:
        """Types as a hand does, some letters a frame."""
        for start in range(0, len(text), at_once):
            box.press_sequentially(text[start : start + at_once])
            self.frame(90)

    def point(self, target: Locator) -> None:
        """Moves the pointer to the middle of `target` in a few steps."""
        place = target.bounding_box()
        assert place is not None
        x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
        self.page.mouse.move(x - 60, y + 40)
        for step in range(1, 5):
            self.page.mouse.move(x - 60 + 15 * step, y + 40 - 10 * step)
            self.frame(70)

    def save(self, file: Path) -> None:
        """Writes an animated WebP that runs for ever; its last frame stands longer."""
        self.lasting[-1] += 2000
        first, *others = self.frames
        first.save(
            file,
            save_all=True,
            append_images=others,
            duration=self.lasting,
            loop=0,
            lossless=True,
            method=6,
            minimize_size=True,
        )
        seconds, kilobytes = sum(self.lasting) / 1000, file.stat().st_size / 1000
        sys.stdout.write(f"{file}: {len(self.frames)} frames, {seconds:.0f} s, {kilobytes:.0f} kB\n")
        if file.stat().st_size > MOST_BYTES:
            sys.exit(f"{file} is larger than {MOST_BYTES / 1e6:.0f} MB.")


def main(file: Path) -> None:
    """Runs the program on the example articles and films it."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("No Chromium is on the PATH.")
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        port = free_port()
        with serving(
            footnote("ui", "--port", str(port), "--home", home), port, {"FOOTNOTE_MODEL": "quotes"}, seconds=120
        ) as address:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport=SIZE, color_scheme="light")  # type: ignore[arg-type]
            film = Film(page)
            _asked(film, address)
            _checked(film, address)
            film.save(file)
            browser.close()


def _asked(film: Film, address: str) -> None:
    """A question is typed, its answer read, and its first footnote opened."""
    page = film.page
    page.goto(address)
    box = page.get_by_test_id("stChatInputTextArea")
    expect(box).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(2000)
    page.evaluate(_POINTER)
    film.frame(1200)
    box.click()
    film.type(box, QUESTION)
    film.frame(400)
    box.press("Enter")
    film.watch(page.locator(".turn:not(.running) .question"), 1800)
    chip = page.locator(".turn").last.get_by_role("button", name="Footnote 1:").first
    film.point(chip)
    page.wait_for_timeout(600)
    film.frame(1500)
    chip.click()
    film.watch(page.locator("mark.cited"), 3000)


def _checked(film: Film, address: str) -> None:
    """A draft is put in and checked; the source of its wrong number is opened."""
    page = film.page
    page.goto(f"{address}/check")
    box = page.get_by_role("textbox").first
    expect(box).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(1500)
    page.evaluate(_POINTER)
    film.frame(700)
    box.fill(DRAFT)
    film.frame(1500)
    button = page.get_by_role("button", name="Check", exact=True)
    film.point(button)
    button.click(delay=120)
    film.watch(page.get_by_text("3 sentences checked"), 2500)
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    film.watch(page.locator("aside.panel mark"), 2500)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/footnote.webp"))
