"""What `footnote --help` costs: it must not wait for a database or a model."""

import os
from statistics import median

from tests.benchmarks.common import footnote
from tests.benchmarks.table import Row, under

_TIMES = 5


def run() -> list[Row]:
    """CPU seconds of the whole process, user and system together."""
    return [under("footnote --help, CPU", median(_cpu() for _ in range(_TIMES)), 0.3, f"median of {_TIMES}")]


def _cpu() -> float:
    before = os.times()
    footnote("--help")
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system
