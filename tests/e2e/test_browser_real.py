"""The whole path in a real browser on the real server: example articles, real search, the words that an answer rests on."""

import re
from pathlib import Path

import pytest
from browsing import OpenPage, ask
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture
def page(open_page: OpenPage, real_pages: str) -> Page:
    return open_page(real_pages)


def test_a_question_is_answered_and_its_chip_opens_the_exact_words(page: Page) -> None:
    ask(page, "How many local leaders launched the alliance in Tokyo?")
    page.get_by_role("button", name=re.compile("^Footnote 1:")).last.click()
    marked = page.locator("mark.cited").first
    expect(marked).to_contain_text("127")
    stored = "\n".join(file.read_text(encoding="utf-8") for file in SEEDS.glob("*.md"))
    assert "".join(page.locator("mark.cited").all_inner_texts()) in stored


def test_a_follow_up_is_searched_with_what_it_follows_on(page: Page) -> None:
    ask(page, "What did Sankei Shimbun report in February 2019?")
    ask(page, "How did the administration respond to it?")
    expect(page.locator(".turn").last).to_contain_text("Abe")


def test_what_the_articles_do_not_say_is_said_to_be_missing(page: Page) -> None:
    ask(page, "When was the Eiffel Tower painted for the first time?")
    expect(page.locator(".turn").last).to_contain_text("The articles do not say when.")


def test_each_example_is_answered_with_a_footnote(page: Page) -> None:
    examples = page.locator("[class*='footnote-example'] button")
    expect(examples).to_have_count(3)
    examples.first.click()
    expect(page.get_by_role("button", name=re.compile("^Footnote 1:")).first).to_be_visible()
