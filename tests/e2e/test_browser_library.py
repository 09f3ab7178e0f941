"""The library in a real Chromium, on a real index: articles come in, are asked about, edited, labelled and deleted."""

import re
from collections.abc import Iterator

import pytest
from browsing import OpenPage, ask, at_rest, chip, inaccessible, panel, press
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect
from serving import footnote, free_port, indexed, serving

pytestmark = pytest.mark.browser

HARBOUR = """# The harbour of Lindmark

The harbour of Lindmark froze for the first time in forty years. Ferries stayed at their berths for nine days.

| Town | Ferries |
| --- | --- |
| Lindmark | 9 |
"""
BRIDGE = "# The bridge at Oster\n\nThe bridge at Oster was opened on 4 May 1931 by the mayor, Ada Brandt."
LAMP = (
    "# The lamp of Ner\n\nThe lamp at the pier of Ner was lit again after a winter of darkness.\n\n"
    "Its keeper wrote [a letter](https://coast.example/letters/3) to Ner, and [a script](javascript:alert(1)) besides."
)
DROPPED = {
    "mill.md": "# The mill of Vik\n\nThe mill of Vik ground 400 sacks of rye in the autumn of 1902.",
    "market.txt": "The market of Torp\n\nHerring sold at the market of Torp for nine crowns a barrel.",
    "empty.md": "",
}


@pytest.fixture(scope="module")
def library_pages(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # the browser first
    """The address of the page's server on a home with three articles, for this module alone: its tests change them."""
    home = indexed(tmp_path_factory.mktemp("library") / "home", {"harbour.md": HARBOUR, "bridge.md": BRIDGE, "lamp.md": LAMP})
    port = free_port()
    with serving(footnote("ui", "--port", str(port), "--home", home), port, seconds=120) as address:
        yield address


@pytest.fixture
def page(open_page: OpenPage, library_pages: str) -> Page:
    return entered(open_page(library_pages))


def entered(page: Page) -> Page:
    """The library, by its link: below its own address, Streamlit first looks for its server in vain."""
    page.get_by_role("link", name="Articles").click()
    expect(row(page, "The harbour of Lindmark")).to_be_visible()
    return page


def payload(name: str, text: str) -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def row(page: Page, title: str) -> Locator:
    return page.locator(".catalog .row", has_text=title)


def choose(page: Page, title: str) -> None:
    page.get_by_role("checkbox", name=f"Choose {title}").check()


def opened(page: Page, title: str) -> None:
    row(page, title).click()
    expect(page.get_by_role("button", name="Ask about this article")).to_be_visible()
    expect(panel(page)).to_have_attribute("aria-busy", "false")
    at_rest(page)


def adding(page: Page, tab: str) -> None:
    press(page.get_by_text("Add articles"), page.get_by_role("tab", name=tab))
    page.get_by_role("tab", name=tab).click()


def intake(page: Page) -> Locator:
    return page.locator(".intake")


def test_an_article_says_what_it_is_about_and_a_sentence_opens_there(page: Page) -> None:
    opened(page, "The lamp of Ner")
    page.get_by_role("button", name="The lamp at the pier of Ner was lit again").click()
    expect(panel(page).locator("mark")).to_contain_text("The lamp at the pier of Ner was lit again")
    assert inaccessible(page) == []


def test_a_link_in_an_article_leads_out_of_the_page_and_says_where(page: Page) -> None:
    opened(page, "The lamp of Ner")
    link = panel(page).locator(".body a")
    expect(link).to_have_count(1)
    expect(link).to_have_attribute("href", "https://coast.example/letters/3")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("data-host", "coast.example")


def test_dropped_files_come_in_and_are_asked_about(page: Page) -> None:
    adding(page, "Files")
    page.locator("input[type=file]").first.set_input_files([payload(*one) for one in DROPPED.items()])
    expect(intake(page).locator(".sum")).to_have_text("2 added · 1 failed")
    expect(intake(page).locator(".failed")).to_contain_text("empty.md")
    expect(intake(page).get_by_role("button", name="Retry empty.md")).to_be_visible()
    intake(page).get_by_role("button", name="mill.md").click()
    expect(panel(page).locator(".body")).to_contain_text("400 sacks of rye")
    press(page.get_by_role("button", name="Ask about this article"), page.get_by_role("button", name="Do not keep to"))
    ask(page, "How many sacks of rye did the mill grind?")
    chip(page, 1).click()
    expect(panel(page).locator("mark.cited")).to_contain_text("400 sacks of rye")


def test_files_in_the_chats_own_box_are_what_it_keeps_to(open_page: OpenPage, library_pages: str) -> None:
    page = open_page(library_pages)
    box = page.get_by_test_id("stChatInput")
    expect(box).to_be_visible()
    box.locator("input[type=file]").set_input_files([payload("ferry.md", "# The ferry\n\nThe ferry to Hjelm costs 12 crowns.")])
    expect(box).to_contain_text("ferry.md")
    box.get_by_test_id("stChatInputTextArea").fill("What does the ferry to Hjelm cost?")
    box.get_by_test_id("stChatInputTextArea").press("Enter")
    expect(page.locator(".turn:not(.running) .question")).to_have_text("What does the ferry to Hjelm cost?")
    expect(page.get_by_role("button", name="Do not keep to: The ferry")).to_be_visible()
    expect(page.get_by_text("The chat is kept to the article that you just dropped.")).to_be_visible()
    chip(page, 1).click()
    expect(panel(page).locator("mark.cited")).to_contain_text("12 crowns")


def test_a_file_attached_before_any_question_is_kept_to_after_a_reload(open_page: OpenPage, library_pages: str) -> None:
    page = open_page(library_pages)
    box = page.get_by_test_id("stChatInput")
    box.locator("input[type=file]").set_input_files([payload("sluice.md", "# The sluice\n\nThe sluice has 3 gates of oak.")])
    expect(box).to_contain_text("sluice.md")
    kept = page.get_by_role("button", name="Do not keep to: The sluice")
    # Its name is there before the file is, and what is sent before that is lost.
    press(box.get_by_role("button", name="Send message"), kept)
    page.reload()
    expect(kept).to_be_visible()
    kept.click()
    expect(kept).to_have_count(0)
    at_rest(page)
    page.reload()
    expect(page.get_by_role("group", name="What the search is kept to")).to_contain_text("All articles")
    expect(kept).to_have_count(0)


def test_a_pasted_text_is_an_article(page: Page) -> None:
    adding(page, "Text")
    page.get_by_label("Title", exact=True).fill("The fair")
    page.get_by_role("textbox", name="Text of the article").fill("The fair of Lund was held on the first Sunday of June.")
    page.get_by_role("textbox", name="Text of the article").press("Control+Enter")
    at_rest(page)
    page.get_by_role("button", name="Add the text").click()
    expect(intake(page).locator(".sum")).to_have_text("1 added")
    expect(row(page, "The fair")).to_be_visible()


def test_a_deleted_article_comes_back(page: Page) -> None:
    choose(page, "The lamp of Ner")
    press(page.get_by_role("button", name="Delete", exact=True), page.get_by_text("“The lamp of Ner” is deleted."))
    expect(row(page, "The lamp of Ner")).to_have_count(0)
    press(page.get_by_role("button", name="Undo"), row(page, "The lamp of Ner"))
    expect(page.get_by_text("is deleted.")).to_have_count(0)


def test_an_archived_article_is_found_among_the_archived_alone(page: Page) -> None:
    opened(page, "The lamp of Ner")
    press(page.get_by_role("button", name="Archive"), page.get_by_text("Archived: no question finds it."))
    press(page.get_by_role("button", name="All articles"), row(page, "The bridge at Oster"))
    expect(row(page, "The lamp of Ner")).to_have_count(0)
    page.get_by_role("button", name="Filter").click()
    page.get_by_text("Archived articles").click()
    expect(row(page, "The lamp of Ner")).to_be_visible()
    page.keyboard.press("Escape")
    choose(page, "The lamp of Ner")
    page.get_by_role("button", name="Take back from the archive").click()
    expect(row(page, "The lamp of Ner")).to_have_count(0)


def test_an_edited_title_stands_everywhere(page: Page) -> None:
    opened(page, "The bridge at Oster")
    press(page.get_by_text("Edit title, author and date"), page.get_by_label("Author"))
    page.get_by_label("Title", exact=True).fill("Oster bridge")
    press(page.get_by_role("button", name="Save"), page.get_by_role("heading", name="Oster bridge"))
    press(page.get_by_role("button", name="All articles"), row(page, "Oster bridge"))
    opened(page, "Oster bridge")
    press(page.get_by_text("Edit title, author and date"), page.get_by_label("Author"))
    page.get_by_label("Title", exact=True).fill("The bridge at Oster")
    page.get_by_role("button", name="Save").click()
    # The text has a heading of these words too, so it is the list that tells whether the title was saved.
    press(page.get_by_role("button", name="All articles"), row(page, "The bridge at Oster"))


def test_a_tag_is_given_and_filters_the_list(page: Page) -> None:
    choose(page, "The bridge at Oster")
    page.get_by_role("button", name="Tags").click()
    page.get_by_role("combobox", name="Tags").fill("bridges")
    page.get_by_role("combobox", name="Tags").press("Enter")
    expect(row(page, "The bridge at Oster")).to_contain_text("#bridges")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("combobox", name="Tags").fill("bridges")
    page.get_by_role("combobox", name="Tags").press("Enter")
    expect(page.locator(".catalog .row")).to_have_count(1)


def test_words_of_the_text_find_its_article(page: Page) -> None:
    page.get_by_label("Find an article").fill("mayor brandt")
    page.get_by_label("Find an article").press("Enter")
    expect(page.locator(".catalog .row")).to_have_count(1)
    expect(row(page, "The bridge at Oster")).to_contain_text("in the text")


def test_an_article_has_an_address_and_its_passages_can_be_shown(page: Page, browser: BrowserContext) -> None:
    opened(page, "The harbour of Lindmark")
    expect(page).to_have_url(re.compile("article="))
    with browser.new_page() as again:
        again.goto(page.url)
        expect(panel(again).locator(".body table")).to_contain_text("Lindmark")
        again.get_by_text("Show passages").click()
        expect(panel(again).locator("mark.chunk").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_library_holds_to_the_accessibility_rules(open_page: OpenPage, library_pages: str, scheme: str) -> None:
    page = entered(open_page(library_pages, scheme="dark" if scheme == "dark" else "light"))
    page.emulate_media(reduced_motion="reduce")
    adding(page, "Web addresses")
    choose(page, "The harbour of Lindmark")
    expect(page.get_by_text("1 chosen")).to_be_visible()
    at_rest(page)
    assert inaccessible(page) == []
    opened(page, "The harbour of Lindmark")
    assert inaccessible(page) == []


@pytest.mark.parametrize("width", [390, 720])
def test_narrow_nothing_of_the_library_sticks_out(open_page: OpenPage, library_pages: str, width: int) -> None:
    # Entered while the links are in sight.
    page = entered(open_page(library_pages))
    page.set_viewport_size({"width": width, "height": 844})
    choose(page, "The harbour of Lindmark")
    expect(page.get_by_text("1 chosen")).to_be_visible()
    main = page.get_by_test_id("stMain").or_(page.get_by_test_id("stAppScrollToBottomContainer"))
    assert main.evaluate("node => node.scrollWidth <= node.clientWidth")
    row(page, "The harbour of Lindmark").click()
    expect(panel(page).locator(".body")).to_contain_text("Ferries stayed")
    expect(panel(page)).to_have_attribute("aria-busy", "false")
    page.get_by_role("button", name="Close the source").click()
    expect(page.get_by_role("button", name="Ask about this article")).to_be_visible()
    assert main.evaluate("node => node.scrollWidth <= node.clientWidth")
