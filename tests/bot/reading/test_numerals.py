"""Numbers as they stand, before anything beside them is looked at (more of their forms in test_quantities.py)."""

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.figures import LONGEST
from bot.reading.numerals import SPOKEN, numerals, worded
from bot.reading.quantities import quantities
from bot.reading.words import cleaned


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


LOCALES = ["en", "de", "de_CH", "fr", "es", "it", "pt_BR", "nl", "hi", "en_IN", "ru", "pl", "sv", "ja", "tr"]
"""Points, commas, apostrophes, blanks narrow and wide, and India's groups of two."""


# From ten digits on Babel writes Swiss numbers as nobody does: "1000000'000".
@given(
    st.decimals(min_value=0, max_value=10**9 - 1, places=2, allow_nan=False, allow_infinity=False),
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


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("de", "Es waren vierhundertsiebzehn Boote.", 417),
        ("fr", "Il y avait soixante-dix-huit bateaux.", 78),
        ("es", "Eran dos mil quinientos barcos.", 2500),
        ("it", "Erano quarantadue barche.", 42),
        ("pt", "Eram cento e doze barcos.", 112),
        ("nl", "Er waren zevenendertig boten.", 37),
    ],
)
def test_a_number_in_words_is_read_where_it_stands(language: str, text: str, value: int) -> None:
    (found,) = worded(text, language)
    assert found.value == value
    assert text[found.start : found.end] in text


@pytest.mark.parametrize("language", sorted(SPOKEN))
def test_figures_are_left_to_others(language: str) -> None:
    assert list(worded("1931", language)) == []


@pytest.mark.parametrize(
    ("language", "text"), [("de", "eine Frau"), ("es", "un barco"), ("es", "millones de personas"), ("en", "two boats")]
)
def test_articles_vague_crowds_and_english_are_no_such_numbers(language: str, text: str) -> None:
    assert list(worded(text, language)) == []
