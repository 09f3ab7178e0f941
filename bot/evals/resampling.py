"""How sure a difference between two runs is: a bootstrap interval for how large it may be, a sign-flip test for whether it is
more than luck. Pure, and the same every time: the seed is fixed.

Why two: the interval (Efron and Tibshirani 1993, paired, percentile) says how large the difference may be, metric by metric. It
must not decide by itself whether two prompts differ. Where few cases differ it is far too sure: with 4 of 40 that all fell the
same way a 95 % interval leaves out 0, and where 4 differ between two copies they all fall or rise one time in eight. And there
are 16 metrics.

So a verdict goes by the paired randomisation test (Fisher 1935; Smucker, Allan and Carterette 2007). Two copies of one prompt
could have their answers to any case exchanged, which turns the sign of all of that case's differences: the test needs no other
assumption. All metrics are turned together and each is held against the largest that remains (Westfall and Young 1993,
step-down), so `ALPHA` bounds the chance that any of them is called different by luck.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

ALPHA = 0.001
"""The chance of a false alarm in a whole comparison. The usual 5 % would be one in twenty comparisons of two copies; with this,
twenty of them in a row raise none 98 times in 100. Simulated on copies over 40 cases, with 11 metrics that vary and hang
together (`noisy` in the tests): 5 alarms in 9,000 comparisons at this level, 429 at 5 %; in 203 of 600 some metric's own 95 %
interval left out 0. The price: of 40 cases some 13 must fall and none rise before a metric is called worse."""
READING = (
    "Each difference is the mean over the cases that have a value in both runs; in brackets is where it lies with 95 %, for "
    "that metric by itself (paired bootstrap). The verdict goes by a stricter test that takes all metrics at once: of 1,000 "
    f"comparisons of a prompt with itself, it calls at most {1000 * ALPHA:g} different. So it may say “can't tell” of a "
    "difference whose brackets leave out 0."
)
"""How a reader is to read the differences, their intervals and their verdicts."""
LEVEL = 0.95
RESAMPLES = 10_000
SEED = 20_931
_AT_A_TIME = 1_000
_SAME = 1e-9


def interval(differences: FloatArray, level: float = LEVEL, resamples: int = RESAMPLES) -> tuple[float, float]:
    """The percentile interval of the mean difference, by drawing as many cases as there are, with replacement."""
    (found,) = intervals(differences[:, None], level, resamples)
    return found


def intervals(table: FloatArray, level: float = LEVEL, resamples: int = RESAMPLES) -> list[tuple[float, float]]:
    """The same for each column of a table of cases by metrics; NaN where a case has no difference."""
    found = [(0.0, 0.0)] * table.shape[1]
    known = ~np.isnan(table)
    for mask in {column.tobytes(): column for column in known.T}.values():
        # Metrics that have a value for the same cases are drawn together.
        at = np.flatnonzero((mask == known.T).all(axis=1))
        if mask.any():
            low, high = _bounds(table[mask][:, at], level, resamples)
            for i, column in enumerate(at):
                found[column] = (float(low[i]), float(high[i]))
    return found


def _bounds(table: FloatArray, level: float, resamples: int) -> FloatArray:
    """Lower and upper bounds of the columns' means."""
    n = len(table)
    draw = np.random.default_rng(SEED)
    means = [draw.multinomial(n, np.full(n, 1 / n), size) @ table / n for size in _batches(resamples)]
    bounds: FloatArray = np.quantile(np.concatenate(means), [(1 - level) / 2, (1 + level) / 2], axis=0)
    return bounds


def chances(table: FloatArray, flips: int = RESAMPLES) -> FloatArray:
    """For each column the chance that luck alone gives any metric so large a difference, corrected for their number; 1 for a
    column without any difference.

    A column's statistic is its sum over the root of its sum of squares, which no turning of signs changes.
    """
    # A case without a difference turns nothing, so it is left out, which makes the exact test possible more often.
    filled = np.nan_to_num(table[np.nan_to_num(table).any(axis=1)])
    size = np.sqrt((filled**2).sum(axis=0))
    unit = np.divide(filled, size, out=np.zeros_like(filled), where=size > 0)
    seen = np.abs(unit.sum(axis=0))
    order = np.argsort(-seen)
    exact = 2 ** len(filled) <= flips
    reached, of = np.zeros(len(order)), 0
    for signs in _every_sign(len(filled)) if exact else _random_signs(len(filled), flips):
        turned = np.abs(signs @ unit)[:, order]
        largest = np.maximum.accumulate(turned[:, ::-1], axis=1)[:, ::-1]
        reached += (largest >= seen[order] - _SAME).sum(axis=0)
        of += len(signs)
    # The answers as they were are one of the ways that luck might have dealt them.
    chance = reached / of if exact else (reached + 1) / (of + 1)
    found = np.empty(len(order))
    found[order] = np.maximum.accumulate(chance)
    return np.where(size > 0, found, 1.0)


def _every_sign(n: int) -> Iterator[FloatArray]:
    bits = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    yield (1 - 2 * bits).astype(np.float64)


def _random_signs(n: int, flips: int) -> Iterator[FloatArray]:
    draw = np.random.default_rng(SEED)
    for size in _batches(flips):
        yield (1 - 2 * draw.integers(0, 2, (size, n))).astype(np.float64)


def _batches(of: int) -> list[int]:
    """Sizes of batches that fit into memory whatever the number of cases."""
    return [min(_AT_A_TIME, of - at) for at in range(0, of, _AT_A_TIME)]
