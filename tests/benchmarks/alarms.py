"""How often a comparison of runs is right, on simulated runs with the noise of a model: false alarms between two copies of one
prompt, and true falls that are found."""

from collections.abc import Iterator

from bot.evals.comparing import compare
from bot.evals.decision import DEFAULT, DecisionRule
from tests.benchmarks.table import Row, info
from tests.bot.evals.lab_runs import noisy

_COPIES = 1_000
_FALLS = 300
_CASES = (10, 40, 72, 200)
_EASE = 0.75
"""How likely a case is passed before the fall, on average."""
_RULES = (DEFAULT, DecisionRule(primary="passed"))


def run() -> list[Row]:
    """By the default rule, and with "passed" as the metric that decides."""
    return [*(row for cases in _CASES for row in _rows(cases, 0.0, _COPIES)), *_rows(40, 0.2, _FALLS), *_rows(200, 0.1, _FALLS)]


def _rows(cases: int, fall: float, times: int) -> Iterator[Row]:
    for rule in _RULES:
        verdicts = [_verdict(cases, fall, seed, rule) for seed in range(times)]
        called = sum(one in ("better", "worse", "mixed") for one in verdicts)
        probable = sum(one.startswith("probably") for one in verdicts)
        what = f"a true fall of {100 * fall:.0f} points" if fall else "two copies"
        where = f"{cases} cases, {rule.primary} decides; “probably” {probable}"
        yield info(f"{what}: called different", f"{called} of {times:,}", where)


def _verdict(cases: int, fall: float, seed: int, rule: DecisionRule) -> str:
    before, after = noisy("a", cases, 2 * seed, _EASE), noisy("b", cases, 2 * seed + 1, _EASE - fall)
    return compare(before, after, rule).verdict
