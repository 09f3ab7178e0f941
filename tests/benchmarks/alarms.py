"""How often a prompt compared with itself is taken for a change: on simulated runs, two copies with the noise of a model."""

import numpy as np

from bot.evals.comparing import CasePair
from bot.evals.comparing import _difference as difference
from bot.evals.metrics import METRICS
from bot.evals.records import Run
from bot.evals.resampling import ALPHA, FloatArray, chances, intervals
from tests.benchmarks.table import Row, info
from tests.bot.evals.lab_runs import noisy

_COMPARISONS = 1_000
_BY_INTERVAL = 200
_CASES = 40
_LEVELS = (ALPHA, 0.05)


def run() -> list[Row]:
    """By the test that the verdict goes by, at its level and at the usual one; and by the metrics' own intervals."""
    tables = [_table(noisy("a", _CASES, 2 * n), noisy("b", _CASES, 2 * n + 1)) for n in range(_COMPARISONS)]
    least = np.array([chances(table).min() for table in tables])
    alone = sum(any(low > 0 or high < 0 for low, high in intervals(table)) for table in tables[:_BY_INTERVAL])
    where = f"{_CASES} cases, two simulated copies of one prompt"
    return [
        *(
            info(f"called different, at {level:g}", f"{int((least <= level).sum())} of {_COMPARISONS:,}", where)
            for level in _LEVELS
        ),
        info("  by any metric's own 95 % interval", f"{alone} of {_BY_INTERVAL}", where),
    ]


def _table(a: Run, b: Run) -> FloatArray:
    """Cases by metrics, each the second run's value less the first one's."""
    pairs = [CasePair(case, x, y) for case, x, y in zip(a.cases, a.results, b.results, strict=True)]
    return np.array([[difference(pair, metric) for metric in METRICS] for pair in pairs], dtype=float)
