"""What a passage says only would be, was asked, or is not known."""

import pytest

from bot.verification.modality import not_asserted
from tests.bot.verification.fake_likeness import pairing_of


def _reasons(claim: str, source: str) -> list[str]:
    return [one.reason for one in not_asserted(pairing_of(claim, source))]


@pytest.mark.parametrize(
    ("claim", "source", "reason"),
    [
        ("The Diet passed the law.", "The Diet would have to pass the law.", "The passage says “would have to pass”."),
        (
            "The Huns conquered the coast.",
            "The Huns attempted to conquer the coast.",
            "The passage says “attempted to conquer”.",
        ),
        (
            "The union will pay for the damage.",
            "The union has not said whether it will pay for the damage.",
            "The passage says “not said whether” before it.",
        ),
    ],
)
def test_what_is_not_said_to_be_so_is_told(claim: str, source: str, reason: str) -> None:
    assert reason in _reasons(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The Diet would have to pass the law.", "The Diet would have to pass the law."),
        ("The Diet may have passed the law.", "The Diet would have to pass the law."),
        ("The term is applied to games.", "The term may also be applied to games."),
        ("The union has not said that it will pay.", "The union has not said whether it will pay."),
        ("Karl won the title.", "Karl managed to win the title."),
    ],
)
def test_what_is_said_alike_is_left(claim: str, source: str) -> None:
    assert _reasons(claim, source) == []
