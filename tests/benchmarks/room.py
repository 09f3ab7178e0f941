"""The reading room in Chromium: a click on a footnote to its marked words, a long conversation opened, ten people at once."""

import re
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.answering.streamed import after
from bot.conversation.history import AskedQuestion, History
from bot.resources import seeds_dir
from bot.settings import load_settings
from bot.types import Answer, Done, Question
from bot.ui.exchange import begun
from bot.ui.state import ChatState
from bot.wiring import Service, open_service
from tests.benchmarks.common import FOOTNOTE, percentile
from tests.benchmarks.start import FLAGS, chromium_path
from tests.benchmarks.table import Row, info, under
from tests.e2e.serving import free_port, serving

_CHARACTERS = 100_000
_TURNS = 200
_PEOPLE = 10
_EACH = 5
_QUESTIONS = (
    "How many local leaders launched the alliance in Tokyo?",
    "Who translated the op-ed?",
    "What did Sankei Shimbun report in February 2019?",
    "Who praised Chinese workers who rise at 3am?",
    "When was the Japan-Taiwan Co-prosperity Leader Alliance launched?",
)

# Milliseconds from the click to the frame in which the words that it asks for are marked and in sight.
_CLICK = """([chip, quote]) => new Promise((resolve) => {
  const all = (root, found = []) => {
    for (const node of root.querySelectorAll("*")) if (node.shadowRoot) found.push(node.shadowRoot);
    return found;
  };
  const start = performance.now();
  chip.click();
  const look = () => {
    for (const root of all(document)) {
      const mark = root.querySelector("aside.panel mark.cited");
      const box = mark && root.querySelector(".body").getBoundingClientRect();
      const place = mark && mark.getBoundingClientRect();
      if (mark && quote.startsWith(mark.textContent.trim()) && place.bottom > box.top && place.top < box.bottom) {
        return resolve(performance.now() - start);
      }
    }
    requestAnimationFrame(look);
  };
  look();
})"""
# Milliseconds of the longest frame while letters are typed into the question's field.
_FRAMES = """() => { window.worst = 0; let last = performance.now();
  const step = (now) => { window.worst = Math.max(window.worst, now - last); last = now; requestAnimationFrame(step); };
  requestAnimationFrame(step); }"""


def run() -> list[Row]:
    """All three, on the server as `footnote ui` starts it."""
    if (chromium := chromium_path()) is None:
        return [info("room", "not measured", "no browser; CHROMIUM may name one")]
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        rows = [*_clicks(browser, Path(scratch) / "long"), *_turns(browser, Path(scratch) / "turns")]
        browser.close()
        return [*rows, *_people(Path(scratch) / "people")]


def _clicks(browser: Browser, home: Path) -> list[Row]:
    """An article of 100,000 characters, made up, whose facts stand far apart."""
    article = home.parent / "long.md"
    article.write_text(_long_text(), encoding="utf-8")
    app = _opened(home, article)
    app.close()
    first, again = list[float](), list[float]()
    with _served(browser, home) as page:
        _ask(page, "When was the lamp of Ner first lit, and by whom?")
        chips = page.locator(".body .chip")
        for at in range(chips.count()):
            quote = chips.nth(at).locator("xpath=..").inner_text()
            taken = float(page.evaluate(_CLICK, [chips.nth(at).element_handle(), quote]))
            (again if at else first).append(taken)
            page.wait_for_timeout(300)
    where = f"{len(again)} further clicks, an article of {_CHARACTERS:,} characters, in Chromium"
    return [
        under("a click on a footnote to its marked words, worst", max(first + again), 300, where, "{:.0f} ms"),
        info("  the first click, which opens the panel", f"{first[0]:.0f} ms", "the same"),
    ]


def _long_text() -> str:
    facts = [
        "The lamp of Ner was first lit on 4 May 1831 by Ada Brandt.",
        "Ada Brandt lit the lamp of Ner with oil from the whale station.",
        "The lamp of Ner was lit by hand until 1902, when a clockwork was built in.",
    ]
    lines = list[str]()
    while sum(map(len, lines)) < _CHARACTERS:
        at = len(lines)
        if at % 90 == 45 and facts:
            lines.append(f"{facts.pop(0)}\n\n")
        lines.append(f"Entry {at} of the harbour book tells of wind, of nets, and of {at % 17} boats that came in late.\n\n")
    return f"# The harbour book\n\n{''.join(lines)}"


def _turns(browser: Browser, home: Path) -> list[Row]:
    """A conversation of 200 answered turns, kept as the page keeps them."""
    app = _opened(home, seeds_dir())
    conversation = _long_conversation(app)
    app.close()
    with _served(browser, home) as page:
        _ask(page, _QUESTIONS[0])  # the server is warm
        address = page.url.split("?")[0]
        start = time.perf_counter()
        page.goto(f"{address}?conversation={conversation}")
        expect(page.locator(".turn .question").last).to_have_text(f"{_QUESTIONS[(_TURNS - 1) % 5]} ({_TURNS})")
        expect(page.locator(".turn:not(.running) .body > p").last).to_be_visible()
        opened = time.perf_counter() - start
        page.wait_for_timeout(1500)
        page.evaluate(_FRAMES)
        page.get_by_test_id("stChatInputTextArea").press_sequentially("How many local leaders were there?", delay=30)
        worst = float(page.evaluate("window.worst"))
    return [
        under(
            f"a conversation of {_TURNS} turns opens", opened, 2, "from its address to the last answer, in Chromium", "{:.2f} s"
        ),
        info("  the longest frame while typing in it", f"{worst:.0f} ms", "34 letters, 30 ms apart"),
    ]


def _long_conversation(app: Service) -> str:
    history: History = app.archive.history()
    conversation, parent = history.create(_QUESTIONS[0]), ""
    answers = [_answered(app, question) for question in _QUESTIONS]
    for n in range(_TURNS):
        asked = AskedQuestion(f"{_QUESTIONS[n % 5]} ({n + 1})")
        parent = history.begin(conversation, asked, parent=parent, id=f"{n + 1:012x}")
        history.save(parent, replace(answers[n % 5], question=asked.question))
    return conversation


def _answered(app: Service, question: str) -> Answer:
    answer = begun(AskedQuestion(question)).answer
    for event in app.chat.stream(Question(question)):
        answer = after(answer, event)
        if isinstance(event, Done):
            break
    return answer


def _people(home: Path) -> list[Row]:
    """Ten sessions in one process, each asking again as soon as it has its answer; looked at as the page looks at them."""
    app = _opened(home, seeds_dir())
    app.chat.warm()
    waits, lost = list[float](), list[str]()

    def person(number: int) -> None:
        state = ChatState()
        for n in range(_EACH):
            start = time.perf_counter()
            state.ask(app, _QUESTIONS[(number + n) % len(_QUESTIONS)])
            while state.exchanges[-1].answer.status == "running":
                time.sleep(0.08)
                state.advance()
            waits.append(time.perf_counter() - start)
            if state.exchanges[-1].answer.status != "done":
                lost.append(state.exchanges[-1].asked.question)

    threads = [threading.Thread(target=person, args=(number,)) for number in range(_PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    time.sleep(1)
    kept = sum(head.turns for head in app.archive.history().conversations(limit=_PEOPLE).items)
    app.close()
    where = f"{_PEOPLE} sessions, {_EACH} questions each without a pause, quotations, kept in SQLite"
    return [
        under("ten people at once: an answer, p95", percentile(waits, 95), 1.5, where, "{:.2f} s"),
        info("  p50", f"{percentile(waits, 50):.2f} s", where),
        info("  lost", f"{len(lost) + _PEOPLE * _EACH - kept}", f"{kept} turns kept of {_PEOPLE * _EACH}"),
    ]


def _opened(home: Path, articles: Path) -> Service:
    app = open_service(load_settings(home=home))
    app.library.ingest([articles], prune=False, rebuild=False, progress=None)
    return app


@contextmanager
def _served(browser: Browser, home: Path) -> Iterator[Page]:
    port = free_port()
    with serving([str(FOOTNOTE), "ui", "--port", str(port), "--home", str(home)], port, seconds=120) as address:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(address)
        yield page
        page.close()


def _ask(page: Page, question: str) -> None:
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question, timeout=60_000)
    box.press("Enter")
    expect(page.locator(".turn:not(.running) .question", has_text=re.compile(re.escape(question))).last).to_be_visible(
        timeout=60_000
    )
