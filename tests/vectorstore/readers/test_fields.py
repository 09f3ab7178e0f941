"""Dates as people write them, and titles made from text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.readers.fields import TITLE_LENGTH, first_title, iso_date

DATES = {
    "2021-12-23": "2021-12-23",
    "2021-12-23T10:30:00+02:00": "2021-12-23",
    "Dec. 23, 2021": "2021-12-23",
    "Thursday, 23 December 2021": "2021-12-23",
    "5 May 2020 10:00 EST": "2020-05-05",
    "03/04/2021": "2021-03-04",
    "23/12/2021": "2021-12-23",
    "December 2021": "2021-12",
    "2021-02": "2021-02",
    "2021": "2021",
    "Feb 29, 2020": "2020-02-29",
}


@pytest.mark.parametrize("stated", DATES)
def test_a_date_is_understood_as_far_as_it_goes(stated: str) -> None:
    assert iso_date(stated) == DATES[stated]


@pytest.mark.parametrize(
    "stated", ["", "soon", "Dec. 23", "Monday", "10:30", "2021-13-45", "1640217600", "Spring 2021", "9" * 50, "1 " * 80]
)
def test_what_is_no_date_with_a_year_is_not_understood(stated: str) -> None:
    assert iso_date(stated) == ""


@given(st.text(max_size=70))
def test_no_text_breaks_the_date_reader(stated: str) -> None:
    assert len(iso_date(stated)) in (0, 4, 7, 10)


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
