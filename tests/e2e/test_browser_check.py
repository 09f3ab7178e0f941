"""A draft checked in a real Chromium: on the real server with the example articles, and on a made-up service."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docx
import pytest
from browsing import OpenPage, inaccessible, panel, press
from playwright.sync_api import BrowserContext, Locator, Page, expect
from serving import free_port, serving

pytestmark = pytest.mark.browser

CHANGED = (
    "The Japan-Taiwan Co-prosperity Leader Alliance was launched by 134 Japanese leaders at the level of cities, townships and "
    "villages."
)
REAL = f"# Notes\n\n{CHANGED} Bananas have grown on the moon since 1847.\n\nWhat does it want?\n"
DRAFT = """# The harbour

Ferries stayed at their berths for nine days. It lasted eleven days, they say. Why is that so?

Nobody wrote <img src=x onerror="window.hacked = true"> *this* 🧊 before.

Ferries stayed where they were. The lighthouse was sold twice."""
MANY = "\n\n".join(f"Ferries stayed at berth {n}. It lasted eleven days in year {n}." for n in range(100))


def test_a_new_server_is_entered_by_the_pages_own_address(browser: BrowserContext, tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "bot.commands.main", "ui", "--port", str(port), "--home", str(tmp_path)]
    # Not watched: Streamlit first looks for its server below that address, in vain.
    with serving(command, port, seconds=120) as address, browser.new_page() as page:
        page.goto(f"{address}/check")
        expect(page.get_by_label("Text to check")).to_be_visible()


@pytest.fixture
def page(open_page: OpenPage, fake_pages: str) -> Page:
    """A page with the made-up draft checked."""
    page = open_page(fake_pages)
    check(page, DRAFT)
    expect(stage(page)).to_have_text("5 sentences checked")
    return page


def check(page: Page, draft: str) -> None:
    go_to(page, "Check a draft")
    page.get_by_label("Text to check").fill(draft)
    press(page.get_by_role("button", name="Check", exact=True), stage(page))


def go_to(page: Page, name: str) -> None:
    # Only the page that is asked for has this heading: what was typed meanwhile would go to the page before.
    press(page.get_by_role("link", name=name), page.get_by_role("heading", name=name))


def stage(page: Page) -> Locator:
    return page.locator(".draft .stage")


def sentence(page: Page, words: str) -> Locator:
    return page.locator(".draft .sentence", has_text=words)


def text_of(page: Page) -> list[str]:
    return page.locator(".draft .body > p").evaluate_all("nodes => nodes.map((node) => node.textContent)")


def test_a_changed_number_is_found_and_opens_its_marked_source(open_page: OpenPage, real_pages: str) -> None:
    page = open_page(real_pages)
    check(page, REAL)
    expect(stage(page)).to_have_text("2 sentences checked")
    sentence(page, "134 Japanese").click()
    expect(page.locator("mark.against")).to_contain_text("127 Japanese leaders")
    expect(panel(page).locator(".kicker")).to_have_text("Sentence 1 · A number differs")
    expect(panel(page).locator(".note")).to_have_text("The passage has “127” where the claim has “134”.")


def test_what_no_article_says_opens_the_nearest_passage_unmarked(open_page: OpenPage, real_pages: str) -> None:
    page = open_page(real_pages)
    check(page, REAL)
    expect(stage(page)).to_have_text("2 sentences checked")
    sentence(page, "Bananas").click()
    expect(panel(page).locator(".note")).to_contain_text("Nothing here supports the sentence.")
    expect(page.locator("mark.place")).to_be_in_viewport()
    expect(page.locator("mark.cited, mark.against, mark.found, mark.passage")).to_have_count(0)


def test_the_draft_is_shown_to_the_letter_and_never_as_markup(page: Page) -> None:
    assert text_of(page) == DRAFT.split("\n\n")
    assert page.evaluate("window.hacked") is None
    expect(page.locator(".draft .body img")).to_have_count(0)


def test_each_sentence_carries_its_verdict_and_what_is_passed_over_none(page: Page) -> None:
    tones = page.locator(".draft .sentence").evaluate_all("nodes => nodes.map((node) => node.classList[1])")
    assert tones == ["good", "bad", "weak", "good", "weak"]
    expect(page.locator(".tallies")).to_have_text("2 quoted1 to check1 not found1 with a number that differs")
    expect(sentence(page, "Why is that so?")).to_have_count(0)


def test_a_card_tells_the_reason_to_who_points_at_a_sentence(page: Page) -> None:
    sentence(page, "eleven").hover()
    page.mouse.move(*middle(sentence(page, "eleven")))
    expect(page.get_by_role("tooltip")).to_contain_text("“eleven” is “twelve” here.")


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_keys_walk_from_problem_to_problem_and_around(page: Page) -> None:
    for words in ("eleven", "Nobody", "lighthouse", "eleven"):
        page.keyboard.press("n")
        expect(sentence(page, words)).to_be_focused()
    page.keyboard.press("p")
    expect(sentence(page, "lighthouse")).to_be_focused()
    expect(page.locator(".draft .where")).to_have_text("3 of 3")


def test_the_arrow_keys_walk_all_sentences_and_enter_opens_the_source(page: Page) -> None:
    page.keyboard.press("n")
    page.keyboard.press("ArrowUp")
    expect(sentence(page, "nine days")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("mark.cited")).to_have_text("Ferries stayed at their berths for nine days.")
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(sentence(page, "nine days")).to_be_focused()


def test_with_a_source_open_the_next_problem_opens_its_own(page: Page) -> None:
    sentence(page, "eleven").click()
    expect(page.locator("mark.against")).to_be_visible()
    page.keyboard.press("n")
    expect(page.locator("mark.place")).to_be_visible()
    expect(sentence(page, "Nobody")).to_have_attribute("aria-current", "true")


def test_only_what_does_not_hold_is_left_by_the_filter(page: Page) -> None:
    page.get_by_role("button", name="Only what does not hold 3").click()
    shown = page.locator(".draft .body > p:visible").all_inner_texts()
    assert [one.split(".")[0] for one in shown] == [
        "Ferries stayed at their berths for nine days",
        *[one.split(".")[0] for one in DRAFT.split("\n\n")[2:]],
    ]
    page.get_by_role("button", name="All sentences 5").click()
    expect(page.locator(".draft .body > p:visible")).to_have_count(4)


def test_letters_typed_into_a_field_are_letters(page: Page) -> None:
    page.get_by_role("button", name="Edit the text").click()
    field = page.get_by_label("Text to check")
    field.fill("")
    field.press_sequentially("np")
    expect(field).to_have_value("np")


def test_text_and_verdicts_survive_a_visit_to_another_page(page: Page) -> None:
    go_to(page, "Articles")
    go_to(page, "Check a draft")
    expect(stage(page)).to_have_text("5 sentences checked")
    expect(page.locator(".draft .sentence:is(.bad, .weak)")).to_have_count(3)
    page.get_by_role("button", name="Edit the text").click()
    expect(page.get_by_label("Text to check")).to_have_value(DRAFT)


def test_back_from_a_checked_draft_is_the_form_and_forward_the_draft(page: Page) -> None:
    expect(page).to_have_url(re.compile("draft="))
    page.go_back()
    expect(page.get_by_label("Text to check")).to_have_value("")
    page.go_forward()
    expect(stage(page)).to_have_text("5 sentences checked")


def test_a_typed_text_survives_a_visit_to_another_page(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages)
    go_to(page, "Check a draft")
    page.get_by_label("Text to check").fill("Half a thought")
    go_to(page, "Articles")
    go_to(page, "Check a draft")
    expect(page.get_by_label("Text to check")).to_have_value("Half a thought")


def test_a_file_is_checked_and_one_that_is_no_text_is_told(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages)
    go_to(page, "Check a draft")
    page.locator("input[type=file]").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"\xff\xfe\x00"})
    expect(page.get_by_role("alert")).to_contain_text("The file is not UTF-8 text.")
    page.locator("input[type=file]").set_input_files({"name": "b.md", "mimeType": "text/markdown", "buffer": DRAFT.encode()})
    expect(page.get_by_label("Text to check")).to_have_value(DRAFT)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(stage(page)).to_have_text("5 sentences checked")


def test_a_long_draft_is_built_once_stays_where_it_is_and_can_be_stopped(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages)
    check(page, MANY)
    last = sentence(page, "in year 99")
    expect(sentence(page, "berth 0.")).to_have_class("sentence good")
    first_height = page.locator(".draft .body").evaluate("node => node.offsetHeight")
    last.evaluate("node => { node.mine = true; }")
    expect(page.locator(".draft .sentence.good")).not_to_have_count(1)
    page.get_by_role("button", name="Stop").click()
    expect(stage(page)).to_contain_text("Stopped: ")
    checked = page.locator(".draft .sentence:is(.good, .weak, .bad)").count()
    expect(stage(page)).to_have_text(f"Stopped: {checked} of 200 sentences checked")
    assert 1 < checked < 200
    assert last.evaluate("node => node.mine")
    assert page.locator(".draft .body").evaluate("node => node.offsetHeight") == first_height


def test_two_hundred_sentences_are_all_told(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages)
    check(page, MANY)
    expect(stage(page)).to_have_text("200 sentences checked")
    expect(page.locator(".draft .sentence.good")).to_have_count(100)
    page.keyboard.press("p")
    expect(sentence(page, "in year 99")).to_be_in_viewport()


def listed(page: Page) -> Locator:
    return page.get_by_test_id("stSidebar").locator(".item .title")


@contextmanager
def entered(browser: BrowserContext, address: str) -> Iterator[Page]:
    """A page by its own address. It is not watched: Streamlit first looks for its server below that address, in vain."""
    with browser.new_page() as page:
        page.goto(address)
        yield page


def test_the_draft_and_its_verdicts_are_there_for_who_follows_its_address(page: Page, browser: BrowserContext) -> None:
    expect(page).to_have_url(re.compile(r"/check\?draft=[0-9a-f]{12}$"))
    with entered(browser, page.url) as other:
        for _ in range(2):
            expect(stage(other)).to_have_text("5 sentences checked")
            assert text_of(other) == DRAFT.split("\n\n")
            sentence(other, "eleven").click()
            expect(other.locator("mark.against")).to_be_visible()
            other.reload()


def test_a_draft_that_is_being_checked_is_gone_on_with_after_a_reload(
    open_page: OpenPage, browser: BrowserContext, fake_pages: str
) -> None:
    page = open_page(fake_pages)
    check(page, MANY)
    expect(page).to_have_url(re.compile("draft="))
    with entered(browser, page.url) as other:
        expect(stage(other)).to_have_text("200 sentences checked")
        expect(other.locator(".draft .sentence.good")).to_have_count(100)


def test_a_draft_outlives_its_server(browser: BrowserContext, tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "bot.commands.main", "ui", "--port", str(port), "--home", str(tmp_path)]
    with serving(command, port, seconds=120) as address, browser.new_page() as page:
        page.goto(address)
        check(page, REAL)
        expect(stage(page)).to_have_text("2 sentences checked")
        draft = page.url
    with serving(command, port, seconds=120), entered(browser, draft) as page:
        expect(stage(page)).to_have_text("2 sentences checked")
        sentence(page, "134 Japanese").click()
        expect(page.locator("mark.against")).to_contain_text("127 Japanese leaders")


def test_kept_drafts_are_listed_opened_deleted_and_restored(page: Page) -> None:
    first = page.url
    press(page.get_by_role("button", name="New draft"), page.get_by_label("Text to check"))
    expect(page).to_have_url(re.compile("/check$"))
    check(page, "# Another one\n\nFerries stayed for nine days in all.")
    expect(stage(page)).to_have_text("1 sentence checked")
    assert listed(page).all_inner_texts()[:2] == ["Another one", "The harbour"]
    listed(page).nth(1).click()
    expect(stage(page)).to_have_text("5 sentences checked")
    expect(page).to_have_url(first)
    page.get_by_role("button", name="Actions for The harbour").first.click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_label("Text to check")).to_have_value("")
    page.get_by_role("button", name="Undo: bring back The harbour").click()
    expect(stage(page)).to_have_text("5 sentences checked")


def test_a_draft_that_is_gone_is_told(browser: BrowserContext, fake_pages: str) -> None:
    with entered(browser, f"{fake_pages}/check?draft=abc123") as page:
        expect(page.get_by_role("alert")).to_contain_text("This draft is not kept any more.")


@pytest.mark.parametrize(
    ("form", "ending"), [("Web page (HTML)", "html"), ("Markdown", "md"), ("Word, with comments (DOCX)", "docx")]
)
def test_the_draft_is_exported_with_its_verdicts(page: Page, tmp_path: Path, form: str, ending: str) -> None:
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=form).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == f"the-harbour.{ending}"
    if ending == "docx":
        (summary, *comments) = [comment.text for comment in docx.Document(str(file)).comments]
        assert summary.startswith("5 sentences checked") and len(comments) == 5
    else:
        text = file.read_text(encoding="utf-8")
        assert "“eleven” is “twelve” here." in text and "no model · 3 articles" in text


def test_an_exported_page_reads_well_without_a_network(page: Page, open_page: OpenPage, tmp_path: Path) -> None:
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Web page (HTML)").click()
    file = tmp_path / "draft.html"
    download.value.save_as(file)
    other = open_page("about:blank", width=360)
    other.set_content(file.read_text(encoding="utf-8"))
    other.get_by_role("link", name="Sentence 2:").click()
    expect(other.locator("#s2")).to_be_in_viewport()
    assert other.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert inaccessible(other) == []


def test_a_sentence_is_rewritten_in_its_place_and_checked_alone(page: Page) -> None:
    page.keyboard.press("n")
    page.keyboard.press("e")
    field = page.get_by_label("Sentence 2, to be rewritten")
    expect(field).to_have_value("It lasted eleven days, they say.")
    field.fill("Did they wait? They did so for long.")
    field.press("Enter")
    expect(sentence(page, "They did so for long.")).to_be_focused()
    expect(page.locator(".draft .sentence.weak")).to_have_count(3)
    tones = page.locator(".draft .sentence").evaluate_all("nodes => nodes.map((node) => node.classList[1])")
    assert tones == ["good", "weak", "weak", "good", "weak"]
    assert text_of(page)[1].endswith("for nine days. Did they wait? They did so for long. Why is that so?")
    go_to(page, "Articles")
    go_to(page, "Check a draft")
    expect(sentence(page, "They did so for long.")).to_be_visible()


def test_an_edit_that_is_given_up_changes_nothing(page: Page) -> None:
    sentence(page, "lighthouse").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Edit sentence").click()
    page.get_by_label("Sentence 5, to be rewritten").fill("Something else")
    page.keyboard.press("Escape")
    expect(sentence(page, "lighthouse")).to_be_focused()
    assert text_of(page) == DRAFT.split("\n\n")


def test_what_speaks_against_a_sentence_stands_beside_what_speaks_for_it(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages)
    check(page, "The council had fuel for it. It cost a single crown.")
    expect(stage(page)).to_have_text("2 sentences checked")
    sentence(page, "council").click()
    halves = panel(page).locator(".pair .half")
    expect(halves).to_have_count(2)
    boxes = [box for box in (halves.nth(at).bounding_box() for at in range(2)) if box]
    assert boxes[0]["y"] == boxes[1]["y"] and boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
    expect(page.locator("mark.cited")).to_be_in_viewport()
    assert inaccessible(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    boxes = [box for box in (halves.nth(at).bounding_box() for at in range(2)) if box]
    assert boxes[0]["x"] == boxes[1]["x"] and boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]


def test_what_speaks_against_a_sentence_elsewhere_opens_its_own_article(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages)
    check(page, "The council had fuel for it. It cost a single crown.")
    expect(stage(page)).to_have_text("2 sentences checked")
    sentence(page, "crown").click()
    panel(page).locator(".half.against").click()
    expect(panel(page).locator(".title").first).to_have_text("On <b>markup</b> and [links](x)")
    expect(page.locator("mark.against")).to_have_text("A page about markup.")
    expect(sentence(page, "crown")).to_have_attribute("aria-current", "true")


def test_a_draft_from_right_to_left_is_drawn_from_the_right(open_page: OpenPage, fake_pages: str) -> None:
    page = open_page(fake_pages)
    check(page, "بقيت العبارات في مراسيها تسعة أيام. استمرت أحد عشر يوما كاملة.\n\nFerries stayed at their berths.")
    expect(stage(page)).to_have_text("3 sentences checked")
    right, left = page.locator(".draft .body > p").evaluate_all(
        "nodes => nodes.map((node) => getComputedStyle(node).direction)"
    )
    assert (right, left) == ("rtl", "ltr")
    first, second = (page.locator(".draft .sentence").nth(at).bounding_box() for at in range(2))
    assert first is not None and second is not None and second["x"] < first["x"]
    page.locator(".draft .sentence").first.click()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".draft .sentence").nth(1)).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_holds_to_the_accessibility_rules(open_page: OpenPage, fake_pages: str, scheme: str) -> None:
    page = open_page(fake_pages, scheme="dark" if scheme == "dark" else "light")
    page.emulate_media(reduced_motion="reduce")
    go_to(page, "Check a draft")
    assert inaccessible(page) == []
    check(page, DRAFT)
    expect(stage(page)).to_have_text("5 sentences checked")
    page.get_by_role("button", name="Only what does not hold 3").click()
    page.keyboard.press("n")
    assert inaccessible(page) == []
    page.keyboard.press("Enter")
    expect(page.locator("mark.against")).to_be_visible()
    assert inaccessible(page) == []


def test_on_a_narrow_page_nothing_is_cut_off(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    sentence(page, "lighthouse").scroll_into_view_if_needed()
    assert page.locator(".draft").evaluate("node => node.scrollWidth <= node.clientWidth")
    expect(page.get_by_role("button", name="Next problem")).to_be_in_viewport()
