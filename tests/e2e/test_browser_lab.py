"""The prompt lab in a real Chromium, on real articles and real files of prompts: the model is a server on this machine."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from browsing import SMALLEST, OpenPage, ask, at_rest, inaccessible, press
from playwright.sync_api import BrowserContext, Locator, Page, expect
from serving import ROOT, footnote, free_port, indexed, serving

from tests import openai_server
from tests.openai_server import KEY, OpenAIServer

pytestmark = pytest.mark.browser

ARTICLE = """# The bridge at Ner

The bridge at Ner opened on 4 May 1931. It carries 12 trains a day. It is made of iron and painted green.
"""
QUESTION = "When did the bridge at Ner open?"
GOOD = "The bridge at Ner opened on 4 May 1931 [1]."
LONG = f"{GOOD} It carries 19 trains a day [1]. Nobody lives under it [7]."


@dataclass(frozen=True)
class Place:
    """A running Footnote, the folder of its prompts, and its model."""

    address: str
    prompts: Path
    model: OpenAIServer


def reply(messages: Sequence[dict[str, Any]]) -> str:
    """The terse prompt gets one sentence, the others more."""
    return GOOD if "in one sentence, or two" in str(messages[0]["content"]) else LONG


@pytest.fixture(scope="module")
def place(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """`footnote ui` on an article, with a model and with prompts that may be changed."""
    home, port = indexed(tmp_path_factory.mktemp("lab") / "home", {"bridge.md": ARTICLE}), free_port()
    prompts = tmp_path_factory.mktemp("own") / "prompts"
    copytree(ROOT / "prompts", prompts)
    with openai_server.serving() as model:
        model.models, model.responder = ("small-model", "large-model"), reply
        environ = {"OPENAI_BASE_URL": model.address, "OPENAI_API_KEY": KEY, "FOOTNOTE_PROMPTS": str(prompts)}
        with serving(footnote("ui", "--port", str(port), "--home", home), port, environ, seconds=120) as address:
            yield Place(address, prompts, model)


@pytest.fixture
def lab(open_page: OpenPage, place: Place) -> Iterator[Page]:
    yield opened(open_page, place.address)
    place.model.key, place.model.delay = KEY, 0.0


def opened(open_page: OpenPage, address: str, width: int = 1440, scheme: str = "light") -> Page:
    page = open_page(address, width=width, scheme="dark" if scheme == "dark" else "light")
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_visible()
    if width < 800:
        page.get_by_test_id("stExpandSidebarButton").click()
    if width >= 800:
        page.get_by_role("button", name="For builders").click()
    page.get_by_role("link", name="Prompts").or_(page.get_by_role("menuitem", name="Prompts")).click()
    expect(page.get_by_role("heading", name="Prompts", exact=True)).to_be_visible()
    if width < 800 and page.get_by_test_id("stSidebarCollapseButton").is_visible():
        page.get_by_test_id("stSidebarCollapseButton").click()
    return page


def editor(page: Page) -> Locator:
    return page.get_by_role("textbox", name=re.compile("^Text of answer"))


def edit(page: Page, old: str, new: str) -> None:
    """Types into the editor, and leaves it."""
    expect(editor(page)).not_to_have_value("")
    text = editor(page).input_value()
    assert old in text
    editor(page).fill(text.replace(old, new))
    editor(page).press("Control+Enter")


def section(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).or_(page.get_by_role("button", name=name, exact=True)).first.click()
    at_rest(page)  # until then the section before and the new one may both stand in the page's tree


def choose(page: Page, field: str, option: str, at: int = 0) -> None:
    page.get_by_role("combobox", name=field).nth(at).click()
    page.get_by_role("option", name=option, exact=True).click()


def answer(page: Page) -> None:
    press(page.get_by_role("button", name="Answer", exact=True), answers(page))


def answers(page: Page) -> Locator:
    return page.locator(".trial .answer")


def test_a_version_stands_beside_what_a_model_would_be_sent(lab: Page) -> None:
    lab.get_by_role("textbox", name="Question").fill(QUESTION)
    lab.get_by_role("textbox", name="Question").press("Enter")
    messages = lab.locator(".st-key-footnote-lab-rendering")
    expect(messages).to_contain_text("opened on 4 May 1931")
    expect(messages).to_contain_text(QUESTION)
    expect(lab.get_by_text(re.compile(r"^About \d+ tokens, with 1 passage. Nothing is sent."))).to_be_visible()


def test_an_edit_is_rendered_and_a_mistake_is_told_with_its_line(lab: Page) -> None:
    edit(lab, "You answer questions", "You answer all questions")
    expect(lab.locator(".st-key-footnote-lab-rendering code").first).to_contain_text("You answer all questions")
    expect(lab.get_by_text("1 line added, 1 line removed.")).to_be_visible()
    added = "+You answer all questions from a person's own articles, and from nothing else."
    expect(lab.get_by_test_id("stCode").filter(has_text=added)).to_be_visible()
    edit(lab, "$question", "$qestion")
    expect(lab.get_by_text(re.compile(r"answer/strict\.md, line \d+: the variable \$qestion"))).to_be_visible()
    expect(lab.locator(".st-key-footnote-lab-rendering")).to_have_count(0)
    lab.get_by_role("button", name="Undo the edit").click()
    expect(lab.locator(".st-key-footnote-lab-rendering code").first).to_contain_text("You answer questions")


def test_an_edit_is_saved_put_in_force_and_rolled_back(lab: Page, place: Place) -> None:
    edit(lab, "as briefly as", "as shortly as")
    expect(lab.get_by_text("Edited, and not saved.")).to_be_visible()
    lab.get_by_role("textbox", name="Name of the new version").fill("short")
    lab.get_by_role("textbox", name="What was changed").fill("Shortly, not briefly.")
    lab.get_by_role("button", name="Save as new version").click()
    expect(lab.get_by_text("Saved as answer/short. It is not in force yet.")).to_be_visible()
    assert "message: Shortly, not briefly." in (place.prompts / "answer" / "short.md").read_text(encoding="utf-8")
    lab.get_by_role("button", name="Put in force").click()
    expect(lab.get_by_text("answer/short is in force now. Before, answer/strict was.")).to_be_visible()
    lab.get_by_role("button", name="Roll back to strict").click()
    expect(lab.get_by_text("Rolled back: answer/strict is in force again.")).to_be_visible()
    assert "answer: strict" in (place.prompts / "in-force.yaml").read_text(encoding="utf-8")


def test_a_version_that_is_there_is_never_overwritten(lab: Page, place: Place) -> None:
    before = (place.prompts / "answer" / "terse.md").read_bytes()
    expect(editor(lab)).to_be_visible()
    lab.get_by_role("textbox", name="Name of the new version").fill("terse")
    lab.get_by_role("button", name="Save as new version").click()
    expect(lab.get_by_text("a version is never overwritten")).to_be_visible()
    assert (place.prompts / "answer" / "terse.md").read_bytes() == before


def test_two_versions_answer_side_by_side_with_verdicts_and_sums(lab: Page) -> None:
    section(lab, "Try")
    lab.get_by_role("textbox", name="Question").fill(QUESTION)
    lab.get_by_role("textbox", name="Question").press("Enter")
    choose(lab, "Version", "terse", at=1)
    answer(lab)
    expect(lab.get_by_text("Both answers are there.")).to_be_visible()
    expect(answers(lab).nth(0).locator(".note")).to_have_text(["quoted", "number differs", "no such passage"])
    expect(answers(lab).nth(0).locator(".sum")).to_contain_text("1 of 3 claims supported")
    expect(answers(lab).nth(1).locator(".sum")).to_have_text("1 of 1 claim supported")
    expect(answers(lab).nth(1).locator(".facts")).to_contain_text(re.compile(r"\d+ tokens in, \d+ out"))
    boxes = [one.bounding_box() for one in answers(lab).all()]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[1]["x"] > boxes[0]["x"] + boxes[0]["width"] - 1
    lab.get_by_text("The 1 passage that every column is given, searched once").click()
    expect(lab.locator(".passage .text")).to_contain_text("It carries 12 trains a day.")


def test_answers_come_while_others_wait_and_can_be_stopped(lab: Page, place: Place) -> None:
    place.model.delay = 0.5
    section(lab, "Try")
    answer(lab)
    expect(answers(lab).first.locator(".body")).to_contain_text("The bridge")
    lab.get_by_role("button", name="Stop", exact=True).click()
    expect(answers(lab).first.locator(".stage")).to_have_text("Stopped: this answer is incomplete.")
    expect(lab.get_by_role("button", name="Stop", exact=True)).to_have_count(0)


def test_what_fails_is_the_columns_own_sentence(lab: Page, place: Place) -> None:
    section(lab, "Try")
    choose(lab, "Answers in column 2", "Quotations, word for word")
    expect(lab.get_by_text("Quotations use no prompt.")).to_be_visible()
    place.model.key = "another-key"
    answer(lab)
    expect(answers(lab).nth(0).locator(".problem")).to_contain_text("key")
    expect(answers(lab).nth(1).locator(".quote").first).to_be_visible()
    expect(lab.get_by_text("1 of 2 answers are whole.")).to_be_visible()
    expect(lab.get_by_text(KEY)).to_have_count(0)


def test_a_turn_of_the_chat_comes_with_its_passages_held_still(
    open_page: OpenPage, browser: BrowserContext, place: Place
) -> None:
    chat = open_page(place.address)
    ask(chat, QUESTION)
    expect(chat).to_have_url(re.compile("conversation="))
    turn = str(chat.locator("[class*='st-key-footnote-turn-']").first.get_attribute("class"))
    id = re.search(r"st-key-footnote-turn-(\w+)", turn)
    assert id is not None
    # Opened by its address, Streamlit first looks for its server below the page, which is not there: so no watched page.
    page = browser.new_page()
    page.goto(f"{place.address}/prompts?{chat.url.partition('?')[2]}&turn={id[1]}")
    expect(page.get_by_text("held still: its question, what was searched, and its 1 passage.")).to_be_visible()
    answer(page)
    expect(page.get_by_text("The 1 passage that every column is given, held still from the chat")).to_be_visible()
    page.get_by_role("button", name="Search anew").click()
    expect(page.get_by_text("the passages are searched anew")).to_be_visible()
    page.get_by_role("button", name="Ask another question").click()
    expect(page.get_by_role("textbox", name="Question")).to_be_visible()
    expect(page).not_to_have_url(re.compile("turn="))
    page.close()


def test_without_a_model_it_says_what_needs_one_and_quotes(open_page: OpenPage, fake_pages: str) -> None:
    page = opened(open_page, fake_pages)
    section(page, "Try")
    expect(page.get_by_text("To try prompts, a model is needed.")).to_contain_text("add one on the page Models")
    answer(page)
    expect(answers(page).locator(".sum")).to_have_text("2 quotations")


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_bench_can_be_used_by_everybody(open_page: OpenPage, place: Place, width: int, scheme: str) -> None:
    page = opened(open_page, place.address, width, scheme)
    page.emulate_media(reduced_motion="reduce")
    edit(page, "You answer questions", "You answer $ all questions")
    expect(page.get_by_text("a lone $ stands for nothing")).to_be_visible()
    _accessible(page)
    page.get_by_role("button", name="Undo the edit").click()
    expect(page.locator(".st-key-footnote-lab-rendering code").first).to_be_visible()
    _accessible(page)
    section(page, "Try")
    answer(page)
    expect(page.get_by_text("Both answers are there.")).to_be_visible()
    _accessible(page)


def _accessible(page: Page) -> None:
    assert inaccessible(page) == []
    boxes = [
        node.bounding_box() for node in page.get_by_test_id("stMain").locator(":is(button, input, a, summary):visible").all()
    ]
    ours = [box for box in boxes if box and box["width"] > 1 and box["height"] > 1]  # not what is there for readers of screens
    assert [box for box in ours if box["width"] < SMALLEST or box["height"] < SMALLEST] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
