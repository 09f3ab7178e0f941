"""What figures may mean by their shape alone, and how versions are told apart."""

from decimal import Decimal

import pytest

from bot.reading.figures import LONGEST, readings, version


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
