"""The source panel in a real Chromium: walking the citations, the rail, finding, changed sources, and reviewing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import OpenPage, ask, chip, inaccessible, panel, watched
from playwright.sync_api import BrowserContext, Locator, Page, expect
from serving import free_port, serving, streamlit

pytestmark = pytest.mark.browser

STORM = "The storm took the roof of the boat house, and nobody slept before dawn."
PRICE = "Herring sold for nine crowns a barrel, the best price in ten years."


@pytest.fixture(scope="module")
def diary_pages(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # the browser first
    """The address of the made-up service for the tests that change its diary: what one of them asks changes it for all."""
    port, home = free_port(), tmp_path_factory.mktemp("diary")
    with serving([*streamlit(Path(__file__).with_name("fake_app.py"), port), "--", str(home)], port) as address:
        yield address


@pytest.fixture(scope="module")
def one_answer(browser: BrowserContext, fake_pages: str) -> Iterator[Page]:
    with watched(browser) as opened:
        page = opened(fake_pages)
        ask(page, "read the diary")
        yield page


@pytest.fixture
def answered(one_answer: Page) -> Page:
    """A page whose answer has five citations, with no source open."""
    one_answer.bring_to_front()
    one_answer.mouse.move(5, 500)
    close = one_answer.get_by_role("button", name="Close the source")
    if close.is_visible():
        close.click()
    expect(panel(one_answer)).to_be_hidden()
    return one_answer


@pytest.fixture
def page(open_page: OpenPage, fake_pages: str) -> Page:
    """A page of its own with the same answer and its first citation open."""
    page = open_page(fake_pages)
    ask(page, "read the diary")
    opened(page, 1)
    return page


def opened(page: Page, n: int) -> None:
    chip(page, n).click()
    expect(place(page)).to_have_text(f"{n} of 5")
    expect(page.locator("mark.cited, mark.against, mark.place").first).to_be_in_viewport()
    # What the server says brings the words into sight once more: whoever scrolls before that is taken back.
    expect(panel(page)).to_have_attribute("aria-busy", "false")


def place(page: Page) -> Locator:
    return panel(page).locator(".where")


def tool(page: Page, name: str) -> Locator:
    return panel(page).get_by_role("button", name=name, exact=True)


def field(page: Page) -> Locator:
    return panel(page).get_by_role("textbox", name="Find in the article")


def count(page: Page) -> Locator:
    return panel(page).locator(".counted")


def highlighted(page: Page, name: str) -> list[str]:
    """The words that the browser paints under this highlight."""
    script = "name => [...(CSS.highlights.get(name) ?? [])].map((range) => range.toString())"
    found: list[str] = page.evaluate(script, name)
    return found


def person(page: Page) -> Locator:
    return panel(page).get_by_role("status").filter(has_text="Person:")


def checked(page: Page) -> Locator:
    return panel(page).locator(".checked")


# Walking


def test_all_citations_are_marked_and_the_open_one_is_strong(answered: Page) -> None:
    opened(answered, 1)
    expect(panel(answered).locator("mark.cited")).to_have_text(STORM)
    expect(panel(answered).locator("mark.other")).to_have_count(3)


def test_next_goes_on_across_articles_in_the_order_of_the_text(answered: Page) -> None:
    opened(answered, 1)
    tool(answered, "Next citation").click()
    expect(panel(answered).locator(".title")).to_have_text("The winter the harbour froze")
    expect(place(answered)).to_have_text("2 of 5")
    tool(answered, "Previous citation").click()
    expect(panel(answered).locator(".title")).to_have_text("The keeper's diary")
    expect(panel(answered).locator("mark.cited")).to_have_text(STORM)


def test_keys_walk_the_citations_and_come_round(answered: Page) -> None:
    opened(answered, 1)
    answered.keyboard.press("p")
    expect(place(answered)).to_have_text("5 of 5")
    answered.keyboard.press("n")
    answered.keyboard.press("n")
    expect(place(answered)).to_have_text("2 of 5")


def test_a_key_in_the_field_of_the_question_walks_nowhere(answered: Page) -> None:
    opened(answered, 1)
    answered.get_by_test_id("stChatInputTextArea").press_sequentially("np")
    expect(place(answered)).to_have_text("1 of 5")
    answered.get_by_test_id("stChatInputTextArea").fill("")


def test_a_click_on_another_footnotes_words_makes_it_the_current_one(answered: Page) -> None:
    opened(answered, 3)
    panel(answered).locator("mark.other", has_text=PRICE).click()
    expect(panel(answered).locator("mark.cited")).to_have_text(PRICE)
    expect(place(answered)).to_have_text("4 of 5")
    expect(chip(answered, 4)).to_have_attribute("aria-current", "true")


def test_the_text_stays_where_it_is_when_only_the_marks_change(answered: Page) -> None:
    opened(answered, 3)
    panel(answered).locator(".body > p").first.evaluate("node => { node.dataset.kept = 'yes'; }")
    tool(answered, "Next citation").click()
    expect(panel(answered).locator("mark.cited")).to_have_text(PRICE)
    expect(panel(answered).locator(".body > p").first).to_have_attribute("data-kept", "yes")


# The rail


def test_the_rail_has_a_tick_for_each_citation_in_the_article(answered: Page) -> None:
    opened(answered, 1)
    expect(panel(answered).locator(".tick")).to_have_count(4)
    expect(panel(answered).locator(".tick.current")).to_have_count(1)


def test_a_click_on_the_rail_scrolls_there(answered: Page) -> None:
    opened(answered, 1)
    rail = panel(answered).locator(".rail").bounding_box()
    assert rail is not None
    answered.mouse.click(rail["x"] + rail["width"] / 2, rail["y"] + rail["height"] - 3)
    expect(panel(answered).locator(".body > p").last).to_be_in_viewport()


def test_the_band_follows_the_text(answered: Page) -> None:
    opened(answered, 1)
    band = panel(answered).locator(".band")
    before = band.bounding_box()
    panel(answered).locator(".body").evaluate("node => { node.scrollTop = node.scrollHeight / 2; }")
    expect(band).to_have_attribute("style", re.compile("top: (4|5)"))
    after = band.bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] > before["y"] + 50


def test_the_ticks_keep_their_places_when_the_window_changes(page: Page) -> None:
    page.set_viewport_size({"width": 1000, "height": 700})
    script = """() => {
        const root = document.querySelector('.st-key-footnote-side');
        const inside = [...root.querySelectorAll('*')].find((node) => node.shadowRoot?.querySelector('.rail')).shadowRoot;
        const body = inside.querySelector('.body');
        const mark = body.querySelectorAll('mark')[3].getBoundingClientRect().top;
        const wanted = (mark - body.getBoundingClientRect().top + body.scrollTop) / body.scrollHeight;
        return Math.abs(parseFloat(inside.querySelectorAll('.tick')[3].style.top) / 100 - wanted) < 0.001;
    }"""
    page.wait_for_function(script)


# Finding


def test_the_search_folds_case_and_accents_and_counts(answered: Page) -> None:
    opened(answered, 1)
    tool(answered, "Find").click()
    field(answered).fill("cafe ANGSTROM")
    expect(count(answered)).to_have_text("1 of 1")
    assert highlighted(answered, "footnote-found-here") == ["Café Ångström"]


def test_enter_goes_on_and_shift_enter_back(answered: Page) -> None:
    opened(answered, 1)
    tool(answered, "Find").click()
    field(answered).fill("crowns")
    expect(count(answered)).to_have_text("1 of 1")
    field(answered).fill("the barrels")
    expect(count(answered)).to_have_text(re.compile(r"^\d+ of 500$"))
    first = int((count(answered).text_content() or "").split()[0])
    field(answered).press("Enter")
    expect(count(answered)).to_have_text(f"{first % 500 + 1} of 500")
    field(answered).press("Shift+Enter")
    field(answered).press("Shift+Enter")
    expect(count(answered)).to_have_text(f"{(first - 2) % 500 + 1} of 500")


def test_words_are_found_across_the_edge_of_a_mark(answered: Page) -> None:
    opened(answered, 1)
    tool(answered, "Find").click()
    field(answered).fill("before dawn. day 3")
    expect(count(answered)).to_have_text("1 of 1")
    assert highlighted(answered, "footnote-found") == ["before dawn. Day 3"]


def test_the_search_changes_nothing_in_the_text(answered: Page) -> None:
    opened(answered, 1)
    before = panel(answered).locator(".body").inner_html()
    tool(answered, "Find").click()
    field(answered).fill("barrels")
    expect(count(answered)).to_have_text(re.compile("of 50"))
    assert panel(answered).locator(".body").inner_html() == before


def test_what_is_not_there_is_said_to_be(answered: Page) -> None:
    opened(answered, 1)
    tool(answered, "Find").click()
    field(answered).fill("zeppelin")
    expect(count(answered)).to_have_text("No match")


def test_escape_clears_the_field_first_and_closes_it_next(answered: Page) -> None:
    opened(answered, 1)
    panel(answered).locator(".body").focus()
    answered.keyboard.press("/")
    expect(field(answered)).to_be_focused()
    field(answered).fill("storm")
    field(answered).press("Escape")
    expect(field(answered)).to_have_value("")
    field(answered).press("Escape")
    expect(field(answered)).to_be_hidden()
    expect(panel(answered)).to_be_visible()
    expect(tool(answered, "Find")).to_be_focused()


# Addresses


def test_the_original_is_a_named_link(answered: Page) -> None:
    opened(answered, 1)
    link = panel(answered).get_by_role("link", name="Open the original")
    expect(link).to_have_attribute("href", "https://example.org/diary")


def test_the_copied_link_is_the_citations_own_address(browser: BrowserContext, answered: Page) -> None:
    browser.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(answered, 3)
    tool(answered, "Copy link").click()
    expect(panel(answered).get_by_role("status").filter(has_text="Link copied")).to_be_visible()
    copied = answered.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?conversation=[0-9a-f]+&turn=[0-9a-f]+&citation=3", copied)


def test_the_copied_link_opens_at_these_words(browser: BrowserContext, answered: Page, open_page: OpenPage) -> None:
    browser.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(answered, 4)
    tool(answered, "Copy link").click()
    expect(panel(answered).get_by_role("status").filter(has_text="Link copied")).to_be_visible()
    other = open_page(answered.evaluate("navigator.clipboard.readText()"))
    expect(panel(other).locator("mark.cited")).to_have_text(PRICE)
    expect(panel(other).locator("mark.cited")).to_be_in_viewport()
    expect(place(other)).to_have_text("4 of 5")


# Changed sources


def rewritten(open_page: OpenPage, address: str, told: str) -> Page:
    """A page with an answer from the diary as it was, after the diary has changed."""
    page = open_page(address)
    ask(page, "read the diary")
    other = open_page(address)
    ask(other, f"{told} the diary")
    page.bring_to_front()
    return page


def test_words_that_moved_are_marked_where_they_stand_now(open_page: OpenPage, diary_pages: str) -> None:
    page = rewritten(open_page, diary_pages, "rewrite")
    opened(page, 1)
    expect(panel(page).locator("mark.cited")).to_have_text(STORM)
    expect(panel(page).locator(".note")).to_have_text("The source has changed since: these words stand in another place now.")


def test_changed_words_are_compared_and_not_marked_as_cited(open_page: OpenPage, diary_pages: str) -> None:
    page = rewritten(open_page, diary_pages, "rewrite")
    opened(page, 3)
    expect(panel(page).locator(".note")).to_have_text("The source has changed since: these words no longer stand there.")
    expect(panel(page).locator("mark.cited, mark.against")).to_have_count(0)
    expect(panel(page).locator("mark.place")).to_be_in_viewport()
    box = panel(page).get_by_role("region", name="What has changed in the source")
    expect(box.get_by_role("heading")).to_have_text(["Quoted in the answer", "In the article now"])
    expect(box.get_by_role("deletion").first).to_contain_text("Eleven")
    expect(box.get_by_role("insertion").first).to_contain_text("Twelve")


def test_a_removed_article_leaves_the_quotation(open_page: OpenPage, diary_pages: str) -> None:
    page = rewritten(open_page, diary_pages, "burn")
    chip(page, 1).click()
    expect(panel(page).locator(".note")).to_contain_text("This article is no longer in the index.")
    expect(panel(page).get_by_role("region", name="What has changed in the source")).to_contain_text(STORM)


# Reviewing


def test_accepting_moves_on_and_counts(page: Page) -> None:
    page.keyboard.press("r")
    expect(checked(page)).to_have_text("0 of 5 checked")
    panel(page).get_by_label("Your name").fill("Ann")
    tool(page, "Accept").click()
    expect(place(page)).to_have_text("2 of 5")
    expect(checked(page)).to_have_text("1 of 5 checked")
    tool(page, "Previous citation").click()
    expect(person(page)).to_have_text(re.compile(r"Person: Accepted\. Reviewed by Ann, \d+ \w{3} \d{4}"))
    expect(tool(page, "Accept")).to_have_attribute("aria-pressed", "true")


def test_the_sentence_and_the_machines_verdict_stand_beside_the_persons(page: Page) -> None:
    tool(page, "Review").click()
    opened(page, 3)
    bar = panel(page).get_by_role("region", name="Review", exact=True)
    expect(bar).to_contain_text("Ten cranes passed the island")
    expect(bar).to_contain_text("Machine: A number differs")
    expect(bar).to_contain_text("Person: Not decided yet")


def test_an_answer_is_reviewed_with_keys_alone(page: Page) -> None:
    page.keyboard.press("r")
    for key in "aaxxa":
        page.keyboard.press(key)
    expect(checked(page)).to_have_text("5 of 5 checked")
    page.keyboard.press("n")
    expect(place(page)).to_have_text("1 of 5")
    expect(person(page)).to_contain_text("Accepted")


def test_what_was_decided_in_a_hurry_is_all_kept(page: Page, open_page: OpenPage) -> None:
    page.keyboard.press("r")
    for key in "axaxa":
        page.keyboard.press(key)
    expect(checked(page)).to_have_text("5 of 5 checked")
    address = page.url
    expect(panel(page).locator(".tick[data-decision=accepted], .tick[data-decision=rejected]")).to_have_count(4)
    expect(panel(page).locator(".review")).to_have_attribute("aria-busy", "false")
    other = open_page(address)
    opened(other, 1)
    other.keyboard.press("r")
    expect(checked(other)).to_have_text("5 of 5 checked")


def test_the_same_key_again_takes_a_decision_back(page: Page) -> None:
    page.keyboard.press("r")
    page.keyboard.press("a")
    page.keyboard.press("p")
    expect(person(page)).to_contain_text("Accepted")
    page.keyboard.press("a")
    expect(person(page)).to_contain_text("Not decided yet")
    expect(place(page)).to_have_text("1 of 5")
    expect(checked(page)).to_have_text("0 of 5 checked")


def test_next_undecided_passes_over_what_is_decided(page: Page) -> None:
    page.keyboard.press("r")
    page.keyboard.press("a")
    page.keyboard.press("p")
    expect(place(page)).to_have_text("1 of 5")
    page.keyboard.press("n")
    page.keyboard.press("a")
    page.keyboard.press("p")
    page.keyboard.press("p")
    expect(place(page)).to_have_text("1 of 5")
    page.keyboard.press("Enter")
    expect(place(page)).to_have_text("3 of 5")


def test_the_answers_own_button_begins_the_review_where_it_was_left(page: Page) -> None:
    page.keyboard.press("r")
    page.keyboard.press("a")
    expect(panel(page).locator(".review")).to_have_attribute("aria-busy", "false")
    tool(page, "Close the source").click()
    expect(panel(page)).to_be_hidden()
    page.get_by_role("group", name="This answer").get_by_role("button", name="Review").click()
    expect(checked(page)).to_have_text("1 of 5 checked")
    expect(place(page)).to_have_text("2 of 5")


def test_a_note_stays_with_its_citation(page: Page) -> None:
    page.keyboard.press("r")
    note = panel(page).get_by_label("Note")
    note.fill("As the log says; n, p, a and x are words here.")
    expect(place(page)).to_have_text("1 of 5")
    note.press("Enter")
    page.keyboard.press("n")
    expect(note).to_have_value("")
    page.keyboard.press("p")
    expect(note).to_have_value("As the log says; n, p, a and x are words here.")


def test_a_decision_shows_in_the_marks_and_on_the_rail(page: Page) -> None:
    page.keyboard.press("r")
    page.keyboard.press("x")
    opened(page, 3)
    expect(panel(page).locator("mark", has_text=STORM)).to_have_attribute(
        "title", "Footnote 1 of the same answer, rejected in review"
    )
    expect(panel(page).locator(".tick[data-decision=rejected]")).to_have_count(1)


# Without the passage


def test_the_answer_is_given_again_without_the_passage(page: Page) -> None:
    tool(page, "Answer without this passage").click()
    expect(panel(page).get_by_role("status").filter(has_text="Asked again")).to_be_visible()
    expect(page.get_by_role("region", name="The answer with a passage and without it")).to_be_visible()


def test_narrow_the_panel_makes_way_for_the_other_answer(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages, width=360, height=700)
    ask(page, "read the diary")
    opened(page, 1)
    tool(page, "Answer without this passage").click()
    expect(page.get_by_role("region", name="The answer with a passage and without it")).to_be_visible()
    expect(panel(page)).to_be_hidden()


# For everyone


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_no_axe_violation_while_reviewing(open_page: OpenPage, diary_pages: str, scheme: str, width: int) -> None:
    page = rewritten(open_page, diary_pages, "rewrite")
    page.set_viewport_size({"width": width, "height": 800})
    # Colours that are still on their way from one to the other would be measured.
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    opened(page, 3)
    page.keyboard.press("r")
    page.keyboard.press("a")
    expect(checked(page)).to_have_text("1 of 5 checked")
    page.keyboard.press("p")
    expect(panel(page).locator("del").first).to_be_visible()
    tool(page, "Find").click()
    assert inaccessible(page) == []


def test_narrow_nothing_sticks_out_while_reviewing(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages, width=360, height=700)
    ask(page, "read the diary")
    opened(page, 1)
    tool(page, "Review").click()
    expect(checked(page)).to_be_visible()
    assert panel(page).evaluate("node => node.scrollWidth <= node.clientWidth")
    small = (
        panel(page)
        .locator("button:visible, a:visible, input:visible")
        .evaluate_all(
            "nodes => nodes.filter((node) => node.offsetWidth < 24 || node.offsetHeight < 24).map((node) => node.textContent)"
        )
    )
    assert small == []


def test_narrow_the_focus_goes_round_inside_the_panel(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages, width=360, height=700)
    ask(page, "read the diary")
    opened(page, 1)
    tool(page, "Find").click()
    for _ in range(20):
        page.keyboard.press("Tab")
        assert panel(page).evaluate("node => node.contains(node.getRootNode().activeElement)")
