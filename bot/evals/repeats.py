"""Cases that are answered several times by one setup: their means, their spread, and how far luck alone moves a run. Pure.

The results of a case's repeats are kept within one result, whose scores are their means. The code that compares runs sees these
means alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, variance

from bot.evals.checks import passes
from bot.evals.comparing import RunComparison, compare
from bot.evals.decision import DEFAULT, DecisionRule
from bot.evals.metrics import BY_KEY, METRICS, TOGETHER, Metric, counted
from bot.evals.records import Case, MetricScore, Result, Run

_Z95 = 1.96
"""The two-sided 95 % quantile of the normal distribution."""
_MOST_NAMED = 10
"""Flaky cases that are named; the others are counted."""


def combined(case: Case, repeats: Sequence[Result]) -> Result:
    """The result of a case that was answered several times: the means of its scores, and the answer of the first repeat that
    passes or fails as most of them do.

    A repeat that failed to be answered is shown in its place, so that the case is asked again when the run is resumed.
    """
    if len(repeats) == 1:
        return repeats[0]
    failed = next((repeat for repeat in repeats if repeat.outcome == "failed"), None)
    # Passed, not passed, or None where there is nothing to judge. Of equally frequent ones, the earliest counts.
    verdicts = [passes(case, repeat) for repeat in repeats]
    usual = repeats[verdicts.index(max(verdicts, key=verdicts.count))]
    keys = dict.fromkeys(key for repeat in repeats for key in repeat.scores)
    # The checks of one's own are no metrics, and what they say is about one answer, so it is not averaged.
    scores = {key: _mean_score(key, repeats) if key in BY_KEY else usual.scores.get(key, MetricScore(None)) for key in keys}
    seconds = fmean(repeat.seconds for repeat in repeats)
    shown = failed or usual
    return replace(
        shown, cached=all(repeat.cached for repeat in repeats), seconds=seconds, scores=scores, repeats=tuple(repeats)
    )


def _mean_score(key: str, repeats: Sequence[Result]) -> MetricScore:
    known = [value for repeat in repeats if (value := repeat.value(key)) is not None]
    if known:
        return MetricScore(fmean(known))
    reasons = (repeat.scores[key].why for repeat in repeats if key in repeat.scores)
    return MetricScore(None, next(filter(None, reasons), ""))


@dataclass(frozen=True, slots=True)
class FlakyCase:
    """A case that passes in some of its repeats only: in `passed` of `repeats`."""

    case: str
    passed: int
    repeats: int


@dataclass(frozen=True, slots=True)
class RunSpread:
    """What repeats say of a run. `within` is the standard deviation within a case, by metric: the root of the mean variance.

    `floor`, the noise floor, is by metric the difference of means that two runs of equals stay below in 95 of 100 cases; a
    smaller difference cannot be told from chance. It is over the cases that were answered more than once, `repeats` times at
    most.
    """

    repeats: int
    within: Mapping[str, float]
    floor: Mapping[str, float]
    flaky: tuple[FlakyCase, ...]


def spread(run: Run) -> RunSpread | None:
    """The spread of a run's repeats; None where no case was answered twice."""
    repeated = [result for result in run.results if len(result.repeats) > 1]
    if not repeated:
        return None
    within: dict[str, float] = {}
    floor: dict[str, float] = {}
    for metric in (TOGETHER, *METRICS):
        rows = [[value for one in result.repeats if (value := _metric_value(one, metric)) is not None] for result in repeated]
        # A single value has no variance.
        rows = [row for row in rows if len(row) > 1]
        if rows:
            # Variances may be averaged, deviations may not.
            within[metric.key] = fmean(variance(row) for row in rows) ** 0.5
            # The variance of a run's mean over N cases is that of the cases' means, s²/n each, added up and divided by N²; for
            # the difference of two runs it is twice that. How hard a case is takes no part in it, as both runs have it.
            floor[metric.key] = _Z95 * (2 * fmean(variance(row) / len(row) for row in rows) / len(rows)) ** 0.5
    cases = {case.id: case for case in run.cases}
    flaky = [one for result in repeated if (one := _flaky(cases[result.case], result.repeats))]
    return RunSpread(max(len(one.repeats) for one in repeated), within, floor, tuple(flaky))


def _metric_value(result: Result, metric: Metric) -> float | None:
    if metric is not TOGETHER:
        return result.value(metric.key)
    known = [value for one in METRICS if one.kind == "quality" and (value := result.value(one.key)) is not None]
    return fmean(known) if known else None


def _flaky(case: Case, repeats: Sequence[Result]) -> FlakyCase | None:
    # None, nothing to judge, counts as not passed: a case that never has anything to judge is not flaky.
    passed = sum(passes(case, repeat) is True for repeat in repeats)
    return FlakyCase(case.id, passed, len(repeats)) if 0 < passed < len(repeats) else None


def against_itself(run: Run, rule: DecisionRule = DEFAULT) -> RunComparison | None:
    """The first repeat of each case compared with the second, as if they were two runs (an A/A test): its verdict should be
    that there is no difference. None where no case was answered twice."""
    twice = [result for result in run.results if len(result.repeats) > 1]
    if not twice:
        return None
    ids = {result.case for result in twice}
    cases = tuple(case for case in run.cases if case.id in ids)
    first, second = (replace(run, cases=cases, results=tuple(one.repeats[at] for one in twice)) for at in (0, 1))
    return compare(first, second, rule)


def spread_text(run: Run, rule: DecisionRule = DEFAULT) -> str:
    """What the repeats of a run say, in lines; "" where there are none."""
    found, a_a = spread(run), against_itself(run, rule)
    if found is None or a_a is None:
        return ""
    # The primary metric may have no value in any case, as `cited` has none where no case names an article. Then the share that
    # passed is told.
    metric = BY_KEY[rule.primary if rule.primary in found.floor else "passed"]
    lines = [f"Each case was answered {found.repeats} times; the means above are over all of them."]
    if metric.key in found.floor:
        lines.append(
            f"“{metric.label}” varies within a case by {metric.shown(found.within[metric.key])} (standard deviation), so two "
            f"such runs differ by up to {metric.shown(found.floor[metric.key])} by luck alone (95 %)."
        )
    lines.append(f"The first answers held against the second (A/A): {a_a.said()}")
    if found.flaky:
        named = ", ".join(f"{one.case} ({one.passed} of {one.repeats})" for one in found.flaky[:_MOST_NAMED])
        more = f" and {len(found.flaky) - _MOST_NAMED} more" if len(found.flaky) > _MOST_NAMED else ""
        lines.append(f"{counted(len(found.flaky))} passed in some answers only: {named}{more}.")
    return "\n".join(lines)


def spread_record(run: Run, rule: DecisionRule = DEFAULT) -> Mapping[str, object]:
    """The spread of a run as values for JSON, with the verdict of the A/A test; {} where there are no repeats."""
    found, a_a = spread(run), against_itself(run, rule)
    if found is None or a_a is None:
        return {}
    told = {
        "n": found.repeats,
        "within": dict(found.within),
        "noise_floor": dict(found.floor),
        "flaky": {one.case: {"passed": one.passed, "of": one.repeats} for one in found.flaky},
        "a_a": a_a.verdict,
    }
    return {"repeats": told}
