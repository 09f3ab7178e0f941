"""How sure a difference between two runs is: a bootstrap interval for how large it may be, and tests for whether it is more
than luck. Pure, and the same every time: the seed is fixed.

Why two: the interval (Efron and Tibshirani 1993, paired, percentile) says how large the difference may be, metric by metric. It
must not decide by itself whether two prompts differ. Where few cases differ it is far too sure: with 4 of 40 that all fell the
same way a 95 % interval leaves out 0, and where 4 differ between two copies they all fall or rise one time in eight. And there
are 16 metrics.

A verdict goes by tests of pairs. Of a metric that a case passes or fails: McNemar's exact test. Of any other: the paired
randomisation test (Fisher 1935; Smucker, Allan and Carterette 2007). Two copies of one prompt could have their answers to any
case exchanged, which turns the sign of all of that case's differences: the test needs no other assumption. Metrics of a family
are turned together and each is held against the largest that remains (Westfall and Young 1993, step-down). Metrics that say
nearly the same, as the three that come from one verifier, then cost little more than one of them. `decision` says at which
levels.
"""

from collections.abc import Iterator
from math import comb
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# The level of intervals; that of tests is in `decision`.
LEVEL = 0.95
# A chance of 0.01 is then known to about 0.001, the standard error of a share over 10,000 draws.
RESAMPLES = 10_000
SEED = 20_931
_MANY_VALUES = 300
"""With more different values than this the mean is as good as normally distributed, and drawing would take seconds."""
_AT_A_TIME = 1_000
# Sums of the same numbers in another order differ in their last digits, and must count as equal.
_SAME = 1e-9


def interval(differences: FloatArray, level: float = LEVEL, resamples: int = RESAMPLES) -> tuple[float, float]:
    """The percentile interval of the mean difference, by drawing as many cases as there are, with replacement."""
    (found,) = intervals(differences[:, None], level, resamples)
    return found


def intervals(table: FloatArray, level: float = LEVEL, resamples: int = RESAMPLES) -> list[tuple[float, float]]:
    """The same for each column of a table of cases by metrics; NaN where a case has no difference."""
    known = (column[~np.isnan(column)] for column in table.T)
    # An empty column has no difference; its bounds are never shown.
    return [_bounds(column, level, resamples) if len(column) else (0.0, 0.0) for column in known]


def _bounds(column: FloatArray, level: float, resamples: int) -> tuple[float, float]:
    """Lower and upper bound of a column's mean."""
    n = len(column)
    values, counts = np.unique(column, return_counts=True)
    if len(values) > _MANY_VALUES:
        # The normal interval of a mean: z times its standard error.
        reach = NormalDist().inv_cdf((1 + level) / 2) * float(column.std()) / n**0.5
        return float(column.mean()) - reach, float(column.mean()) + reach
    # To draw cases is to draw how often each value comes, which for a metric of few values takes thousands of cases at once.
    draw = np.random.default_rng(SEED)
    means = np.concatenate([draw.multinomial(n, counts / n, size) @ values / n for size in _batches(resamples)])
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def chance(differences: FloatArray) -> float:
    """The chance that luck alone gives so large a mean difference; NaN where a case has none.

    Where each difference is 1, 0 or -1 it is McNemar's exact test, else the sign-flip test of one metric.

    >>> chance(np.array([1.0, 1.0, 0.0, np.nan])), chance(np.array([0.2, 0.4, 0.3, 0.1]))
    (0.5, 0.125)
    """
    found = differences[~np.isnan(differences)]
    # Without any difference there is nothing that luck would have to explain.
    if not bool(found.any()):
        return 1.0
    if set(np.unique(found)) <= {-1.0, 0.0, 1.0}:
        return mcnemar(int((found > 0).sum()), int((found < 0).sum()))
    (luck,) = chances(found[:, None])
    return float(luck)


def mcnemar(won: int, lost: int) -> float:
    """The exact two-sided chance of so uneven a number of cases won and lost (McNemar 1947, by the binomial distribution).

    >>> mcnemar(4, 0), mcnemar(3, 3)
    (0.125, 1.0)
    """
    of = won + lost
    tail: int = sum(comb(of, at) for at in range(min(won, lost) + 1))
    # Twice one tail may exceed 1 where both sides are equal.
    return min(1.0, 2 * tail / (1 << of))


def chances(table: FloatArray, flips: int = RESAMPLES) -> FloatArray:
    """For each column the chance that luck alone gives any metric so large a difference, corrected for their number; 1 for a
    column without any difference.

    A column's statistic is its sum over the root of its sum of squares, which no turning of signs changes.
    """
    # A case without a difference turns nothing, so it is left out, which makes the exact test possible more often.
    filled = np.nan_to_num(table[np.nan_to_num(table).any(axis=1)])
    # Columns are put on one scale, else seconds would drown shares when the largest is looked for.
    size = np.sqrt((filled**2).sum(axis=0))
    unit = np.divide(filled, size, out=np.zeros_like(filled), where=size > 0)
    seen = np.abs(unit.sum(axis=0))
    order = np.argsort(-seen)
    # With 13 cases or fewer that differ all signs are tried, which costs less than to draw them.
    exact = 2 ** len(filled) <= flips
    reached, of = np.zeros(len(order)), 0
    for signs in _every_sign(len(filled)) if exact else _random_signs(len(filled), flips):
        turned = np.abs(signs @ unit)[:, order]
        # Step-down: each metric is held against the largest of itself and those that are less striking.
        largest = np.maximum.accumulate(turned[:, ::-1], axis=1)[:, ::-1]
        reached += (largest >= seen[order] - _SAME).sum(axis=0)
        of += len(signs)
    # The answers as they were are one of the ways that luck might have dealt them.
    chance = reached / of if exact else (reached + 1) / (of + 1)
    found = np.empty(len(order))
    # A less striking metric must not have a smaller chance than a more striking one.
    found[order] = np.maximum.accumulate(chance)
    return np.where(size > 0, found, 1.0)


def _every_sign(n: int) -> Iterator[FloatArray]:
    # Each number from 0 to 2 to the n, less 1, as its n binary digits: one row for each way to turn the signs.
    bits = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    yield (1 - 2 * bits).astype(np.float64)


def _random_signs(n: int, flips: int) -> Iterator[FloatArray]:
    draw = np.random.default_rng(SEED)
    for size in _batches(flips):
        yield (1 - 2 * draw.integers(0, 2, (size, n))).astype(np.float64)


def _batches(of: int) -> list[int]:
    """Sizes of batches that fit into memory whatever the number of cases."""
    return [min(_AT_A_TIME, of - at) for at in range(0, of, _AT_A_TIME)]
