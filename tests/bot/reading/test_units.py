"""Which units agree, and which can be converted."""

from decimal import Decimal

import pytest

from bot.reading.units import agree, currency, dimension, hundredths, in_least


@pytest.mark.parametrize(
    ("one", "other"),
    [("km", "km"), ("km", ""), ("dollar", "canadian dollar"), ("ton", "tonne"), ("degree", "celsius"), ("¥", "yen")],
)
def test_units_agree_where_one_leaves_the_other_open(one: str, other: str) -> None:
    assert agree(one, other)
    assert agree(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("km", "mile"), ("us dollar", "canadian dollar"), ("celsius", "fahrenheit"), ("square metre", "metre"), ("yen", "yuan")],
)
def test_other_units_do_not(one: str, other: str) -> None:
    assert not agree(one, other)


def test_only_what_is_exact_is_converted() -> None:
    assert in_least(Decimal(3), "hour") == in_least(Decimal(180), "minute")
    assert in_least(Decimal(2), "week") == in_least(Decimal(14), "day")
    assert dimension("month") != dimension("day")
    assert dimension("foot") != dimension("metre")


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
