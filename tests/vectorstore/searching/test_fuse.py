"""The arithmetic of fusion, held against numpy and against what must not change it."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vectorstore.searching.fuse import fuse, ranked, staged, zscores
from vectorstore.types import Stage

VALUES = st.lists(st.integers(-1000, 1000).map(float), min_size=2, max_size=20)
STAGES = st.lists(st.tuples(*[st.integers(-50, 50).map(float)] * 2), min_size=3, max_size=15)


def by_number(values: list[float]) -> dict[int, float]:
    return dict(enumerate(values))


def test_zscores_are_numpys() -> None:
    values = [0.3, 0.9, 0.31, -2.0]
    wanted = (np.array(values) - np.mean(values)) / np.std(values)
    assert zscores(values) == pytest.approx(wanted)


@given(VALUES)
def test_zscores_have_mean_zero_and_deviation_one_unless_all_are_equal(values: list[float]) -> None:
    made = zscores(values)
    assert made.mean() == pytest.approx(0, abs=1e-9)
    assert made.std() == pytest.approx(float(len(set(values)) > 1))


@pytest.mark.parametrize("values", [[], [4.0], [2.0, 2.0, 2.0], [0.1 + 0.2, 0.3]])
def test_values_that_do_not_differ_get_zeros(values: list[float]) -> None:
    assert zscores(values).tolist() == [0.0] * len(values)


def test_fused_scores_are_the_weighted_sums_of_zscores() -> None:
    dense, lexical = {1: 0.9, 2: 0.5, 3: 0.1}, {1: 0.0, 2: 7.0, 3: 2.0}
    made = fuse([(dense, 1.0), (lexical, 2.0)], [1, 2, 3])
    wanted = zscores([0.9, 0.5, 0.1]) + 2 * zscores([0.0, 7.0, 2.0])
    assert list(made.values()) == pytest.approx(wanted)


def test_a_candidate_that_a_stage_does_not_know_counts_there_as_zero() -> None:
    assert fuse([({1: 5.0, 2: 3.0}, 1.0)], [1, 2, 3]) == fuse([({1: 5.0, 2: 3.0, 3: 0.0}, 1.0)], [1, 2, 3])


def test_what_is_no_candidate_plays_no_part() -> None:
    assert fuse([({1: 5.0, 2: 3.0, 9: 1000.0}, 1.0)], [1, 2]) == fuse([({1: 5.0, 2: 3.0}, 1.0)], [1, 2])


def test_no_candidates_give_no_scores() -> None:
    assert fuse([({1: 5.0}, 1.0)], []) == {}


def test_no_stages_give_zeros() -> None:
    assert fuse([], [4, 5]) == {4: 0.0, 5: 0.0}


@given(STAGES, st.floats(0.01, 100), st.floats(-100, 100))
def test_a_stage_may_count_on_any_scale_from_any_zero(rows: list[tuple[float, float]], scale: float, zero: float) -> None:
    one, other = [row[0] for row in rows], [row[1] for row in rows]
    assume(len(set(one)) > 1)
    before = fuse([(by_number(one), 1.0), (by_number(other), 2.0)], range(len(rows)))
    moved = [scale * value + zero for value in one]
    after = fuse([(by_number(moved), 1.0), (by_number(other), 2.0)], range(len(rows)))
    assert list(after.values()) == pytest.approx(list(before.values()), abs=1e-6)


@given(STAGES)
def test_a_better_score_at_one_stage_never_lowers_the_candidate(rows: list[tuple[float, float]]) -> None:
    one, other = [row[0] for row in rows], [row[1] for row in rows]
    assume(len(set(one)) > 1)
    made = fuse([(by_number(one), 1.0), (by_number([other[0]] * len(rows)), 1.0)], range(len(rows)))
    best = max(range(len(rows)), key=lambda n: one[n])
    assert made[best] == max(made.values())


def test_equals_come_in_the_order_of_their_numbers() -> None:
    assert ranked({9: 1.0, 3: 2.0, 7: 1.0, 1: 1.0}) == [3, 1, 7, 9]


@given(st.dictionaries(st.integers(0, 50), st.sampled_from([0.0, 0.5, 1.0])))
def test_the_order_does_not_depend_on_how_the_scores_came_in(scores: dict[int, float]) -> None:
    assert ranked(dict(reversed(scores.items()))) == ranked(scores)


def test_ranks_count_from_one_and_keep_the_scores() -> None:
    assert staged({4: 0.25, 8: 0.75}) == {8: Stage(1, 0.75), 4: Stage(2, 0.25)}
