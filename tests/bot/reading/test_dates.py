"""Dates in all their forms, and which of them implies which."""

import pytest

from bot.reading.dates import Date, dates


def _one(text: str) -> Date:
    (found,) = dates(text)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "4 May 1931",
        "4th of May, 1931",
        "May 4, 1931",
        "May 4th 1931",
        "May 4 , 1931",
        "1931-05-04",
        "04.05.1931",
        "1931年5月4日",
        "MAY 4, 1931",
    ],
)
def test_a_whole_date_is_read_in_any_form(text: str) -> None:
    found = _one(f"on {text}")
    assert (found.year, found.month, found.day) == (1931, 5, 4)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("in May 1931", (1931, 5, 0)),
        ("on 4 May", (0, 5, 4)),
        ("in October", (0, 10, 0)),
        ("in 45 BC", (-45, 0, 0)),
        ("AD 79", (79, 0, 0)),
        ("二〇一二年十二月", (2012, 12, 0)),
    ],
)
def test_a_part_of_a_date_leaves_the_rest_open(text: str, parts: tuple[int, int, int]) -> None:
    found = _one(text)
    assert (found.year, found.month, found.day) == parts


def test_two_days_of_a_month_are_two_dates() -> None:
    assert [date.day for date in dates("overnight October 12-13")] == [12, 13]


def test_decades_and_weekdays_are_dates() -> None:
    assert (_one("in the 1930s").decade, _one("on Sundays").weekday) == (1930, "Sunday")


@pytest.mark.parametrize("text", ["It may close.", "They march on.", "in 1931", "April came to see us.", "version 45/2"])
def test_words_and_bare_years_are_no_dates(text: str) -> None:
    assert dates(text) == ()


def test_a_date_implies_what_says_less_and_not_what_says_more() -> None:
    whole, part = _one("4 May 1931"), _one("May 1931")
    assert whole.implies(part)
    assert not part.implies(whole)


def test_another_month_is_not_implied() -> None:
    assert not _one("4 May 1931").implies(_one("June 1931"))


def test_dates_of_one_kind_may_stand_in_each_others_place() -> None:
    assert _one("4 May").alike(_one("7 June"))
    assert not _one("on Sunday").alike(_one("in May"))
