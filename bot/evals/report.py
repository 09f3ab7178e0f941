"""A comparison as JSON for scripts and CI, and as text for the terminal; pure. `comparison_html` makes it one HTML file."""

from collections.abc import Iterator, Mapping, Sequence

from bot.conversation.history.texts import one_line
from bot.evals.comparing import CasePair, MetricDifference, RunComparison
from bot.evals.comparison_html import as_html
from bot.evals.flips import Flip
from bot.evals.metrics import BY_KEY, AbstentionScores
from bot.evals.records import MetricScore, Run
from bot.types import Citation

__all__ = ["as_html", "as_json", "as_text"]


ALARMS = 10
"""Alarms that are told one by one; of a run that broke down there are as many as cases."""


def as_json(found: RunComparison) -> Mapping[str, object]:
    """All of it in plain values, ready for `json.dumps(..., allow_nan=False)`."""
    return {
        "verdict": found.verdict,
        "worse": found.worse,
        "said": found.said(),
        "cases": len(found.pairs),
        "before": _run(found.a),
        "after": _run(found.b),
        "differs": list(found.setup_diff),
        "alarms": list(found.alarms),
        # With the rule, a report can be read when the file beside the cases has changed.
        "rule": found.rule.model_dump(),
        "overall": _difference(found.overall),
        "metrics": {one.metric: _difference(one) for one in found.differences},
        "abstention": {"before": _abstention(found.abstention[0]), "after": _abstention(found.abstention[1])},
        "flips": [_flip(one) for one in found.flips],
        "slowest": [_pair(one, "seconds") for one in found.slowest],
        "dearest": [_pair(one, found.dearest_by.key) for one in found.dearest],
        "left_out": [{"case": case, "why": why} for case, why in found.left_out],
        "robustness": list(found.robust),
    }


def as_text(found: RunComparison) -> str:
    """What changed, for the terminal."""
    return "\n".join(_lines(found))


def _lines(found: RunComparison) -> Iterator[str]:
    yield f"Before: {_named(found.a)}"
    yield f"After:  {_named(found.b)}"
    yield from found.setup_diff
    yield f"\n{found.said()}"
    yield from (f"  ! {one_line(alarm)}" for alarm in found.alarms[:ALARMS])
    if (more := len(found.alarms) - ALARMS) > 0:
        yield f"  ! and {more} more"
    yield from found.robust
    yield "\n" + "\n".join(_table((found.overall, *found.differences)))
    yield from _abstaining(found.abstention)
    yield f"\n{found.rule.reading()}"
    won = sum(flip.won for flip in found.flips)
    yield f"\nFlips: {won} won, {len(found.flips) - won} lost."
    for flip in found.flips:
        yield from _flipped(flip)
    for title, pairs, key in (("Slowest", found.slowest, "seconds"), ("Dearest", found.dearest, found.dearest_by.key)):
        if pairs:
            yield f"\n{title}:"
            yield from (f"  {pair.case.id}: {_both(pair, key)}" for pair in pairs)
    if found.left_out:
        yield f"\nNot compared ({len(found.left_out)}):"
        yield from (f"  {case}: {why}" for case, why in found.left_out)


def _named(run: Run) -> str:
    return " · ".join(filter(None, (run.id, run.setup.name, one_line(run.message))))


def _table(differences: Sequence[MetricDifference]) -> Iterator[str]:
    rows = [("", "before", "after", "difference", "")]
    for one in differences:
        metric = BY_KEY[one.metric]
        rows.append((metric.label, metric.shown(one.before), metric.shown(one.after), one.shown(), one.said()))
    # The last column has no width: it may be a sentence.
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, before, after, by, said in rows:
        yield f"{name:{wide[0]}}  {before:>{wide[1]}}  {after:>{wide[2]}}  {by:{wide[3]}}  {said}".rstrip()


def _abstaining(both: tuple[AbstentionScores, AbstentionScores]) -> Iterator[str]:
    before, after = both
    told = (("Precision", before.precision, after.precision), ("Recall", before.recall, after.recall))
    for name, was, now in told:
        if was.value is not None or now.value is not None:
            metric = BY_KEY["abstained"]
            yield f"{name} of abstention: {metric.shown(was.value)} before, {metric.shown(now.value)} after."


def _flipped(flip: Flip) -> Iterator[str]:
    yield f"\n{'+ won ' if flip.won else '- lost'} {flip.case.id}: {one_line(flip.case.question)}"
    for check in flip.checks:
        yield f"    {'before' if flip.won else 'after'}: {one_line(check.why)}"
    # The answers in full: a flip is read to see what the change did to the words.
    for side, result in (("before", flip.before), ("after", flip.after)):
        if result.answer:
            yield f"    {side} it said: {one_line(result.answer.text)}"
    told = flip.citations
    for what, citations in (("gained", told.gained), ("lost", told.lost)):
        yield from (f"    citation {what}: {_citation(one)}" for one in citations)
    yield from (f"    judged otherwise: {_citation(one.after)}, before {one.before.verdict}" for one in told.changed)


def _citation(one: Citation) -> str:
    # A citation of a number that no passage has has no article and no words.
    quote = f" “{one_line(one.quote)}”" if one.quote else ""
    return f"{one.article or f'[{one.n}]'}{quote} ({one.verdict})"


def _both(pair: CasePair, key: str) -> str:
    metric = BY_KEY[key]
    return f"{metric.shown(pair.before.value(key))} before, {metric.shown(pair.after.value(key))} after"


def _run(run: Run) -> Mapping[str, object]:
    # The prompt's text is left out: a report is read, and the run's own file has it.
    kept = ("name", "model", "prompt", "temperature", "index", "frozen", "shuffled", "removed")
    setup = {name: getattr(run.setup, name) for name in kept}
    return {"run": run.id, "started": run.started.isoformat(), "message": run.message, "setup": setup}


def _difference(one: MetricDifference) -> Mapping[str, object]:
    metric = BY_KEY[one.metric]
    return {
        "label": metric.label,
        "kind": metric.kind,
        "better": metric.better,
        "cases": one.n,
        "before": one.before,
        "after": one.after,
        "difference": one.change,
        "low": one.low,
        "high": one.high,
        "chance": one.chance,
        # "can't tell" would promise that more cases help; here no case has a value at all.
        "verdict": one.verdict if one.n else None,
        "said": one.said(),
        "each": dict(one.each),
    }


def _abstention(found: AbstentionScores) -> Mapping[str, object]:
    return {"precision": _score(found.precision), "recall": _score(found.recall)}


def _score(score: MetricScore) -> Mapping[str, object]:
    return {"value": score.value, "why": score.why} if score.why else {"value": score.value}


def _flip(flip: Flip) -> Mapping[str, object]:
    answers = [result.answer.text if result.answer else None for result in (flip.before, flip.after)]
    told = flip.citations
    return {
        "case": flip.case.id,
        "question": flip.case.question,
        "won": flip.won,
        "checks": [{"check": check.name, "why": check.why} for check in flip.checks],
        "before": answers[0],
        "after": answers[1],
        "gained": [_cited(one) for one in told.gained],
        "lost": [_cited(one) for one in told.lost],
        "changed": [{**_cited(one.after), "before": one.before.verdict} for one in told.changed],
    }


def _cited(one: Citation) -> Mapping[str, object]:
    place = {"n": one.n, "article": one.article, "start": one.start, "end": one.end}
    return {**place, "quote": one.quote, "verdict": one.verdict}


def _pair(pair: CasePair, key: str) -> Mapping[str, object]:
    return {"case": pair.case.id, "metric": key, "before": pair.before.value(key), "after": pair.after.value(key)}
