"""What one run, or several side by side, come to: the mean of each metric over the cases that have a value for it; pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

from bot.evals.checks import broken, case_outcome, failure
from bot.evals.metrics import METRICS, Metric, abstention_scores
from bot.evals.records import MetricScore, Run

_MOST = 3
"""Kinds of trouble that are told; the rest is counted."""


def as_json(run: Run) -> Mapping[str, object]:
    """A run in plain values."""
    setup, both = run.setup, abstention_scores(run)
    return {
        "run": run.id,
        "started": run.started.isoformat(),
        "name": setup.name,
        "model": setup.model,
        "prompt": setup.prompt,
        "frozen": setup.frozen,
        "shuffled": setup.shuffled,
        "removed": setup.removed,
        "message": run.message,
        "cases": len(run.cases),
        # All cases with a result, also those that failed.
        "done": len(run.results),
        "failed": len(failed(run)),
        "stale": dict(run.stale),
        "cached": sum(result.cached for result in run.results),
        "metrics": {metric.key: _mean_json(run, metric) for metric in METRICS},
        "abstention": {name: _score_json(getattr(both, name)) for name in ("precision", "recall")},
    }


def as_text(runs: Sequence[Run]) -> str:
    """The runs as the columns of one table, each with its id and how many cases failed."""
    rows = [["", *(run.id for run in runs)], ["", *(run.setup.name for run in runs)]]
    # Each cell tells over how many cases: the columns may rest on different ones.
    rows += [[metric.label, *(_shown(run, metric) for run in runs)] for metric in METRICS]
    rows += _abstaining(runs)
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, wide, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, *(line for run in runs for line in _trouble_lines(run))])


def failed(run: Run) -> list[str]:
    """The cases that went wrong."""
    return [result.case for result in run.results if result.outcome == "failed"]


def not_passed(run: Run) -> Iterator[tuple[str, str]]:
    """The cases that are not passed, each with what is wrong in a sentence."""
    for case, result in run.answered():
        if case_outcome(case, result) in ("failed", "wrong"):
            yield case.id, failure(result) or " ".join(check.why for check in broken(case, result))


def mean(run: Run, metric: Metric) -> tuple[MetricScore, int]:
    """The mean of a metric, and over how many cases; where none has a value, the reason that most of them give."""
    scores = [result.scores[metric.key] for result in run.results if metric.key in result.scores]
    values = [score.value for score in scores if score.value is not None]
    if values:
        return MetricScore(fmean(values)), len(values)
    # A metric without any value says why, as a dash alone reads like a fault of the program.
    reasons = Counter(score.why for score in scores).most_common(1)
    return MetricScore(None, reasons[0][0] if reasons else "No case was scored."), 0


def _shown(run: Run, metric: Metric) -> str:
    score, n = mean(run, metric)
    return f"{metric.shown(score.value)} ({n})" if n else f"– {score.why}"


def _abstaining(runs: Sequence[Run]) -> list[list[str]]:
    """Precision and recall of abstention, where any run has them."""
    rows = []
    for name in ("precision", "recall"):
        scores = [getattr(abstention_scores(run), name) for run in runs]
        cells = ["–" if score.value is None else f"{score.value:.2f}" for score in scores]
        rows += [[f"Abstention, {name}", *cells]] if any(score.value is not None for score in scores) else []
    return rows


def _trouble_lines(run: Run) -> Iterator[str]:
    """Which cases are stale, how many failed, and why."""
    for case, why in run.stale[:_MOST]:
        yield f"\n{case} is stale and was left out. {why}"
    if len(run.stale) > _MOST:
        yield f"and {len(run.stale) - _MOST} more cases are stale."
    if not (wrong := failed(run)):
        return
    yield f"\nIn run {run.id} {len(wrong)} of {len(run.results)} cases failed:"
    # A server that is down fails all cases for one reason, which is told once with its number.
    troubles = Counter(result.trouble for result in run.results if result.outcome == "failed" and result.trouble)
    for trouble, count in troubles.most_common(_MOST):
        yield f"  {count} x {trouble.message} {trouble.help}".rstrip()
    if len(troubles) > _MOST:
        yield f"  and {sum(troubles.values()) - sum(count for _, count in troubles.most_common(_MOST))} for other reasons"


def _mean_json(run: Run, metric: Metric) -> Mapping[str, object]:
    score, n = mean(run, metric)
    return {**_score_json(score), "cases": n}


def _score_json(score: MetricScore) -> Mapping[str, object]:
    return {"value": score.value, "why": score.why} if score.why else {"value": score.value}
