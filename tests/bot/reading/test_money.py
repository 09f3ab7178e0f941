"""Currencies beside numbers."""

import pytest

from bot.reading.money import currency, hundredths


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ("for $", "", "dollar"),
        ("for US$", "", "us dollar"),
        ("for C$", "", "canadian dollar"),
        ("for ", " Australian dollars", "australian dollar"),
        ("for ", " USD", "us dollar"),
        ("for ", " €", "euro"),
        ("for Rs. ", "", "rupee"),
        ("", "ドル", "dollar"),
        ("", "美元", "us dollar"),
        ("", "元", "yuan"),
    ],
)
def test_a_currency_is_told_by_its_sign_its_code_or_its_name(before: str, after: str, name: str) -> None:
    assert currency(before, after) == name


@pytest.mark.parametrize("after", [" pounds of flour", " people", ""])
def test_what_is_no_currency_is_none(after: str) -> None:
    assert currency("with ", after) == ""


def test_cents_are_hundredths() -> None:
    assert hundredths(" cents")
    assert not hundredths(" centimetres")
