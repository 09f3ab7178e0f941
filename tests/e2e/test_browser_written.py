"""Answers that a model writes, on the real pages with the real verifier: the model is a server on this machine."""

import re
from collections.abc import Iterator

import pytest
from browsing import OpenPage, ask, inaccessible, panel, send
from playwright.sync_api import Locator, Page, expect
from serving import footnote, free_port, indexed, serving

from tests.openai_server import KEY, Failure, Hang, OpenAIServer, Said, error, words

pytestmark = pytest.mark.browser

ARTICLE = """# The bridge at Ner

The bridge at Ner opened on 4 May 1931. It carries 12 trains a day. It is made of iron and painted green.
"""
OTHER = """# The people of the bridge

Ada Brandt drew the plans of the bridge at Ner. She was born in Riga and never saw it finished.
"""
QUESTION = "When did the bridge at Ner open?"
GOOD = "The bridge at Ner opened on 4 May 1931 [1]."
ALL = f"{GOOD} It carries 19 trains a day [1]. Nobody lives under it [7]. Ada Brandt drew the plans of the bridge at Ner."


@pytest.fixture(scope="module")
def written_pages(chromium: str, model: OpenAIServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `footnote ui` on two articles, with that server's first model."""
    home = indexed(tmp_path_factory.mktemp("written") / "home", {"bridge.md": ARTICLE, "people.md": OTHER})
    port, environ = free_port(), {"OPENAI_BASE_URL": model.address, "OPENAI_API_KEY": KEY}
    with serving(footnote("ui", "--port", str(port), "--home", home), port, environ, seconds=120) as address:
        yield address


@pytest.fixture
def page(open_page: OpenPage, written_pages: str, model: OpenAIServer) -> Iterator[Page]:
    yield open_page(written_pages)
    model.replies.clear()
    model.key = KEY


def chips(page: Page) -> Locator:
    return page.locator(".body .chip")


def test_each_marker_is_a_chip_of_its_own_and_opens_its_own_words(page: Page, model: OpenAIServer) -> None:
    model.script(words(ALL))
    ask(page, QUESTION)
    # Three by the model, and one that Footnote found.
    expect(chips(page)).to_have_count(4)
    chips(page).nth(0).click()
    expect(page.locator("mark.cited")).to_have_text(re.compile("opened on 4 May 1931"))
    chips(page).nth(1).click()
    expect(page.locator("mark.against")).to_have_text(re.compile("12 trains"))
    expect(chips(page).nth(0)).not_to_have_attribute("aria-current", "true")
    expect(panel(page).locator(".note")).to_contain_text("12")


def test_the_sum_says_in_words_what_holds_and_what_does_not(page: Page, model: OpenAIServer) -> None:
    model.script(words(ALL))
    ask(page, QUESTION)
    expect(page.locator(".sum .part")).to_have_text(
        [
            "2 of 4 claims supported, 1 of them by a source that Footnote found",
            "1 with a number that differs",
            "1 with a passage that does not exist",
        ]
    )


def test_a_number_that_was_never_given_is_seen_to_have_failed(page: Page, model: OpenAIServer) -> None:
    model.script(words(ALL))
    ask(page, QUESTION)
    page.get_by_role("button", name="Footnote 7: no such passage").click()
    expect(page.get_by_role("tooltip")).to_contain_text("No passage 7 was given to the model.")
    expect(panel(page)).to_be_hidden()


def test_the_source_that_footnote_found_opens_with_its_words(page: Page, model: OpenAIServer) -> None:
    model.script(words(ALL))
    ask(page, QUESTION)
    page.get_by_role("button", name=re.compile("found by Footnote")).click()
    expect(page.locator("mark.cited")).to_have_text(re.compile("Ada Brandt drew the plans"))
    expect(panel(page)).to_contain_text("Footnote found this one.")


def test_a_verdict_comes_while_the_answer_is_still_being_written(page: Page, model: OpenAIServer) -> None:
    model.script(Said((GOOD, " It carries", *([" many"] * 400)), delay=0.02))
    send(page, QUESTION)
    expect(chips(page).first).to_have_class(re.compile("good"))
    expect(page.locator(".sum")).to_contain_text("1 of 1 claim supported so far")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.get_by_role("button", name="Stop").click()


def test_stopping_keeps_the_part_with_its_verdicts(page: Page, model: OpenAIServer) -> None:
    model.script(Said((GOOD, " It carries", *([" many"] * 400)), delay=0.02))
    send(page, QUESTION)
    expect(page.locator(".sum")).to_contain_text("1 of 1 claim supported")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped: this answer is incomplete.")).to_be_visible()
    expect(page.locator(".sum")).to_have_text("1 of 1 claim supported")
    expect(chips(page).first).to_have_class(re.compile("good"))


def test_an_interrupted_stream_keeps_its_text_and_can_be_retried(page: Page, model: OpenAIServer) -> None:
    model.script(Said((GOOD, " It carries", " 12"), cut=2))
    ask(page, QUESTION)
    expect(page.locator(".turn .body")).to_contain_text("opened on 4 May 1931")
    expect(page.locator(".problem")).to_be_visible()
    model.script(words(GOOD))
    page.get_by_role("button", name="Try again").click()
    # For a moment the old answer and the new one both stand in the page's tree.
    expect(page.locator(".problem:visible")).to_have_count(0)
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".sum")).to_have_text("1 of 1 claim supported")


def test_a_wrong_key_is_told_and_quotations_answer_instead(page: Page, model: OpenAIServer) -> None:
    model.script(Failure(401, error("Incorrect API key provided.", "invalid_api_key")))
    ask(page, QUESTION)
    expect(page.get_by_role("alert")).to_contain_text("key")
    expect(page.get_by_text(KEY)).to_have_count(0)
    expect(page.get_by_text("The passages that were found")).to_be_visible()
    page.get_by_role("button", name="Answer with quotations instead").click()
    expect(page.locator(".quote").first).to_contain_text("opened on 4 May 1931")


def test_lists_and_emphasis_are_drawn_and_links_are_not(page: Page, model: OpenAIServer) -> None:
    model.script(words("Two things:\n- It is made of **iron** [1].\n- See ![it](http://leak.test/x.png) <b>there</b> [1]."))
    ask(page, QUESTION)
    expect(page.locator(".body p.item")).to_have_count(2)
    expect(page.locator(".body strong")).to_have_text("iron")
    expect(page.locator(".turn .body")).not_to_contain_text("leak.test")
    assert page.locator(".turn .body :is(a, img, b)").count() == 0


def test_another_model_is_chosen_and_answers(page: Page, model: OpenAIServer) -> None:
    page.get_by_test_id("stPopover").first.get_by_role("button").click()
    page.get_by_role("combobox", name="Answers").click()
    page.get_by_role("option", name="Written by openai:large-model").click()
    expect(page.get_by_test_id("stPopover").first).to_contain_text("Written by openai:large-model")
    page.keyboard.press("Escape")
    model.script(words(GOOD))
    ask(page, QUESTION)
    expect(page.locator(".cost")).to_contain_text(re.compile(r"Written by openai:large-model\. \d+ tokens in, \d+ out\."))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_written_answer_holds_to_the_accessibility_rules(
    open_page: OpenPage, written_pages: str, model: OpenAIServer, scheme: str
) -> None:
    page = open_page(written_pages, width=390, height=844, scheme="dark" if scheme == "dark" else "light")
    page.emulate_media(reduced_motion="reduce")
    model.script(words(ALL))
    ask(page, QUESTION)
    expect(chips(page)).to_have_count(4)
    assert inaccessible(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


RICH = (
    "## What is known\n\nThe bridge at Ner opened on 4 May 1931 (passage 1).\n\n| What | Which |\n|---|---|\n"
    "| Trains a day | 12 【1:0†bridge.md】 |\n| Made of | iron `a[1]` <sup>1</sup> |\n\n1. It is made of **iron** [ID:1].\n"
    "   - Painted green [citation:1].\n\n```python\nvalues = [1, 2]\nvalues[1] = '<b>x</b>'\n```\n\n"
    "> See [it](javascript:alert(1)).\n\n"
    "Sources:\n[1] The bridge at Ner"
)


def test_a_table_code_and_a_list_are_drawn_and_keep_their_brackets(page: Page, model: OpenAIServer) -> None:
    model.script(words(RICH))
    ask(page, QUESTION)
    body = page.locator(".turn .body")
    expect(body.locator("th")).to_have_text(["What", "Which"])
    expect(body.locator("td .chip")).to_have_count(2)
    expect(body.locator("pre")).to_have_text("values = [1, 2]\nvalues[1] = '<b>x</b>'")
    expect(body.locator("td code")).to_have_text("a[1]")
    expect(body.locator("p.item")).to_have_count(2)
    # The five that the model gave, and the number in its list of sources, which opens the first of them.
    expect(body.locator(".chip:not(.found)")).to_have_count(6)
    expect(body).not_to_contain_text("【")
    assert body.locator(":is(a, img, b)").count() == 0
    body.locator("td .chip").first.click()
    expect(panel(page)).to_contain_text("12 trains a day")


def test_no_raw_marker_is_seen_while_an_answer_streams_in(page: Page, model: OpenAIServer) -> None:
    pieces = re.findall(r".{1,3}", f"{GOOD[:-4]}【1:0†x】. It carries 12 trains a day (passage 1).<sup>1</sup>", re.DOTALL)
    page.evaluate(
        """() => {
          window.seen = [];
          const inner = (root) => [...root.querySelectorAll("*")].flatMap((a) => (a.shadowRoot ? walk(a.shadowRoot) : []));
          const walk = (root) => [root, ...inner(root)];
          const look = () => {
            const bodies = walk(document).flatMap((root) => [...root.querySelectorAll(".turn .body")]);
            window.seen.push(...bodies.map((body) => body.textContent));
            requestAnimationFrame(look);
          };
          look();
        }"""
    )
    model.script(Said(tuple(pieces), delay=0.03))
    ask(page, QUESTION)
    expect(chips(page)).to_have_count(3)
    expect(page.locator(".turn .body")).to_have_attribute("aria-busy", "false")
    seen = page.evaluate("window.seen.join('|')")
    assert "opened" in seen
    assert not re.search(r"[【†<\[]|passage|\(p", seen)


def test_quotations_can_be_read_until_the_model_begins(page: Page, model: OpenAIServer) -> None:
    model.script(Hang())
    send(page, QUESTION)
    turn = page.locator(".turn.preview")
    expect(turn.locator(".lead")).to_have_text("The model is reading. Meanwhile, word for word from the articles:")
    expect(turn.locator(".quote").first).to_contain_text("opened on 4 May 1931")
    assert inaccessible(page) == []
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".turn.preview")).to_have_count(0)
    expect(page.locator(".body .quote")).to_have_count(0)


# Last: from here on the program waits for the end of this model's thoughts before it shows a word.
def test_thoughts_that_only_their_end_gives_away_are_gone(page: Page, model: OpenAIServer) -> None:
    model.script(words(f"Okay, passage 1 has it [1].\nIt says so.\n</think>\n\n{GOOD}<|im_end|>"))
    ask(page, QUESTION)
    expect(chips(page)).to_have_count(1)
    expect(page.locator(".body[aria-busy]")).to_have_text(re.compile(r"^The bridge at Ner opened on 4 May 1931 1\.$"))
