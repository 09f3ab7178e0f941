"""What changed between two runs over the same cases: metric by metric with how sure that is, and case by case. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from bot.evals.checks import failure
from bot.evals.decision import DEFAULT, PROBABLE, DecisionRule, cases_to_decide, levels
from bot.evals.flips import Flip, contradictions, flips
from bot.evals.metrics import BY_KEY, METRICS, TOGETHER, AbstentionScores, Metric, abstention_scores, counted
from bot.evals.records import Case, Result, Run
from bot.evals.resampling import FloatArray, chance, chances, intervals
from bot.evals.robustness import robustness
from bot.evals.setups import setup_diff

# "more" and "less" are for metrics without a better direction, such as the length in words.
MetricVerdict = Literal["better", "worse", "probably better", "probably worse", "more", "less", "the same", "can't tell"]
OverallVerdict = Literal["better", "worse", "probably better", "probably worse", "mixed", "the same", "can't tell"]

FEWEST_FOR_INTERVAL = 5
"""Cases that an interval is drawn from; with fewer it would be narrow by chance."""
DRIFTING = "not judged: the hour counts as well"
"""Of a metric that depends on what else the machine or the server does: that changes every case of a run alike, which no test
of pairs can see through. Two runs of one prompt differed by a factor of two where the first had the program to load."""
LISTED = 5
"""Cases in the lists of the slowest and the dearest ones."""


@dataclass(frozen=True, slots=True)
class MetricDifference:
    """A metric in two runs, as means over the `n` cases that have a value in both; None where there is no such case.

    `low` and `high` bound the difference with 95 %, for this metric by itself. `chance` is how likely luck alone gives so large
    a difference, in any metric of its family; the verdict goes by it. `each` are the differences case by case.

    >>> MetricDifference("passed", 40, 0.5, 0.75, 0.1, 0.4, 0.0004, "better").shown()
    '+0.25 (+0.10 to +0.40)'
    """

    metric: str
    n: int
    before: float | None = None
    after: float | None = None
    low: float | None = None
    high: float | None = None
    chance: float = 1.0
    verdict: MetricVerdict = "can't tell"
    each: tuple[tuple[str, float], ...] = ()

    @property
    def change(self) -> float | None:
        """The later mean less the earlier one."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def up(self) -> int:
        """The number of cases in which it went up."""
        return sum(one > 0 for _, one in self.each)

    @property
    def down(self) -> int:
        """The number of cases in which it went down."""
        return sum(one < 0 for _, one in self.each)

    def shown(self) -> str:
        """The difference with its interval; "" where there is none."""
        metric = BY_KEY[self.metric]
        if self.change is None:
            return ""
        # Without an interval (fewer than `FEWEST_FOR_INTERVAL` cases) the bare difference is all that can be shown.
        if self.low is None or self.high is None or self.verdict == "the same":
            return metric.signed(self.change)
        return f"{metric.signed(self.change)} ({metric.signed(self.low)} to {metric.signed(self.high)})"

    def said(self) -> str:
        """The verdict in words, with the chance of luck where it is judged by it."""
        metric = BY_KEY[self.metric]
        if not self.n:
            return "no case has a value in both"
        if self.verdict == "the same":
            return self.verdict
        if self.verdict != "can't tell":
            return f"{self.verdict} ({p_value(self.chance)})"
        # Asked after the graded verdicts: a drifting metric never gets one, see `_verdict`.
        if metric.drifts:
            return DRIFTING
        if self.low is None or self.high is None:
            return f"can't tell with {counted(self.n)}"
        # The interval may leave out 0 where the test of pairs is not sure; then neither is claimed.
        unsure = f"can't tell with {counted(self.n)} ({p_value(self.chance)})"
        return f"no sign of a difference{self._ruled_out()}" if self.low <= 0 <= self.high else unsure

    def _ruled_out(self) -> str:
        """How large a loss the interval leaves out."""
        metric = BY_KEY[self.metric]
        if metric.better == "neither" or self.low is None or self.high is None:
            return ""
        # The end of the interval on the bad side is the largest loss that is still likely.
        fall, size = ("fall", -self.low) if metric.better == "more" else ("rise", self.high)
        if metric.unit == "share":
            # Where no case got worse, resampling finds no fall; the true share may still be 3 / n (the "rule of three",
            # Hanley and Lippman-Hand 1983).
            size = max(size, 3 / self.n)
        # To rule out any loss at all is more than a few cases can do.
        elif size <= 0:
            return ""
        # “Points” and not “%”, which could be read as a part of the value.
        shown = f"{100 * size:.0f} points" if metric.unit == "share" else metric.shown(size)
        return f": a {fall} of more than {shown} is ruled out"


@dataclass(frozen=True, slots=True)
class CasePair:
    """A case with its results in both runs."""

    case: Case
    before: Result
    after: Result


@dataclass(frozen=True, slots=True)
class RunComparison:
    """What changed from run `a` to run `b`.

    `overall` is the mean of all metrics of quality. `rule` says which metric decides and at which level. `left_out` are cases
    that were not compared, each with the reason; `setup_diff` says what differs besides the answers; `alarms` are new errors
    and claims that are newly contradicted, which count whatever the metrics say;
    `robust` says how citations stood up, where the later run shuffled or removed passages.
    """

    a: Run
    b: Run
    pairs: tuple[CasePair, ...]
    overall: MetricDifference
    differences: tuple[MetricDifference, ...]
    flips: tuple[Flip, ...]
    slowest: tuple[CasePair, ...]
    dearest: tuple[CasePair, ...]
    abstention: tuple[AbstentionScores, AbstentionScores]
    left_out: tuple[tuple[str, str], ...] = ()
    setup_diff: tuple[str, ...] = ()
    robust: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    rule: DecisionRule = DEFAULT

    @property
    def judged(self) -> tuple[MetricDifference, ...]:
        """The differences that the verdict goes by: of the primary metric first, then of the family."""
        # `overall` has the key of `TOGETHER`, so a rule may name it like any other metric.
        found = {one.metric: one for one in (self.overall, *self.differences)}
        return tuple(found[key] for key in (self.rule.primary, *self.rule.family))

    @property
    def verdict(self) -> OverallVerdict:
        """What it comes to, by the metrics of quality: what an answer costs does not make it worse."""
        found = {one.verdict for one in self.judged if one.n}
        # One better and one worse metric is a trade, which the reader decides on.
        if {"better", "worse"} <= found:
            return "mixed"
        if found <= {"the same"} and found:
            return "the same"
        # A fall is named before a rise of the same grade: of "probably better" and "worse" the reader must see "worse".
        graded: tuple[OverallVerdict, ...] = ("worse", "better", "probably worse", "probably better")
        return next((one for one in graded if one in found), "can't tell")

    @property
    def worse(self) -> bool:
        """Whether a metric of quality is worse, or there is an alarm: what `--fail-if-worse` goes by."""
        # “probably worse” is a reason to look again, and none to stop a build (see `decision.PROBABLE`).
        return self.verdict in ("worse", "mixed") or bool(self.alarms)

    @property
    def dearest_by(self) -> Metric:
        """The metric that `dearest` is ordered by: dollars where they are known, else tokens."""
        # Asked of the pairs themselves, so that the heading names what `compare` ordered them by.
        both = [one for pair in self.dearest for one in (pair.before, pair.after)]
        return BY_KEY["dollars" if any(one.value("dollars") is not None for one in both) else "tokens"]

    def said(self) -> str:
        """The verdict as a sentence."""
        n = counted(len(self.pairs))
        if not self.pairs:
            return "Nothing can be compared: the two runs have no case in common."
        named = {kind: ", ".join(_labels(self.judged, kind)) for kind in _GRADES}
        told: dict[OverallVerdict, str] = {
            **{kind: f"{kind.capitalize()}, with {n}: {named[kind]}." for kind in _GRADES},
            "mixed": f"Mixed, with {n}. Better: {named['better']}. Worse: {named['worse']}.",
            "the same": f"The same, with {n}: no metric of quality differs in any of them.",
            "can't tell": self._undecided(),
        }
        alarmed = f" {counted(len(self.alarms), 'alarm')}: {self.alarms[0]}" if self.alarms else ""
        return told[self.verdict] + alarmed

    def _undecided(self) -> str:
        """What can be said where no metric decides, and how many cases would."""
        # The primary metric: `judged` has it first.
        first = self.judged[0]
        label = BY_KEY[first.metric].label
        said = f"With {counted(len(self.pairs))}, {label[0].lower()}{label[1:]}: {first.said()}."
        more = cases_to_decide([one for _, one in first.each], self.rule.level)
        # None also where it would take more cases than anybody writes.
        if more is None or self.verdict == "the same":
            return said
        return f"{said} If the difference stays as it is, about {more:,} more case{'' if more == 1 else 's'} would decide."


_GRADES: tuple[Literal["better", "worse", "probably better", "probably worse"], ...] = (
    "better",
    "worse",
    "probably better",
    "probably worse",
)


def compare(a: Run, b: Run, rule: DecisionRule = DEFAULT) -> RunComparison:
    """Compares two runs, the earlier first, over the cases that ask for the same thing in both."""
    pairs, left_out = _paired(a, b)
    overall, *differences = _differences(pairs, rule)
    return RunComparison(
        a,
        b,
        pairs,
        overall,
        tuple(differences),
        tuple(flips((one.case, one.before, one.after) for one in pairs)),
        _most(pairs, "seconds"),
        # A model on one's own machine has no price, but its tokens are counted.
        _most(pairs, "dollars") or _most(pairs, "tokens"),
        (abstention_scores(a), abstention_scores(b)),
        left_out,
        tuple(setup_diff(a, b)),
        robustness(a, b),
        tuple(_alarms(pairs)),
        rule,
    )


def _alarms(pairs: Sequence[CasePair]) -> Iterator[str]:
    """New errors, and claims that are newly contradicted, each as a sentence."""
    for pair in pairs:
        if (why := failure(pair.after)) and not failure(pair.before):
            yield f"{pair.case.id} went wrong. {why}"
        for claim in contradictions(pair.before, pair.after):
            yield f"{pair.case.id} now says “{claim.text}” ({claim.verdict})."


def _paired(a: Run, b: Run) -> tuple[tuple[CasePair, ...], tuple[tuple[str, str], ...]]:
    cases, results = {case.id: case for case in b.cases}, {result.case: result for result in b.results}
    earlier = {result.case: result for result in a.results}
    pairs, out = list[CasePair](), list[tuple[str, str]]()
    for case in a.cases:
        other = cases.get(case.id)
        if other is None:
            out.append((case.id, "Only the earlier run has it."))
        # A case that was edited in between is another case, though it kept its id.
        elif _asked(case) != _asked(other):
            out.append((case.id, "It asks for something else in the later run."))
        elif case.id not in earlier or case.id not in results:
            out.append((case.id, "One of the runs has not come to it."))
        else:
            pairs.append(CasePair(case, earlier[case.id], results[case.id]))
    # Cases that only the later run has are told after those of the earlier run, in the later run's order.
    known = {case.id for case in a.cases}
    return tuple(pairs), (*out, *((case, "Only the later run has it.") for case in cases if case not in known))


def _asked(case: Case) -> tuple[object, ...]:
    """What an answer to it is judged by."""
    # Notes, tags and the place in the file may change: they say nothing of what is asked.
    return case.question, case.history, case.must, case.must_not, case.cites, case.abstain, case.checks


def _differences(pairs: Sequence[CasePair], rule: DecisionRule) -> list[MetricDifference]:
    """Of all metrics of quality together, then of each metric in its order."""
    # This order is that of the columns of `value_tables`.
    metrics = (TOGETHER, *METRICS)
    if not pairs:
        return [MetricDifference(metric.key, 0) for metric in metrics]
    before, after = value_tables(pairs)
    table = after - before
    luck = _chances(table, rule)
    # The levels of the other metrics depend on whether the primary one was found different.
    level = levels(rule, luck[rule.primary])
    ids = [pair.case.id for pair in pairs]
    found = []
    for at, (metric, bound) in enumerate(zip(metrics, intervals(table), strict=True)):
        one = _measured(metric, ids, (before[:, at], after[:, at]), bound, luck.get(metric.key, 1.0))
        # The margin is written in the units of the primary metric and would mean nothing for the others.
        margin = rule.margin if metric.key == rule.primary else 0.0
        # A metric that the rule does not name is shown, and judged by nothing.
        found.append(replace(one, verdict=_verdict(metric, one, level.get(metric.key, 0.0), margin)) if one.n else one)
    return found


def value_tables(pairs: Sequence[CasePair]) -> tuple[FloatArray, FloatArray]:
    """The values before and after, cases by metrics, the mean of all metrics of quality in the first column; NaN for none.

    A metric counts for a case where it has a value in both runs.
    """
    keys = [metric.key for metric in METRICS]
    before, after = (_values(results, keys) for results in ([one.before for one in pairs], [one.after for one in pairs]))
    # A value on one side alone would move the mean without any answer having changed.
    unknown = np.isnan(before) | np.isnan(after)
    before[unknown] = after[unknown] = np.nan
    quality = [metric.kind == "quality" for metric in METRICS]
    known = (~unknown[:, quality]).sum(axis=1)
    # The mean of the quality metrics case by case; NaN where a case has none of them.
    first, second = (
        np.divide(np.nansum(one[:, quality], axis=1), known, out=np.full(len(pairs), np.nan), where=known > 0)
        for one in (before, after)
    )
    return np.column_stack([first, before]), np.column_stack([second, after])


def _values(results: Sequence[Result], keys: Sequence[str]) -> FloatArray:
    rows = [[one.value(key) for key in keys] for one in results]
    # NumPy reads None as NaN where it is told that these are floats.
    # `reshape` keeps two dimensions where there is no result at all.
    return np.array(rows, dtype=np.float64).reshape(len(results), len(keys))


def _chances(table: FloatArray, rule: DecisionRule) -> Mapping[str, float]:
    """The chance of luck for each metric: the primary by itself, those of the family together, the costs together."""
    at = {metric.key: column for column, metric in enumerate((TOGETHER, *METRICS))}
    # The primary metric is tested by itself, as it has a level of its own (see `bot.evals.decision`).
    found = {rule.primary: chance(table[:, at[rule.primary]])}
    # What drifts is never judged, and would cost the others some of their level.
    costs = [metric.key for metric in METRICS if metric.kind == "cost" and not metric.drifts]
    for family in (rule.family, costs):
        if family:
            found.update(zip(family, map(float, chances(table[:, [at[key] for key in family]])), strict=True))
    return found


def _measured(
    metric: Metric, ids: Sequence[str], sides: tuple[FloatArray, FloatArray], bound: tuple[float, float], chance: float
) -> MetricDifference:
    """A metric over the cases with these ids; `sides` are its values before and after, NaN where a case has none in both."""
    # One side is enough: `value_tables` made both NaN in the same places.
    known = ~np.isnan(sides[0])
    if not known.any():
        return MetricDifference(metric.key, 0)
    before, after = (one[known] for one in sides)
    # With very few cases the bootstrap draws the same ones over and over, so its interval would be too narrow.
    low, high = bound if len(before) >= FEWEST_FOR_INTERVAL else (None, None)
    named = (id for id, there in zip(ids, known.tolist(), strict=True) if there)
    each = tuple(zip(named, (after - before).tolist(), strict=True))
    return MetricDifference(metric.key, len(before), float(before.mean()), float(after.mean()), low, high, chance, each=each)


def _verdict(metric: Metric, found: MetricDifference, level: float, margin: float) -> MetricVerdict:
    change = found.change or 0.0
    # Sums of floats leave a rest that is no difference.
    if all(abs(one) < 1e-12 for _, one in found.each):
        return "the same"
    # `level` is 0 for a metric that the rule does not name.
    if metric.drifts or found.low is None or found.high is None or not level or abs(change) <= margin:
        return "can't tell"
    if metric.better == "neither":
        return ("more" if change > 0 else "less") if found.chance <= level else "can't tell"
    rises = (change > 0) == (metric.better == "more")
    if found.chance <= level:
        return "better" if rises else "worse"
    # By the default level, so that “probably” means the same under every rule.
    if found.chance <= PROBABLE * DEFAULT.level:
        return "probably better" if rises else "probably worse"
    return "can't tell"


def p_value(chance: float) -> str:
    """A chance of luck as papers write it: "p = 0.004", and no smaller than a thousandth."""
    if chance < 0.001:
        return "p < 0.001"
    # With two digits 0.004 would be told as 0.00.
    return f"p = {chance:.3f}" if chance < 0.0095 else f"p = {chance:.2f}"


def _most(pairs: Sequence[CasePair], key: str) -> tuple[CasePair, ...]:
    """The pairs with the largest value in either run, largest first; those without any are left out."""

    def size(pair: CasePair) -> float:
        """The larger of the two values."""
        return max(pair.before.value(key) or 0.0, pair.after.value(key) or 0.0)

    return tuple(sorted((pair for pair in pairs if size(pair) > 0), key=size, reverse=True)[:LISTED])


def _labels(differences: Sequence[MetricDifference], verdict: str) -> list[str]:
    found = [one for one in differences if one.verdict == verdict]
    return [f"{BY_KEY[one.metric].label} ({p_value(one.chance)})" for one in found]
