"""Pages that notice what goes wrong inside them, and what every test does on one."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, Protocol

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

SECONDS = 40  # to wait for anything on a page, at most
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SIZES = {"wide": (1280, 800), "narrow": (390, 844), "zoomed": (640, 400)}
"""Windows in CSS pixels: of a desk, of a phone, and the first one's at 200% zoom."""
SMALLEST = 24
"""Pixels that a target must have in each direction (WCAG 2.2, 2.5.8)."""
AT_REST = """(milliseconds) => {
  const running = document.querySelector("[data-testid=stApp]").dataset.testScriptState !== "notRunning";
  if (running || window.restingSince === undefined) window.restingSince = performance.now();
  return performance.now() - window.restingSince >= milliseconds;
}"""


class OpenPage(Protocol):
    """Opens a new page, which is a new session of the server."""

    def __call__(
        self,
        address: str,
        *,
        width: int = 1440,
        height: int = 900,
        scheme: Literal["light", "dark"] = "light",
    ) -> Page: ...


@contextmanager
def watched(browser: BrowserContext) -> Iterator[OpenPage]:
    """Opens pages; in the end none of them may have met an error, or asked anybody but this machine for anything."""
    trouble: list[str] = []
    pages: list[Page] = []

    def opened(address: str, *, width: int = 1440, height: int = 900, scheme: Literal["light", "dark"] = "light") -> Page:
        page = browser.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        page.on("console", lambda message: trouble.append(message.text) if _is_trouble(message) else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda request: None if _is_local(request.url) else trouble.append(f"asked {request.url}"))
        page.goto(address)
        return page

    yield opened
    for page in pages:
        page.close()
    assert trouble == [], trouble


def _is_trouble(message: ConsoleMessage) -> bool:
    # Streamlit says so of itself where pages follow one another fast, asks for what it missed, and goes on.
    return message.type == "error" and "Cached ForwardMsg MISS" not in message.text


def _is_local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "blob:http://127.0.0.1:", "data:"))


def ask(page: Page, question: str) -> None:
    """Ask, and wait until the answer is complete."""
    send(page, question)
    expect(page.locator(".turn:not(.running) .question", has_text=question).last).to_be_visible()
    # The page is drawn once more when what to ask next is there: a press in that very moment may come to nothing.
    at_rest(page)


def send(page: Page, question: str) -> None:
    """Ask, and wait for nothing."""
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")


def press(button: Locator, shown: Locator) -> None:
    """Press as a hand does, and again where that came to nothing: Streamlit may draw a button anew under the pointer when what
    was typed before is sent. `shown` is what the press brings into sight.
    """
    for _ in range(4):
        button.click(delay=120)
        try:
            expect(shown.first).to_be_visible(timeout=10_000)
        except AssertionError:
            if button.is_visible():
                continue
        break
    expect(shown.first).to_be_visible()


def at_rest(page: Page, milliseconds: int = 150) -> None:
    """Waits until the page's script has not run for so long: what it draws late, such as what to ask next, is then there."""
    page.evaluate("delete window.restingSince")
    page.wait_for_function(AT_REST, arg=milliseconds)


def inaccessible(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds wrong by the rules of WCAG 2.2, A and AA: each rule with the elements that break it."""
    found = Axe().run(page, options={"runOnly": WCAG}).response
    assert found["passes"], "axe has looked at nothing"
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]]


def chip(page: Page, n: int) -> Locator:
    """The first footnote of this number."""
    return page.get_by_role("button", name=re.compile(f"^Footnote {n}:")).first


def panel(page: Page) -> Locator:
    """The source beside the page."""
    return page.locator("aside.panel")
