"""Scores, whose order tells who won."""

import pytest

from bot.reading.scores import scores


@pytest.mark.parametrize("text", ["won 4-2", "won 4:2", "won by 4 to 2", "a 4-2 win"])
def test_a_score_has_two_figures_in_order(text: str) -> None:
    (found,) = scores(text)
    assert (found.first, found.second, found.lost) == (4, 2, False)


def test_a_loser_tells_it_the_other_way_round() -> None:
    assert scores("They lost 2-4.")[0].lost


@pytest.mark.parametrize("text", ["2019-02-05", "10-15%", "3 to 5 years", "1914-1918", "at 9:30 am", "F-16-2"])
def test_dates_hours_and_shares_are_no_scores(text: str) -> None:
    assert scores(text) == ()
