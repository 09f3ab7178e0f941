"""Cases that are answered several times by one setup: their means, their spread, and how far luck alone moves a run. Pure.

The results of a case's repeats are kept within one result, whose scores are their means. So what compares runs compares means
over repeats, case by case, and knows nothing of repeats.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, pvariance, variance

from bot.evals.checks import passes
from bot.evals.comparing import RunComparison, compare
from bot.evals.decision import DEFAULT, DecisionRule
from bot.evals.metrics import BY_KEY, METRICS, TOGETHER, Metric, counted
from bot.evals.records import Case, MetricScore, Result, Run

_SURE = 1.96
"""Standard errors of a difference that 95 in 100 differences of equals lie within."""
_NAMED = 10
"""Flaky cases that are named; the rest is counted."""


def combined(case: Case, repeats: Sequence[Result]) -> Result:
    """The result of a case that was answered several times: the means of its scores, and an answer that is like most of them.

    One repeat that failed makes it failed, so that it is asked again when the run is gone on with.
    """
    if len(repeats) == 1:
        return repeats[0]
    wrong = next((one for one in repeats if one.outcome == "failed"), None)
    # True, False or None (nothing to judge), so the most frequent of these three is looked for.
    held = [passes(case, one) for one in repeats]
    # The usual answer is shown, not the first: with two of three passed it is one that passes.
    usual = repeats[held.index(max(held, key=held.count))]
    keys = dict.fromkeys(key for one in repeats for key in one.scores)
    # Own checks are no metrics: their sentences belong to one answer, so those of the answer that is shown are taken.
    scores = {key: _mean_score(key, repeats) if key in BY_KEY else usual.scores.get(key, MetricScore(None)) for key in keys}
    seconds = fmean(one.seconds for one in repeats)
    shown = wrong or usual
    return replace(shown, cached=all(one.cached for one in repeats), seconds=seconds, scores=scores, repeats=tuple(repeats))


def _mean_score(key: str, repeats: Sequence[Result]) -> MetricScore:
    known = [value for one in repeats if (value := one.value(key)) is not None]
    whys = [one.scores[key].why for one in repeats if key in one.scores and one.scores[key].why]
    return MetricScore(fmean(known)) if known else MetricScore(None, whys[0] if whys else "")


@dataclass(frozen=True, slots=True)
class FlakyCase:
    """A case that passes in some of its repeats only: in `passed` of `of`."""

    case: str
    passed: int
    of: int


@dataclass(frozen=True, slots=True)
class RunSpread:
    """What repeats say of a run. `within` is the standard deviation within a case, by metric, pooled over the cases.

    `floor` is how far luck alone moves the difference of two such runs, with 95 %, by metric: a smaller one says nothing.
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
    within, floor = dict[str, float](), dict[str, float]()
    for metric in (TOGETHER, *METRICS):
        rows = [[value for one in result.repeats if (value := _value(one, metric)) is not None] for result in repeated]
        # A single value has no variance.
        rows = [row for row in rows if len(row) > 1]
        if rows:
            # Pooled: variances may be averaged, deviations may not.
            pooled = fmean(variance(row) for row in rows)
            within[metric.key] = pooled**0.5
            # Two means over the same cases, each of so many repeats: how hard a case is takes no part in it.
            floor[metric.key] = _SURE * (2 * fmean(variance(row) / len(row) for row in rows) / len(rows)) ** 0.5
    cases = {case.id: case for case in run.cases}
    flaky = [one for result in repeated if (one := _flaky(cases[result.case], result.repeats))]
    return RunSpread(max(len(one.repeats) for one in repeated), within, floor, tuple(flaky))


def _value(result: Result, metric: Metric) -> float | None:
    if metric is not TOGETHER:
        return result.value(metric.key)
    known = [value for one in METRICS if one.kind == "quality" and (value := result.value(one.key)) is not None]
    return fmean(known) if known else None


def _flaky(case: Case, repeats: Sequence[Result]) -> FlakyCase | None:
    # None, nothing to judge, counts as not passed: a case that never has anything to judge is not flaky.
    held = [passes(case, one) is True for one in repeats]
    return FlakyCase(case.id, sum(held), len(held)) if pvariance([float(one) for one in held]) else None


def against_itself(run: Run, rule: DecisionRule = DEFAULT) -> RunComparison | None:
    """The first repeat of each case held against the second, as if they were two runs (an A/A test): its verdict should be
    that there is no difference. None where no case was answered twice."""
    twice = [result for result in run.results if len(result.repeats) > 1]
    if not twice:
        return None
    cases = tuple(case for case in run.cases if case.id in {result.case for result in twice})
    first, second = (replace(run, cases=cases, results=tuple(one.repeats[at] for one in twice)) for at in (0, 1))
    return compare(first, second, rule)


def spread_text(run: Run, rule: DecisionRule = DEFAULT) -> str:
    """What the repeats of a run say, in lines; "" where there are none."""
    found, same = spread(run), against_itself(run, rule)
    if found is None or same is None:
        return ""
    # The primary metric may have no value in any case, as `cited` has where no case names an article.
    metric = BY_KEY[rule.primary if rule.primary in found.floor else "passed"]
    lines = [f"Each case was answered {found.repeats} times; the means above are over all of them."]
    if metric.key in found.floor:
        lines.append(
            f"“{metric.label}” varies within a case by {metric.shown(found.within[metric.key])} (standard deviation), so two "
            f"such runs differ by up to {metric.shown(found.floor[metric.key])} by luck alone (95 %)."
        )
    lines.append(f"The first answers held against the second (A/A): {same.said()}")
    if found.flaky:
        named = ", ".join(f"{one.case} ({one.passed} of {one.of})" for one in found.flaky[:_NAMED])
        more = f" and {len(found.flaky) - _NAMED} more" if len(found.flaky) > _NAMED else ""
        lines.append(f"{counted(len(found.flaky))} passed in some answers only: {named}{more}.")
    return "\n".join(lines)


def spread_record(run: Run, rule: DecisionRule = DEFAULT) -> Mapping[str, object]:
    """The same in plain values; {} where there are no repeats."""
    found, same = spread(run), against_itself(run, rule)
    if found is None or same is None:
        return {}
    flaky = {one.case: {"passed": one.passed, "of": one.of} for one in found.flaky}
    parts = {"n": found.repeats, "within": dict(found.within), "noise_floor": dict(found.floor), "flaky": flaky}
    return {"repeats": {**parts, "a_a": same.verdict}}
