"""Which units agree, and which can be converted."""

from decimal import Decimal

import pytest

from bot.reading.units import agree, dimension, in_least


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
