"""Titles made from text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.readers.fields import TITLE_LENGTH, first_title

TITLES = {
    "It works. Really.": "It works",
    "Does it work? Yes.": "Does it work?",
    "He lives in the U.S.\n\nHe likes it.": "He lives in the U.S.",
    "***\n\nAfter the stars.": "After the stars",
    "今天天气很好。明天呢？": "今天天气很好。",
    "The plan\n\nIt is simple.": "The plan",
}


@pytest.mark.parametrize("text", TITLES)
def test_a_title_is_the_first_sentence_with_a_word_in_it(text: str) -> None:
    assert first_title(text, "file") == TITLES[text]


@pytest.mark.parametrize("text", ["", "--- !!! ---", "   "])
def test_a_text_without_words_is_titled_otherwise(text: str) -> None:
    assert first_title(text, "file") == "file"


@given(st.text(max_size=300))
def test_a_title_is_one_short_line_that_can_be_stored(text: str) -> None:
    title = first_title(text, "file")
    assert title and len(title) <= TITLE_LENGTH + 1 and len(title.splitlines()) == 1
    assert title.encode("utf-8")
