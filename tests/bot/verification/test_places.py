"""What stands in the place of a number or a date of the claim."""

import pytest

from bot.verification.places import in_its_place
from tests.bot.verification.fake_likeness import pairing_of


def _rival(claim: str, source: str) -> str:
    pairing = pairing_of(claim, source)
    found = next(filter(None, (in_its_place(one, pairing) for one in pairing.claim.facts)), None)
    return source[found.start : found.end] if found else ""


@pytest.mark.parametrize(
    ("claim", "source", "rival"),
    [
        ("The ferry carries 90 passengers.", "The ferry carries 60 passengers and 12 cars.", "60"),
        ("The ferry was launched in 1962.", "The ferry was built in Bergen and launched in 1957.", "1957"),
        ("The ferry was launched on 3 May 1957.", "The ferry was launched on 8 May 1957.", "8 May 1957"),
        ("The crossing takes 40 minutes.", "The crossing takes two hours.", "two"),
        ("The share of walkers fell to 30%.", "The share of walkers fell to 25%.", "25%"),
        ("The ferry cost 3 million euros.", "The ferry cost 3 million Swiss francs.", "3 million"),
    ],
)
def test_another_of_its_kind_and_unit_by_the_same_words(claim: str, source: str, rival: str) -> None:
    assert _rival(claim, source) == rival


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        # It counts other things.
        ("The company has 40 ferries.", "The company has offices in eight towns, and ferries."),
        # It is said of something else.
        ("The ferry was launched in 1962.", "In 1957 the harbour was closed to sailing ships."),
        # It is of another unit, or may be the same money.
        ("The ferry is 40 metres long.", "The ferry is long and carries 60 tonnes."),
        ("The ferry cost 3 million euros.", "The ferry cost 3.4 million dollars."),
        # It is rounder, or a part of a whole, or a range that holds it.
        ("The ferry carries 61 passengers.", "The ferry carries about 60 passengers."),
        ("The ferry carries 72 passengers.", "The ferry carries 60 passengers below and 12 passengers on deck."),
        ("The ferry carries 65 passengers.", "The ferry carries 60 to 70 passengers."),
        ("The ferry was launched in 1957.", "The ferry was launched in the 1950s."),
    ],
)
def test_what_does_not_exclude_it_is_not_in_its_place(claim: str, source: str) -> None:
    assert _rival(claim, source) == ""
