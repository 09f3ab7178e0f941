"""What a claim denies and its source says, and the other way round."""

import pytest

from bot.verification.denials import denials
from tests.bot.verification.fake_likeness import pairing_of


def _found(claim: str, source: str, alike: dict[str, str] | None = None) -> list[str]:
    return [one.kind for one in denials(pairing_of(claim, source, "", alike))]


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The bridge did not carry trains.", "The bridge carried trains."),
        ("The bridge carried trains.", "The bridge never carried trains."),
        ("Serious effects were reported.", "No serious effects were reported."),
    ],
)
def test_what_only_one_of_them_denies_is_in_conflict(claim: str, source: str) -> None:
    assert "denial" in _found(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The bridge was not damaged.", "The war did not damage the bridge."),
        ("Interest is tax-free.", "Interest is not taxed."),
        ("The data stay after deleting the instance.", "When you delete the instance, the data are not deleted."),
        ("The rules are less strict.", "The rules are not as strict."),
    ],
)
def test_what_both_deny_in_their_ways_fits(claim: str, source: str) -> None:
    assert "denial" not in _found(claim, source)


def test_a_denial_beside_other_words_is_a_doubt() -> None:
    claim, source = "Lite users can use customization.", "Users of the Lite plan cannot use the customization interface."
    assert _found(claim, source) == ["other"]


def test_a_denial_with_nothing_like_it_in_the_source_is_lacking() -> None:
    assert _found("The bridge never shut.", "The bridge carries trains.") == [""]


def test_opposites_in_each_others_place_are_a_doubt() -> None:
    assert "other" in _found("Wages rose in May.", "Wages fell in May.", {"rose": "fell"})


def test_a_denied_opposite_agrees() -> None:
    assert _found("It was not legal.", "It was banned.", {"legal": "banned"}) == []
