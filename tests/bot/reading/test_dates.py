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
        "1931/05/04",
        "4-May-1931",
        "04-MAY-1931",
        "4. Mai 1931 wurde er geboren",
        "el 4 de mayo de 1931 nació en Madrid",
        "le 4 mai 1931 il est né",
        "il 4 maggio 1931 nacque a Roma",
        "4 мая 1931 года он родился",
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


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("in Q2 1931", (1931, 0, 2, 0)),
        ("in the second quarter of 1931", (1931, 0, 2, 0)),
        ("FY1931", (1931, 0, 0, 0)),
        ("fiscal year 1931", (1931, 0, 0, 0)),
        ("FY31", (2031, 0, 0, 0)),
        ("in the nineteenth century", (0, 0, 0, 19)),
        ("en el siglo XIX vivió", (0, 0, 0, 19)),
        ("in the '30s", (0, 30, 0, 0)),
        ("in the thirties", (0, 30, 0, 0)),
    ],
)
def test_quarters_fiscal_years_decades_and_centuries(text: str, parts: tuple[int, int, int, int]) -> None:
    found = _one(text)
    assert (found.year, found.decade, found.quarter, found.century) == parts


@pytest.mark.parametrize(
    ("exact", "rough"),
    [
        ("May 1931", "the 1930s"),
        ("May 1931", "the 20th century"),
        ("May 1931", "Q2 1931"),
        ("the 1930s", "the thirties"),
        ("the 1930s", "the twentieth century"),
    ],
)
def test_a_period_holds_what_lies_in_it(exact: str, rough: str) -> None:
    assert _one(exact).implies(_one(rough))
    assert _one(rough).overlaps(_one(exact))


def test_a_slashed_date_may_be_of_either_month_and_a_dotted_one_is_not() -> None:
    assert _one("03/04/1931").implies(_one("3 April 1931"))
    assert _one("03/04/1931").implies(_one("March 4, 1931"))
    assert not _one("03.04.1931").implies(_one("March 4, 1931"))


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
