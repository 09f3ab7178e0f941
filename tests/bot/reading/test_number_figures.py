"""Figures with points, commas, apostrophes and blanks: what they may stand for."""

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.figures import LONGEST, readings, version
from bot.reading.numerals import numerals
from bot.reading.quantities import quantities
from bot.verification.wording import cleaned

LOCALES = ["en", "de", "de_CH", "fr", "es", "it", "pt_BR", "nl", "hi", "en_IN", "ru", "pl", "sv", "ja", "tr"]
"""Points, commas, apostrophes, blanks narrow and wide, and India's groups of two."""


@pytest.mark.parametrize(
    ("figures", "values"),
    [
        ("873", ["873"]),
        ("48,250", ["48250"]),
        ("48.250", ["48.250", "48250"]),
        ("48'250", ["48250"]),
        ("48 250", ["48250"]),
        ("48 , 250", ["48250"]),
        ("7.048.250", ["7048250"]),
        ("70,48,250", ["7048250"]),
        ("6,75", ["6.75"]),
        ("7.048,25", ["7048.25"]),
        ("7,048.25", ["7048.25"]),
        ("0.250", ["0.250"]),
    ],
)
def test_what_the_shape_leaves_open_has_both_readings(figures: str, values: list[str]) -> None:
    assert readings(figures) == tuple(map(Decimal, values))


def test_a_language_with_a_decimal_comma_takes_the_point_for_thousands() -> None:
    assert readings("48.250", comma_decimal=True)[0] == 48250
    assert readings("48,250", comma_decimal=True)[0] == Decimal("48.25")


@pytest.mark.parametrize("figures", ["4.11.2", "1,2,3", "192.168.0.1", "9" * (LONGEST + 1)])
def test_versions_lists_and_identifiers_are_no_numbers(figures: str) -> None:
    assert readings(figures) == ()


def test_versions_are_told_apart_by_their_parts() -> None:
    assert version("4.20") != version("4.2")
    assert version("4.20") > version("4.3")


@given(
    st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False, allow_infinity=False),
    st.sampled_from(LOCALES),
)
def test_a_number_in_any_form_is_among_what_is_read(number: Decimal, locale: str) -> None:
    plain = format_decimal(number, locale=locale, decimal_quantization=False)
    text = cleaned(f"It has {plain} of them")
    found = [value for one in quantities(text) for value in one.values]
    assert number in found


@given(st.integers(min_value=1, max_value=999), st.sampled_from(["k", "m", "bn", " thousand", " million", " billion"]))
def test_a_scaled_number_is_among_what_is_read(number: int, scale: str) -> None:
    size = {"k": 10**3, "m": 10**6, "bn": 10**9}.get(scale) or {"t": 10**3, "m": 10**6, "b": 10**9}[scale.strip()[0]]
    (found,) = numerals(f"some {number}{scale} people")
    assert number * size in (found.value, *found.others)
