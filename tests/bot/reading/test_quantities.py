"""Numbers in all their forms, and which of them are the same."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.quantities import Quantity, quantities, scores


def _one(text: str) -> Quantity:
    (found,) = quantities(text)
    return found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("127 leaders", "127"),
        ("one hundred and twenty-seven leaders", "127"),
        ("1,234,567 of them", "1234567"),
        ("12 500 of them", "12500"),
        ("5 @,@ 000 of them", "5000"),
        ("1.4 million teachers", "1400000"),
        ("half a million", "500000"),
        ("two hundred thousand and five", "200005"),
        ("two dozen eggs", "24"),
        ("a hundred times", "100"),
        ("6½ sacks", "6.5"),
        ("four and a half of them", "4.5"),
        ("nineteen forty-five", "1945"),
        ("in 1998", "1998"),
        ("12万人", "120000"),
        ("三百二十个", "320"),
    ],
)
def test_a_number_is_read_in_figures_and_in_words(text: str, value: str) -> None:
    assert _one(text).value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "sort", "unit"),
    [
        ("56.2%", "percent", ""),
        ("91 per cent", "percent", ""),
        ("$20m", "money", "dollar"),
        ("11 million dollars", "money", "dollar"),
        ("3,50 €", "money", "euro"),
        ("the 3rd", "ordinal", ""),
        ("the twenty-first time", "ordinal", ""),
        ("at 9:30 pm", "clock", ""),
        ("two-thirds of it", "part", ""),
        ("73 metres", "", "metre"),
        ("7,000,000 square kilometres", "", "square km"),
        ("a five-year plan", "", "year"),
    ],
)
def test_what_a_number_is_of(text: str, sort: str, unit: str) -> None:
    found = quantities(text)[-1]
    assert (found.sort, found.unit) == (sort, unit)


@pytest.mark.parametrize("text", ["hundreds of places", "one of them", "5 May 1931", "PDP11", "a 3DS game", "1" * 40])
def test_what_counts_nothing_is_no_number(text: str) -> None:
    assert quantities(text) == ()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1914-18", [1914, 1918]),
        ("1576-77", [1576, 1577]),
        ("23-16", [23, 16]),
        ("162 and 169 million", [162_000_000, 169_000_000]),
    ],
)
def test_ranges_are_two_numbers_written_out(text: str, values: list[int]) -> None:
    assert [one.value for one in quantities(text)] == values


def test_an_hour_is_meant_but_is_no_number_that_must_be_found() -> None:
    (found,) = quantities("It lasts an hour.")
    assert found.tacit
    assert found.same(_one("60 minutes"))


def test_both_ends_of_a_range_are_of_its_sort() -> None:
    assert [one.sort for one in quantities("27-30%")] == ["percent", "percent"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("half", "50%"),
        ("a dozen eggs", "12 eggs"),
        ("11 million dollars", "$11.0 million"),
        ("5 km", "5 kilometres"),
        ("60", "60%"),
        ("48.250 inhabitants", "48,250 inhabitants"),
        ("2.5m barrels", "2.5 million barrels"),
        ("7.2k members", "7,200 members"),
        ("75 minutes", "an hour and a quarter"),
        ("45 minutes", "three quarters of an hour"),
        ("30 minutes", "half an hour"),
        ("75 minutes", "1 hour 15 minutes"),
        ("2 years", "24 months"),
        ("3 km", "3,000 m"),
        ("1.2 tonnes", "1,200 kg"),
        ("50 basis points", "half a percentage point"),
        ("4‰", "0.4%"),
        ("minus 12 degrees Celsius", "-12 °C"),
        ("12 degrees below zero", "-12 degrees"),
        ("growth of -2%", "shrank by 2%"),
        ("50%", "halved"),
        ("twofold", "doubled"),
        ("$5", "5 Canadian dollars"),
        ("40 cents", "$0.40"),
        ("5 lakh", "5,00,000"),
        ("六成", "60%"),
        ("百分之七", "7%"),
        ("3.5万人", "35,000"),
    ],
)
def test_the_same_number_in_other_words(one: str, other: str) -> None:
    assert _one(one).same(_one(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("7%", "7 percentage points"),
        ("7 basis points", "7 percentage points"),
        ("7%", "7‰"),
        ("doubled", "tripled"),
        ("-12 °C", "12 °C"),
        ("C$5", "US$5"),
        ("version 4.2", "version 4.20"),
        ("Firefox 4.2", "Firefox 4.20"),
        ("3 km", "3 m"),
        ("2 months", "60 days"),
        ("$5", "5 euros"),
        ("5 km", "5 miles"),
        ("5%", "$5"),
        ("the 5th", "5%"),
        ("127", "172"),
        ("half", "40%"),
    ],
)
def test_another_number_sort_or_unit_is_not_the_same(one: str, other: str) -> None:
    assert not _one(one).same(_one(other))


@pytest.mark.parametrize(("rough", "exact"), [("more than half", "56.2%"), ("about 40", "42"), ("nearly 300", "308")])
def test_a_rough_number_outlines_the_exact_one(rough: str, exact: str) -> None:
    assert _one(rough).outlines(_one(exact))


@pytest.mark.parametrize(
    ("rough", "exact"),
    [("40", "42"), ("about 42", "41"), ("more than 31 million", "over 37 million"), ("some 30 miles", "32 km")],
)
def test_a_number_that_is_not_rounded_outlines_nothing(rough: str, exact: str) -> None:
    assert not _one(rough).outlines(_one(exact))


@given(st.text(alphabet="0123456789 .,/%-½$一十万ms:to and half second", max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    assert all(0 <= one.start < one.end <= len(text) for one in quantities(text))


@pytest.mark.parametrize("text", ["won 4-2", "won 4:2", "won by 4 to 2", "a 4-2 win"])
def test_a_score_has_two_figures_in_order(text: str) -> None:
    (found,) = scores(text)
    assert (found.first, found.second, found.lost) == (4, 2, False)


def test_a_loser_tells_it_the_other_way_round() -> None:
    assert scores("They lost 2-4.")[0].lost


@pytest.mark.parametrize("text", ["2019-02-05", "10-15%", "3 to 5 years", "1914-1918", "at 9:30 am", "F-16-2"])
def test_dates_hours_and_shares_are_no_scores(text: str) -> None:
    assert scores(text) == ()
