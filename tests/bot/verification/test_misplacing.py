"""Values of a claim in another cell than the table has them in."""

import pytest

from bot.verification.framing import Frame
from bot.verification.misplacing import misplaced, tabular
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
    frame = Frame(pairing.claim, taken_apart(source))
    assert tabular(frame, pairing.chosen)
    return [one.reason for one in misplaced(pairing, frame)]


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
