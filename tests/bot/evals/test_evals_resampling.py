"""How sure a difference is, against every way that luck can deal a small sample."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evals.resampling import FloatArray, chance, chances, interval, intervals, mcnemar

NAN = float("nan")


def table(*columns: list[float]) -> FloatArray:
    return np.array(columns, dtype=np.float64).T


def exhaustive(sample: list[float], level: float) -> tuple[float, float]:
    """The bounds by all n**n resamples."""
    means = [sum(drawn) / len(sample) for drawn in product(sample, repeat=len(sample))]
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


@pytest.mark.parametrize(
    "sample",
    [
        [0.0, 0.1, 0.35, -0.2, 0.6],
        [1.0, -1.0, 0.0, 0.5, 0.25, -0.4],
    ],
)
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_interval_is_that_of_the_exhaustive_bootstrap(sample: list[float], level: float) -> None:
    assert interval(np.array(sample), level) == pytest.approx(exhaustive(sample, level), abs=0.04)


def test_a_sample_that_does_not_vary_has_no_width() -> None:
    assert interval(np.full(7, 0.25)) == pytest.approx((0.25, 0.25))


def test_each_metric_is_drawn_from_the_cases_that_have_a_value() -> None:
    found = intervals(table([0.0, 0.1, 0.35, -0.2, 0.6, NAN], [NAN] * 6, [1.0] * 6))
    assert found == [pytest.approx(interval(np.array([0.0, 0.1, 0.35, -0.2, 0.6]))), (0.0, 0.0), pytest.approx((1.0, 1.0))]


def brute(columns: FloatArray) -> list[float]:
    """The step-down chances from their definition: all signs, the largest statistic among metrics no larger than this one."""
    size = np.sqrt((columns**2).sum(axis=0))
    seen = np.abs(columns.sum(axis=0)) / size
    order = sorted(range(len(seen)), key=lambda at: -seen[at])
    every = [np.abs(np.array(signs) @ columns) / size for signs in product([1, -1], repeat=len(columns))]
    found, floor = [0.0] * len(seen), 0.0
    for rank, at in enumerate(order):
        as_large = sum(max(turned[i] for i in order[rank:]) >= seen[at] - 1e-9 for turned in every)
        floor = max(floor, as_large / len(every))
        found[at] = floor
    return found


def test_chances_are_those_of_every_sign() -> None:
    columns = np.random.default_rng(3).normal(0.4, 1, (8, 3))
    assert chances(columns) == pytest.approx(brute(columns))


def test_drawn_signs_come_near_to_every_sign() -> None:
    columns = np.random.default_rng(5).normal(0.3, 1, (12, 3))
    assert chances(columns, flips=4_000) == pytest.approx(chances(columns, flips=5_000), abs=0.03)


def test_one_metric_by_itself_is_the_sign_test() -> None:
    assert chances(table([1.0] * 6)) == pytest.approx([2 / 2**6])


def test_a_metric_without_difference_takes_nothing_from_the_others() -> None:
    alone = chances(table([1.0] * 6))
    assert chances(table([0.0] * 6, [1.0] * 6, [NAN] * 6)) == pytest.approx([1.0, alone[0], 1.0])


def test_a_table_without_differences_has_chances_of_one() -> None:
    assert list(chances(np.zeros((3, 2)))) == [1.0, 1.0]


def test_the_chance_of_pass_and_fail_is_mcnemars() -> None:
    # Nine lost and one won: 2 * (1 + 10) / 1,024.
    lost = [-1.0] * 9 + [1.0] + [0.0] * 30 + [NAN]
    assert chance(np.array(lost)) == pytest.approx(mcnemar(1, 9)) == pytest.approx(22 / 1024)


def test_the_chance_of_a_graded_metric_is_the_sign_flip_test() -> None:
    graded = np.array([0.5, 0.25, -0.1, 0.4])
    assert chance(graded) == pytest.approx(brute(graded[:, None])[0])


@pytest.mark.parametrize("nothing", [[], [NAN, NAN], [0.0, 0.0]])
def test_no_difference_is_luck_for_certain(nothing: list[float]) -> None:
    assert chance(np.array(nothing)) == 1.0


def test_many_different_values_have_the_interval_of_a_normal_mean() -> None:
    column = np.random.default_rng(4).normal(1.0, 2.0, 400)
    drawn = np.random.default_rng(5).choice(column, (2_000, 400)).mean(axis=1)
    assert interval(column) == pytest.approx(tuple(np.quantile(drawn, [0.025, 0.975])), abs=0.03)


def test_forty_cases_that_all_fell_are_beyond_luck() -> None:
    assert chances(table([-1.0] * 40))[0] < 0.001


def test_more_metrics_make_the_same_difference_less_sure() -> None:
    noise = np.random.default_rng(7).normal(0, 1, (10, 12))
    column = np.full((10, 1), 0.5) + np.random.default_rng(8).normal(0, 0.3, (10, 1))
    assert chances(np.hstack([column, noise]))[0] > chances(column)[0]


@given(st.lists(st.lists(st.integers(-3, 3), min_size=2, max_size=2), min_size=1, max_size=8))
def test_turning_the_runs_round_changes_no_chance(rows: list[list[int]]) -> None:
    columns = np.array(rows, dtype=np.float64)
    assert chances(columns) == pytest.approx(chances(-columns))
    assert ((chances(columns) > 0) & (chances(columns) <= 1)).all()


def test_copies_raise_false_alarms_no_more_often_than_the_level_allows() -> None:
    draw = np.random.default_rng(11)
    # Metrics that hang together, with many cases that do not differ: what two copies of a prompt look like.
    tables = [np.round(draw.normal(0, 0.6, (10, 1)) + draw.normal(0, 0.4, (10, 6))) for _ in range(400)]
    alarms = sum(bool((chances(one) <= 0.05).any()) for one in tables)
    assert alarms <= 400 * 0.05 + 3 * (400 * 0.05 * 0.95) ** 0.5
