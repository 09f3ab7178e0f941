"""Takes the README's pictures of the real page: `python -m tests.screenshots FOLDER`. Wants a Chromium on the PATH."""

import re
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "e2e"))

from playwright.sync_api import Browser, expect, sync_playwright
from serving import free_port, serving

SIZES = {"wide": (1280, 800), "narrow": (390, 844)}
QUESTION = "How many local leaders launched the alliance in Tokyo?"


def main(folder: Path) -> None:
    """Writes chat-WIDTH-SCHEME.png for both widths and both colour schemes."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("No Chromium is on the PATH.")
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "bot.cli", "ui", "--port", str(port), "--home", home]
        with serving(command, port, seconds=120) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            for width in SIZES:
                for scheme in ("light", "dark"):
                    _take(browser, address, width, scheme, folder / f"chat-{width}-{scheme}.png")
            browser.close()


def _take(browser: Browser, address: str, width: str, scheme: str, target: Path) -> None:
    """One picture: the question is asked, and on a wide page its first source is opened."""
    across, down = SIZES[width]
    page = browser.new_page(viewport={"width": across, "height": down}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(address)
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(QUESTION, timeout=60_000)
    box.press("Enter")
    expect(page.locator(".turn:not(.running) .question").last).to_be_visible(timeout=30_000)
    if width == "wide":
        page.get_by_role("button", name=re.compile("^Footnote 1:")).last.click()
        expect(page.locator("mark.cited").first).to_be_visible()
    page.mouse.move(5, 5)
    page.wait_for_timeout(800)
    page.screenshot(path=target)
    page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
