"""Values of a claim in another cell than the table has them in."""

import pytest

from bot.verification.cells import rests_on_record, wrong_cells
from bot.verification.relevance import Relevance
from bot.verification.statements import taken_apart
from tests.bot.verification.fake_likeness import pairing_of

VILLAGES = """
| Village | Inhabitants | Founded | Mayor |
|---|---|---|---|
| Aal | 1037 | 1901 | H. Roos |
| Bek | 2221 | 1933 | X. Vos |
"""
RAIN = "| Station | Altitude (m) | Rain (mm) |\n|---|---|---|\n| Cembra | 920 | 1,377 |\n| Dorn | 1,240 | 1,602 |\n"
REVENUE = "| | 2021 | 2022 |\n|---|---|---|\n| Revenue ($m) | 1.1 | 1.4 |\n| Staff | 23 | 25 |\n"


def _found(claim: str, source: str) -> list[str]:
    pairing = pairing_of(claim, source)
    relevance = Relevance(pairing.claim, taken_apart(source))
    assert rests_on_record(relevance, pairing.chosen)
    return [one.reason for one in wrong_cells(pairing, relevance)]


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Bek was founded in 1933.", VILLAGES),
        ("The mayor of Bek is X. Vos.", VILLAGES),
        ("Bek has 2221 inhabitants and was founded in 1933.", VILLAGES),
        ("Cembra had 1,377 mm of rain.", RAIN),
        ("Revenue in 2021 was $1.1m.", REVENUE),
    ],
)
def test_a_value_in_its_own_cell_fits(claim: str, source: str) -> None:
    assert _found(claim, source) == []


@pytest.mark.parametrize(
    ("claim", "source", "reason"),
    [
        ("Bek was founded in 2221.", VILLAGES, "The row of “Bek” has “2221” under “Inhabitants”, not under “Founded”."),
        ("Cembra had 920 mm of rain.", RAIN, "The row of “Cembra” has “920” under “Altitude (m)”, not under “Rain (mm)”."),
        ("Revenue in 2021 was $1.4m.", REVENUE, "The row of “Revenue ($m)” has “1.4” under “2022”, not under “2021”."),
        (
            "Bek has 1933 inhabitants and was founded in 2221.",
            VILLAGES,
            "The row of “Bek” has “2221” under “Inhabitants”, not under “Founded”.",
        ),
    ],
)
def test_a_value_under_another_column_is_told(claim: str, source: str, reason: str) -> None:
    assert reason in _found(claim, source)


def test_a_value_of_another_row_is_told() -> None:
    assert "The row of “Bek” has “X. Vos” under “Mayor”, not “H. Roos”." in _found("The mayor of Bek is H. Roos.", VILLAGES)


def test_a_number_that_the_row_lacks_is_lacking() -> None:
    assert "“1950” does not stand in the passage." in _found("Bek was founded in 1950.", VILLAGES)


def _kinds(claim: str, source: str) -> list[tuple[str, str]]:
    pairing = pairing_of(claim, source)
    found = wrong_cells(pairing, Relevance(pairing.claim, taken_apart(source)))
    return [(claim[slice(*one.mine)], source[slice(*one.theirs)]) for one in found if one.mine and one.theirs]


@pytest.mark.parametrize(
    ("claim", "mine", "theirs"),
    [
        ("Bek was founded in 2221.", "2221", "1933"),
        ("Bek was founded in 1901.", "1901", "1933"),
        ("Bek was founded in 1950.", "1950", "1933"),
    ],
)
def test_another_number_than_the_named_cell_has_differs(claim: str, mine: str, theirs: str) -> None:
    assert _kinds(claim, VILLAGES) == [(mine, theirs)]


@pytest.mark.parametrize("claim", ["Bek was founded in 1933.", "The mayor of Bek is H. Roos.", "It was founded in 1950."])
def test_no_number_differs_without_a_named_row_and_two_numbers(claim: str) -> None:
    assert _kinds(claim, VILLAGES) == []
