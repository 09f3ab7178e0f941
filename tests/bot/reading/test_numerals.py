"""Numbers as they stand, before anything beside them is looked at (more of their forms in test_quantities.py)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.numerals import LONGEST, numerals


@pytest.mark.parametrize(
    ("text", "value", "sort"),
    [
        ("3/4", "0.75", "part"),
        ("½", "0.5", "part"),
        ("a third of them", "0.3333", "part"),
        ("the third man", "3", "ordinal"),
        ("the 21st", "21", "ordinal"),
        ("4 a.m.", "400", "clock"),
        ("12 pm", "1200", "clock"),
        ("三万五千", "35000", ""),
        ("二〇一二", "2012", ""),
    ],
)
def test_a_number_has_a_value_and_a_sort(text: str, value: str, sort: str) -> None:
    (found,) = numerals(text)
    assert (round(found.value, 4), found.sort) == (Decimal(value), sort)


@pytest.mark.parametrize("text", ["17 seconds", "5 per second"])
def test_a_second_as_a_time_is_no_ordinal(text: str) -> None:
    assert "ordinal" not in [one.sort for one in numerals(text)]


@pytest.mark.parametrize("text", ["9" * (LONGEST + 1), "一" * (LONGEST + 1), "hundred " * (LONGEST + 1), "X25", "3DS", "一般"])
def test_identifiers_and_parts_of_words_are_no_numbers(text: str) -> None:
    assert list(numerals(text)) == []


@given(st.text(alphabet="0123456789一二十百万億 ,.½/:apm@-", max_size=200))
def test_any_run_of_figures_can_be_read(text: str) -> None:
    assert all(0 <= one.start < one.end <= len(text) for one in numerals(text))
