"""How often a comparison of runs is right, on simulated runs with the noise of a model: false alarms between two copies of one
prompt, and true falls that are found."""

from bot.evals.comparing import compare
from bot.evals.decision import DEFAULT, DecisionRule
from tests.benchmarks.table import Row, info
from tests.bot.evals.lab_runs import noisy

_COPIES = 1_000
_FALLS = 300
_CASES = (10, 40, 72, 200)
_EASE = 0.75
"""How likely a case is passed before the fall, on average."""
_PASSED = DecisionRule(primary="passed")


def run() -> list[Row]:
    """By the default rule; the falls also with "passed" as the metric that decides."""
    copies = [_row(cases, 0.0, _COPIES, DEFAULT) for cases in _CASES]
    falls = [_row(cases, fall, _FALLS, rule) for cases, fall in ((40, 0.2), (200, 0.1)) for rule in (DEFAULT, _PASSED)]
    return [*copies, *falls]


def _row(cases: int, fall: float, times: int, rule: DecisionRule) -> Row:
    verdicts = [_verdict(cases, fall, seed, rule) for seed in range(times)]
    called = sum(one in ("better", "worse", "mixed") for one in verdicts)
    probable = sum(one.startswith("probably") for one in verdicts)
    what = f"a true fall of {100 * fall:.0f} points" if fall else "two copies"
    return info(
        f"{what}: called different", f"{called} of {times:,}", f"{cases} cases, {rule.primary} decides; “probably” {probable}"
    )


def _verdict(cases: int, fall: float, seed: int, rule: DecisionRule) -> str:
    before, after = noisy("a", cases, 2 * seed, _EASE), noisy("b", cases, 2 * seed + 1, _EASE - fall)
    return compare(before, after, rule).verdict
