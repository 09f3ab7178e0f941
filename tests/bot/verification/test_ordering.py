"""What comes first: by "before" and "after", and by dates."""

import pytest

from bot.verification.ordering import in_order_of_dates, wrong_order
from tests.bot.verification.fake_likeness import pairing_of

SPACE = "The first satellite was launched in 1957. People landed on the moon in 1969."


def _reasons(claim: str, source: str) -> list[str]:
    return [one.reason for one in wrong_order(pairing_of(claim, source))]


def test_before_for_after_is_told() -> None:
    found = _reasons("The law was adopted before the embassy moved.", "The law was adopted after the embassy had moved.")
    assert found == ["The passage has “after” where the claim has “before”."]


def test_dates_tell_which_came_first() -> None:
    claim = "People landed on the moon before the first satellite was launched."
    assert _reasons(claim, SPACE) == ["By the dates in the passage it was the other way round."]
    assert _reasons("The first satellite was launched before people landed on the moon.", SPACE) == []


@pytest.mark.parametrize("claim", ["The first satellite was launched.", "Karl ate before Ada slept."])
def test_without_both_dates_nothing_is_said_of_the_order(claim: str) -> None:
    assert in_order_of_dates(pairing_of(claim, SPACE)) is None
