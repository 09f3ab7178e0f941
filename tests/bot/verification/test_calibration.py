"""Scores and how often they come true: the measurement that ships, and what a reader's own reviews make of it."""

from collections.abc import Sequence
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.types import Verdict
from bot.verification.calibration import (
    AS_MEASURED,
    BINS,
    ENOUGH,
    CalibrationBin,
    MeasuredGroup,
    ReviewedScore,
    ScoreCurve,
    calibration_bins,
    calibration_error,
    fit_curve,
    measurement,
    own_calibration,
)
from bot.verification.verdicts import UNCOMPARED

GROUPS = measurement().groups
SHARES = st.floats(0, 1)


def reviews(scores: Sequence[float], turns: int = 100) -> list[ReviewedScore]:
    """Reviews of which each tenth holds as often as the first decimal of its score, less 0.3: scores that are 0.3 too high."""
    held: dict[float, float] = {}
    found = []
    for at, score in enumerate(scores):
        held[score] = held.get(score, 0.5) + score - 0.3
        found.append(ReviewedScore(f"t{at % turns}", score, holds := held[score] >= 1))
        held[score] -= holds
    return found


TOO_HIGH = reviews([0.4, 0.6, 0.8, 0.9] * 25)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_the_words_that_can_be_measured_are_told_of_and_no_others(group: MeasuredGroup) -> None:
    assert set(group.words) == set(get_args(Verdict)) - UNCOMPARED


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_each_sentence_is_in_one_bin_and_has_one_word(group: MeasuredGroup) -> None:
    assert sum(one.n for one in group.bins) == sum(one.n for one in group.words.values()) == group.n
    assert len(group.bins) == BINS


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_the_bins_hold_the_scores_and_the_shares_that_they_should(group: MeasuredGroup) -> None:
    for at, one in enumerate(group.bins):
        assert (one.score is None) == (one.supported is None) == (one.n == 0)
        assert one.score is None or at / BINS - 1e-3 <= one.score <= (at + 1) / BINS + 1e-3
    supported = sum(one.n * (one.supported or 0) for one in group.bins)
    assert supported / group.n == pytest.approx(group.supported, abs=1e-3)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_a_word_that_did_not_come_up_has_no_share(group: MeasuredGroup) -> None:
    assert all((rate.supported is None) == (rate.n == 0) for rate in group.words.values())


def test_scores_fall_into_tenths() -> None:
    found = calibration_bins([0.0, 0.05, 0.95, 1.0], [False, True, True, True])
    assert [one.n for one in found] == [2, *[0] * 8, 2]
    assert found[0] == CalibrationBin(2, 0.025, 0.5)


def test_the_error_is_how_far_scores_are_from_shares() -> None:
    assert calibration_error(calibration_bins([0.9, 0.9, 0.1, 0.1], [True, False, False, False])) == pytest.approx(0.25)
    assert calibration_error(calibration_bins([], [])) == 0


@given(SHARES)
def test_a_curve_that_changes_nothing_changes_nothing(score: float) -> None:
    assert AS_MEASURED(score) == score


@given(st.floats(-5, 5), st.floats(0.1, 5), st.lists(SHARES, min_size=2))
def test_a_curve_rises_and_its_ends_stay(shift: float, slope: float, scores: list[float]) -> None:
    curve = ScoreCurve(shift, slope)
    found = [curve(score) for score in sorted(scores)]
    assert all(0 <= one <= other <= 1 for one, other in pairwise(found))
    assert (curve(0), curve(1)) == (0, 1)


@given(st.lists(st.builds(ReviewedScore, st.sampled_from(["a", "b", "c"]), SHARES, st.booleans())))
def test_whatever_is_reviewed_a_curve_rises(found: list[ReviewedScore]) -> None:
    curve = fit_curve(found)
    assert curve(0.1) < curve(0.9)


def test_without_reviews_nothing_changes() -> None:
    assert fit_curve([]) == AS_MEASURED


def test_few_reviews_change_less_than_many() -> None:
    few, many = fit_curve(TOO_HIGH[:8]), fit_curve(TOO_HIGH)
    assert 0.6 > few(0.6) > many(0.6)


def test_reviews_that_say_the_opposite_are_no_calibration() -> None:
    assert fit_curve([ReviewedScore(str(at), score, score < 0.5) for at, score in enumerate([0.1, 0.9] * 50)]) == AS_MEASURED


def test_scores_that_are_too_high_come_down_once_there_are_enough_reviews() -> None:
    own = own_calibration(TOO_HIGH)
    assert own.in_force
    assert own.before is not None
    assert own.after is not None
    assert own.after < 0.15 < own.before
    assert own.curve(0.8) == pytest.approx(0.5, abs=0.1)
    assert sum(one.n for one in own.bins_before) == sum(one.n for one in own.bins_after) == own.reviews == len(TOO_HIGH)


def test_one_review_less_than_enough_changes_nothing() -> None:
    own = own_calibration(TOO_HIGH[: ENOUGH - 1])
    assert (own.reviews, own.in_force, own.before, own.bins_before) == (ENOUGH - 1, False, None, ())


def test_a_setting_turns_it_off() -> None:
    own = own_calibration(TOO_HIGH, wanted=False)
    assert (own.reviews, own.wanted, own.in_force) == (len(TOO_HIGH), False, False)


def test_the_reviews_of_one_answer_prove_nothing_about_each_other() -> None:
    own = own_calibration(reviews([0.4, 0.6, 0.8, 0.9] * 25, turns=1))
    assert own.before == own.after
    assert not own.in_force


def test_scores_that_come_true_are_left_as_they_are() -> None:
    scores = [0.2] * 25 + [0.8] * 25
    truth = ([True] + [False] * 4) * 5 + ([False] + [True] * 4) * 5
    own = own_calibration([ReviewedScore(f"{at:02}", *one) for at, one in enumerate(zip(scores, truth, strict=True))])
    assert own.before == pytest.approx(0)
    assert not own.in_force
