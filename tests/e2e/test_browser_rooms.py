"""The list of conversations and the pages around the chat, in a real browser."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from browsing import SMALLEST, OpenPage, inaccessible
from fake_rooms import answered, judge, rate
from playwright.sync_api import Locator, Page, expect
from serving import free_port, serving, streamlit

from bot.conversation.history import History, ListPage
from bot.ui.components.conversations.view import DRAFTS, list_data
from bot.ui.components.mounting import component_script

pytestmark = pytest.mark.browser

LONG = "What does the report of the harbour say of the winter, and who wrote it down in the parish books?"


@dataclass(frozen=True)
class Place:
    """A server, and the history that it shows."""

    address: str
    history: History


@contextmanager
def served(home: Path, *words: str) -> Iterator[Place]:
    """The pages on a home folder, with `wrong` findings where that is among the words."""
    port, history = free_port(), History.open(home)
    command = [*streamlit(Path(__file__).with_name("rooms_app.py"), port), "--", str(home), *words]
    with closing(history), serving(command, port) as address:
        yield Place(address, history)


@pytest.fixture(scope="module")
def server(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:  # the browser first
    """One server for all tests: none leaves anything in its history."""
    with served(tmp_path_factory.mktemp("home")) as place:
        yield place


@pytest.fixture
def place(server: Place) -> Iterator[Place]:
    """The pages on an empty history."""
    yield server
    for head in server.history.conversations(1000).items:
        server.history.delete(head.id)
    server.history.purge(-1)


def go(open_page: OpenPage, address: str, name: str = "Chat", *, width: int = 1440, scheme: str = "light") -> Page:
    """The page of that name, by its link: a narrow one has it in its sidebar."""
    page = open_page(address, width=width, scheme="dark" if scheme == "dark" else "light")
    expect(page.get_by_role("heading", name="Chat")).to_be_visible()
    if width < 800:
        # A browser may remember that it stood open.
        closed = page.get_by_test_id("stExpandSidebarButton")
        expect(closed.or_(page.get_by_test_id("stSidebarCollapseButton")).first).to_be_visible()
        if closed.is_visible():
            closed.click()
    if name != "Chat":
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    return page


def row(page: Page, title: str) -> Locator:
    return page.locator(".item", has_text=title)


def titles(page: Page) -> Locator:
    return page.locator(".item .title")


def menu(page: Page, title: str) -> Locator:
    """The opened menu of a row."""
    row(page, title).get_by_role("button", name=re.compile("^Actions for")).click()
    return page.get_by_role("menu")


def test_conversations_are_listed_by_day_and_opened(place: Place, open_page: OpenPage) -> None:
    answered(place.history, "Why?", "supported")
    answered(place.history, LONG, "supported")
    page = open_page(place.address)
    expect(titles(page)).to_have_count(2)
    expect(page.locator(".day")).to_have_text("Today")
    row(page, "Why?").get_by_role("button", name="Why?").first.click()
    expect(page.get_by_text("Shown: Why? at its end")).to_be_visible()
    expect(page.locator(".open[aria-current]")).to_contain_text("Why?")
    page.get_by_role("button", name="New chat").click()
    expect(page.get_by_text("A new chat")).to_be_visible()
    expect(page.locator(".open[aria-current]")).to_have_count(0)


def test_an_empty_list_says_what_will_stand_there(place: Place, open_page: OpenPage) -> None:
    page = open_page(place.address)
    expect(page.get_by_text("Your conversations will be listed here.")).to_be_visible()


def test_a_search_marks_what_it_found_opens_it_there_and_keeps_the_focus(place: Place, open_page: OpenPage) -> None:
    _, turn = answered(place.history, "Why?", "supported")
    answered(place.history, "About <b>Ferries</b>", "supported", title="Ferry & <i>co</i>")
    page = open_page(place.address)
    field = page.get_by_role("searchbox", name="Search conversations")
    field.press_sequentially("BERTHS for")
    expect(row(page, "Why?").locator("mark")).to_have_text("berths for")
    expect(field).to_be_focused()
    row(page, "Why?").locator(".open").click()
    expect(page.get_by_text(f"Shown: Why? at {turn}")).to_be_visible()
    field.fill("no such words")
    expect(page.get_by_text("No conversation holds “no such words”.")).to_be_visible()
    field.fill("<i>co")
    expect(titles(page)).to_have_text("Ferry & <i>co</i>")


def test_renaming_takes_place_in_the_row_by_keyboard(place: Place, open_page: OpenPage) -> None:
    conversation, _ = answered(place.history, "Why?", "supported")
    page = open_page(place.address)
    actions = row(page, "Why?").locator(".actions")
    actions.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Rename")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Delete")).to_be_focused()
    page.keyboard.press("Escape")
    expect(actions).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("The <b>bridge</b>")
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_text("The <b>bridge</b>")
    expect(row(page, "The").locator(".open")).to_be_focused()
    page.reload()
    expect(titles(page)).to_have_text("The <b>bridge</b>")
    found = place.history.conversation(conversation)
    assert found is not None and found.head.title == "The <b>bridge</b>"


def test_escape_leaves_the_title_as_it_was(place: Place, open_page: OpenPage) -> None:
    answered(place.history, "Why?", "supported")
    page = open_page(place.address)
    menu(page, "Why?").get_by_role("menuitem", name="Rename").click()
    page.keyboard.type("Something else")
    page.keyboard.press("Escape")
    expect(titles(page)).to_have_text("Why?")


def test_a_deleted_conversation_is_had_back(place: Place, open_page: OpenPage) -> None:
    answered(place.history, "Why?", "supported")
    answered(place.history, "Who?", "supported")
    page = open_page(place.address)
    menu(page, "Who?").get_by_role("menuitem", name="Delete").click()
    expect(titles(page)).to_have_text(["Why?"])
    expect(page.get_by_text("Deleted ‘Who?’.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(titles(page)).to_have_text(["Who?", "Why?"])
    expect(page.get_by_text("Deleted ‘Who?’.")).to_have_count(0)


def test_the_one_that_is_shown_leaves_a_new_chat_and_comes_back_open(place: Place, open_page: OpenPage) -> None:
    answered(place.history, "Why?", "supported")
    page = open_page(place.address)
    row(page, "Why?").locator(".open").click()
    expect(page.get_by_text("Shown: Why?")).to_be_visible()
    menu(page, "Why?").get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_text("A new chat")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Shown: Why?")).to_be_visible()


def test_the_way_back_stands_inside_the_list_however_long_the_title(place: Place, open_page: OpenPage) -> None:
    answered(place.history, LONG, "supported", title=LONG)
    page = open_page(place.address)
    menu(page, "What does").get_by_role("menuitem", name="Delete").click()
    undo = page.get_by_role("button", name="Undo").bounding_box()
    whole = page.get_by_role("button", name="New chat").bounding_box()
    assert undo and whole and undo["x"] + undo["width"] <= whole["x"] + whole["width"]


def test_deletions_that_follow_at_once_all_count(place: Place, open_page: OpenPage) -> None:
    for n in range(4):
        answered(place.history, f"Question {n}?", "supported")
    page = open_page(place.address)
    for n in range(3):
        menu(page, f"Question {n}?").get_by_role("menuitem", name="Delete").click()
    expect(titles(page)).to_have_text(["Question 3?"])
    page.reload()
    expect(titles(page)).to_have_text(["Question 3?"])


def test_a_long_list_goes_on(place: Place, open_page: OpenPage) -> None:
    for n in range(35):
        place.history.create(f"Question {n}?")
    page = open_page(place.address)
    expect(titles(page)).to_have_count(30)
    page.get_by_role("button", name="More conversations").click()
    expect(titles(page)).to_have_count(35)


def test_a_title_that_is_cut_short_is_whole_beside_its_row(place: Place, open_page: OpenPage) -> None:
    answered(place.history, LONG, "supported", title=LONG)
    page = open_page(place.address)
    row(page, "What does").locator(".open").hover()
    expect(page.get_by_role("tooltip")).to_have_text(LONG)


@pytest.fixture
def told(place: Place) -> tuple[str, str]:
    """A conversation that something was said of, and its turn."""
    conversation, turn = answered(place.history, "Why?", "supported", "number differs")
    judge(place.history, turn, "accepted", "accepted")
    rate(place.history, turn, "wrong")
    return conversation, turn


def test_a_review_opens_its_citation(place: Place, open_page: OpenPage, told: tuple[str, str]) -> None:
    page = go(open_page, place.address, "Quality")
    page.get_by_role("radio", name="Where the two differ").click()
    expect(page.locator(".opinions").first.locator("li")).to_have_count(1)
    link = page.locator(".opinions").first.get_by_role("link", name="Why?")
    expect(link).to_have_attribute("href", f"/?conversation={told[0]}&turn={told[1]}&citation=2")


def test_reviews_are_taken_along_as_a_table(place: Place, open_page: OpenPage, told: tuple[str, str]) -> None:
    page = go(open_page, place.address, "Quality")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.count(told[1]) == 2


@pytest.mark.parametrize("width", [360, 1440])
def test_the_figures_behind_a_chart_can_be_read_as_a_table(place: Place, open_page: OpenPage, width: int) -> None:
    page = go(open_page, place.address, "Quality", width=width)
    expect(page.locator("canvas, svg.marks").first).to_be_visible()
    page.locator("summary", has_text="The figures as a table").first.press("Enter")
    table = page.get_by_role("table", name="Cited answers: the figures")
    expect(table.get_by_role("row")).to_have_count(11)
    _accessible(page)


def test_each_verdict_is_told_with_its_meaning_and_how_often_it_is_right(place: Place, open_page: OpenPage) -> None:
    page = go(open_page, place.address, "Quality")
    table = page.get_by_role("table", name="How often each verdict is right")
    row = table.get_by_role("row", name=re.compile("^Supported by the passage"))
    expect(row).to_contain_text("with every number, date and name in it")
    expect(row.get_by_role("cell").nth(1)).to_contain_text(re.compile(r"^\d+% supported, of [\d,]+"))


@pytest.fixture
def damaged(chromium: str, tmp_path: Path) -> Iterator[str]:  # the browser first
    """The address of pages on an index that wants mending."""
    with served(tmp_path, "wrong") as place:
        yield place.address


def test_what_is_wrong_is_mended(damaged: str, open_page: OpenPage) -> None:
    page = go(open_page, damaged, "Health")
    expect(page.get_by_role("alert").filter(has_text="1 of 2 things is not as it should be")).to_be_visible()
    page.get_by_role("button", name="Mend it").click()
    expect(page.get_by_text("Mended: Index of words.")).to_be_visible()
    expect(page.get_by_role("button", name="Mend it")).to_have_count(0)


def test_the_page_can_be_left_while_it_looks(place: Place, open_page: OpenPage) -> None:
    page = go(open_page, place.address, "Health")
    expect(page.get_by_text("Looking at the index")).to_be_visible()
    page.get_by_role("link", name="Prompts").click()
    expect(page.get_by_role("heading", name="Prompts")).to_be_visible()


def test_the_prompts_in_force_can_be_read(place: Place, open_page: OpenPage) -> None:
    page = go(open_page, place.address, "Prompts")
    version = page.get_by_test_id("stExpander").filter(has_text="in force").first
    expect(version).to_be_visible()
    expect(version.locator(".message code").first).to_have_text("$passages")


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_used_by_everybody(
    place: Place, open_page: OpenPage, told: tuple[str, str], width: int, scheme: str
) -> None:
    answered(place.history, LONG, "supported")
    seen = {"Chat": ".item", "Quality": ".opinions li", "Health": "td", "Prompts": ".message"}
    for name, part in seen.items():
        page = go(open_page, place.address, name, width=width, scheme=scheme)
        expect(page.locator(part).first).to_be_visible()
        _accessible(page)


def _accessible(page: Page) -> None:
    assert inaccessible(page) == []
    boxes = [node.bounding_box() for node in page.locator(":is(button, input, a, summary):visible").all()]
    ours = [box for box in boxes if box and box["width"] > 1 and box["height"] > 1]  # not what is there for readers of screens
    assert [box for box in ours if box["width"] < SMALLEST or box["height"] < SMALLEST] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


ANEW = """async ([script, data]) => {
  const component = (await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })))).default;
  const first = document.createElement("div"), second = document.createElement("div");
  document.body.append(first, second);
  const offered = (parent) => [...parent.querySelectorAll(".undo button")].map((node) => node.getAttribute("aria-label"));
  const end = component({ data, parentElement: first, setTriggerValue: () => {} });
  first.querySelector(".actions").click();
  [...first.querySelectorAll("[role=menuitem]")].at(-1).click();
  const before = offered(first);
  component({ data: { ...data, rows: [] }, parentElement: second, setTriggerValue: () => {} });
  end();
  const after = offered(second);
  second.querySelector(".undo button").click();
  return [before, after, offered(second)];
}"""


def test_a_list_that_is_built_anew_still_offers_to_undo(open_page: OpenPage, server: Place) -> None:
    page = open_page(server.address)
    row = {"id": "1", "title": "Rain", "shown": [], "size": "", "changed": "2026-01-02T00:00:00", "turn": "", "excerpt": []}
    data = {**list_data(DRAFTS, ListPage((), False), limit=30), "rows": [row]}
    undo = ["Undo: bring back Rain"]
    assert page.evaluate(ANEW, [component_script("conversations"), data]) == [undo, undo, []]
