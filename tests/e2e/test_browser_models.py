"""The page of the models, with a real server on this machine: entered, tried, kept, chosen, changed and removed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import SMALLEST, OpenPage, ask, at_rest, inaccessible, press
from playwright.sync_api import Locator, Page, expect
from serving import footnote, free_port, indexed, serving

from tests import openai_server
from tests.openai_server import KEY, OpenAIServer, words

pytestmark = pytest.mark.browser

ARTICLE = "# The bridge at Ner\n\nThe bridge at Ner opened on 4 May 1931. It carries 12 trains a day.\n"
QUESTION = "When did the bridge at Ner open?"
GOOD = "The bridge at Ner opened on 4 May 1931 [1]."


@pytest.fixture(scope="module")
def home(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Path:  # the browser first
    return indexed(tmp_path_factory.mktemp("models") / "home", {"bridge.md": ARTICLE})


@pytest.fixture(scope="module")
def pages(home: Path) -> Iterator[str]:
    """The address of `footnote ui` with no model in its environment."""
    port = free_port()
    with serving(footnote("ui", "--port", str(port), "--home", home), port, seconds=120) as address:
        yield address


@pytest.fixture
def no_models(home: Path, model: OpenAIServer) -> Iterator[None]:
    """Nothing is kept of a test that comes before."""
    yield
    for name in ("models.json", "model-keys.json"):
        home.joinpath(name).unlink(missing_ok=True)
    model.replies.clear()


def models_page(open_page: OpenPage, address: str, *, width: int = 1440, height: int = 900, scheme: str = "light") -> Page:
    """The page of the models, by its link: a narrow page has it in its sidebar."""
    page = open_page(address, width=width, height=height, scheme="dark" if scheme == "dark" else "light")
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_visible()
    if width < 800:
        # A browser may remember that it stood open.
        closed = page.get_by_test_id("stExpandSidebarButton")
        expect(closed.or_(page.get_by_test_id("stSidebarCollapseButton")).first).to_be_visible()
        if closed.is_visible():
            closed.click()
    page.get_by_role("link", name="Models").click()
    expect(page.get_by_role("heading", name="Models", exact=True)).to_be_visible()
    at_rest(page)
    if width < 800 and page.get_by_test_id("stSidebar").get_attribute("data-collapsed") == "false":
        # It lies over the page.
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
        expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
    return page


def fill(page: Page, label: str, text: str) -> None:
    """Types into a field, and leaves it, which is when the page reads it."""
    field = page.get_by_role("textbox", name=label, exact=True)
    field.fill(text)
    field.press("Tab")


def entered(page: Page, model: OpenAIServer, key: str = KEY) -> None:
    """The form for a new model, filled in."""
    press(page.get_by_role("button", name="Add a model"), page.get_by_role("combobox", name="Provider"))
    page.get_by_role("combobox", name="Provider").click()
    page.get_by_role("option", name="Another OpenAI-compatible server").click()
    expect(page.get_by_text("listed once the address is entered")).to_be_visible()
    fill(page, "Name", "At home")
    fill(page, "Address", model.address)
    expect(page.get_by_text("wants a key, and none is set")).to_be_visible()
    fill(page, "Key", key)


def chosen(page: Page, model: OpenAIServer) -> None:
    """The form with one of the models that the server lists."""
    entered(page, model)
    expect(page.get_by_text("The server has 2 models.")).to_be_visible()
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name="large-model").click()
    at_rest(page)


def saved(page: Page, model: OpenAIServer) -> None:
    """A model that is kept."""
    chosen(page, model)
    press(page.get_by_role("button", name="Save"), page.get_by_text("At home is saved."))


def entry(page: Page) -> Locator:
    """The frame of the model that was added."""
    return page.locator(".st-key-footnote-models-0")


def test_a_model_is_entered_tried_kept_and_answers(
    open_page: OpenPage, pages: str, model: OpenAIServer, home: Path, no_models: None
) -> None:
    page = models_page(open_page, pages)
    chosen(page, model)
    press(page.get_by_role("button", name="Try it"), page.get_by_text(re.compile(r"It answered in \d+\.\d s")))
    press(page.get_by_role("button", name="Save"), page.get_by_text("At home is saved."))
    expect(entry(page)).to_contain_text("Default")
    expect(entry(page)).to_contain_text("Key in a file that only you can read")
    assert KEY not in home.joinpath("models.json").read_text()
    page.get_by_role("link", name="Chat").click()
    expect(page.get_by_test_id("stPopover").first).to_contain_text("Written by At home")
    model.script(words(GOOD))
    ask(page, QUESTION)
    expect(page.locator(".cost")).to_contain_text("Written by openai:large-model.")


def test_a_key_is_not_shown_again_nor_sent_to_another_address(
    open_page: OpenPage, pages: str, model: OpenAIServer, no_models: None
) -> None:
    page = models_page(open_page, pages)
    saved(page, model)
    press(entry(page).get_by_role("button", name="Change"), page.get_by_role("combobox", name="Provider"))
    key = page.get_by_role("textbox", name="Key", exact=True)
    expect(key).to_have_value("")
    expect(key).to_have_attribute("placeholder", "Kept. Enter another one to replace it.")
    assert KEY not in page.content()
    fill(page, "Key", "typed-for-the-old-address")
    expect(page.get_by_text("did not take the key")).to_be_visible()
    with openai_server.serving() as other:
        other.key = "never-sent"
        fill(page, "Address", other.address)
        expect(page.get_by_text("wants a key, and none is set")).to_be_visible()
    expect(key).to_have_value("")
    expect(key).to_have_attribute("placeholder", "The address has changed: enter the key again.")


def test_what_stands_in_the_way_is_told_beside_the_form(
    open_page: OpenPage, pages: str, model: OpenAIServer, no_models: None
) -> None:
    page = models_page(open_page, pages)
    entered(page, model, key="wrong-key")
    expect(page.get_by_text("did not take the key")).to_be_visible()
    press(page.get_by_role("button", name="Try it"), page.get_by_role("alert").filter(has_text="did not take the key"))
    fill(page, "Name", "quotes")
    press(page.get_by_role("button", name="Save"), page.get_by_role("alert").filter(has_text="a name has 1 to 60 characters"))
    expect(page.get_by_text("wrong-key")).to_have_count(0)


def test_another_default_is_chosen_and_a_model_removed(
    open_page: OpenPage, pages: str, model: OpenAIServer, home: Path, no_models: None
) -> None:
    page = models_page(open_page, pages)
    saved(page, model)
    quotes = page.locator(".st-key-footnote-models-quotes")
    quotes.get_by_role("button", name="Make default").click()
    expect(quotes).to_contain_text("Default")
    expect(entry(page).get_by_role("button", name="Make default")).to_be_visible()
    press(entry(page).get_by_role("button", name="Remove"), page.get_by_role("button", name="Remove it"))
    press(page.get_by_role("button", name="Remove it"), page.get_by_text("At home is removed."))
    assert KEY not in home.joinpath("model-keys.json").read_text()


def test_each_conversation_keeps_its_own_model(open_page: OpenPage, pages: str, model: OpenAIServer, no_models: None) -> None:
    page = models_page(open_page, pages)
    saved(page, model)
    page.get_by_role("link", name="Chat").click()
    head = page.get_by_test_id("stPopover").first
    head.get_by_role("button").click()
    page.get_by_role("combobox", name="Answers").click()
    page.get_by_role("option", name="Quotations, word for word").click()
    expect(head).to_contain_text("Quotations, word for word")
    page.keyboard.press("Escape")
    ask(page, QUESTION)
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)
    expect(head).to_contain_text("Quotations, word for word")
    page.get_by_role("button", name="New chat").first.click()
    expect(head).to_contain_text("Written by At home")


def test_a_damaged_file_is_told_and_left_alone(open_page: OpenPage, pages: str, home: Path, no_models: None) -> None:
    home.joinpath("models.json").write_text("{")
    page = models_page(open_page, pages)
    expect(page.get_by_role("alert")).to_contain_text("models.json cannot be read")
    assert home.joinpath("models.json").read_text() == "{"


@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 800, "dark"), (390, 844, "light"), (640, 400, "light")])
def test_the_page_holds_to_the_accessibility_rules(
    open_page: OpenPage, pages: str, model: OpenAIServer, no_models: None, width: int, height: int, scheme: str
) -> None:
    page = models_page(open_page, pages, width=width, height=height, scheme=scheme)
    page.emulate_media(reduced_motion="reduce")
    saved(page, model)
    assert inaccessible(page) == []
    press(entry(page).get_by_role("button", name="Change"), page.get_by_role("combobox", name="Provider"))
    expect(page.get_by_text("The server has 2 models.")).to_be_visible()
    at_rest(page)
    assert inaccessible(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = [one.bounding_box() for one in page.locator(".st-key-footnote-models-form button:visible").all()]
    assert all(box and min(box["width"], box["height"]) >= SMALLEST for box in small[-3:])
