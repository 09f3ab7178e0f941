"""Takes the README's pictures of the real page: `python -m tests.screenshots FOLDER [PAGE...]`. Needs a Chromium on the PATH.

Quotations, an answer that the model of `make run FAKE_MODEL=1` wrote, a review, a checked draft, and the other pages; each in
two widths and two schemes.
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.browsing import at_rest
from tests.e2e.serving import footnote, free_port, serving
from tests.fake_model import MODEL, answer
from tests.openai_server import KEY
from tests.openai_server import serving as playing

Pose = Callable[[Page, str, bool], None]

SIZES = {"wide": (1280, 800), "narrow": (390, 844)}
QUESTION = "How many local leaders launched the alliance in Tokyo?"
DRAFT = """The Japan-Taiwan Co-prosperity Leader Alliance was launched in Tokyo by 134 local leaders.
It calls on Japan to adopt its own version of an American law, the Taiwan Relations Act.
The alliance was paid for by a shipping company."""


def main(folder: Path, *pages: str) -> None:
    """Writes PAGE-WIDTH-SCHEME.png for the named pages, or for all of them, in both widths and both colour schemes."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("No Chromium is on the PATH.")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, playing() as model, sync_playwright() as playwright:
        model.responder = answer
        written = {"OPENAI_BASE_URL": model.address, "OPENAI_API_KEY": KEY, "FOOTNOTE_MODEL": f"openai:{MODEL}"}
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        others = {name: _opened(name) for name in ("articles", "standing", "models", "prompts", "quality", "health")}
        quoting = {"chat": _chat, "review": _review, "check": _check, **others}
        for environ, poses in (({}, quoting), (written, {"written": _written})):
            pictures = {name: pose for name, pose in poses.items() if not pages or name in pages}
            if not pictures:
                continue
            port = free_port()
            with serving(footnote("ui", "--port", str(port), "--home", home), port, environ, seconds=120) as address:
                for name, pose in pictures.items():
                    for width in SIZES:
                        for scheme in ("light", "dark"):
                            _take(browser, address, pose, width, scheme, folder / f"{name}-{width}-{scheme}.png")
        browser.close()


def _take(browser: Browser, address: str, pose: Pose, width: str, scheme: str, to: Path) -> None:
    """One picture, once the page has been brought into its pose."""
    across, down = SIZES[width]
    page = browser.new_page(viewport={"width": across, "height": down}, color_scheme=scheme)  # type: ignore[arg-type]
    pose(page, address, width == "wide")
    page.mouse.move(5, 5)
    at_rest(page, 800)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=60_000)
    page.wait_for_timeout(400)  # what comes in fades in
    page.screenshot(path=to)
    page.close()


def _chat(page: Page, address: str, wide: bool) -> None:
    """A question is asked; on a wide page its first source is opened."""
    _ask(page, address)
    if wide:
        page.get_by_role("button", name=re.compile("^Footnote 1:")).last.click()
        expect(page.locator("mark.cited").first).to_be_visible()


def _written(page: Page, address: str, wide: bool) -> None:
    """The same with a model; on a wide page the source of what it contradicts is opened."""
    _ask(page, address)
    if wide:
        page.get_by_role("button", name=re.compile("^Footnote 1:.*number differs")).last.click()
        expect(page.locator("mark").first).to_be_visible()


def _review(page: Page, address: str, wide: bool) -> None:
    """The first footnote is accepted; on a wide page the answer without the second one's passage stands below."""
    _ask(page, address)
    page.get_by_role("button", name="Review").last.click()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("1 of 2 checked")).to_be_visible()
    if wide:
        page.get_by_role("button", name="Answer without this passage").click()
        expect(page.get_by_text("Without it", exact=True).first).to_be_visible()
        expect(page.get_by_text("Answering again without the passage")).to_have_count(0, timeout=60_000)


def _opened(name: str) -> Pose:
    """The page as it is when it is opened."""

    def pose(page: Page, address: str, wide: bool) -> None:
        page.goto(f"{address}/{name}")
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=60_000)
        at_rest(page, 2500)

    return pose


def _ask(page: Page, address: str) -> None:
    page.goto(address)
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(QUESTION, timeout=60_000)
    box.press("Enter")
    expect(page.locator(".turn:not(.running) .question").last).to_be_visible(timeout=60_000)


def _check(page: Page, address: str, wide: bool) -> None:
    """A draft is checked; on a wide page the source of its first sentence is opened."""
    page.goto(f"{address}/check")
    page.get_by_role("textbox").first.fill(DRAFT, timeout=60_000)
    page.get_by_role("button", name="Check", exact=True).click(delay=120)
    expect(page.get_by_text("3 sentences checked")).to_be_visible(timeout=60_000)
    if wide:
        page.keyboard.press("n")
        page.keyboard.press("Enter")
        expect(page.locator("aside.panel mark").first).to_be_visible()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"), *sys.argv[2:])
